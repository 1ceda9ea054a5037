//! What readers could not read.

use crate::source::Span;

/// Something in a text that its language does not have.
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
