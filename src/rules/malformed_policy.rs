//! Documents that do not follow the grammar of policies.

use super::Rule;
use crate::extract::{Flaw, FlawKind};
use crate::finding::Problem;

pub(super) struct MalformedPolicy;

impl Rule for MalformedPolicy {
    fn claims(&self) -> &'static [FlawKind] {
        &[FlawKind::Structure]
    }

    fn flaw(&self, flaw: &Flaw, out: &mut Vec<Problem>) {
        out.push(
            Problem::new(&flaw.at, &flaw.detail)
                .help("write the element as the policy grammar has it: AWS refuses the document as it is"),
        );
    }
}
