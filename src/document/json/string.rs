//! Strings: where they end, and what they say.

use super::super::{AS_WRITTEN, NodeKind};
use super::reader::Reader;
use super::{escape, lexical};
use crate::source::Span;

impl Reader<'_> {
    /// Reads the string that begins here. One that is never closed ends on its line; where it was meant to end is a guess,
    /// so that it is an [`NodeKind::Error`] as a value, and empty as a key.
    pub(super) fn string(&mut self, kind: NodeKind) {
        let (start, mut end) = (self.at, self.at + 1);
        let (mut escaped, mut control) = (false, None);
        loop {
            end = lexical::string_stop(self.bytes, end);
            match self.bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    end += 2;
                }
                Some(b'\n' | b'\r') if control.is_none() && !self.goes_on(end) => return self.unclosed(kind, end),
                Some(byte) => {
                    control.get_or_insert((end, *byte));
                    end += 1;
                }
                None => return self.unclosed(kind, self.bytes.len()),
            }
        }
        if let Some((at, byte)) = control {
            let why = match byte {
                b'\n' | b'\r' => "a line break in a string is written `\\n`",
                b'\t' => "a tab in a string is written `\\t`",
                _ => "a control character in a string is written `\\u00..`",
            };
            self.errors.broken(Span::new(at, at + 1), why);
        }
        let decoded = match self.text.get(start..=end) {
            Some(token) if escaped => {
                let errors = &mut self.errors;
                let text = escape::decode(token, |at, why| {
                    errors.broken(Span::new(start + at.start, start + at.end), why);
                });
                self.keep(text)
            }
            _ => AS_WRITTEN,
        };
        self.leaf(kind, end + 1, decoded);
    }

    /// True if a string with a raw line break at `at` is closed later, at a quote that looks like a closing one.
    fn goes_on(&self, at: usize) -> bool {
        lexical::next_quote(self.bytes, at).is_some_and(|quote| {
            matches!(self.bytes.get(lexical::skip_white(self.bytes, quote + 1)), None | Some(b',' | b'}' | b']'))
        })
    }

    fn unclosed(&mut self, kind: NodeKind, line_end: usize) {
        let token = self.text.get(self.at..line_end).unwrap_or("");
        // The comma of the line most likely stands behind the quote that is missing.
        let token = token.trim_end_matches([',', ' ', '\t']);
        let end = self.at + token.len();
        self.errors.broken(Span::new(self.at, end), "this string is never closed");
        if kind == NodeKind::Key {
            let decoded = self.keep("");
            self.leaf(kind, end, decoded);
        } else {
            self.leaf(NodeKind::Error, end, AS_WRITTEN);
        }
    }

    /// Reads a string in single quotes, if one begins here and is closed on its line.
    pub(super) fn single_quoted(&mut self, kind: NodeKind) -> bool {
        let Some(end) = lexical::single_quoted(self.bytes, self.at) else { return false };
        self.errors.broken(Span::new(self.at, end), "strings stand in double quotes, not in single ones");
        let decoded = match self.text.get(self.at..end) {
            Some(token) if token.contains('\\') => self.keep(escape::decode(token, |_, _| {})),
            _ => AS_WRITTEN,
        };
        self.leaf(kind, end, decoded);
        true
    }
}
