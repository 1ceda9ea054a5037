//! `create-any-service-linked-role`

use super::{PolicyCx, Rule};
use crate::access::everywhere::{everywhere, limited_by};
use crate::access::scope::narrowing;
use crate::finding::Problem;
use crate::policy::ActionPattern;

pub(super) struct CreateAnyServiceLinkedRole;

const ACTION: &str = "iam:CreateServiceLinkedRole";

impl Rule for CreateAnyServiceLinkedRole {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() || !cx.is_identity() || cx.is_administrator() {
            return;
        }
        for statement in cx.granting() {
            let Some(found) = everywhere(statement, ACTION) else { continue };
            if !cx.effective().leaves(statement, &ActionPattern::new(ACTION)) {
                continue;
            }
            if limited_by(statement, "iam:AWSServiceName").is_some() || narrowing(statement).is_some() {
                continue;
            }
            let reach = if found.all_but { "all but these" } else { "all of them" };
            out.push(
                Problem::new(found.action, "a role can be made for every service that has service-linked roles")
                    .note("the service then acts in the account with the rights that AWS gives it")
                    .label(found.resource, reach)
                    .help(
                        "name the service with `\"Condition\": {\"StringEquals\": {\"iam:AWSServiceName\": \"...\"}}`",
                    )
                    .certain_if(found.certain && !statement.conditions_open),
            );
        }
    }
}
