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
        LineIndex { starts }
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
        let before = text.get(start..text.floor_char_boundary(offset as usize)).unwrap_or("");
        Position {
            line,
            byte: before.len() as u32 + 1,
            utf16: before.encode_utf16().count() as u32 + 1,
            character: before.chars().count() as u32 + 1,
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
}
