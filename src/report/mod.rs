//! What people and programs read: one file per output format. A report opens no file: findings own all that it shows.

mod compact;
mod json;
pub(crate) mod sarif;
pub mod summary;
mod text;

pub use compact::Compact;
pub use json::Json;
pub use sarif::Sarif;
pub use text::{Text, TextStyle};

use crate::engine::Run;
use crate::finding::Confidence;
use crate::source::RelPath;
use serde::{Serialize, Serializer};
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

/// How people see a path: from the folder that they stand in.
pub type ShowPath = Box<dyn Fn(&RelPath) -> String>;

/// What follows a message that may turn out wrong: most are sure, and of those nothing is said.
fn doubt(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "",
        Confidence::Medium => " (medium confidence)",
        Confidence::Low => " (low confidence)",
    }
}

/// A sequence that is made while it is written.
struct Each<I>(I);

impl<I: Iterator<Item: Serialize> + Clone> Serialize for Each<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}
