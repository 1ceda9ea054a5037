//! JSON with spans: our own reader, because findings need the bytes of every key and value, duplicate keys, and what is left
//! of a document that is broken.
//!
//! What it takes beyond JSON and reports: comments, trailing commas, and whatever it can recover from. What it takes
//! silently: several values one after the other, as JSON Lines and the output of several commands have them.

mod errors;
mod escape;
mod lexical;
mod reader;
mod string;

use super::{Shared, Tree};
pub use super::{SyntaxError, SyntaxErrorKind};
use crate::source::{FileId, Span};
use crate::spanmap::SpanMap;
use reader::Reader;
use std::borrow::Cow;

/// Reads a text. Total: a broken text gives the values that can be made out, and errors in the order of the text, at most
/// 100 of each kind; after 100 places that are broken the rest is not read. Time is linear in the length of the text.
///
/// In a map a missing key, or one that is cut off, is an empty [`NodeKind::Key`](super::NodeKind::Key), a missing value an empty
/// [`NodeKind::Error`](super::NodeKind::Error), so that keys and values always alternate. `map` tells how the text lies in
/// `file`, where it is not the file's own.
pub fn parse<'t>(file: FileId, text: Cow<'t, str>, map: Option<SpanMap>) -> (Tree<'t>, Vec<SyntaxError>) {
    let (nodes, decoded, errors) = Reader::new(&text).read();
    (Tree { file, text, map, nodes, decoded, shared: Shared::default() }, errors)
}

/// How the inside of a string token lies in the text: `token` with its quotes at byte `start`. The decoded text is the one
/// that [`parse`] gives the string; every escape is one segment.
pub fn string_map(token: &str, start: u32) -> SpanMap {
    let mut map = SpanMap::default();
    for piece in escape::pieces(token) {
        let file = Span { start: start + piece.at.start as u32, end: start + piece.at.end as u32 };
        map.push(piece.decoded.map_or(piece.at.len(), char::len_utf8), file);
    }
    map
}
