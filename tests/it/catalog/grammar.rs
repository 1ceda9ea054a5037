//! Texts as numbers of symbols, where a symbol can be a pair of others: so that what stands in many of them stands there once.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A pair that stands there less often saves hardly more room than it takes.
const LEAST: usize = 4;

/// Makes pairs of the symbols of some texts, the most frequent first, until none is worth it or there are no more numbers for
/// them. They get them in order; what is left of the texts is written with them.
pub(super) fn pairs(texts: &mut [Vec<u32>], mut numbers: Range<u32>) -> Vec<[u32; 2]> {
    let mut pairs = Vec::new();
    loop {
        let mut all: Vec<[u32; 2]> =
            texts.iter().flat_map(|text| text.windows(2)).map(|two| [two[0], two[1]]).collect();
        all.sort_unstable();
        let counts = all.chunk_by(|one, other| one == other).map(|same| (same[0], same.len()));
        let mut counts: Vec<([u32; 2], usize)> = counts.filter(|(_, count)| *count >= LEAST).collect();
        counts.sort_by_key(|(pair, count)| (usize::MAX - count, *pair));
        let Some((_, most)) = counts.first().copied() else { return pairs };
        // Many at once, as far as they do not overlap: each changes the counts of what it overlaps with.
        let (mut begin, mut end) = (BTreeSet::new(), BTreeSet::new());
        let mut new: BTreeMap<[u32; 2], u32> = BTreeMap::new();
        for (pair @ [left, right], _) in counts.into_iter().take_while(|(_, count)| count * 2 > most) {
            if end.contains(&left) || begin.contains(&right) {
                continue;
            }
            let Some(number) = numbers.next() else { break };
            begin.insert(left);
            end.insert(right);
            new.insert(pair, number);
            pairs.push(pair);
        }
        if new.is_empty() {
            return pairs;
        }
        for text in texts.iter_mut() {
            *text = replaced(text, &new);
        }
    }
}

fn replaced(text: &[u32], new: &BTreeMap<[u32; 2], u32>) -> Vec<u32> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [symbol, behind @ ..] = rest {
        match behind.first().and_then(|next| new.get(&[*symbol, *next])) {
            Some(pair) => {
                out.push(*pair);
                rest = &behind[1..];
            }
            None => {
                out.push(*symbol);
                rest = behind;
            }
        }
    }
    out
}
