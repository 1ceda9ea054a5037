//! Lines and columns, for the edge of the program only: people count characters, SARIF and editors UTF-16 units.

use super::Span;

/// A place as people and editors count it. All numbers start at 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// Line; `\n`, `\r\n` and a lone `\r` end one.
    pub line: u32,
    /// Column in bytes of UTF-8.
    pub byte: u32,
    /// Column in UTF-16 code units.
    pub utf16: u32,
    /// Column in code points.
    pub character: u32,
}

/// A place in a file, in every unit that a reader may ask for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Region {
    /// The first byte, from the beginning of the file on disk.
    pub byte: u64,
    /// The number of bytes on disk.
    pub byte_len: u64,
    /// The first character.
    pub start: Position,
    /// The character after the last.
    pub end: Position,
}

/// Where each line of a text begins.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// The lengths of the text up to each multiple of [`STEP`]; none in a text of ASCII, where all units are one. A file can be
    /// one line of megabytes with thousands of findings: each is counted from the step before it.
    steps: Vec<Length>,
}

/// Bytes between two steps.
const STEP: usize = 4096;

/// The length of a text in units that are not bytes.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Length {
    pub(super) utf16: u32,
    pub(super) characters: u32,
}

impl Length {
    /// Of bytes of UTF-8, which may begin and end inside a character: it counts where its first byte is.
    fn of(bytes: &[u8]) -> Self {
        let count = |test: fn(u8) -> bool| bytes.iter().filter(|&&byte| test(byte)).count() as u32;
        let characters = count(|byte| byte & 0b1100_0000 != 0b1000_0000);
        // What takes four bytes takes two units.
        Length { utf16: characters + count(|byte| byte >= 0b1111_0000), characters }
    }

    fn plus(self, more: Self) -> Self {
        Length { utf16: self.utf16 + more.utf16, characters: self.characters + more.characters }
    }
}

impl LineIndex {
    /// Finds the lines of `text`.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at as u32 + 1);
            }
        }
        let mut steps = Vec::new();
        if !text.is_ascii() {
            let mut before = Length::default();
            for chunk in bytes.chunks(STEP) {
                steps.push(before);
                before = before.plus(Length::of(chunk));
            }
        }
        LineIndex { starts, steps }
    }

    /// The length of the text before a byte, which is the first of a character.
    pub(super) fn length_before(&self, text: &str, offset: usize) -> Length {
        let step = (offset / STEP).min(self.steps.len().saturating_sub(1));
        match self.steps.get(step) {
            Some(before) => before.plus(Length::of(text.as_bytes().get(step * STEP..offset).unwrap_or(&[]))),
            None => Length { utf16: offset as u32, characters: offset as u32 },
        }
    }

    /// The number of lines; a text that ends in a line break has an empty last one.
    pub fn count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The number, from 1, of the line in which a byte of the text lies.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    /// The bytes of a line (from 1) without its line break.
    pub fn span_of(&self, text: &str, line: u32) -> Span {
        let index = (line.max(1) - 1) as usize;
        let start = self.starts.get(index).copied().unwrap_or(text.len() as u32);
        let end = self.starts.get(index + 1).copied().unwrap_or(text.len() as u32);
        let body = text.get(start as usize..end as usize).unwrap_or("");
        let body = body.strip_suffix('\n').unwrap_or(body);
        let body = body.strip_suffix('\r').unwrap_or(body);
        Span { start, end: start + body.len() as u32 }
    }

    /// The position of a byte of `text`, the text that this index was made from.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.line_of(offset);
        let start = self.starts[line as usize - 1] as usize;
        let offset = text.floor_char_boundary(offset as usize);
        let (line_start, here) = (self.length_before(text, start), self.length_before(text, offset));
        Position {
            line,
            byte: (offset - start) as u32 + 1,
            utf16: here.utf16 - line_start.utf16 + 1,
            character: here.characters - line_start.characters + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_break_ends_a_line() {
        let text = "a\r\nb\nc\rd";
        let index = LineIndex::new(text);
        let lines: Vec<&str> = (1..=index.count()).map(|line| &text[index.span_of(text, line).range()]).collect();
        assert_eq!(lines, ["a", "b", "c", "d"]);
        assert_eq!((index.line_of(1), index.line_of(2), index.line_of(3)), (1, 1, 2));
    }

    #[test]
    fn columns_are_counted_in_three_units() {
        let text = "\n😀é=x";
        let at = text.find('x').unwrap_or(0) as u32;
        let position = LineIndex::new(text).position(text, at);
        assert_eq!(position, Position { line: 2, byte: 8, utf16: 5, character: 4 });
    }

    #[test]
    fn columns_in_a_long_line_are_counted_from_the_step_before() {
        let text: String = "a\n".chars().chain("xé€😀".chars().cycle().take(10_000)).collect();
        let index = LineIndex::new(&text);
        for (at, _) in text.char_indices().skip(2) {
            let before = &text[2..at];
            let expected = Position {
                line: 2,
                byte: before.len() as u32 + 1,
                utf16: before.encode_utf16().count() as u32 + 1,
                character: before.chars().count() as u32 + 1,
            };
            assert_eq!(index.position(&text, at as u32), expected);
        }
        let end = index.length_before(&text, text.len());
        assert_eq!(end.utf16 as usize, text.encode_utf16().count());
    }
}
