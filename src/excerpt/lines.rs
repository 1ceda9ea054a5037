//! Which lines to show round marks, and what of each.

use super::visible::width_at;
use crate::source::{SourceFile, Span};

/// Lines shown before and after a mark.
const CONTEXT: u32 = 1;
/// Lines shown of one mark, with the one before it.
const LINES: u32 = 5;
/// Columns shown of a line.
const COLUMNS: usize = 120;
/// Columns shown before a mark that is far from the beginning of its line.
const BEFORE: usize = 40;

/// What is shown of a line.
#[derive(Debug)]
pub(super) struct Row {
    /// Its number, from 1.
    pub(super) line: u32,
    /// Its bytes, without the line break.
    pub(super) whole: Span,
    /// Those that are shown.
    pub(super) shown: Span,
    /// Marks that begin in it.
    pub(super) first_of: Vec<usize>,
    /// Marks that end in it, or are cut off at its end.
    pub(super) last_of: Vec<usize>,
    /// Marks that are cut off at its end.
    pub(super) cut_of: Vec<usize>,
}

/// Lines that follow each other.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) rows: Vec<Row>,
}

/// A mark as lines: the first and the last that are shown of it.
#[derive(Clone, Copy)]
struct Extent {
    index: usize,
    mark: Span,
    first: u32,
    last: u32,
    cut: bool,
}

/// The blocks for `marks`, in the order of the file.
pub(super) fn around(file: &SourceFile<'_>, marks: &[Span]) -> Vec<Block> {
    let mut extents: Vec<Extent> =
        marks.iter().enumerate().map(|(index, mark)| Extent::new(file, index, *mark)).collect();
    // The wider mark first: it is what the others lie in.
    extents.sort_by_key(|extent| (extent.mark.start, std::cmp::Reverse(extent.mark.end), extent.index));
    let mut blocks: Vec<Block> = Vec::new();
    for extent in extents {
        let joined = blocks.last_mut().is_some_and(|block| block.join(file, extent, marks));
        if !joined {
            let after = blocks.last().map_or(0, Block::last);
            blocks.push(Block::new(file, extent, after));
        }
    }
    blocks
}

impl Extent {
    fn new(file: &SourceFile<'_>, index: usize, mark: Span) -> Self {
        let lines = file.lines();
        let first = lines.line_of(mark.start);
        // The line of the last byte: a mark may end behind a line break.
        let end = lines.line_of(if mark.is_empty() { mark.end } else { mark.end - 1 }).max(first);
        let last = end.min(first + LINES - 1 - CONTEXT);
        Extent { index, mark, first, last, cut: last < end }
    }
}

impl Block {
    /// A block for one mark, with lines round it that are not above `after`.
    fn new(file: &SourceFile<'_>, extent: Extent, after: u32) -> Self {
        let mut block = Block { rows: Vec::new() };
        let from = extent.first.saturating_sub(CONTEXT).max(after + 1).max(1).min(extent.first);
        let alone = after >= extent.first;
        let to = if extent.cut || alone { extent.last } else { extent.last + CONTEXT };
        block.extend(file, from, to);
        block.place(file, extent);
        block
    }

    fn last(&self) -> u32 {
        self.rows.last().map_or(0, |row| row.line)
    }

    /// Takes a mark that lies near and can be drawn with those that are here; false if it cannot.
    fn join(&mut self, file: &SourceFile<'_>, extent: Extent, marks: &[Span]) -> bool {
        let near = extent.first <= self.last() + CONTEXT + 1;
        // Where a mark is cut off, all further lines would seem to be outside it.
        let ends = self.rows.last().is_some_and(|row| !row.cut_of.is_empty());
        if !near || (ends && extent.last > self.last()) || !self.fits(extent, marks) {
            return false;
        }
        let to = if extent.cut { extent.last } else { extent.last + CONTEXT };
        self.extend(file, self.last() + 1, if ends { self.last() } else { to });
        self.place(file, extent);
        true
    }

