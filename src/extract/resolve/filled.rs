//! Templates of other programs, in which a name in braces stands for a text that is known.

use crate::document::{NodeKind, NodeRef};
use crate::policy::Value;
use crate::policy::lower::{Object, Resolve, Stands};

/// What fills in `${name}`, over what else knows references.
pub(crate) struct Filled<'r> {
    /// What stands for what is not filled in.
    pub(crate) rest: &'r dyn Resolve,
    /// Names, with the texts that stand for them.
    pub(crate) names: &'r [(Box<str>, Box<str>)],
}

impl Filled<'_> {
    /// The text of a string with all that is in it; none if not all of it is known, or if there is nothing.
    fn text(&self, node: NodeRef<'_>) -> Option<Box<str>> {
        let text = node.as_str().filter(|text| node.kind() == NodeKind::String && text.contains("${"))?;
        let (mut out, mut rest) = (String::new(), text);
        while let Some((before, inside)) = rest.split_once("${") {
            let (name, behind) = inside.split_once('}')?;
            let (_, filled) = self.names.iter().find(|(known, _)| **known == *name.trim())?;
            out.push_str(before);
            out.push_str(filled);
            rest = behind;
        }
        out.push_str(rest);
        Some(out.into())
    }
}

impl Resolve for Filled<'_> {
    fn stands<'n>(&self, node: NodeRef<'n>) -> Stands<'n> {
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
