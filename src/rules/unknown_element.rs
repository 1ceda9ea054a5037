//! Elements that policies do not have.

use super::Rule;
use crate::extract::{Flaw, FlawKind};
use crate::finding::{Fix, Problem};

pub(super) struct UnknownElement;

impl Rule for UnknownElement {
    fn claims(&self) -> &'static [FlawKind] {
        &[FlawKind::UnknownElement]
    }

    fn flaw(&self, flaw: &Flaw, out: &mut Vec<Problem>) {
        out.push(
            Problem::new(&flaw.at, &flaw.detail)
                .note("AWS knows no such element")
                .help("write the element as the policy language has it; a note belongs into the `Sid`")
                .fix(spelled(flaw)),
        );
    }
}

/// A fix where only the letter case is wrong.
pub(super) fn spelled(flaw: &Flaw) -> Option<Fix> {
    let right = flaw.spelling.as_ref()?;
    Some(Fix::replace(format!("write `{right}`"), &flaw.at, &**right).safe_if(true))
}
