//! What is wrong with a config, shown in its own text.

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use std::fmt;
use std::ops::Range;

/// Something wrong with a config.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigProblem {
    /// The bytes that are wrong.
    pub at: Range<usize>,
    /// What is wrong: a lower-case phrase.
    pub message: String,
    /// What stands beside the underlined bytes.
    pub note: String,
    /// What to do; may be empty.
    pub help: String,
}

impl ConfigProblem {
    /// A problem of which nothing else is said yet.
    pub fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        ConfigProblem { at, message: message.into(), note: String::new(), help: String::new() }
    }

    /// The same in a text that begins so many bytes before.
    pub(super) fn behind(mut self, bytes: usize) -> Self {
        self.at = self.at.start + bytes..self.at.end + bytes;
        self
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

/// Lines of more bytes than this are not shown: the drawing of a snippet pads up to the column.
const LONGEST_LINE: usize = 400;

/// Draws a problem into the text that it stands in. `path` is the config as people know it.
pub fn draw(problem: &ConfigProblem, path: &str, text: &str, color: bool) -> String {
    let line = line_round(text, problem.at.start);
    let source = (line.len() <= LONGEST_LINE).then(|| NamedSource::new(path, clean(text)));
    let (number, column) = position(text, problem.at.start);
    let shown = Shown { problem, source, place: format!("{path}:{number}:{column}") };
    let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let mut drawn = String::new();
    // Writing to a string cannot fail.
    let _ = GraphicalReportHandler::new_themed(theme).with_links(false).render_report(&mut drawn, &shown);
    drawn
}

/// Line and column (in characters) of a byte, from 1.
pub fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("");
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

fn line_round(text: &str, offset: usize) -> &str {
    let (before, after) = text.split_at_checked(offset).unwrap_or((text, ""));
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = after.find('\n').map_or(text.len(), |at| before.len() + at);
    text.get(start..end).unwrap_or("")
}

/// The text without what a terminal would obey, and as long as before.
fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && !matches!(c, '\n' | '\t') {
            clean.extend(std::iter::repeat_n(' ', c.len_utf8()));
        } else {
            clean.push(c);
        }
    }
    clean
}

#[derive(Debug)]
struct Shown<'p> {
    problem: &'p ConfigProblem,
    source: Option<NamedSource<String>>,
    place: String,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.source {
            Some(_) => f.write_str(&self.problem.message),
            None => write!(f, "{}: {}", self.place, self.problem.message),
        }
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.problem.help.is_empty()).then(|| Box::new(&self.problem.help) as _)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as _)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let note = Some(self.problem.note.clone()).filter(|note| !note.is_empty());
        let label = LabeledSpan::new_primary_with_span(note, self.problem.at.clone());
        Some(Box::new(std::iter::once(label)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_drawn_at_its_line_and_column() {
        let problem = ConfigProblem::new(11..14, "`bad` is no good").note("this").help("write `good`");
        let drawn = draw(&problem, "whit.toml", "# é\nkey = \"bad\"\n", false);
        assert!(drawn.contains("whit.toml:2:7"), "{drawn}");
        assert!(drawn.contains("`bad` is no good") && drawn.contains("help: write `good`"), "{drawn}");
        assert!(!drawn.contains('\u{1b}'), "{drawn}");
    }

    #[test]
    fn a_long_line_and_a_control_character_do_no_harm() {
        let text = format!("a = \"\u{1b}[2J{}\"", "x".repeat(3_000_000));
        let drawn = draw(&ConfigProblem::new(2_999_990..2_999_999, "too long"), "whit.toml", &text, false);
        assert!(drawn.contains("whit.toml:1:2999991: too long") && drawn.len() < 1000, "{}", drawn.len());
        let drawn = draw(&ConfigProblem::new(0..1, "no key"), "whit.toml", "a = \"\u{1b}[2J\"", false);
        assert!(!drawn.contains('\u{1b}'), "{drawn}");
    }
}
