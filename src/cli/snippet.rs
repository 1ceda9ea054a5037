//! Lines of a file with a mark under some of them.

use crate::source::{SourceFile, Span};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report, SourceSpan, ThemeStyles,
};

/// Draws the lines round a span, with a label under it.
pub(super) fn draw(name: &str, file: &SourceFile<'_>, at: Span, label: String, color: bool) -> String {
    let mut theme = GraphicalTheme::unicode_nocolor();
    if color {
        // The sixteen colours of a terminal, which the user has made readable.
        theme.styles = ThemeStyles::ansi();
    }
    // What may not be shown is as long as its stars, and the mark moves with them.
    let [before, marked, behind] =
        [Span { start: 0, end: at.start }, at, Span { start: at.end, end: file.text().len() as u32 }]
            .map(|part| file.shown(part));
    let label = LabeledSpan::new_with_span(Some(label), SourceSpan::from((before.len(), marked.len())));
    let report = Report::new(MietteDiagnostic::new(String::new()).with_label(label))
        .with_source_code(NamedSource::new(name, [before, marked, behind].concat()));
    let mut drawn = String::new();
    // Writing to a string cannot fail, and the span is one of the file.
    let _ = GraphicalReportHandler::new_themed(theme).render_report(&mut drawn, report.as_ref());
    // The first line is for a message, of which there is none.
    drawn.split_once('\n').map_or(String::new(), |(_, body)| body.to_owned())
}
