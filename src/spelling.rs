//! What somebody may have meant by a word that is not known.

use std::collections::HashSet;

/// The candidates that look most like `word`, the likest first, at most three; none if nothing is near. Letter case does not
/// count.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Vec<&'c str> {
    let mut near = near(word, candidates);
    near.truncate(3);
    near
}

/// The same for names that consist of words, as `GetBucketPolicy`: those near by letters whose words are near, too. `Get` is
/// not near to `Put`, nor `Encryption` to `Location`; one word may be missing, or too much, where two are there. One letter
/// that is missing is a slip, whatever the words: `CreateLogtream`.
pub fn nearest_name<'c>(name: &str, candidates: &[&'c str]) -> Vec<&'c str> {
    let mut near = near(name, candidates.iter().copied());
    let own = words(name);
    if own.len() > 1 {
        let known: HashSet<&str> = candidates.iter().flat_map(|candidate| words(candidate)).collect();
        let slip = |candidate: &str| {
            candidate.len() > name.len() && distance(&name.to_lowercase(), &candidate.to_lowercase(), 1) == 1
        };
        if let Some(only) = near.iter().copied().find(|candidate| slip(candidate)) {
            return vec![only];
        }
        near.retain(|candidate| missing(&own, &words(candidate), &known).is_some());
        // What has all words is meant rather than what has another number of them.
        if near.iter().any(|candidate| missing(&own, &words(candidate), &known) == Some(0)) {
            near.retain(|candidate| missing(&own, &words(candidate), &known) == Some(0));
        }
    }
    near.truncate(3);
    near
}

/// The words of a name in CamelCase, in order.
fn words(name: &str) -> Vec<&str> {
    let bytes = name.as_bytes();
    let begins = |at: &usize| {
        let upper = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
        upper(*at) && (!upper(at - 1) || !upper(at + 1) && at + 1 < bytes.len())
    };
    let starts: Vec<usize> = std::iter::once(0).chain((1..bytes.len()).filter(begins)).collect();
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    starts.iter().zip(ends).filter_map(|(start, end)| name.get(*start..end)).collect()
}

/// How many words one of two names has more than the other, at most one; none if the others are not near.
fn missing(own: &[&str], other: &[&str], known: &HashSet<&str>) -> Option<usize> {
    let is_near = |one: &str, two: &str| {
        let (one_low, two_low) = (one.to_lowercase(), two.to_lowercase());
        let shared = one_low.bytes().zip(two_low.bytes()).take_while(|(a, b)| a == b).count();
        // What is a word of other names is meant as it stands, but for its ending.
        let misspelt = !known.contains(one);
        let furthest = furthest(&one_low, two);
        one_low == two_low
            || shared >= 4 && shared + 3 >= one.len().max(two.len())
            || one.len().abs_diff(two.len()) == 1 && shared == one.len().min(two.len())
            || misspelt && one.len() > 3 && distance(&one_low, &two_low, furthest) <= furthest
    };
    let alike = own.iter().zip(other).take_while(|(one, two)| is_near(one, two)).count();
    let behind = own.iter().rev().zip(other.iter().rev()).take_while(|(one, two)| is_near(one, two)).count();
    let (fewer, more) = (own.len().min(other.len()), own.len().max(other.len()));
    (alike == more || fewer > 1 && more == fewer + 1 && alike + behind >= fewer).then_some(more - fewer)
}

