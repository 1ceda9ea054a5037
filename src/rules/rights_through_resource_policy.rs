//! `rights-through-resource-policy`

use super::{PolicyCx, Rule};
use crate::access::opening::opened_for_oneself;
use crate::finding::Problem;

/// A policy that lets its holder write the policies of things that it gives no access to.
pub(super) struct RightsThroughResourcePolicy;

impl Rule for RightsThroughResourcePolicy {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() || !cx.is_identity() || cx.is_administrator() {
            return;
        }
        let opened = opened_for_oneself(&cx.effective());
        let Some((first, rest)) = opened.split_first() else { return };
        let words = |wins: &str| format!("may let themselves in with `{wins}`");
        let rest = rest.iter().filter(|opened| opened.granted.entry != first.granted.entry);
        out.push(
            Problem::new(
                first.granted.entry,
                format!("`{}` gives its holder `{}`, which this policy does not allow", first.action, first.wins),
            )
            .note("whoever writes the permissions of a resource can name themselves in them")
            .label_all(rest.map(|opened| (opened.granted.entry, words(opened.wins))))
            .help(
                "leave the permissions of resources to those who deploy them, or grant openly what the holder may take",
            )
            .certain_if(first.granted.certain),
        );
    }
}
