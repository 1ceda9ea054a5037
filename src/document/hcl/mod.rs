//! HCL with spans, in the shape that Terraform's JSON syntax gives it: a block is a map under its type and its labels. The
//! grammar is a library's, which this module alone knows: it has the last word on what is an error. It takes 200 instructions
//! for a byte, though, and so `reader` reads what is no error, for a fifth of that; `oracle` holds the two together.
//!
//! A string stays as it is written, with `${}` in it: what stands there is worked out by whoever knows the module. A heredoc is
//! a plain string of the bytes between its delimiters. Of equal keys of one object the library keeps one.

mod expression;
mod heredoc;
mod library;
#[cfg(test)]
mod oracle;
mod reader;
mod string;

use super::{Shared, SyntaxError, Tree};
use crate::source::FileId;
use crate::spanmap::SpanMap;
use std::borrow::Cow;

pub(crate) use string::interpolation;
pub(super) use string::string_map;

/// Reads a text. Total: a block in which there is an error is left out, with one error for each.
pub fn parse<'t>(file: FileId, text: &'t str) -> (Tree<'t>, Vec<SyntaxError>) {
    let (nodes, decoded, errors) = match reader::read(text) {
        Some((nodes, decoded)) => (nodes, decoded, Vec::new()),
        None => library::read(text),
    };
    (Tree { file, text: Cow::Borrowed(text), map: None, nodes, decoded, shared: Shared::default() }, errors)
}

/// Reads a text that is a part of a file; `map` tells how it lies there.
pub(crate) fn parse_in<'t>(file: FileId, text: &'t str, map: SpanMap) -> (Tree<'t>, Vec<SyntaxError>) {
    let (tree, errors) = parse(file, text);
    (Tree { map: Some(map), ..tree }, errors)
}
