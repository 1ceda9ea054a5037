//! `pass-any-role`

use super::{PolicyCx, Rule};
use crate::access::everywhere::limited_by;
use crate::finding::Problem;

pub(super) struct PassAnyRole;

impl Rule for PassAnyRole {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for (statement, found) in cx.everywhere("iam:PassRole") {
            if limited_by(statement, "iam:PassedToService").is_some() {
                continue;
            }
            let reach = if found.all_but { "all but these" } else { "all of them" };
            out.push(
                Problem::new(found.action, "every role can be passed to every service")
                    .note("whoever passes a role lets a service act with its rights, and tells the service what to do")
                    .label(found.resource, reach)
                    .help("name the roles, and the service with `\"Condition\": {\"StringEquals\": {\"iam:PassedToService\": \"...\"}}`")
                    .certain_if(found.certain && !statement.conditions_open)
                    .pedantic_if(cx.escalates_by(found.action)),
            );
        }
    }
}
