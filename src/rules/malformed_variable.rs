//! `malformed-variable`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::{VariableFlaw, has_braces, variable_texts, variables};

pub(super) struct MalformedVariable;

impl Rule for MalformedVariable {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for (text, at) in cx.statements().iter().flat_map(variable_texts).filter(|(text, _)| has_braces(text)) {
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