    /// True if the ends of a mark lie in what is shown of their lines, and no other mark of the same line is covered by it:
    /// what lies within another on one line cannot be underlined with it.
    fn fits(&self, extent: Extent, marks: &[Span]) -> bool {
        let row = |line: u32| self.rows.iter().find(|row| row.line == line);
        let inside = |line: u32, at: u32| {
            row(line).is_none_or(|row| row.is_free() || (row.shown.start <= at && at <= row.shown.end) || !row.is_cut())
        };
        let on_one_line = extent.first == extent.last && !extent.cut;
        let overlaps = || {
            let others = row(extent.first).into_iter().flat_map(|row| &row.first_of);
            let others = others.filter(|&&other| row(extent.first).is_some_and(|row| row.last_of.contains(&other)));
            others.into_iter().any(|&other| {
                let other = marks[other];
                extent.mark.start < other.end.max(other.start + 1)
                    && other.start < extent.mark.end.max(extent.mark.start + 1)
            })
        };
        inside(extent.first, extent.mark.start)
            && (extent.cut || inside(extent.last, extent.mark.end))
            && !(on_one_line && overlaps())
    }

    /// Appends the lines up to `to`.
    fn extend(&mut self, file: &SourceFile<'_>, from: u32, to: u32) {
        for line in from..=to.min(file.lines().count()) {
            let whole = file.lines().span_of(file.text(), line);
            let shown = Span { start: whole.start, end: forward(file, whole.start, whole.end, COLUMNS) };
            self.rows.push(Row { line, whole, shown, first_of: vec![], last_of: vec![], cut_of: vec![] });
        }
    }

    /// Enters a mark in its lines, and shows the part of them where it begins or ends.
    fn place(&mut self, file: &SourceFile<'_>, extent: Extent) {
        for row in self.rows.iter_mut().filter(|row| (extent.first..=extent.last).contains(&row.line)) {
            let (begins, ends) = (row.line == extent.first, row.line == extent.last && !extent.cut);
            if row.is_free() {
                let (start, end) = (extent.mark.start, extent.mark.end);
                match (begins, ends) {
                    (true, true) => row.show(file, start, end),
                    (true, false) => row.show(file, start, start),
                    (false, true) => row.show(file, end, end),
                    (false, false) => {}
                }
            }
            if begins {
                row.first_of.push(extent.index);
            }
            if row.line == extent.last {
                row.last_of.push(extent.index);
                if extent.cut {
                    row.cut_of.push(extent.index);
                }
            }
        }
    }
}

impl Row {
    /// True if no mark has chosen yet what to show.
    fn is_free(&self) -> bool {
        self.first_of.is_empty() && self.last_of.is_empty()
    }

    fn is_cut(&self) -> bool {
        self.shown != self.whole
    }

    /// Shows the part of the line that holds `start..end`, or the beginning of that where it is too long. Walks only over
    /// what it shows: a line can be megabytes.
    fn show(&mut self, file: &SourceFile<'_>, start: u32, end: u32) {
        let (start, end) = (start.clamp(self.whole.start, self.whole.end), end.clamp(self.whole.start, self.whole.end));
        if end <= self.shown.end {
            return;
        }
        let marked = file.slice(Span { start, end }).chars().take(COLUMNS).count();
        let from = backward(file, self.whole.start, start, BEFORE.min((COLUMNS - marked) / 2));
        // Where the end of the line comes into sight, more of what is before it does, too.
        let from = from.min(backward(file, self.whole.start, self.whole.end, COLUMNS));
        self.shown = Span { start: from, end: forward(file, from, self.whole.end, COLUMNS) };
    }
}

/// The end of what fits into `columns` from `start`, at `end` the latest.
fn forward(file: &SourceFile<'_>, start: u32, end: u32, columns: usize) -> u32 {
    let mut column = 0;
    let mut at = start;
    for c in file.slice(Span { start, end }).chars() {
        column += width_at(c, column);
        if column > columns {
            break;
        }
        at += c.len_utf8() as u32;
    }
    at
}

/// The beginning of what takes at most `columns` before `end`, at `start` the earliest.
fn backward(file: &SourceFile<'_>, start: u32, end: u32, columns: usize) -> u32 {
    let mut column = 0;
    let mut at = end;
    for c in file.slice(Span { start, end }).chars().rev() {
        column += width_at(c, 0);
        if column > columns {
            break;
        }
        at -= c.len_utf8() as u32;
    }
    at
}
