//! `allow-not-action`

use super::{PolicyCx, Rule};
use crate::access::breadth::{Breadth, breadth};
use crate::access::scope::narrowing;
use crate::finding::Problem;
use crate::policy::ActionPattern;

/// A statement that allows all actions but those that it names.
pub(super) struct AllowNotAction;

impl Rule for AllowNotAction {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() || cx.is_administrator() {
            return;
        }
        for statement in cx.granting() {
            let Some(element) = statement.action.as_ref().filter(|element| element.negated) else { continue };
            // All but everything is nothing.
            if element.list.items.iter().any(|item| item.value.must(ActionPattern::is_everything)) {
                continue;
            }
            if !cx.effective().leaves(statement, &ActionPattern::new("*")) {
                continue;
            }
            let on = breadth(statement, &ActionPattern::new("*"));
            let narrow = on == Breadth::Narrow && !cx.is_resource();
            out.push(
                Problem::new(&element.key, "statement allows every action but those it names")
                    .note("all the rest, with every action that AWS adds")
                    .help("name the actions that are needed in `Action`; to take some away from them, use a Deny")
                    .certain_if(statement.allows())
                    .pedantic_if(narrow || narrowing(statement).is_some()),
            );
        }
    }
}
