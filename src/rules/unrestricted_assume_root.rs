//! `sts:AssumeRoot` for every task.

use super::{PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::{ActionPattern, Statement};

pub(super) struct UnrestrictedAssumeRoot;

impl Rule for UnrestrictedAssumeRoot {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let denied = || cx.statements().iter().any(Statement::denies_assume_root);
        if !cx.is_identity() || !cx.grants() || cx.is_administrator() || denied() {
            return;
        }
        let reaches = |statement: &&Statement| {
            statement.may_allow() && !statement.limits_root_task() && statement.may_reach_root_user()
        };
        // That a statement allows everything is said by other rules.
        let assumes = |action: &ActionPattern| !action.is_everything() && action.matches("sts:AssumeRoot");
        for statement in cx.statements().iter().filter(reaches) {
            for action in statement.actions().iter().filter(|action| action.value.known_any(assumes)) {
                let certain = statement.allows() && !statement.conditions_open && action.value.must(assumes);
                out.push(
                    Problem::new(&action.origin, "statement allows `sts:AssumeRoot` for every task")
                        .note("root sessions in the member accounts: they can set a new root password")
                        .help("allow single tasks with a condition on `sts:TaskPolicyArn`, on the accounts that need them")
                        .certain_if(certain),
                );
            }
        }
    }
}
