//! `operator-key-mismatch`

use super::{PolicyCx, Rule};
use crate::access::condition_value::family;
use crate::finding::Problem;

pub(super) struct OperatorKeyMismatch;

impl Rule for OperatorKeyMismatch {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for (condition, key) in cx.conditions() {
            let Some(family) = condition.operator.value.base.and_then(family) else { continue };
            let Some(kind) = key.and_then(|key| key.kind) else { continue };
            let arns = condition
                .values
                .items
                .iter()
                .all(|item| item.value.may(|value| value.starts_with("arn:") || &**value == "*"));
            if family.suits(kind, &condition.key.value, arns) {
                continue;
            }
            let (key, operator) = (&condition.key.value, &condition.operator.value.text);
            out.push(
                Problem::new(
                    &condition.operator.origin,
                    format!("`{operator}` does not suit `{key}`, whose type is {}", kind.as_str()),
                )
                .label(&condition.key.origin, "this key")
                .help(format!("use an operator for the type {}, as `{}`", kind.as_str(), family.instead(kind)))
                .pedantic_if(!family.is_certain(kind)),
            );
        }
    }
}
