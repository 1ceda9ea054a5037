//! Text that a terminal shows as it is.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Columns from one tab stop to the next.
const TAB: usize = 4;

/// True for what is not seen, or changes how what follows is seen: control characters (an escape sequence colours, moves
/// and overwrites), and the invisible and direction-changing characters that make a line look like another one (Unicode
/// Technical Report 36, "Trojan Source").
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// The text on one line, with every hidden character written as its escape: `\n`, `\u{1b}`.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            c if !is_hidden(c) => escaped.push(c),
            '\n' | '\r' | '\t' => escaped.extend(c.escape_default()),
            // Writing to a string does not fail.
            c => drop(write!(escaped, "\\u{{{:x}}}", u32::from(c))),
        }
    }
    Cow::Owned(escaped)
}

/// A line in the making at the end of a text, with a stand-in of one column for each hidden character, and tabs as spaces.
pub(super) struct Line<'t> {
    text: &'t mut String,
    column: usize,
}

impl<'t> Line<'t> {
    pub(super) fn new(text: &'t mut String) -> Self {
        Line { text, column: 0 }
    }

    /// The length of the whole text.
    pub(super) fn len(&self) -> u32 {
        self.text.len() as u32
    }

    pub(super) fn push(&mut self, piece: &str) {
        for c in piece.chars() {
            let before = self.column;
            self.column += width_at(c, self.column);
            match c {
                '\t' => self.text.extend(std::iter::repeat_n(' ', self.column - before)),
                c => self.text.push(stand_in(c)),
            }
        }
    }

    /// Says that the file has more here.
    pub(super) fn left_out(&mut self) {
        self.push("…");
    }

    pub(super) fn end(self) {
        self.text.push('\n');
    }
}

/// The columns that a character takes behind `column` others. A wide one counts as one, as it does for editors.
pub(super) fn width_at(c: char, column: usize) -> usize {
    if c == '\t' { TAB - column % TAB } else { 1 }
}

fn stand_in(c: char) -> char {
    match c {
        // The control pictures: `␛` for an escape.
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        c if is_hidden(c) => '\u{fffd}',
        c => c,
    }
}