fn near<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Vec<&'c str> {
    let word = word.to_lowercase();
    let letters = count(&word);
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        // The lengths alone are that far apart.
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= furthest(&word, candidate))
        // So are the letters, whatever their order: each step changes two counts at the most.
        .filter(|candidate| {
            let apart: u32 =
                letters.iter().zip(count(candidate)).map(|(ours, theirs)| u32::from(ours.abs_diff(theirs))).sum();
            apart as usize <= 2 * furthest(&word, candidate)
        })
        .map(|candidate| (distance(&word, &candidate.to_lowercase(), furthest(&word, candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= furthest(&word, candidate))
        .collect();
    near.sort_unstable();
    near.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Letters by which a candidate may differ from a word.
fn furthest(word: &str, candidate: &str) -> usize {
    (candidate.len().max(word.len()) / 3).max(1)
}

/// How often each letter stands in a word, whatever its case; some of the others are counted with them.
fn count(word: &str) -> [u8; 32] {
    let mut counts = [0_u8; 32];
    for byte in word.bytes() {
        let count = &mut counts[usize::from(byte % 32)];
        *count = count.saturating_add(1);
    }
    counts
}

/// A phrase for [`nearest`]: "`a` or `b`".
pub fn any_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|word| format!("`{word}`")).collect();
            format!("{} or `{last}`", first.join(", "))
        }
    }
}

/// Letters to be added, dropped, replaced or swapped with their neighbour to get from `a` to `b` (optimal string alignment);
/// some number above `limit` if there are more than that.
fn distance(a: &str, b: &str, limit: usize) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let (mut before, mut next) = (row.clone(), row.clone());
    let mut left_of = None;
    for (line, x) in a.chars().enumerate() {
        next[0] = line + 1;
        for (column, y) in b.iter().enumerate() {
            let replaced = row[column] + usize::from(x != *y);
            let mut best = replaced.min(row[column + 1] + 1).min(next[column] + 1);
            if line > 0 && column > 0 && left_of == Some(*y) && b[column - 1] == x {
                best = best.min(before[column - 1] + 1);
            }
            next[column + 1] = best;
        }
        // A swap reaches back two rows.
        if next.iter().chain(&row).all(|letters| *letters > limit) {
            return limit + 1;
        }
        (before, row, next) = (row, next, before);
        left_of = Some(x);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_finger_are_understood_and_other_words_are_not() {
        let known = ["root-principal", "root-access-key", "administrator-access"];
        assert_eq!(nearest("root-principl", known), ["root-principal"]);
        assert_eq!(nearest("Root-Prinicpal", known), ["root-principal"]);
        assert_eq!(nearest("admin", known), [""; 0]);
        assert_eq!(nearest("", known), [""; 0]);
    }

    #[test]
    fn names_are_near_if_their_words_are() {
        let known = [
            "GetObject",
            "GetObjectAcl",
            "PutObject",
            "ListUserPolicies",
            "GetBucketLocation",
            "GetEncryptionConfiguration",
            "PutLogEvents",
            "PutBucketTagging",
            "ReplicateTags",
            "CreateMember",
            "DBCluster",
            "Encrypt",
            "PassRole",
            "CreateLogStream",
            "CreateLogGroup",
        ];
        for (name, near) in [
            ("GetObjects", &["GetObject"][..]),
            ("GetObjcet", &["GetObject"]),
            ("PassRoles", &["PassRole"]),
            ("ListUserPolicy", &["ListUserPolicies"]),
            ("PutLogEventsBatch", &["PutLogEvents"]),
            ("ReplicationTags", &["ReplicateTags"]),
            ("CreateMembers", &["CreateMember"]),
            ("DbClusters", &["DBCluster"]),
            ("SetBucketEncryption", &[]),
            ("ReEncrypt", &[]),
            ("DeleteBucketTagging", &[]),
            ("CreateLogtream", &["CreateLogStream"]),
        ] {
            assert_eq!(nearest_name(name, &known), near, "{name}");
        }
        assert_eq!(words("ListDBClustersV2"), ["List", "DB", "Clusters", "V2"]);
    }

    #[test]
    fn distance_counts_a_swap_as_one() {
        assert_eq!((distance("ab", "ba", 9), distance("", "abc", 9), distance("kitten", "sitting", 9)), (1, 3, 3));
    }

    #[test]
    fn alternatives_read_like_a_sentence() {
        assert_eq!(any_of(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
