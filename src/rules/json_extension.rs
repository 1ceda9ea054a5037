//! Text that is JSON but for comments and trailing commas.

use super::Rule;
use crate::extract::{Flaw, FlawKind};
use crate::finding::Problem;

pub(super) struct JsonExtension;

impl Rule for JsonExtension {
    fn claims(&self) -> &'static [FlawKind] {
        &[FlawKind::JsonExtension]
    }

    fn flaw(&self, flaw: &Flaw, out: &mut Vec<Problem>) {
        out.push(
            Problem::new(&flaw.at, &flaw.detail)
                .note("AWS takes strict JSON only")
                .help("take it out: AWS refuses the document with it"),
        );
    }
}
