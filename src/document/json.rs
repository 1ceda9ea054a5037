//! JSON with spans.
use super::{Node, NodeKind, Tree};
use crate::source::{FileId, Span};
use crate::spanmap::SpanMap;
use std::borrow::Cow;

/// Something in a text that is not JSON.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// What.
    pub kind: SyntaxErrorKind,
    /// Where, in bytes of the tree's text.
    pub span: Span,
    /// What was found and what was expected: a phrase.
    pub message: String,
}

/// How bad a syntax error is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SyntaxErrorKind {
    /// A comment: many tools take it, AWS does not.
    Comment,
    /// A comma before a closing bracket.
    TrailingComma,
    /// Anything else.
    Broken,
}

/// Reads a text.
pub fn parse<'t>(file: FileId, text: Cow<'t, str>, map: Option<SpanMap>) -> (Tree<'t>, Vec<SyntaxError>) {
    let _: Option<(Node, NodeKind)> = None;
    (Tree { file, text, map, nodes: Vec::new(), decoded: Vec::new() }, Vec::new())
}

/// How the inside of a string token lies in the text: `token` with its quotes at byte `start`.
pub fn string_map(token: &str, start: u32) -> SpanMap {
    let _ = (token, start);
    SpanMap::default()
}
