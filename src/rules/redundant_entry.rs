//! `redundant-entry`

use super::{PolicyCx, Rule};
use crate::access::redundancy::{Redundant, actions, numbers, principals, resources};
use crate::finding::{Fix, Problem};

pub(super) struct RedundantEntry;

impl Rule for RedundantEntry {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.statements() {
            let found = actions(statement).into_iter().chain(resources(statement)).chain(principals(statement));
            // Entries of one place are made of one value.
            let written = |redundant: &Redundant<'_>| redundant.at != redundant.by;
            for redundant in found.chain(numbers(statement)).filter(written) {
                let (before, after) = redundant.neighbours;
                out.push(
                    Problem::new(redundant.at, format!("`{}` adds nothing", redundant.text))
                        .label(redundant.by, "this includes it")
                        .help("delete it")
                        .fix(Some(Fix::delete("delete it", redundant.at, before, after).safe_if(true))),
                );
            }
        }
    }
}
