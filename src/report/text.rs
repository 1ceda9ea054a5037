//! For people: each finding with its lines, drawn by miette.

use super::{Reporter, ShowPath, doubt};
use crate::engine::Run;
use crate::excerpt::Excerpt;
use crate::excerpt::visible::escaped;
use crate::finding::{Finding, Mark, Severity};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents, ThemeStyles,
};
use std::fmt;
use std::io;
use std::ops::Range;

/// How the text looks.
#[derive(Clone, Copy, Debug)]
pub struct TextStyle {
    /// Whether to colour.
    pub color: bool,
    /// Columns of the terminal; long help is wrapped there.
    pub width: usize,
}

/// A header, the marked lines, help.
pub struct Text {
    /// How paths are shown.
    pub path: ShowPath,
    /// How the text looks.
    pub style: TextStyle,
}

impl Reporter for Text {
    fn needs_excerpts(&self) -> bool {
        true
    }

    fn write(&self, run: &Run, out: &mut dyn io::Write) -> io::Result<()> {
        let mut theme = GraphicalTheme::unicode_nocolor();
        if self.style.color {
            // The sixteen colours of a terminal, which the user has made readable.
            theme.styles = ThemeStyles::ansi();
        }
        for finding in &run.findings {
            let shown = Shown { finding, path: escaped(&(self.path)(&finding.path)).into_owned() };
            self.header(&shown, out)?;
            if self.style.color {
                shown.color(&mut theme.styles);
            }
            let handler = GraphicalReportHandler::new_themed(theme.clone()).with_width(self.style.width);
            let mut drawn = String::new();
            // Writing to a string cannot fail, and the excerpt knows all spans that it is asked for.
            let _ = handler.render_report(&mut drawn, &shown);
            // The message stands in the header: miette's own line for it, the first, is empty.
            let body = drawn.split_once('\n').map_or("", |(_, body)| body);
            writeln!(out, "{body}")?;
        }
        Ok(())
    }
}

impl Text {
    /// `severity: message   rule`, and the place where no lines can be shown.
    fn header(&self, shown: &Shown<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let Finding { severity, confidence, message, rule, primary, .. } = shown.finding;
        let (paint, bold, dim, plain) = match self.style.color {
            true => (color(*severity), "\x1b[1m", "\x1b[2m", "\x1b[0m"),
            false => ("", "", "", ""),
        };
        let message = escaped(message);
        let doubt = doubt(*confidence);
        writeln!(out, "{paint}{severity}{plain}: {bold}{message}{plain}{dim}{doubt}   {rule}{plain}")?;
        if shown.excerpt().is_none() {
            let at = primary.region.start;
            writeln!(out, "  at {}:{}:{}", shown.path, at.line, at.character)?;
        }
        Ok(())
    }
}

fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "\x1b[1;35m",
        Severity::High => "\x1b[1;31m",
        Severity::Medium => "\x1b[1;33m",
        Severity::Low => "\x1b[1;36m",
    }
}

/// A finding as miette asks for it.
#[derive(Debug)]
struct Shown<'f> {
    finding: &'f Finding,
    path: String,
}

impl Shown<'_> {
    fn excerpt(&self) -> Option<&Excerpt> {
        self.finding.excerpt.as_deref()
    }

    /// The marks that can be shown, each with its text: the main one first.
    fn marks(&self) -> impl Iterator<Item = (Range<usize>, &Mark)> {
        let places = self.excerpt().map_or(&[][..], Excerpt::marks).iter();
        let marks = std::iter::once(&self.finding.primary).chain(&self.finding.labels);
        places.zip(marks).filter_map(|(place, mark)| {
            let place = place.as_ref()?;
            Some((place.start as usize..place.end as usize, mark))
        })
    }

    /// The main mark gets the colour of the severity, the others a quiet one. miette counts marks by where they begin.
    fn color(&self, styles: &mut ThemeStyles) {
        let main = match self.finding.severity {
            Severity::Critical | Severity::High => styles.error,
            Severity::Medium => styles.warning,
            Severity::Low => styles.advice,
        };
        let mut marks: Vec<(usize, bool)> =
            self.marks().enumerate().map(|(index, (at, _))| (at.start, index == 0)).collect();
        marks.sort_unstable_by_key(|(start, _)| *start);
        let styled = marks.into_iter().map(|(_, is_main)| if is_main { main } else { styles.help });
        styles.highlights = styled.collect();
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let Finding { help, rule, .. } = self.finding;
        let explain = match self.finding.fix.as_ref().map(|repair| repair.safe) {
            Some(true) => format!("`--fix` writes it; `whit explain {rule}`"),
            Some(false) => format!("`--unsafe-fixes` writes it; `whit explain {rule}`"),
            None => format!("`whit explain {rule}`"),
        };
        Some(Box::new(if help.is_empty() { explain } else { format!("{}; {explain}", escaped(help)) }))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt().map(|_| self as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.marks().enumerate().map(|(index, (at, mark))| {
            let text = Some(escaped(&mark.text).into_owned()).filter(|text| !text.is_empty());
            let span = SourceSpan::from(at);
            match index {
                0 => LabeledSpan::new_primary_with_span(text, span),
                _ => LabeledSpan::new_with_span(text, span),
            }
        })))
    }
}

impl SourceCode for Shown<'_> {
    /// The whole group of lines in which a span lies, whatever the number of lines asked for; without lines round it the
    /// mark itself, with its true place in the file.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let excerpt = self.excerpt().ok_or(MietteError::OutOfBounds)?;
        let (start, end) = (span.offset(), span.offset() + span.len());
        let block = excerpt.block_of(&(start as u32..end as u32)).ok_or(MietteError::OutOfBounds)?;
        let (at, line, column) = if before > 0 {
            (block.range.start as usize..block.range.end as usize, block.line, 1)
        } else {
            let place =
                self.marks().find(|(at, _)| *at == (start..end)).map_or(&self.finding.primary, |(_, mark)| mark);
            (start..end, place.region.start.line, place.region.start.character)
        };
        let text = excerpt.text().get(at.clone()).ok_or(MietteError::OutOfBounds)?;
        let (line, column) = (line as usize - 1, column as usize - 1);
        let lines = text.lines().count();
        let span = SourceSpan::from(at);
        Ok(Box::new(MietteSpanContents::new_named(self.path.clone(), text.as_bytes(), span, line, column, lines)))
    }
}
