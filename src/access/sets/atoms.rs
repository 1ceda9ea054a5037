//! The texts that patterns tell apart.

use super::Bits;
use super::glob::{Glob, Letters, Symbol};
use std::collections::{HashMap, HashSet, VecDeque};

/// States after which a question is given up: far more than the patterns of real policies need.
const BUDGET: usize = 60_000;

/// The question has too many cases.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooMany;

/// Texts that patterns tell apart: one for each set of patterns that some text matches.
#[derive(Clone, Debug)]
pub struct Atoms {
    /// A text of each atom.
    pub texts: Vec<String>,
    patterns: Vec<Glob>,
}

impl Atoms {
    /// The atoms of some patterns. Texts of `preferred` come first, each for itself; they make witnesses readable.
    ///
    /// # Errors
    ///
    /// If the product of the automata grows past the budget.
    pub fn of(
        patterns: impl IntoIterator<Item = Glob>,
        preferred: impl IntoIterator<Item = String>,
    ) -> Result<Self, TooMany> {
        let mut patterns: Vec<Glob> = patterns.into_iter().collect();
        patterns.sort_unstable();
        patterns.dedup();
        let mut atoms = Atoms { texts: Vec::new(), patterns };
        let mut known: HashSet<Vec<u32>> = HashSet::new();
        for text in preferred {
            let signature = atoms.patterns.iter().enumerate().filter(|(_, pattern)| pattern.matches(&text));
            known.insert(signature.map(|(at, _)| at as u32).collect());
            if !atoms.texts.contains(&text) {
                atoms.texts.push(text);
            }
        }
        atoms.explore(&mut known)?;
        Ok(atoms)
    }

    /// The atoms that a pattern matches; it need not be among those that the atoms were made of only if it is a union of them.
    pub fn matching(&self, pattern: &Glob) -> Bits {
        Bits::filter(self.texts.len(), |at| self.texts.get(at).is_some_and(|text| pattern.matches(text)))
    }

    /// All atoms that pass a test of their text.
    pub fn filter(&self, test: impl Fn(&str) -> bool) -> Bits {
        Bits::filter(self.texts.len(), |at| self.texts.get(at).is_some_and(|text| test(text)))
    }

    /// Goes through the product of all patterns, shortest texts first. A state is the places in the patterns where a text may
    /// stand; only letters that one of them names are told apart, and one that none does.
    fn explore(&mut self, known: &mut HashSet<Vec<u32>>) -> Result<(), TooMany> {
        // A place is a number: the pattern's first one, and how far into it.
        let mut firsts = Vec::with_capacity(self.patterns.len());
        let mut owners: Vec<u32> = Vec::new();
        for (at, pattern) in self.patterns.iter().enumerate() {
            firsts.push(owners.len());
            owners.extend(std::iter::repeat_n(at as u32, pattern.symbols.len() + 1));
        }
        let symbol = |place: usize| -> Option<Symbol> {
            let owner = *owners.get(place)? as usize;
            self.patterns.get(owner)?.symbols.get(place - firsts.get(owner)?).copied()
        };
        let close = |places: &mut Vec<u32>| {
            let mut at = 0;
            while let Some(place) = places.get(at).copied() {
                if symbol(place as usize).is_some_and(Symbol::is_star) {
                    places.push(place + 1);
                }
                at += 1;
            }
            places.sort_unstable();
            places.dedup();
        };
        let mut start: Vec<u32> = firsts.iter().map(|first| *first as u32).collect();
        close(&mut start);
        let mut seen: HashMap<Vec<u32>, ()> = HashMap::from([(start.clone(), ())]);
        // How each state was first reached: from which, with which letter.
        let mut reached: Vec<(usize, char)> = vec![(0, ' ')];
        let mut open = VecDeque::from([(0, start)]);
        let mut texts = Vec::new();
        while let Some((number, places)) = open.pop_front() {
            let accepted: Vec<u32> = places
                .iter()
                .filter(|place| symbol(**place as usize).is_none())
                .filter_map(|place| owners.get(*place as usize).copied())
                .collect();
            if known.insert(accepted) {
                texts.push(spell(&reached, number));
            }
            for letter in letters(places.iter().filter_map(|place| symbol(*place as usize))) {
                let mut next = Vec::new();
                for place in &places {
                    match symbol(*place as usize) {
                        Some(symbol) if symbol.takes(letter) => {
                            next.push(if symbol.is_star() { *place } else { place + 1 });
                        }
                        _ => {}
                    }
                }
                close(&mut next);
                if seen.contains_key(&next) {
                    continue;
                }
                if reached.len() >= BUDGET {
                    return Err(TooMany);
                }
                seen.insert(next.clone(), ());
                reached.push((number, letter));
                open.push_back((reached.len() - 1, next));
            }
        }
        self.texts.append(&mut texts);
        Ok(())
    }
}

