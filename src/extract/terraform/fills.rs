//! What a module fills into the files that `templatefile()` names.

use super::uses::file_name;
use crate::document::{NodeKind, NodeRef, Tree};
use crate::extract::resolve::Module;
use crate::policy::Value;
use crate::source::{Fill, Fills};
use std::collections::BTreeMap;

/// By the path that the module names, from its folder. What is not known, or not the same wherever the file is named, is left out.
pub(super) fn fills<'t>(trees: impl Iterator<Item = &'t Tree<'t>>, module: &Module<'t>) -> BTreeMap<Box<str>, Fills> {
    let mut all: BTreeMap<Box<str>, Vec<Fills>> = BTreeMap::new();
    let mut pending: Vec<NodeRef<'t>> = trees.flat_map(Tree::roots).collect();
    while let Some(node) = pending.pop() {
        if node.kind() == NodeKind::Call && node.as_str() == Some("templatefile") {
            let names = node.arguments().nth(1).filter(|names| names.kind() == NodeKind::Map);
            if let Some((path, names)) = file_name(node, module).zip(names) {
                let known =
                    names.entries().filter_map(|(name, value)| Some((name.as_str()?.into(), fill(value, module)?)));
                all.entry(path).or_default().push(known.collect());
            }
        }
        pending.extend(node.entries().map(|(_, value)| value).chain(node.items()).chain(node.arguments()));
    }
    let common = |(path, mut each): (Box<str>, Vec<Fills>)| {
        let mut first = each.pop()?;
        first.retain(|fill| each.iter().all(|other| other.contains(fill)));
        (!first.is_empty()).then_some((path, first))
    };
    all.into_iter().filter_map(common).collect()
}

/// What a value fills in, where all of it is known: for certain, and as texts.
fn fill(value: NodeRef<'_>, module: &Module<'_>) -> Option<Fill> {
    let encoded = value.kind() == NodeKind::Call && value.as_str() == Some("jsonencode");
    let of = if encoded { value.arguments().next()? } else { value };
    let text = |value: Value<Box<str>>| match value {
        Value::Known(text) => Some(text),
        _ => None,
    };
    let mut texts = module.values(of, 0).into_iter().map(text).collect::<Option<Vec<_>>>()?;
    match texts.len() {
        0 => None,
        _ if encoded => Some(Fill::Json(texts.into())),
        1 => texts.pop().map(Fill::Text),
        _ => Some(Fill::List(texts.into())),
    }
}
