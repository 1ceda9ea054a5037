//! Policies in JSON.
use super::Extraction;
use crate::source::SourceFile;
/// True if the file is JSON.
pub fn looks_like_json(_: &SourceFile<'_>) -> bool {
    true
}
/// Extracts.
pub fn extract(_: &SourceFile<'_>, _: &mut Extraction) {}
