//! What somebody may have meant by a word that is not known.

/// The candidates that look most like `word`, the likest first, at most three; none if nothing is near. Letter case does not
/// count.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Vec<&'c str> {
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
    near.truncate(3);
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
    fn distance_counts_a_swap_as_one() {
        assert_eq!((distance("ab", "ba", 9), distance("", "abc", 9), distance("kitten", "sitting", 9)), (1, 3, 3));
    }

    #[test]
    fn alternatives_read_like_a_sentence() {
        assert_eq!(any_of(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
