//! `malformed-variable`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::{Statement, VariableFlaw, has_braces, variables};
use crate::source::Origin;

pub(super) struct MalformedVariable;

impl Rule for MalformedVariable {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for (text, at) in cx.statements().iter().flat_map(texts).filter(|(text, _)| has_braces(text)) {
            let Some((variable, flaw)) = variables(text).find_map(|variable| Some((variable.text, variable.flaw?)))
            else {
                continue;
            };
            let (what, help) = match flaw {
                VariableFlaw::Unclosed => ("has no `}`", "close it"),
                VariableFlaw::Empty => ("names nothing", "write the condition key that is meant, as `${aws:username}`"),
                VariableFlaw::Space => ("has a space in its name", "write it without"),
                VariableFlaw::Unquoted => (
                    "has a default without quotes",
                    "put the default in single quotes: `${aws:PrincipalTag/team, 'none'}`",
                ),
                VariableFlaw::Symbol => {
                    ("has a character that no condition key has", "write the condition key as it is")
                }
            };
            out.push(Problem::new(at, format!("the policy variable `{variable}` {what}")).help(help));
        }
    }
}

/// The texts of a statement in which variables may stand.
fn texts(statement: &Statement) -> impl Iterator<Item = (&str, &Origin)> {
    let resources = statement.resource.iter().flat_map(|element| element.list.known());
    let resources = resources.map(|(resource, at)| (resource.as_str(), at));
    let values = statement.conditions.iter().flat_map(|condition| condition.values.known());
    resources.chain(values.map(|(value, at)| (&**value, at)))
}
