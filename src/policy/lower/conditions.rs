//! The `Condition` element.

use super::{Lower, Stands};
use crate::document::{NodeKind, NodeRef};
use crate::policy::{Condition, List, Operator, Spanned, Statement, Value};
use crate::source::Span;
use std::sync::Arc;

impl Lower<'_> {
    pub(super) fn conditions(&mut self, node: NodeRef<'_>, statement: &mut Statement) {
        if node.kind() != NodeKind::Map || !self.is_plain(node) {
            if !matches!(node.kind(), NodeKind::Map | NodeKind::Error) {
                self.structure(node, "`Condition` is an object: operator, key, values");
            }
            statement.conditions_open = true;
            return;
        }
        for (operator, keys) in node.entries() {
            let parsed = Spanned { value: Operator::parse(operator.as_str().unwrap_or("")), origin: operator.origin() };
            if keys.kind() != NodeKind::Map || !self.is_plain(keys) {
                if !matches!(keys.kind(), NodeKind::Map | NodeKind::Error) {
                    self.structure(keys, "an operator takes an object: condition key, values");
                }
                statement.conditions_open = true;
                continue;
            }
            for (key, value) in keys.entries() {
                // A value can be written before its key: where an alias leads.
                let end = value.span().end.max(key.span().end);
                statement.conditions.push(Condition {
                    origin: key.origin_of(Span { start: key.span().start, end }),
                    operator: parsed.clone(),
                    key: Spanned { value: key.as_str().unwrap_or("").into(), origin: key.origin() },
                    values: self.condition_values(value),
                });
            }
        }
    }

    fn condition_values(&mut self, node: NodeRef<'_>) -> List<Box<str>> {
        let mut list = List::default();
        self.each(node, &mut |lower, node, stands| {
            let mut push = |value| list.items.push(Spanned { value, origin: node.origin() });
            match (stands, node.kind()) {
                (Stands::Plain, NodeKind::String) => push(Value::Known(node.as_str().unwrap_or("").into())),
                (Stands::Plain, NodeKind::Bool | NodeKind::Number) => push(Value::Known(node.raw().into())),
                (Stands::Texts(texts), _) => texts.into_iter().for_each(push),
                (Stands::Plain, kind) if kind != NodeKind::Error => {
                    lower.structure(
                        node,
                        "a condition's value is a string, a number, `true` or `false`, or a list of them",
                    );
                    push(Value::Unknown(Arc::from(node.raw())));
                }
                _ => push(Value::Unknown(Arc::from(node.raw()))),
            }
        });
        list.open = list.items.iter().any(|item| matches!(item.value, Value::Unknown(_)));
        list
    }
}
