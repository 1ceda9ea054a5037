//! How the text of a YAML scalar lies in the file.

use crate::document::Notation;
use crate::source::Span;
use crate::spanmap::SpanMap;

/// How a decoded scalar lies in its text. `raw` is the scalar as it is written at byte `start`, with its quotes.
///
/// What is not blank is found exactly: it stands in the text in the same order, as it is or as an escape. Where YAML
/// folds or strips white space, blanks lead to the whole run of it, or to the empty place where none is left.
pub(in crate::document) fn string_map(raw: &str, notation: Notation, decoded: &str, start: u32) -> SpanMap {
    let quoted = matches!(notation, Notation::SingleQuoted | Notation::DoubleQuoted);
    let inner = if quoted { raw.get(1..raw.len().saturating_sub(1)).unwrap_or("") } else { raw };
    let mut aligner = Aligner { raw: inner, at: 0, notation };
    let start = start as usize + usize::from(quoted);
    let mut map = SpanMap::default();
    for c in decoded.chars() {
        let (from, to) = aligner.next(c);
        map.push(c.len_utf8(), Span::new(start + from, start + to));
    }
    map
}

struct Aligner<'t> {
    raw: &'t str,
    at: usize,
    notation: Notation,
}

impl Aligner<'_> {
    fn rest(&self) -> &str {
        self.raw.get(self.at..).unwrap_or("")
    }

    /// Length of the white space that comes next.
    fn blank(&self) -> usize {
        self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\r', '\n']).len()
    }

    /// Where the next decoded character is written.
    fn next(&mut self, c: char) -> (usize, usize) {
        self.continuation();
        let blank = matches!(c, ' ' | '\t' | '\r' | '\n');
        if blank && !self.rest().starts_with('\\') {
            let run = self.blank();
            let breaks = self.rest().get(..run).is_some_and(|run| run.contains('\n'));
            return self.take(if breaks { run } else { run.min(1) });
        }
        if !blank {
            self.at += self.blank();
            self.continuation();
        }
        let length = match (self.notation, self.rest().as_bytes()) {
            (Notation::DoubleQuoted, [b'\\', escape, ..]) => match escape {
                b'x' => 4,
                b'u' => 6,
                b'U' => 10,
                _ => 1 + self.rest().chars().nth(1).map_or(0, char::len_utf8),
            },
            (Notation::SingleQuoted, [b'\'', b'\'', ..]) => 2,
            _ => self.rest().chars().next().map_or(0, char::len_utf8),
        };
        self.take(length)
    }

    /// Passes over escaped line breaks: they stand for nothing.
    fn continuation(&mut self) {
        if self.notation != Notation::DoubleQuoted {
            return;
        }
        while self.rest().starts_with("\\\n") || self.rest().starts_with("\\\r") {
            self.at += 1;
            self.at += self.blank();
        }
    }

    fn take(&mut self, length: usize) -> (usize, usize) {
        let from = self.at;
        self.at = (self.at + length).min(self.raw.len());
        (from, self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What every character of the decoded text is written as.
    fn written(raw: &str, notation: Notation, decoded: &str) -> Vec<String> {
        let map = string_map(raw, notation, decoded, 0);
        let of = |(at, c): (usize, char)| raw[map.to_file(Span::new(at, at + c.len_utf8())).range()].to_owned();
        decoded.char_indices().map(of).collect()
    }

    #[test]
    fn every_notation_leads_back() {
        for (raw, notation, decoded, expected) in [
            ("aé", Notation::Plain, "aé", &["a", "é"][..]),
            ("a\n   b", Notation::Plain, "a b", &["a", "\n   ", "b"]),
            ("'it''s'", Notation::SingleQuoted, "it's", &["i", "t", "''", "s"]),
            (r#""\u002a\x2a\"\\""#, Notation::DoubleQuoted, "**\"\\", &[r"\u002a", r"\x2a", "\\\"", r"\\"]),
            ("\"a\\\n  b\"", Notation::DoubleQuoted, "ab", &["a", "b"]),
            ("\"a \\n b\"", Notation::DoubleQuoted, "a \n b", &["a", " ", "\\n", " ", "b"]),
            ("{\r\n    x\r\n  }", Notation::Block, "{\n  x\n}\n", &["{", "\r\n    ", "", "", "x", "\r\n  ", "}", ""]),
            (
                "{\n\n  \"é\": 1}",
                Notation::Block,
                "{\n\"é\": 1}",
                &["{", "\n\n  ", "\"", "é", "\"", ":", " ", "1", "}"],
            ),
        ] {
            assert_eq!(written(raw, notation, decoded), expected, "{raw:?}");
        }
    }
}
