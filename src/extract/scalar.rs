//! Scalars in templates and modules: texts, numbers, `true` and `false`.

use crate::document::{NodeKind, NodeRef};
use crate::policy::Value;
use crate::policy::lower::{self, Resolve};

/// The text that a node stands for, where all of it is known.
pub(super) fn text(node: NodeRef<'_>, resolve: &dyn Resolve) -> Option<Box<str>> {
    if matches!(node.kind(), NodeKind::Bool | NodeKind::Number) {
        return Some(node.raw().into());
    }
    match lower::text(node, "", resolve).value {
        Value::Known(text) => Some(text),
        _ => None,
    }
}
