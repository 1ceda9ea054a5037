//! An Allow for the root user.

use super::{PolicyCx, Rule};
use crate::finding::Problem;

pub(super) struct RootUserAllowed;

impl Rule for RootUserAllowed {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() {
            return;
        }
        for statement in cx.statements().iter().filter(|statement| statement.may_allow()) {
            for condition in &statement.conditions {
                for value in condition.root_user_values() {
                    out.push(
                        Problem::new(&value.origin, "statement singles out the root user to allow it something")
                            .note("the root user itself, not the account")
                            .help("name a role in its place; the root user needs no Allow for the tasks that only it can do")
                            .certain_if(statement.allows() && value.value.known().is_some()),
                    );
                }
            }
        }
    }
}
