//! `assume-any-role`

use super::{PolicyCx, Rule};
use crate::access::everywhere::everywhere;
use crate::access::scope::narrowing;
use crate::finding::Problem;
use crate::policy::ActionPattern;

/// A policy that lets its holder assume every role.
pub(super) struct AssumeAnyRole;

const ACTION: &str = "sts:AssumeRole";

impl Rule for AssumeAnyRole {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() || !cx.is_identity() || cx.is_administrator() {
            return;
        }
        for statement in cx.granting() {
            let Some(found) = everywhere(statement, ACTION) else { continue };
            if !cx.effective().leaves(statement, &ActionPattern::new(ACTION)) || narrowing(statement).is_some() {
                continue;
            }
            let reach = if found.all_but { "all but these" } else { "all of them, in every account" };
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
