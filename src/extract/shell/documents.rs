//! JSON documents in a text: in heredocs, in arguments, and on lines of their own.

use super::quotation::{self, Word};
use crate::spanmap::SpanMap;
use std::ops::Range;

/// A document inside a text.
pub(super) struct Found {
    /// Its bytes in the text.
    pub(super) range: Range<usize>,
    /// What the shell makes of them.
    pub(super) text: String,
    /// The way from that back to the text.
    pub(super) map: SpanMap,
    /// True where the shell says where it ends: all of this is handed on, be it JSON or not.
    pub(super) whole: bool,
}

/// So often is each byte looked at, at the most, to find where documents end: brackets that are never closed lead nowhere.
const BUDGET: usize = 16;

/// The documents of a text, one behind the other. What a variable is set to is whole where the text is known to be of a shell:
/// other languages go on behind the quote.
pub(super) fn all(text: &str, of_shell: bool) -> impl Iterator<Item = Found> + '_ {
    let (mut at, mut budget) = (0, BUDGET * text.len());
    std::iter::from_fn(move || {
        let found = next(text, at, of_shell, &mut budget)?;
        at = found.range.end.max(at + 1);
        Some(found)
    })
}

/// The next document at or behind `from`: a bracket that begins a line, or that a quote stands before.
fn next(text: &str, from: usize, of_shell: bool, budget: &mut usize) -> Option<Found> {
    let mut search = from;
    loop {
        let at = search + text.get(search..)?.find(['{', '['])?;
        search = at + 1;
        let before = text.get(..at)?.trim_end_matches([' ', '\t', '\n', '\r']);
        let own_line = text.get(before.len()..at)?.contains('\n') || before.is_empty();
        let heredoc = if own_line { heredoc(text, at, budget) } else { None };
        let found = heredoc.or_else(|| match before.as_bytes().last() {
            Some(b'"' | b'\'') if !own_line || !begins_heredoc(hint(text, at)) => {
                let argument = argument(text, before.len() - 1..at, of_shell, budget);
                // The quote may belong to what stands above.
                argument.or_else(|| if own_line { verbatim(text, at, budget) } else { None })
            }
            _ if own_line => verbatim(text, at, budget),
            _ => None,
        });
        let Some(found) = found else { continue };
        let holds = |needle| found.text.contains(needle);
        let policy = holds("Statement") && (holds("Effect") || holds("Action"));
        if policy || holds("ManagedPolic") || holds("AttachedPolicies") {
            return Some(found);
        }
        search = found.range.end;
    }
}

/// The line that a document is introduced by: `cat > trust-policy.json <<EOF`, `--assume-role-policy-document '{`.
pub(super) fn hint(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or("").trim_end();
    before.rsplit('\n').next().unwrap_or("")
}

/// The delimiter of the heredoc that a line begins, without quotes, and whether the shell leaves its text as it is.
fn delimiter(line: &str) -> Option<(&str, bool)> {
    let (before, behind) = line.rsplit_once("<<")?;
    let word = behind.trim_start_matches('-').trim_start();
    if before.ends_with('<') {
        return None;
    }
    if let Some(quote) = word.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        return word[1..].split_once(quote).map(|(word, _)| (word, true));
    }
    let bare = word.trim_start_matches('\\');
    let end = bare.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(bare.len());
    (end > 0).then(|| (&bare[..end], bare.len() < word.len()))
}

fn begins_heredoc(line: &str) -> bool {
    delimiter(line).is_some()
}

/// From a bracket that begins the text of a heredoc to its end, or to where something other than JSON follows.
fn heredoc(text: &str, at: usize, budget: &mut usize) -> Option<Found> {
    let (word, as_it_is) = delimiter(hint(text, at))?;
    let rest = allowed(text, at, *budget);
    let mut end = 0;
    let ends = |line: &str| line.trim() == word;
    let length = rest.split_inclusive('\n').find_map(|line| {
        end += line.len();
        ends(line).then(|| end - line.len())
    });
    *budget = budget.saturating_sub(end);
    let body = rest.get(..length?)?.trim_end();
    if let Some(closed) = closed(body, budget) {
        // A bracket too many is a mistake; a word is the next thing that the heredoc holds.
        if !body.get(closed..)?.trim_start().starts_with([']', '}', ',']) && closed < body.len() {
            return verbatim(text, at, budget);
        }
    }
    let word =
        if as_it_is { Word::verbatim(at..at + body.len(), text) } else { quotation::expanded(text, at, body.len()) };
    Some(Found { range: word.range, text: word.text, map: word.map, whole: true })
}

