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
        report(cx, Truth::No, out);
    }
}

/// Reports each statement that lets everyone take the role, and that conditions narrow so far.
pub(super) fn report(cx: &PolicyCx<'_>, narrowed: Truth, out: &mut Vec<Problem>) {
    if !cx.is_trust() {
        return;
    }
    let lets_in = |statement: &&Statement| {
        statement.may_allow() && TAKES.iter().any(|action| actions::statement_matches(statement, action).possible())
    };
    for statement in cx.statements().iter().filter(lets_in) {
        let mut entries = statement.wildcard_principals();
        let Some((principal, at)) = entries.next() else { continue };
        if of_everyone(&cx.site.policy, statement) != narrowed {
            continue;
        }
        let (who, note) = match principal {
            Principal::Service(_) => ("every AWS service", "all services, for whomever"),
            Principal::Federated(_) => ("users of any identity provider", "all identity providers"),
            _ => ("anyone in any AWS account", "everyone, in every account"),
        };
        let unless = if narrowed == Truth::No { "" } else { ", unless a condition keeps them out" };
        let mut problem = Problem::new(at, format!("trust policy lets {who} take the role{unless}"))
            .note(note)
            .label_all(entries.map(|(_, at)| (at, "and here".to_owned())))
            .help(
                "name the roles, services or accounts that need the role; if it has to be `*`, require a fixed \
                 `aws:PrincipalOrgID` or `aws:PrincipalArn` under an operator without `IfExists`",
            )
            .certain_if(statement.allows() && narrowed == Truth::No);
        if let Some(condition) = doubtful(&cx.site.policy, statement).filter(|_| narrowed == Truth::Maybe) {
            problem = problem.label(&condition.origin, "may narrow who, and may not");
        }
        if let Some((condition, why)) = narrowing::seeming(statement) {
            problem = problem.label(&condition.origin, why);
        }
        out.push(problem);
    }
}
