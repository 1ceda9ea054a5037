//! Evidence that the root user is used.
use super::Extraction;
use crate::source::SourceFile;
/// Extracts.
pub fn extract_text(_: &SourceFile<'_>, _: &mut Extraction) {}
