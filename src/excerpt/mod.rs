//! The lines round a finding, cut and cleaned when the finding is made, so that no report opens a file.
//!
//! A file can be one line of megabytes, and can hold what a terminal obeys. An excerpt is neither: few lines, few columns
//! ([`cut`](Excerpt::cut)), nothing that is not to be seen ([`visible`]). Its text has offsets of its own.

mod lines;
pub mod visible;

use crate::source::{SourceFile, Span};
use std::ops::Range;
use visible::Line;

/// Marks beyond this number are not shown: a person reads no more, and a finding must stay small.
const MARKS: usize = 16;
/// A longer text under the main mark is not kept.
const MARKED: usize = 4096;

/// The lines round the marks of one finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Excerpt {
    text: Box<str>,
    blocks: Box<[Block]>,
    marks: Box<[Option<Range<u32>>]>,
    marked: Option<Box<str>>,
}

/// Lines that follow each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    /// Their bytes in [`Excerpt::text`], line breaks included.
    pub range: Range<u32>,
    /// The number of the first, from 1.
    pub line: u32,
    /// How many they are.
    pub count: u32,
}

impl Excerpt {
    /// Cuts the lines round `marks` (the first is the main one) out of `file`: the marked lines with one line before and one
    /// after, at most five lines for a mark, each at most 120 columns. `…` stands where something was left out. Marks in lines
    /// that are near each other share a block.
    pub fn cut(file: &SourceFile<'_>, marks: &[Span]) -> Self {
        let shown = marks.get(..MARKS).unwrap_or(marks);
        let mut excerpt = Writer { file, marks: shown, text: String::new(), places: vec![None; marks.len()] };
        let blocks = lines::around(file, shown).iter().map(|block| excerpt.write(block)).collect();
        let marked = marks.first().map(|&main| file.shown(main)).filter(|text| text.len() <= MARKED);
        Excerpt {
            text: excerpt.text.into(),
            blocks,
            marks: excerpt.places.into_iter().map(|place| place.map(|at| at.start..at.end.max(at.start))).collect(),
            marked: marked.map(|text| text.into_owned().into()),
        }
    }

    /// The lines, each with a line break at its end, the blocks one behind the other. No control character is in it but
    /// these line breaks.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The blocks, in the order of the file.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The bytes of [`Excerpt::text`] at each of the marks; none for a mark that is not shown. A mark of which a part was
    /// left out ends where the text does.
    pub fn marks(&self) -> &[Option<Range<u32>>] {
        &self.marks
    }

    /// What the main mark covers, as it stands in the file; none where that is longer than 4 KiB.
    pub fn marked(&self) -> Option<&str> {
        self.marked.as_deref()
    }

    /// The block that holds all bytes of `range`.
    pub fn block_of(&self, range: &Range<u32>) -> Option<&Block> {
        self.blocks.iter().find(|block| block.range.start <= range.start && range.end <= block.range.end)
    }
}

/// Writes the cleaned lines, and notes where the marks come to lie.
struct Writer<'a> {
    file: &'a SourceFile<'a>,
    marks: &'a [Span],
    text: String,
    places: Vec<Option<Range<u32>>>,
}

impl Writer<'_> {
    fn write(&mut self, block: &lines::Block) -> Block {
        let start = self.text.len() as u32;
        for row in &block.rows {
            self.row(row);
        }
        let count = block.rows.len() as u32;
        Block { range: start..self.text.len() as u32, line: block.rows.first().map_or(1, |row| row.line), count }
    }

    fn row(&mut self, row: &lines::Row) {
        // Where marks begin or end in this row. What begins or ends outside what is shown of it does so at its edge.
        let inside = |at: u32| at.clamp(row.shown.start, row.shown.end);
        let begins = row.first_of.iter().map(|&mark| (inside(self.marks[mark].start), mark, true));
        let ends = row.last_of.iter().map(|&mark| (inside(self.marks[mark].end), mark, false));
        let mut cuts: Vec<(u32, usize, bool)> = begins.chain(ends).collect();
        cuts.sort_unstable_by_key(|cut| cut.0);
        let mut line = Line::new(&mut self.text);
        if row.whole.start < row.shown.start {
            line.left_out();
        }
        let mut from = row.shown.start;
        for (at, mark, begins) in cuts {
            line.push(&self.file.shown(Span { start: from, end: at }));
            from = at;
            let here = line.len();
            let place = self.places[mark].get_or_insert(here..here);
            if begins {
                place.start = here;
            } else {
                place.end = here;
            }
        }
        line.push(&self.file.shown(Span { start: from, end: row.shown.end }));
        if row.shown.end < row.whole.end || !row.cut_of.is_empty() {
            line.left_out();
        }
        line.end();
    }
}

#[cfg(test)]
mod tests;
