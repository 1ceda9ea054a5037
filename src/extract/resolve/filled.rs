//! Templates of other programs, in which a name in braces stands for something that is known.

use crate::document::{NodeKind, NodeRef};
use crate::policy::Value;
use crate::policy::lower::{Object, Resolve, Stands};
use crate::source::Fill;

/// What fills in `${name}`, over what else knows references.
pub(crate) struct Filled<'r> {
    /// What stands for what is not filled in.
    pub(crate) rest: &'r dyn Resolve,
    /// Names, with what stands for them.
    pub(crate) names: &'r [(Box<str>, Fill)],
}

impl<'r> Filled<'r> {
    fn fill(&self, name: &str) -> Option<&'r Fill> {
        self.names.iter().find(|(known, _)| **known == *name.trim()).map(|(_, fill)| fill)
    }

    /// The text of a string with all that is in it; none if not all of it is known, or if there is nothing.
    fn text(&self, node: NodeRef<'_>) -> Option<Box<str>> {
        let text = node.as_str().filter(|text| node.kind() == NodeKind::String && text.contains("${"))?;
        let (mut out, mut rest) = (String::new(), text);
        while let Some((before, inside)) = rest.split_once("${") {
            let (name, behind) = inside.split_once('}')?;
            let Fill::Text(filled) = self.fill(name)? else { return None };
            out.push_str(before);
            out.push_str(filled);
            rest = behind;
        }
        out.push_str(rest);
        Some(out.into())
    }

    /// The texts that stand for a whole value, which is no JSON before it is filled in: `${actions}`, `${jsonencode(actions)}`.
    pub(crate) fn bare(&self, raw: &str) -> Option<&'r [Box<str>]> {
        let inside = raw.trim().strip_prefix("${")?.strip_suffix('}')?.trim();
        let encoded = inside.strip_prefix("jsonencode(").and_then(|inner| inner.strip_suffix(')'));
        match self.fill(encoded.unwrap_or(inside))? {
            Fill::Json(texts) if encoded.is_none() => Some(texts),
            Fill::List(texts) if encoded.is_some() => Some(texts),
            Fill::Text(text) if encoded.is_some() => Some(std::slice::from_ref(text)),
            _ => None,
        }
    }
}

impl Resolve for Filled<'_> {
    fn stands<'n>(&self, node: NodeRef<'n>) -> Stands<'n> {
        if node.kind() == NodeKind::Error {
            let texts = |texts: &[Box<str>]| Stands::Texts(texts.iter().cloned().map(Value::Known).collect());
            return self.bare(node.raw()).map_or(Stands::Plain, texts);
        }
        match self.text(node) {
            Some(text) => Stands::Texts(vec![Value::Known(text)]),
            // Asked for every string, it may not look into all.
            None if node.kind() == NodeKind::String && !self.rest.in_strings() => Stands::Plain,
            None => self.rest.stands(node),
        }
    }

    fn objects(&self, node: NodeRef<'_>, take: &mut dyn FnMut(&Object<'_>)) -> bool {
        self.rest.objects(node, take)
    }

    fn is_replaceable(&self, node: NodeRef<'_>) -> bool {
        self.rest.is_replaceable(node)
    }

    fn key(&self, written: &str) -> Option<Box<str>> {
        self.rest.key(written)
    }

    fn in_strings(&self) -> bool {
        true
    }
}
