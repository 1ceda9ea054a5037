//! A trust policy that everyone may use.

use super::{PolicyCx, Rule};
use crate::access::narrowing::{self, doubtful, of_everyone};
use crate::access::{Truth, actions};
use crate::finding::Problem;
use crate::policy::{Principal, Statement};

pub(super) struct PublicTrust;

/// The actions that give a session of the role.
const TAKES: [&str; 3] = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

impl Rule for PublicTrust {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_trust() {
            return;
        }
        let lets_in = |statement: &&Statement| {
            statement.may_allow() && TAKES.iter().any(|action| actions::statement_matches(statement, action).possible())
        };
        for statement in cx.statements().iter().filter(lets_in) {
            let mut entries = statement.wildcard_principals();
            let Some((principal, at)) = entries.next() else { continue };
            let narrowed = of_everyone(&cx.site.policy, statement);
            if narrowed == Truth::Yes {
                continue;
            }
            let (message, note) = match principal {
                Principal::Service(_) => {
                    ("trust policy lets every AWS service take the role", "all services, for whomever")
                }
                Principal::Federated(_) => {
                    ("trust policy lets users of any identity provider take the role", "all identity providers")
                }
                _ => ("trust policy lets anyone in any AWS account take the role", "everyone, in every account"),
            };
            let mut problem = Problem::new(at, message)
                .note(match narrowed {
                    Truth::Maybe => "unless the condition keeps strangers out: not all of it is known here",
                    _ => note,
                })
                .label_all(entries.map(|(_, at)| (at, "and here".to_owned())))
                .help(
                    "name the roles, services or accounts that need the role; if it has to be `*`, require a fixed \
                     `aws:PrincipalOrgID` or `aws:PrincipalArn` under an operator without `IfExists`",
                )
                .certain_if(statement.allows() && narrowed == Truth::No)
                .pedantic_if(narrowed == Truth::Maybe);
            if let Some(condition) = doubtful(&cx.site.policy, statement).filter(|_| narrowed == Truth::Maybe) {
                problem = problem.label(&condition.origin, "may narrow who, and may not");
            }
            if let Some((condition, why)) = narrowing::seeming(statement) {
                problem = problem.label(&condition.origin, why);
            }
            out.push(problem);
        }
    }
}
