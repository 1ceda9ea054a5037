//! A resource-based policy that leaves it to something else whether everyone gets in.

use super::everyone::openings;
use super::{PolicyCx, Rule};
use crate::finding::Problem;

pub(super) struct PossiblyPublicResource;

impl Rule for PossiblyPublicResource {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let guarded = openings(cx).into_iter().filter(|opening| opening.guard.is_some());
        out.extend(guarded.filter_map(|opening| opening.problem()));
    }
}
