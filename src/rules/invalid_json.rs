//! Text that is no JSON.

use super::Rule;
use crate::extract::{Flaw, FlawKind};
use crate::finding::Problem;

pub(super) struct InvalidJson;

impl Rule for InvalidJson {
    fn claims(&self) -> &'static [FlawKind] {
        &[FlawKind::JsonSyntax]
    }

    fn flaw(&self, flaw: &Flaw, out: &mut Vec<Problem>) {
        out.push(
            Problem::new(&flaw.at, format!("the policy is not valid JSON: {}", flaw.detail))
                .help("mend this place first: one lost quote or bracket often explains all that follows"),
        );
    }
}
