//! Elements that stand there twice.

use super::Rule;
use crate::extract::{Flaw, FlawKind};
use crate::finding::Problem;

pub(super) struct DuplicateKey;

impl Rule for DuplicateKey {
    fn claims(&self) -> &'static [FlawKind] {
        &[FlawKind::DuplicateKey]
    }

    fn flaw(&self, flaw: &Flaw, out: &mut Vec<Problem>) {
        out.push(Problem::new(&flaw.at, &flaw.detail).note("only one of them can count").help(
            "make one list of the values, or delete the element that is not meant: AWS refuses the document with both",
        ));
    }
}
