//! Documents that stand inside strings, as they are or URL-encoded as the IAM API returns them.

use super::{NodeKind, NodeRef, Notation, encoded, hcl, json, yaml};
use crate::spanmap::SpanMap;
use std::borrow::Cow;

impl<'t> NodeRef<'t> {
    /// The text of a string, with the way back to the bytes of the file. None for other nodes.
    pub fn text_with_map(self) -> Option<(&'t str, SpanMap)> {
        let text = self.as_str().filter(|_| self.kind() == NodeKind::String)?;
        let map = self.inside(text);
        Some((text, self.tree().map().map_or(map.clone(), |outer| outer.compose(&map))))
    }

    /// The text of the JSON document that this string holds, with the way back to the bytes of the file. None for other
    /// nodes, and for strings that do not begin with a bracket, URL-decoded where they begin with `%`.
    pub fn embedded(self) -> Option<(String, SpanMap)> {
        let text = self.as_str().filter(|_| self.kind() == NodeKind::String)?;
        let mut map = self.inside(text);
        let mut text = Cow::Borrowed(text);
        if text.trim_start().starts_with('%') {
            let (decoded, inner) = encoded::percent(&text)?;
            map = map.compose(&inner);
            text = Cow::Owned(decoded);
        }
        if !text.trim_start().starts_with(['{', '[']) {
            return None;
        }
        if let Some(outer) = self.tree().map() {
            map = outer.compose(&map);
        }
        Some((text.into_owned(), map))
    }

    /// How the decoded text of a string lies in the tree's text.
    fn inside(self, text: &str) -> SpanMap {
        match self.node().notation {
            Notation::Json | Notation::Alias => json::string_map(self.raw(), self.span().start),
            Notation::HclQuoted => hcl::string_map(self.raw(), self.span().start),
            Notation::Plain if self.raw() == text => {
                let mut map = SpanMap::default();
                map.push(text.len(), self.span());
                map
            }
            notation => yaml::string_map(self.raw(), notation, text, self.span().start),
        }
    }
}
