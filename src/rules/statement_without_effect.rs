//! `statement-without-effect`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::{ActionPattern, Element, ResourcePattern};
use crate::source::Origin;

/// A statement that is about nothing: it leaves out all that there is.
pub(super) struct StatementWithoutEffect;

impl Rule for StatementWithoutEffect {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.statements() {
            let action = whole(statement.action.as_ref(), ActionPattern::is_everything).map(|at| ("NotAction", at));
            let resource =
                whole(statement.resource.as_ref(), ResourcePattern::matches_everything).map(|at| ("NotResource", at));
            let Some((element, entry)) = action.or(resource) else { continue };
            let what = match (statement.denies(), statement.allows()) {
                (true, _) => "denies nothing",
                (_, true) => "allows nothing",
                _ => "does nothing",
            };
            out.push(
                Problem::new(entry, format!("statement {what}"))
                    .note(format!("`{element}` leaves out all that there is"))
                    .help(format!("write what is meant in `{}`, or delete the statement", &element[3..])),
            );
        }
    }
}

/// The entry of a form with `Not` that certainly matches everything.
fn whole<T>(element: Option<&Element<T>>, everything: impl Fn(&T) -> bool + Copy) -> Option<&Origin> {
    let mut items = element.filter(|element| element.negated)?.list.items.iter();
    items.find(|item| item.value.must(everything)).map(|item| &item.origin)
}
