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

impl SyntaxErrorKind {
    /// True for what keeps a text from being read as it is meant.
    pub fn is_obstacle(self) -> bool {
        matches!(self, SyntaxErrorKind::Placeholder | SyntaxErrorKind::Broken)
    }
}

/// How bad a syntax error is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SyntaxErrorKind {
    /// A comment: many tools take it, AWS does not.
    Comment,
    /// A comma before a closing bracket.
    TrailingComma,
    /// A placeholder or a tag of a template, which another program fills in first.
    Placeholder,
    /// Anything else.
    Broken,
}
