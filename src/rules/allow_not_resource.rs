//! `allow-not-resource`

use super::{PolicyCx, Rule};
use crate::access::scope::narrowing;
use crate::finding::Problem;
use crate::policy::{ActionPattern, ResourcePattern, Spanned, Value};

/// A statement that allows something on all resources but those that it names.
pub(super) struct AllowNotResource;

impl Rule for AllowNotResource {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() || cx.is_trust() || cx.is_administrator() {
            return;
        }
        for statement in cx.granting() {
            let Some(element) = statement.resource.as_ref().filter(|element| element.negated) else { continue };
            // All but everything is nothing.
            if element.list.items.iter().any(|item| item.value.must(ResourcePattern::matches_everything)) {
                continue;
            }
            let left = |pattern: &ActionPattern| cx.effective().leaves(statement, pattern);
            // An action that is not known may be left.
            let left = |item: &Spanned<Value<ActionPattern>>| item.value.may(left);
            let all_but = statement.action.as_ref().is_some_and(|element| element.negated);
            if !all_but && !statement.actions().iter().any(left) {
                continue;
            }
            let whole = |item: &&Spanned<Value<ActionPattern>>| item.value.known_any(ActionPattern::is_whole_service);
            out.push(
                Problem::new(&element.key, "statement is for every resource but those it names")
                    .note("all the rest, with whatever is made later")
                    .label_all(
                        statement
                            .actions()
                            .iter()
                            .filter(|item| whole(item))
                            .map(|item| (&item.origin, "every action of the service on them".to_owned())),
                    )
                    .help("name the resources that are needed in `Resource`; to take some away from them, use a Deny")
                    .certain_if(statement.allows())
                    // In a policy of one resource the rest is little.
                    .pedantic_if(narrowing(statement).is_some() || cx.is_resource()),
            );
        }
    }
}
