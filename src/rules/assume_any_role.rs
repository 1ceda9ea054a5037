//! `assume-any-role`

use super::{PolicyCx, Rule};
use crate::finding::Problem;

/// A policy that lets its holder assume every role.
pub(super) struct AssumeAnyRole;

impl Rule for AssumeAnyRole {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for (statement, found) in cx.everywhere("sts:AssumeRole") {
            let reach = match (found.all_but, found.of_account) {
                (true, _) => "all but these",
                (false, true) => "all of them, in this account",
                (false, false) => "all of them, in every account",
            };
            out.push(
                Problem::new(found.action, "every role that lets the account in can be assumed")
                    .note("with the rights of whichever role has the most")
                    .label(found.resource, reach)
                    .help("name the roles, or a part of their names: `arn:aws:iam::111122223333:role/deploy-*`")
                    .certain_if(found.certain && !statement.conditions_open),
            );
        }
    }
}
