//! Elements that policies do not have.

use super::Rule;
use crate::extract::{Flaw, FlawKind, Remedy};
use crate::finding::{Fix, Problem};

pub(super) struct UnknownElement;

/// Keys that are marked beside the first; the fix has them all.
const SHOWN: usize = 8;

impl Rule for UnknownElement {
    fn claims(&self) -> &'static [FlawKind] {
        &[FlawKind::UnknownElement]
    }

    fn flaw(&self, flaw: &Flaw, out: &mut Vec<Problem>) {
        let others = match &flaw.remedy {
            Some(Remedy::Spellings(keys)) => keys.get(1..).unwrap_or_default(),
            _ => &[],
        };
        out.push(
            Problem::new(&flaw.at, &flaw.detail)
                .note("AWS knows no such element")
                .label_all(others.iter().take(SHOWN).map(|(at, right)| (at, format!("written `{right}`"))))
                .help("write the element as the policy language has it; a note belongs into the `Sid`")
                .fix(remedy(flaw)),
        );
    }
}

/// A fix where only the letter case or the shape is wrong.
pub(super) fn remedy(flaw: &Flaw) -> Option<Fix> {
    let fix = match flaw.remedy.as_ref()? {
        Remedy::Spelling(right) => Fix::replace(format!("write `{right}`"), &flaw.at, &**right),
        Remedy::Spellings(keys) => Fix::replace_all("write them as the policy language has them", keys),
        Remedy::Entry(entry) => Fix::unlist("write the value without a list", &flaw.at, entry),
        Remedy::List => Fix::list("write a list", &flaw.at),
    };
    Some(fix.safe_if(true))
}