/// From a bracket behind a quote to the end of the argument. What is no word of a shell ends with its brackets.
fn argument(text: &str, opening: Range<usize>, of_shell: bool, budget: &mut usize) -> Option<Found> {
    let Range { start: quote, end: at } = opening;
    let before = text.get(..quote)?;
    let whole = is_option(before) || of_shell && is_assignment(before);
    let double = text.as_bytes().get(quote) == Some(&b'"');
    let word = quotation::word(allowed(text, 0, at.saturating_add(*budget)), at, double);
    // Of what goes on behind its quote a part stands there: `echo -n '{"a": "'; echo -n "$B"`.
    let ended = word.as_ref().is_ok_and(|word| text[word.range.end + 1..].starts_with([';', ' ', ')', '\n', '|', '&']));
    *budget = budget.saturating_sub(word.as_ref().map_or_else(|looked_at| *looked_at, |word| word.range.len()));
    let found = word.ok().filter(|word| whole || is_closed(&word.text, budget));
    match found {
        Some(word) => Some(Found { range: word.range, text: word.text, map: word.map, whole }),
        None if double || ended => None,
        None => verbatim(text, at, budget),
    }
}

/// So many bytes, at the most, an option or an assignment has.
const OPTION: usize = 64;

/// True for a text that ends with an option that takes a policy, as `--policy-document` or `--content`.
fn is_option(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '\t', '\n', '\r', '\\', '=']);
    let near = before.get(before.floor_char_boundary(before.len().saturating_sub(OPTION))..).unwrap_or("");
    let word = near.rsplit([' ', '\t', '\n']).next().unwrap_or("");
    word.starts_with("--") && ["policy", "content"].iter().any(|named| word.contains(named))
}

/// True for a text whose last line is `NAME=`, `export NAME=` or the like. A program other than a shell has blanks there.
fn is_assignment(before: &str) -> bool {
    let near = before.get(before.floor_char_boundary(before.len().saturating_sub(OPTION))..).unwrap_or("");
    let Some(line) = near.rsplit('\n').next().and_then(|line| line.strip_suffix('=')) else { return false };
    let mut words = line.split_whitespace().rev();
    let is_name = |word: &str| {
        let mut letters = word.bytes();
        letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
            && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == b'_')
    };
    let named = words.next().is_some_and(is_name) && !line.ends_with(' ');
    named && words.all(|word| matches!(word, "export" | "local" | "readonly" | "declare" | "-r" | "-x"))
}

/// The bytes from an offset that may still be looked at.
fn allowed(text: &str, at: usize, budget: usize) -> &str {
    let end = text.floor_char_boundary(text.len().min(at.saturating_add(budget)));
    text.get(at..end).unwrap_or("")
}

/// From a bracket to the one that closes it.
fn verbatim(text: &str, at: usize, budget: &mut usize) -> Option<Found> {
    let end = at + closed(allowed(text, at, *budget), budget)?;
    let word = Word::verbatim(at..end, text);
    Some(Found { range: word.range, text: word.text, map: word.map, whole: false })
}

/// True for a text that ends with the bracket that closes its first one.
fn is_closed(text: &str, budget: &mut usize) -> bool {
    closed(text, budget).and_then(|end| text.get(end..)).is_some_and(|rest| rest.trim().is_empty())
}

/// Where the bracket that a text begins with is closed: the byte behind it.
fn closed(text: &str, budget: &mut usize) -> Option<usize> {
    let (mut depth, mut inside, mut escaped) = (0_u32, false, false);
    for (offset, byte) in text.bytes().enumerate() {
        *budget = budget.checked_sub(1)?;
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b'{' | b'[' if !inside => depth += 1,
            b'}' | b']' if !inside => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(offset + 1);
                }
            }
            _ => {}
        }
    }
    None
}
