//! The errors of a text, capped: a broken file tells its story in the first few.

use super::{SyntaxError, SyntaxErrorKind};
use crate::source::Span;

/// So many errors of a kind are kept.
const MAX: usize = 100;

#[derive(Default)]
pub(super) struct Errors {
    list: Vec<SyntaxError>,
    comments: usize,
    trailing_commas: usize,
    broken: usize,
}

impl Errors {
    pub(super) fn broken(&mut self, span: Span, message: impl Into<String>) {
        self.broken += 1;
        if self.broken <= MAX {
            self.list.push(SyntaxError { kind: SyntaxErrorKind::Broken, span, message: message.into() });
        }
    }

    /// What is not JSON before another program has filled it in.
    pub(super) fn placeholder(&mut self, span: Span, message: impl Into<String>) {
        self.broken += 1;
        if self.broken <= MAX {
            self.list.push(SyntaxError { kind: SyntaxErrorKind::Placeholder, span, message: message.into() });
        }
    }

    pub(super) fn comment(&mut self, span: Span) {
        self.comments += 1;
        if self.comments <= MAX {
            let message = "JSON has no comments".to_owned();
            self.list.push(SyntaxError { kind: SyntaxErrorKind::Comment, span, message });
        }
    }

    pub(super) fn trailing_comma(&mut self, span: Span, closing: char) {
        self.trailing_commas += 1;
        if self.trailing_commas <= MAX {
            let message = format!("a comma before `{closing}` is not JSON");
            self.list.push(SyntaxError { kind: SyntaxErrorKind::TrailingComma, span, message });
        }
    }

    /// True when reading on would only add to what is too much already.
    pub(super) fn too_many(&self) -> bool {
        self.broken >= MAX
    }

    /// The errors in the order of the text.
    pub(super) fn finish(mut self) -> Vec<SyntaxError> {
        self.list.sort_by_key(|error| error.span.start);
        self.list
    }
}
