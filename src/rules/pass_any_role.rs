//! `pass-any-role`

use super::{PolicyCx, Rule};
use crate::access::everywhere::{everywhere, limited_by};
use crate::access::scope::narrowing;
use crate::finding::Problem;
use crate::policy::ActionPattern;

pub(super) struct PassAnyRole;

const ACTION: &str = "iam:PassRole";

impl Rule for PassAnyRole {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() || !cx.is_identity() || cx.is_administrator() {
            return;
        }
        for statement in cx.granting() {
            let Some(found) = everywhere(statement, ACTION) else { continue };
            if !cx.effective().leaves(statement, &ActionPattern::new(ACTION)) {
                continue;
            }
            if limited_by(statement, "iam:PassedToService").is_some() || narrowing(statement).is_some() {
                continue;
            }
            let reach = if found.all_but { "all but these" } else { "all of them" };
            out.push(
                Problem::new(found.action, "every role can be passed to every service")
                    .note("whoever passes a role lets a service act with its rights, and tells the service what to do")
                    .label(found.resource, reach)
                    .help("name the roles, and the service with `\"Condition\": {\"StringEquals\": {\"iam:PassedToService\": \"...\"}}`")
                    .certain_if(found.certain && !statement.conditions_open),
            );
        }
    }
}
