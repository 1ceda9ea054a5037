//! The `Condition` element.

use super::{Lower, Stands};
use crate::document::{NodeKind, NodeRef};
use crate::extract::FlawKind;
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
        self.duplicates(node, "`Condition`");
        for (operator, keys) in node.entries() {
            let parsed = Spanned { value: Operator::parse(operator.as_str().unwrap_or("")), origin: operator.origin() };
            if keys.kind() != NodeKind::Map || !self.is_plain(keys) {
                if !matches!(keys.kind(), NodeKind::Map | NodeKind::Error) {
                    self.structure(keys, "an operator takes an object: condition key, values");
                }
                statement.conditions_open = true;
                continue;
            }
            self.duplicates(keys, "operator");
            for (key, value) in keys.entries() {
                // A value can be written before its key: where an alias leads.
                let end = value.span().end.max(key.span().end);
                statement.conditions.push(Condition {
                    origin: key.origin_of(Span { start: key.span().start, end }),
                    operator: parsed.clone(),
                    key: Spanned { value: self.key(key.as_str().unwrap_or("")), origin: key.origin() },
                    values: self.condition_values(value),
                });
            }
        }
    }

    fn key(&self, written: &str) -> Box<str> {
        let filled = if self.in_strings { self.resolve.key(written) } else { None };
        filled.unwrap_or_else(|| written.into())
    }

    /// Keys that stand twice, letter case ignored: AWS ignores it in operators and in condition keys.
    fn duplicates(&mut self, node: NodeRef<'_>, of: &str) {
        let keys = || node.entries().filter_map(|(key, _)| Some((key, key.as_str()?)));
        for (at, (key, name)) in keys().enumerate() {
            if !name.is_empty() && keys().take(at).any(|(_, earlier)| earlier.eq_ignore_ascii_case(name)) {
                self.flaw(FlawKind::DuplicateKey, key, format!("`{name}` stands twice in one {of}"));
            }
        }
    }

    fn condition_values(&mut self, node: NodeRef<'_>) -> List<Box<str>> {
        let mut list = List::default();
        let mut kinds = node
            .items()
            .map(NodeRef::kind)
            .filter(|kind| matches!(kind, NodeKind::String | NodeKind::Number | NodeKind::Bool));
        if let Some(first) = kinds.next()
            && kinds.any(|kind| kind != first)
        {
            self.structure(node, "the values of a condition key are all of one type");
        }
        self.each(node, &mut |lower, node, stands, origin| {
            let mut push = |value| list.items.push(Spanned { value, origin: origin.clone() });
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
