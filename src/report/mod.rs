//! What people and programs read: one file per output format.

use crate::engine::Run;
use std::io;

/// An output format.
pub trait Reporter {
    /// True if the format shows the lines round a finding.
    fn needs_excerpts(&self) -> bool;

    /// Writes the findings of a run.
    ///
    /// # Errors
    /// Only those of `out`.
    fn write(&self, run: &Run, out: &mut dyn io::Write) -> io::Result<()>;
}
