//! One line for each finding, as vim's quickfix list and problem matchers read it.

use super::{Reporter, ShowPath};
use crate::engine::Run;
use crate::excerpt::visible::escaped;
use std::io;

/// `path:line:column: severity: message [rule]`. The column counts characters, from 1; control characters are escaped, so
/// that a finding is always one line.
pub struct Compact {
    /// How paths are shown.
    pub path: ShowPath,
}

impl Reporter for Compact {
    fn needs_excerpts(&self) -> bool {
        false
    }

    fn write(&self, run: &Run, out: &mut dyn io::Write) -> io::Result<()> {
        for finding in &run.findings {
            let at = finding.primary.region.start;
            let shown = (self.path)(&finding.path);
            let (path, message) = (escaped(&shown), escaped(&finding.message));
            let (line, column) = (at.line, at.character);
            writeln!(out, "{path}:{line}:{column}: {}: {message} [{}]", finding.severity, finding.rule)?;
        }
        Ok(())
    }
}
