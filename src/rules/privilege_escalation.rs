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
        let mine: Vec<&Path<'_>> =
            cx.escalations().iter().filter(|path| path.set.kind != EscalationKind::Existing).collect();
        let (narrow, wide): (Vec<_>, Vec<_>) = mine.into_iter().partition(|path| path.narrow);
        for (paths, narrow) in [(wide, false), (narrow, true)] {
            let known = paths.iter().all(|path| path.closed);
            let help = match paths.iter().all(|path| path.set.actions.contains(&PASS_ROLE)) {
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
            };
            out.extend(
                problem(&paths, "the holder can raise their own rights")
                    .map(|problem| problem.help(help).pedantic_if(narrow)),
            );
        }
    }
}
