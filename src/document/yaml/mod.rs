//! YAML with spans. The events are those of a library, which this module alone knows; the tree is the one that JSON gives.
//!
//! What is made of YAML's own:
//! - a tag of one `!`, as CloudFormation has them, is a map with one key: `!Sub x` is `{"Fn::Sub": x}`, `!Ref x` is `{"Ref": x}`,
//!   and the key's span is the tag;
//! - an alias is followed wherever the tree is read, and `<<` adds entries after the map's own ones;
//! - a plain scalar is a boolean or null where YAML 1.2 says so, and else a string: those who read policies make strings of numbers.

mod merge;
mod reader;
mod scalar;

use super::{Shared, SyntaxError, Tree};
use crate::source::FileId;
use crate::spanmap::SpanMap;
use std::borrow::Cow;

use reader::Read;
pub(super) use scalar::string_map;

/// Reads a text, all documents of it. Total: a broken text gives what stands before the error. Time and memory are linear in
/// the length of the text, whatever its aliases stand for.
pub fn parse<'t>(file: FileId, text: Cow<'t, str>, map: Option<SpanMap>) -> (Tree<'t>, Vec<SyntaxError>) {
    let Read { nodes, decoded, errors, aliased } = reader::read(&text);
    (Tree { file, text, map, nodes, decoded, shared: Shared::new(aliased) }, errors)
}
