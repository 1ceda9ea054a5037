//! `create-any-service-linked-role`

use super::{PolicyCx, Rule};
use crate::access::everywhere::limited_by;
use crate::finding::Problem;

pub(super) struct CreateAnyServiceLinkedRole;

impl Rule for CreateAnyServiceLinkedRole {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for (statement, found) in cx.everywhere("iam:CreateServiceLinkedRole") {
            if limited_by(statement, "iam:AWSServiceName").is_some() {
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
