//! The lines round a finding, cut and cleaned when the finding is made, so that no report opens a file.

use crate::source::{SourceFile, Span};

/// The lines round the marks of one finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Excerpt {}

impl Excerpt {
    /// Cuts the lines round `marks` (the first is the main one) out of `file`.
    pub fn cut(file: &SourceFile<'_>, marks: &[Span]) -> Self {
        let _ = (file, marks);
        Excerpt {}
    }
}
