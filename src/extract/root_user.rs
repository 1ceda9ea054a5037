//! Evidence that the root user is used.
use super::Extraction;
use crate::document::NodeRef;
use crate::source::SourceFile;
/// What such evidence contains.
pub(crate) const NEEDLES: &[&str] = &["<root_account>"];
/// Extracts.
pub fn extract_text(_: &SourceFile<'_>, _: &mut Extraction) {}
/// Extracts.
pub(crate) fn extract_json(_: NodeRef<'_>, _: &SourceFile<'_>, _: &mut Extraction) {}
