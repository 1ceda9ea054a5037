//! Patterns with `*` (any text) and `?` (one character).

/// True if some text matches both patterns. Exact in letter case.
pub fn globs_meet(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    // What both begin and end with is compared letter by letter: that answers most questions.
    let wild = |byte: &u8| matches!(byte, b'*' | b'?');
    while let (Some((a, rest)), Some((b, others))) = (one.split_first(), other.split_first()) {
        match (wild(a) || wild(b), a == b) {
            (true, _) => break,
            (_, false) => return false,
            _ => (one, other) = (rest, others),
        }
    }
    while let (Some((a, rest)), Some((b, others))) = (one.split_last(), other.split_last()) {
        match (wild(a) || wild(b), a == b) {
            (true, _) => break,
            (_, false) => return false,
            _ => (one, other) = (rest, others),
        }
    }
    if one == b"*" || other == b"*" {
        return true;
    }
    // Row by row: which ends of `other` can be reached when this much of `one` has been matched.
    let mut row = vec![false; other.len() + 1];
    row[0] = true;
    for (at, byte) in other.iter().enumerate() {
        row[at + 1] = row[at] && *byte == b'*';
    }
    let mut next = row.clone();
    for byte in one {
        next[0] = row[0] && *byte == b'*';
        for (at, theirs) in other.iter().enumerate() {
            let same = byte == theirs || *byte == b'?' || *theirs == b'?';
            next[at + 1] = match (*byte == b'*', *theirs == b'*') {
                (true, true) => row[at + 1] || next[at],
                (true, false) => row[at + 1] || next[at],
                (false, true) => row[at + 1] || next[at],
                (false, false) => row[at] && same,
            };
        }
        std::mem::swap(&mut row, &mut next);
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::glob_matches;
    use proptest::prelude::*;

    #[test]
    fn patterns_meet_where_a_text_matches_both() {
        for (one, other, expected) in [
            ("a*", "*b", true),
            ("a*", "b*", false),
            ("a?c", "ab*", true),
            ("a?", "a", false),
            ("", "*", true),
            ("", "?", false),
            ("arn:aws:s3:::bucket/*", "arn:*:s3:::*/*", true),
            ("arn:aws:s3:eu-west-1::bucket", "arn:*:s3:::*", false),
            ("*x*", "y*y", true),
        ] {
            assert_eq!(globs_meet(one, other), expected, "{one} {other}");
            assert_eq!(globs_meet(other, one), expected, "{other} {one}");
        }
    }

    proptest! {
        #[test]
        fn as_trying_all_short_texts_says(one in "[ab*?]{0,4}", other in "[ab*?]{0,4}") {
            let mut texts = vec![String::new()];
            for length in 0..8 {
                let longer: Vec<String> = texts.iter().filter(|text| text.len() == length).flat_map(|text| ["a", "b"].map(|letter| format!("{text}{letter}"))).collect();
                texts.extend(longer);
            }
            let found = texts.iter().any(|text| glob_matches(&one, text) && glob_matches(&other, text));
            prop_assert_eq!(globs_meet(&one, &other), found, "{} {}", one, other);
        }
    }
}
