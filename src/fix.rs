//! Applies fixes to the text of a file.

use crate::finding::Finding;
use std::ops::Range;

/// Which fixes are to be applied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Choice {
    /// Those after which the policy means the same.
    Safe,
    /// All, also those that somebody has to look at.
    All,
}

/// What came of applying fixes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fixed {
    /// The new bytes of the file.
    pub bytes: Vec<u8>,
    /// How many findings were fixed.
    pub applied: usize,
}

/// Applies the fixes of a file's findings, in their order: each whole or not at all, and none that touches what an earlier one
/// changes. None if there is nothing to apply.
pub fn apply<'f>(bytes: &[u8], findings: impl IntoIterator<Item = &'f Finding>, choice: Choice) -> Option<Fixed> {
    let mut taken: Vec<(Range<usize>, &str)> = Vec::new();
    let mut applied = 0;
    for repair in findings.into_iter().filter_map(|finding| finding.fix.as_ref()) {
        if choice == Choice::Safe && !repair.safe {
            continue;
        }
        let edits = repair.replacements.iter().map(|replacement| {
            let start = usize::try_from(replacement.region.byte).ok()?;
            let end = start.checked_add(usize::try_from(replacement.region.byte_len).ok()?)?;
            (end <= bytes.len()).then_some((start..end, &*replacement.text))
        });
        let Some(edits) = edits.collect::<Option<Vec<_>>>() else { continue };
        let free = |range: &Range<usize>| !taken.iter().any(|(other, _)| touch(range, other));
        if !edits.is_empty() && edits.iter().all(|(range, _)| free(range)) {
            taken.extend(edits);
            applied += 1;
        }
    }
    if applied == 0 {
        return None;
    }
    taken.sort_by_key(|(range, _)| range.start);
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for (range, text) in taken {
        out.extend_from_slice(bytes.get(at..range.start).unwrap_or(&[]));
        out.extend_from_slice(text.as_bytes());
        at = range.end;
    }
    out.extend_from_slice(bytes.get(at..).unwrap_or(&[]));
    Some(Fixed { bytes: out, applied })
}

/// True if two changes are not independent: they overlap, or stand at one place.
fn touch(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end || one.start == other.start
}
