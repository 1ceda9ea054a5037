//! `optional-condition`

use super::{PolicyCx, Rule};
use crate::access::narrowing::optional;
use crate::finding::Problem;

/// A condition on who or whence that requests without its key meet.
pub(super) struct OptionalCondition;

/// Keys that are in every request of a principal of AWS.
const ALWAYS: [&str; 2] = ["aws:PrincipalArn", "aws:PrincipalAccount"];

impl Rule for OptionalCondition {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() {
            return;
        }
        for statement in cx.granting() {
            for condition in optional(statement) {
                let (operator, key) = (&condition.operator.value.text, &condition.key.value);
                let always = cx.is_identity() && ALWAYS.iter().any(|known| condition.is_on(known));
                let (message, note) = match always {
                    true => (format!("`{key}` is in every request: `IfExists` changes nothing"), ""),
                    false => (format!("requests without `{key}` are allowed, too"), "holds where the key is absent"),
                };
                out.push(
                    Problem::new(&condition.operator.origin, message)
                        .note(note)
                        .label(&condition.key.origin, "this key")
                        .help(format!("write `{}`", operator.trim_end_matches("IfExists")))
                        .certain_if(statement.allows())
                        // Where principals are named, other rules tell whom it lets in.
                        .pedantic_if(always || !cx.is_identity()),
                );
            }
        }
    }
}
