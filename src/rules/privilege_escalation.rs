//! `privilege-escalation`

use super::way::problem;
use super::{PolicyCx, Rule};
use crate::access::escalation::{PASS_ROLE, Path};
use crate::catalog::EscalationKind;
use crate::finding::Problem;

/// A policy whose holder can get more rights than it says.
pub(super) struct PrivilegeEscalation;

impl Rule for PrivilegeEscalation {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() || !cx.is_identity() || cx.is_administrator() {
            return;
        }
        for all in cx.all_escalations() {
            let mine = all.into_iter().filter(|path| path.set.kind != EscalationKind::Existing);
            let (narrow, wide): (Vec<_>, Vec<_>) = mine.partition(|path| path.narrow);
            for (paths, narrow) in [(wide, false), (narrow, true)] {
                out.extend(
                    problem(&paths, "raise their own rights")
                        .map(|problem| problem.help(help(&paths)).pedantic_if(narrow)),
                );
            }
        }
    }
}

/// What to do about some ways.
fn help(paths: &[&Path<'_>]) -> &'static str {
    let known = paths.iter().all(|path| path.closed);
    match paths.iter().all(|path| path.set.actions.contains(&PASS_ROLE)) {
        true if known => "pass a role that has no more rights than whoever passes it",
        true => {
            "name the roles that may be passed: roles that have no more rights than whoever passes them; deny \
             the rest with a permissions boundary"
        }
        false if known => {
            "leave that role to its administrators, or require a permissions boundary with a condition on \
             `iam:PermissionsBoundary`"
        }
        false => {
            "name the principals and policies that it is for, and require a permissions boundary with a \
             condition on `iam:PermissionsBoundary`"
        }
    }
}
