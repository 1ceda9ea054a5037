//! What a shell makes of quotes, backslashes and expansions.

use crate::source::Span;
use crate::spanmap::SpanMap;
use std::ops::Range;

/// A part of a script, and the text that the shell makes of it. What it fills in stays as it is written, with `'` for each
/// `"`: it stands in the strings of a document, and ends none of them.
pub(super) struct Word {
    /// Its bytes in the script.
    pub(super) range: Range<usize>,
    /// What the shell makes of them.
    pub(super) text: String,
    /// The way from that back to the script.
    pub(super) map: SpanMap,
}

impl Word {
    /// A part of a script that the shell leaves as it is.
    pub(super) fn verbatim(range: Range<usize>, script: &str) -> Self {
        let mut map = SpanMap::default();
        map.push(range.len(), Span::new(range.start, range.end));
        Word { text: script.get(range.clone()).unwrap_or("").to_owned(), range, map }
    }
}

/// The text of a heredoc without quotes at its delimiter: so many bytes from `at` on.
pub(super) fn expanded(script: &str, at: usize, length: usize) -> Word {
    let mut reader = Reader::new(script.get(..at + length).unwrap_or(script), at);
    while reader.rest().is_some_and(|rest| !rest.is_empty()) {
        match reader.bytes() {
            [b'\\', b'$' | b'`' | b'\\', ..] => reader.escape(),
            _ => reader.expansion_or_character(),
        }
    }
    reader.finish()
}

/// The rest of a word from `at` on, which stands inside quotes; where they are not closed, and where a backslash makes
/// something that shells do not know, only how many bytes were looked at. Further quotes may follow at once:
/// `'{"a": "'"$B"'"}'` is one word.
pub(super) fn word(script: &str, at: usize, double: bool) -> Result<Word, usize> {
    let mut reader = Reader::new(script, at);
    let mut quote = if double { b'"' } else { b'\'' };
    loop {
        match (quote, reader.bytes()) {
            (_, []) => return Err(reader.at - at),
            (quoted, [byte, behind @ ..]) if *byte == quoted => {
                let end = reader.at;
                let mut past = 1;
                match behind {
                    // The only way to have one between single quotes.
                    [b'\\', b'\'', b'\'', ..] if quoted == b'\'' => {
                        reader.push("'", 4);
                        continue;
                    }
                    [next @ (b'"' | b'\''), ..] => {
                        past = 2;
                        quote = *next;
                    }
                    [b'$', ..] => {}
                    _ => return Ok(reader.finish_at(end)),
                }
                reader.at += past;
                if past == 1 {
                    reader.variable();
                    match reader.bytes() {
                        [next @ (b'"' | b'\''), ..] => quote = *next,
                        _ => return Err(reader.at - at),
                    }
                    reader.at += 1;
                }
            }
            (b'"', [b'\\', b'"' | b'\\' | b'`' | b'$', ..]) => reader.escape(),
            (b'"', [b'\\', ..]) => return Err(reader.at - at),
            (b'"', _) => reader.expansion_or_character(),
            _ => reader.character(),
        }
    }
}

struct Reader<'s> {
    script: &'s str,
    start: usize,
    at: usize,
    text: String,
    map: SpanMap,
}

impl<'s> Reader<'s> {
    fn new(script: &'s str, at: usize) -> Self {
        Reader { script, start: at, at, text: String::new(), map: SpanMap::default() }
    }

    fn rest(&self) -> Option<&'s str> {
        self.script.get(self.at..)
    }

    fn bytes(&self) -> &'s [u8] {
        self.rest().unwrap_or("").as_bytes()
    }

    fn finish(self) -> Word {
        let end = self.at;
        self.finish_at(end)
    }

    fn finish_at(self, end: usize) -> Word {
        Word { range: self.start..end, text: self.text, map: self.map }
    }

    /// Takes so many bytes, which stand for a text.
    fn push(&mut self, text: &str, bytes: usize) {
        self.map.push(text.len(), Span::new(self.at, self.at + bytes));
        self.text.push_str(text);
        self.at += bytes;
    }

    /// Takes a backslash and the character behind it, which stand for that.
    fn escape(&mut self) {
        let character = self.rest().and_then(|rest| rest.get(1..2)).unwrap_or("");
        self.push(character, 2);
    }

    fn character(&mut self) {
        let Some(character) = self.rest().and_then(|rest| rest.chars().next()) else { return };
        let length = character.len_utf8();
        self.map.push(length, Span::new(self.at, self.at + length));
        self.text.push(character);
        self.at += length;
    }

    /// Takes what the shell fills in outside quotes.
    fn variable(&mut self) {
        let before = self.at;
        self.expansion_or_character();
        if self.at == before + 1 {
            let name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
            (0..self.bytes().iter().take_while(|byte| name(byte)).count()).for_each(|_| self.character());
        }
    }

    /// Takes what the shell fills in, as `$(aws sts get-caller-identity)`, or else a character.
    fn expansion_or_character(&mut self) {
        let rest = self.rest().unwrap_or("");
        match expansion(rest) {
            Some(length) => self.push(&rest[..length].replace('"', "'"), length),
            None => self.character(),
        }
    }
}

/// What the shell fills in is looked for so far, in bytes.
const REACH: usize = 2048;

/// How long the command or the variable with a word in it is that a text begins with: `$(...)`, `${...}`, or a command
/// between backticks.
pub(in crate::extract) fn expansion(text: &str) -> Option<usize> {
    let text = text.get(..text.floor_char_boundary(REACH)).unwrap_or(text);
    let (open, close) = match text.as_bytes() {
        [b'`', ..] => {
            let end = text.get(1..)?.find(['`', '\n'])?;
            return text.get(1 + end..)?.starts_with('`').then_some(end + 2);
        }
        [b'$', b'(', ..] => ('(', ')'),
        [b'$', b'{', ..] => ('{', '}'),
        _ => return None,
    };
    let mut depth = 0_usize;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' if close == '}' => return None,
            c if c == open => depth += 1,
            c if c == close => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}
