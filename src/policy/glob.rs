//! Patterns with `*` (any text) and `?` (one character).

use super::value::glob;

/// True if some text matches both patterns. Exact in letter case.
pub fn globs_meet(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    // Up to the first star of one of them they take the same letters, and so behind the last.
    while let ([a, rest @ ..], [b, others @ ..]) = (one, other)
        && *a != b'*'
        && *b != b'*'
    {
        if !takes(*a, *b) {
            return false;
        }
        (one, other) = (rest, others);
    }
    while let ([rest @ .., a], [others @ .., b]) = (one, other)
        && *a != b'*'
        && *b != b'*'
    {
        if !takes(*a, *b) {
            return false;
        }
        (one, other) = (rest, others);
    }
    match (memchr::memchr(b'*', one), memchr::memchr(b'*', other)) {
        // What stands between the stars of one is taken by a star of the other.
        (Some(_), Some(_)) => true,
        (Some(_), None) => glob(one, other, takes),
        (None, Some(_)) => glob(other, one, takes),
        (None, None) => one.is_empty() && other.is_empty(),
    }
}

/// True if two letters of patterns can be the same; stars are none.
fn takes(a: u8, b: u8) -> bool {
    a == b || a == b'?' || b == b'?'
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
