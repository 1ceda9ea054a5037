//! Text that is no HCL.

use super::Rule;
use crate::extract::{Flaw, FlawKind};
use crate::finding::Problem;

pub(super) struct InvalidHcl;

impl Rule for InvalidHcl {
    fn claims(&self) -> &'static [FlawKind] {
        &[FlawKind::HclSyntax]
    }

    fn flaw(&self, flaw: &Flaw, out: &mut Vec<Problem>) {
        out.push(
            Problem::new(&flaw.at, format!("the configuration is not valid HCL: {}", flaw.detail))
                .help("mend this place: the block in which it stands was not read"),
        );
    }
}
