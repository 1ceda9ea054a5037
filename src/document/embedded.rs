//! Documents that stand inside strings.
use super::NodeRef;
use crate::spanmap::SpanMap;
impl NodeRef<'_> {
    /// The text of a document in a string, with the way back to the bytes of the file.
    pub fn embedded(self) -> Option<(String, SpanMap)> {
        None
    }
}
