//! One line for each finding, as vim's quickfix list and problem matchers read it (`docs/editors.md`).

use super::{Reporter, ShowPath, doubt};
use crate::engine::Run;
use crate::excerpt::visible::escaped;
use std::io;

/// `path:line:column: severity: message [rule]`. Control characters are escaped, so that a finding is always one line.
///
/// The column counts UTF-16 units, from 1, as VS Code and GitHub do: there it is always right. Vim counts bytes: there the line
/// is always right, and the column is wherever nothing but ASCII stands before it.
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
            let (line, column) = (at.line, at.utf16);
            let doubt = doubt(finding.confidence);
            writeln!(out, "{path}:{line}:{column}: {}: {message}{doubt} [{}]", finding.severity, finding.rule)?;
        }
        Ok(())
    }
}
