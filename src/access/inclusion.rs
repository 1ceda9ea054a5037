//! Whether one action pattern holds all that another does.

use crate::policy::ActionPattern;

/// Steps after which inclusion counts as not shown: far more than any pattern that people write needs.
const BUDGET: usize = 4096;

/// True if every text that `narrow` matches is matched by `wide`, letter case ignored. Exact for ASCII patterns of up to
/// 127 characters; of others only equal ones are known to cover each other.
pub fn covers(wide: &ActionPattern, narrow: &ActionPattern) -> bool {
    // What `wide` begins with, `narrow` must begin with: answers most questions.
    let (head, theirs) = (wide.head().as_bytes(), narrow.head().as_bytes());
    if !theirs.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head)) {
        return false;
    }
    let (wide_text, narrow_text) = (wide.as_str(), narrow.as_str());
    if wide_text.eq_ignore_ascii_case(narrow_text)
        || !wide_text.is_empty() && wide_text.bytes().all(|byte| byte == b'*')
    {
        return true;
    }
    match wide_text.len() - head.len() {
        // Without a wildcard it matches itself only.
        0 => return false,
        1 if wide_text.ends_with('*') => return true,
        _ => {}
    }
    // Where `wide` ends with a letter, all that `narrow` matches must end with it.
    if let Some(last) = wide_text.bytes().last().filter(|byte| !matches!(byte, b'*' | b'?'))
        && !narrow_text.bytes().last().is_some_and(|theirs| theirs.eq_ignore_ascii_case(&last))
    {
        return false;
    }
    if wide_text.len() > 127 || !wide_text.is_ascii() || !narrow_text.is_ascii() {
        return false;
    }
    match narrow.has_wildcard() && wide_text.contains('?') {
        true => walk(wide_text.as_bytes(), narrow_text.as_bytes()),
        // The wildcards of `narrow`, if there are any, are letters that only a `*` of `wide` takes.
        false => wide.matches(narrow_text),
    }
}

/// A letter that no pattern holds: whoever matches it matches any.
const FRESH: u8 = 0x80;

/// Goes through all texts of `narrow` and keeps the set of places in `wide` where each may stand, one bit for each place.
/// Only the fresh letter needs trying where `narrow` takes any, for nothing matches it but `*` and `?`.
fn walk(wide: &[u8], narrow: &[u8]) -> bool {
    let mut open = vec![(0, closure(wide, 1))];
    let mut seen: Vec<(usize, u128)> = Vec::new();
    while let Some((at, places)) = open.pop() {
        if seen.len() > BUDGET {
            return false;
        }
        // Fewer places are harder to leave matched: a state with a subset of them has settled this one.
        if seen.iter().any(|(other, fewer)| *other == at && fewer & !places == 0) {
            continue;
        }
        seen.push((at, places));
        match narrow.get(at) {
            None if places >> wide.len() & 1 == 0 => return false,
            None => {}
            Some(b'*') => {
                open.push((at + 1, places));
                open.push((at, step(wide, places, FRESH)));
            }
            Some(b'?') => open.push((at + 1, step(wide, places, FRESH))),
            Some(letter) => open.push((at + 1, step(wide, places, letter.to_ascii_lowercase()))),
        }
    }
    true
}

/// The places after one letter.
fn step(wide: &[u8], places: u128, letter: u8) -> u128 {
    let mut next = 0;
    for (at, symbol) in wide.iter().enumerate().filter(|(at, _)| places >> at & 1 == 1) {
        next |= match symbol {
            b'*' => 1 << at,
            b'?' => 1 << (at + 1),
            _ if symbol.to_ascii_lowercase() == letter => 1 << (at + 1),
            _ => 0,
        };
    }
    closure(wide, next)
}

/// With the places that are reached without a letter: past each `*`.
fn closure(wide: &[u8], mut places: u128) -> u128 {
    for (at, symbol) in wide.iter().enumerate() {
        if *symbol == b'*' && places >> at & 1 == 1 {
            places |= 1 << (at + 1);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::glob_matches;
    use proptest::prelude::*;

    fn includes(wide: &str, narrow: &str) -> bool {
        covers(&ActionPattern::new(wide), &ActionPattern::new(narrow))
    }

    #[test]
    fn patterns_of_actions_cover_each_other() {
        for (wide, narrow, expected) in [
            ("*", "s3:*", true),
            ("s3:*", "S3:Put*", true),
            ("s3:Put*", "s3:PutObject", true),
            ("s3:Put*", "s3:*", false),
            ("s3:*Object", "s3:PutObject", true),
            ("s3:*Object", "s3:*tObject", true),
            ("s3:*t*", "s3:Get*", true),
            ("s3:?*", "s3:*", false),
            ("s3:?*", "s3:*a", true),
            ("s3:*?", "s3:?*", true),
            ("*:Put*", "s3:Put*", true),
            ("s3:*", "s3*", false),
            ("", "", true),
            ("", "*", false),
            ("*:*", "*", false),
        ] {
            assert_eq!(includes(wide, narrow), expected, "{wide:?} covers {narrow:?}");
        }
    }

    #[test]
    fn what_cannot_be_shown_is_not_claimed() {
        let long = format!("s3:{}*b*", "a".repeat(130));
        assert!(includes(&long, &long) && !includes(&long, &format!("{long}b")));
        // A pattern made to blow up ends all the same.
        let (wide, narrow) = ("*a".to_owned() + &"?".repeat(60), "a*?*?*".repeat(20));
        let _ = includes(&wide, &narrow);
    }

    /// All texts over `abc` of up to `length` letters.
    fn texts(length: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..length {
            last = last.iter().flat_map(|text| ["a", "b", "c"].map(|letter| format!("{text}{letter}"))).collect();
            all.extend(last.iter().cloned());
        }
        all
    }

    proptest! {
        // `c` stands in no pattern, as some letter always does.
        #[test]
        fn inclusion_is_what_brute_force_finds(wide in "[ab*?]{0,5}", narrow in "[ab*?]{0,4}") {
            let every = texts(7).iter().all(|text| !glob_matches(&narrow, text) || glob_matches(&wide, text));
            prop_assert_eq!(includes(&wide, &narrow), every);
        }
    }
}
