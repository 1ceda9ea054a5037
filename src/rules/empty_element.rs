//! `empty-element`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::Statement;
use crate::source::Origin;

pub(super) struct EmptyElement;

impl Rule for EmptyElement {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.statements() {
            for (what, at, means, minor) in empty(statement) {
                out.push(
                    Problem::new(at, format!("{what} is empty"))
                        .note(means)
                        .help("fill it in, or delete what it belongs to")
                        .pedantic_if(minor),
                );
            }
        }
    }
}

/// The empty elements of a statement: what, where, what that means, and whether it matters little.
fn empty(statement: &Statement) -> Vec<(String, &Origin, &'static str, bool)> {
    let mut found = Vec::new();
    let lists = [
        statement.action.as_ref().map(|element| (&element.key, element.list.items.is_empty() && !element.list.open)),
        statement.resource.as_ref().map(|element| (&element.key, element.list.items.is_empty() && !element.list.open)),
        statement.principal.as_ref().map(|element| (&element.key, element.list.items.is_empty() && !element.list.open)),
    ];
    let names = ["the list of actions", "the list of resources", "`Principal`"];
    for (list, name) in lists.into_iter().zip(names) {
        if let Some((key, true)) = list {
            found.push((name.to_owned(), key, "the statement does nothing", false));
        }
    }
    if let (Some(at), true, false) =
        (&statement.condition_origin, statement.conditions.is_empty(), statement.conditions_open)
    {
        found.push(("`Condition`".to_owned(), at, "there is no condition", true));
    }
    for condition in
        statement.conditions.iter().filter(|condition| condition.values.items.is_empty() && !condition.values.open)
    {
        let means = match condition.operator.value.needs_key() {
            true => "the condition never holds",
            false => "asks only whether the key is there: `Null` says it plainly",
        };
        found.push((format!("the list of values of `{}`", condition.key.value), &condition.origin, means, false));
    }
    if let Some(sid) = statement.sid.as_ref().filter(|sid| sid.value.known().is_some_and(|sid| sid.is_empty())) {
        found.push(("`Sid`".to_owned(), &sid.origin, "says nothing", true));
    }
    found
}
