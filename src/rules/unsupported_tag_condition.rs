//! `unsupported-tag-condition`

use super::{PolicyCx, Rule};
use crate::access::actions::expand;
use crate::finding::Problem;
use crate::policy::ActionPattern;

pub(super) struct UnsupportedTagCondition;

impl Rule for UnsupportedTagCondition {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.statements() {
            for condition in &statement.conditions {
                let key = &*condition.key.value;
                let begins =
                    |start: &str| key.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start));
                let tag =
                    begins("aws:resourcetag/") || begins("aws:requesttag/") || key.eq_ignore_ascii_case("aws:tagkeys");
                if !tag || !condition.operator.value.needs_key() {
                    continue;
                }
                let (what, minor) = if statement.may_allow() { ("allowed", true) } else { ("denied", false) };
                let Some(element) = &statement.action else { continue };
                if element.negated {
                    out.push(
                        Problem::new(&element.key, format!("what carries no `{key}` is not {what}"))
                            .label(&condition.key.origin, "many services do not carry tags")
                            .help("list the actions that the statement is for")
                            .pedantic_if(true),
                    );
                    continue;
                }
                let unsupported = |pattern: &ActionPattern| {
                    let mut reached = expand(pattern).peekable();
                    !pattern.is_everything()
                        && reached.peek().is_some()
                        && !reached.any(|action| action.supports_key(key))
                };
                for (pattern, at) in element.list.known().filter(|(pattern, _)| unsupported(pattern)) {
                    out.push(
                        Problem::new(
                            at,
                            format!("requests for `{}` carry no `{key}`, so that nothing is {what}", pattern.as_str()),
                        )
                        .label(&condition.key.origin, "this key")
                        .help("give the action a statement of its own, with a condition that it can meet")
                        .pedantic_if(minor),
                    );
                }
            }
        }
    }
}
