//! The byte scan: which files are worth reading. It must never miss what the extractors would find; a test runs everything
//! with the scan switched off and expects the same output.

use super::{json, root_user};
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// True if the file may tell something, by its bytes. A file in UTF-16 always may.
pub fn looks_relevant(bytes: &[u8]) -> bool {
    static NEEDLES: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| AhoCorasick::new(json::NEEDLES.iter().chain(root_user::NEEDLES)).ok());
    matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
        || NEEDLES.as_ref().is_none_or(|needles| needles.is_match(bytes))
}
