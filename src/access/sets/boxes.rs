//! A box minus boxes.

use super::{Bits, TooMany};

/// A product of sets, one for each dimension.
pub type Region = Vec<Bits>;

/// Boxes that are looked at before a question is given up.
const BUDGET: usize = 100_000;

/// A part of a box that none of the others reaches and that is accepted, if there is one.
///
/// # Errors
///
/// If there are too many parts to look at.
pub fn outside(
    whole: Region,
    others: &[Region],
    accept: &mut dyn FnMut(&Region) -> bool,
) -> Result<Option<Region>, TooMany> {
    let mut open = vec![(whole, 0)];
    let mut looked_at = 0;
    while let Some((part, from)) = open.pop() {
        looked_at += 1;
        if looked_at > BUDGET {
            return Err(TooMany);
        }
        if part.iter().any(Bits::is_empty) {
            continue;
        }
        let meets = |other: &Region| part.iter().zip(other).all(|(own, theirs)| !own.and(theirs).is_empty());
        let Some(at) = (from..others.len()).find(|at| others.get(*at).is_some_and(meets)) else {
            if accept(&part) {
                return Ok(Some(part));
            }
            continue;
        };
        // What lies outside of the other box lies outside of it in some dimension: the first such one tells the parts apart.
        let mut inside = part;
        let Some(other) = others.get(at) else { continue };
        for (dimension, theirs) in other.iter().enumerate() {
            let Some(own) = inside.get(dimension) else { continue };
            let (out, within) = (own.minus(theirs), own.and(theirs));
            if !out.is_empty() {
                let mut piece = inside.clone();
                if let Some(set) = piece.get_mut(dimension) {
                    *set = out;
                }
                open.push((piece, at + 1));
            }
            if let Some(set) = inside.get_mut(dimension) {
                *set = within;
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn region(sets: &[u8]) -> Region {
        sets.iter().map(|set| Bits::filter(4, |at| set >> at & 1 == 1)).collect()
    }

    proptest! {
        #[test]
        fn as_trying_all_points_says(
            whole in prop::array::uniform3(0_u8..16),
            others in prop::collection::vec(prop::array::uniform3(0_u8..16), 0..6),
        ) {
            let others: Vec<Region> = others.iter().map(|sets| region(sets)).collect();
            let whole = region(&whole);
            let within = |region: &Region, point: [usize; 3]| region.iter().zip(point).all(|(set, at)| set.contains(at));
            let points = (0..64).map(|n| [n % 4, n / 4 % 4, n / 16]);
            let free: Vec<[usize; 3]> = points
                .filter(|point| within(&whole, *point) && !others.iter().any(|other| within(other, *point)))
                .collect();
            let found = outside(whole.clone(), &others, &mut |_| true).unwrap();
            prop_assert_eq!(found.is_some(), !free.is_empty());
            if let Some(found) = found {
                let first: Vec<usize> = found.iter().filter_map(|set| set.iter().next()).collect();
                prop_assert!(free.contains(&[first[0], first[1], first[2]]));
            }
        }
    }
}
