//! `escalation-through-existing`

use super::way::problem;
use super::{PolicyCx, Rule};
use crate::access::escalation::{ASSUME_ROLE, Path, wide_entries};
use crate::catalog::EscalationKind;
use crate::finding::Problem;
use crate::source::Origin;

/// A policy whose holder can use the rights of what is there already.
pub(super) struct EscalationThroughExisting;

impl Rule for EscalationThroughExisting {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() || !cx.is_identity() || cx.is_administrator() {
            return;
        }
        let mut minor = false;
        for all in cx.all_escalations() {
            // Whoever can raise their own rights needs nothing that is there.
            minor |= all.iter().any(|path| path.set.kind != EscalationKind::Existing && !path.narrow);
            let existing: Vec<&Path<'_>> =
                all.into_iter().filter(|path| path.set.kind == EscalationKind::Existing).collect();
            // Roles that are named to be assumed are meant.
            let meant = existing.iter().all(|path| path.closed && path.set.actions == [ASSUME_ROLE]);
            out.extend(problem(&existing, "borrow the rights of what is there").map(|problem| {
                let help = match existing.iter().all(|path| path.closed) {
                    true => "give the role no more rights than those have who may do this",
                    false => "name the machines, functions or roles that it is for, or limit them by a tag",
                };
                let wide = wide_of(&existing, &problem);
                let problem = wide.into_iter().fold(problem, |problem, at| problem.label(at, "on every one"));
                problem.help(help).pedantic_if(minor || meant)
            }));
        }
    }
}

/// The entries of `Resource` that make the first of the ways a wide one.
fn wide_of<'a>(paths: &[&Path<'a>], problem: &Problem) -> Vec<&'a Origin> {
    let told = paths.iter().find(|path| path.steps.iter().any(|step| *step.entry == problem.at));
    let steps = told.into_iter().flat_map(|path| {
        let each = path.set.actions.iter().copied().zip(path.steps.iter().copied());
        each.chain(path.besides.iter().copied())
    });
    let mut places: Vec<&Origin> = Vec::new();
    for at in steps.flat_map(|(action, step)| wide_entries(action, step.statement)) {
        if !places.contains(&at) {
            places.push(at);
        }
    }
    places
}
