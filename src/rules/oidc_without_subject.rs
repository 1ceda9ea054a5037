//! `oidc-without-subject`

use super::{PolicyCx, Rule};
use crate::access::oidc::{self, Subject};
use crate::finding::Problem;

pub(super) struct OidcWithoutSubject;

impl Rule for OidcWithoutSubject {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_trust() {
            return;
        }
        for statement in cx.statements().iter().filter(|statement| statement.may_allow() && !statement.conditions_open)
        {
            for (provider, at) in oidc::providers(statement) {
                let (note, value, minor) = match oidc::subject(statement, &provider) {
                    Subject::None { audience: false } => ("whoever gets any token from it", None, false),
                    Subject::None { audience: true } => (
                        "an audience is no caller: whoever names it gets such a token",
                        None,
                        !oidc::serves_everyone(&provider) && !oidc::is_cluster(&provider),
                    ),
                    Subject::Anyone(condition) => ("this matches every one of its users", Some(condition), false),
                    Subject::Some(_) => continue,
                };
                let claim = oidc::claim(&provider);
                let mut problem = Problem::new(at, format!("every user of `{provider}` can take the role"))
                    .note(note)
                    .help(format!("say who: a condition on `{provider}:{claim}` under `StringEquals`"))
                    .certain_if(statement.allows())
                    .pedantic_if(minor);
                if let Some(condition) = value {
                    problem = problem.label(&condition.origin, "the condition that should say who");
                }
                out.push(problem);
            }
        }
    }
}