/// The letters that lead on from a state to different ones: those that symbols name, and one that none does.
fn letters(symbols: impl Iterator<Item = Symbol>) -> Vec<char> {
    let mut named = Vec::new();
    for symbol in symbols {
        match symbol {
            Symbol::Char(letter) => named.push(letter),
            Symbol::Folded(letter) => named.extend([letter, letter.to_ascii_uppercase()]),
            Symbol::AnyButColon | Symbol::StarButColon => named.push(':'),
            Symbol::Any | Symbol::Star => {}
        }
    }
    // Small letters first: they are easier to read.
    named.sort_unstable_by_key(|letter| (letter.is_ascii_uppercase(), *letter));
    named.dedup();
    let plain = ('a'..='z').rev().chain('0'..='9').chain('A'..='Z').chain('\u{4E00}'..='\u{9FFF}');
    // Letters that people read come first, and those that stand for unknown texts are never made up.
    let fresh = plain.filter(|letter| !Letters::is_one(*letter)).find(|letter| !named.contains(letter));
    named.extend(fresh);
    named
}

/// The text that leads to a state.
fn spell(reached: &[(usize, char)], mut number: usize) -> String {
    let mut letters = Vec::new();
    while let Some((from, letter)) = reached.get(number).filter(|_| number != 0) {
        letters.push(*letter);
        number = *from;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Whether all that `narrow` matches is matched by `wide`.
    fn within(narrow: &str, wide: &str) -> bool {
        let (narrow, wide) = (Glob::new(narrow), Glob::new(wide));
        let atoms = Atoms::of([narrow.clone(), wide.clone()], []).unwrap();
        atoms.matching(&narrow).minus(&atoms.matching(&wide)).is_empty()
    }

    #[test]
    fn what_lies_within_what() {
        for (narrow, wide, expected) in [
            ("arn:aws:s3:::a/*/x/*", "arn:aws:s3:::*/x/*", true),
            ("arn:aws:s3:::*/x/*", "arn:aws:s3:::a/*/x/*", false),
            ("*a*b*c*d*", "*a*c*", true),
            ("*a*c*", "*a*b*c*d*", false),
            ("a?c", "a*c", true),
            ("a*c", "a?c", false),
            ("?*", "*?", true),
            ("*", "?*", false),
            ("A", "a", false),
        ] {
            assert_eq!(within(narrow, wide), expected, "{narrow} within {wide}");
        }
    }

    #[test]
    fn a_star_of_an_arn_keeps_to_its_segment() {
        let (narrow, wide) = (Glob::of_arn("arn:aws:iam::*:role/x"), Glob::new("arn:aws:iam::*:role/x"));
        let atoms = Atoms::of([narrow.clone(), wide.clone()], []).unwrap();
        assert!(atoms.matching(&narrow).minus(&atoms.matching(&wide)).is_empty());
        let more = atoms.matching(&wide).minus(&atoms.matching(&narrow));
        assert!(more.iter().all(|at| atoms.texts[at].matches(':').count() > 5) && !more.is_empty());
    }

    #[test]
    fn an_unknown_text_is_taken_by_stars_only() {
        let mut letters = Letters::default();
        let unknown = Glob::new("a/").then(Glob::exactly(&letters.of("name").to_string()));
        assert!(Glob::new("a/*").matches(&unknown.sample()) && !Glob::new("a/?").matches(&unknown.sample()));
        assert!(unknown.has_unknown() && unknown.widened() == Glob::new("a/*"));
        assert_eq!(letters.of("name"), letters.of("name"));
        assert_ne!(letters.of("name"), letters.of("other"));
    }

    proptest! {
        #[test]
        fn as_trying_all_texts_says(one in "[ab*?]{0,5}", other in "[ab*?]{0,5}", third in "[ab*?]{0,4}") {
            let patterns = [one, other, third].map(|text| Glob::new(&text));
            let atoms = Atoms::of(patterns.clone(), []).unwrap();
            let signature = |text: &str| patterns.each_ref().map(|pattern| pattern.matches(text));
            let ours: HashSet<[bool; 3]> = atoms.texts.iter().map(|text| signature(text)).collect();
            let mut texts = vec![String::new()];
            let mut theirs = HashSet::new();
            for _ in 0..8 {
                theirs.extend(texts.iter().map(|text| signature(text)));
                texts = texts.iter().flat_map(|text| ["a", "b", "c"].map(|letter| format!("{text}{letter}"))).collect();
            }
            // Each of ours is that of a text; a longer one than were tried may be the shortest.
            prop_assert!(theirs.is_subset(&ours), "{:?}", theirs.difference(&ours));
        }
    }
}
