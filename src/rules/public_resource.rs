//! A resource-based policy that lets everyone in.

use super::everyone::openings;
use super::{PolicyCx, Rule};
use crate::finding::Problem;

pub(super) struct PublicResource;

impl Rule for PublicResource {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let open = openings(cx).into_iter().filter(|opening| opening.guard.is_none() && !opening.is_url());
        out.extend(open.filter_map(|opening| opening.problem()));
    }
}
