//! From options to a report.

use super::args::{CheckOptions, ReportFormat};
use super::color;
use crate::discover::Place;
use crate::engine::Run;
use crate::report::{Compact, Json, Reporter, Sarif, ShowPath, Text, TextStyle, summary};
use crate::rules::RuleSet;
use std::io::{self, Write};
use std::time::Instant;

/// Columns where the report goes to no terminal.
const WIDTH: usize = 100;

/// The report that the options ask for; colour and width are those of standard output.
pub(super) fn reporter(options: &CheckOptions, place: &Place, rules: &RuleSet) -> Box<dyn Reporter> {
    let path: ShowPath = {
        let place = place.clone();
        Box::new(move |path| place.shown(path))
    };
    match options.format {
        ReportFormat::Text => {
            let to_terminal = options.output.is_none();
            let color = to_terminal && color::wanted(options.color, &io::stdout());
            let width =
                terminal_size::terminal_size().filter(|_| to_terminal).map_or(WIDTH, |(width, _)| width.0.into());
            Box::new(Text { path, style: TextStyle { color, width } })
        }
        ReportFormat::Compact => Box::new(Compact { path }),
        ReportFormat::Json => Box::new(Json),
        ReportFormat::Sarif => Box::new(Sarif { rules: rules.clone() }),
    }
}

/// Writes the summary line.
pub(super) fn summary(run: &Run, since: Instant, err: &mut dyn Write) -> io::Result<()> {
    writeln!(err, "{}", summary::line(run, since.elapsed()))
}
