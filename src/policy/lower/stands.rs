//! What stands in a document for something else: the seam between the model and the languages that documents are written in.

use super::Lower;
use crate::document::{NodeKind, NodeRef};
use crate::policy::Value;
use crate::source::Origin;

/// What a node stands for.
#[derive(Clone, Debug)]
pub enum Stands<'t> {
    /// Itself.
    Plain,
    /// Texts, as far as they are known: one, or the items of a list.
    Texts(Vec<Value<Box<str>>>),
    /// One of these, whichever is chosen at deployment.
    OneOf(Vec<NodeRef<'t>>),
    /// The items of all of these; none for what will not be there.
    AllOf(Vec<NodeRef<'t>>),
    /// The items of all of these that are no empty text.
    Filled(Vec<NodeRef<'t>>),
    /// Objects that stand elsewhere or are put together there: [`Resolve::objects`] gives them.
    Elsewhere,
    /// Something that is not known.
    Unknown,
}

/// An object that a node stands for.
pub struct Object<'o> {
    /// Where it is written, or put together.
    pub at: NodeRef<'o>,
    /// The maps whose entries it has: of equal keys the last one counts.
    pub parts: Vec<NodeRef<'o>>,
    /// False if deployment chooses whether it is there.
    pub sure: bool,
    /// True if deployment chooses whether it has more conditions than these.
    pub conditions_open: bool,
    /// What references in it stand for.
    pub resolve: &'o dyn Resolve,
}

/// Knows what the references and functions of a document's language stand for.
pub trait Resolve {
    /// What a node stands for. Asked for maps and expressions, and for strings, null and what could not be read where
    /// [`Resolve::in_strings`].
    fn stands<'t>(&self, node: NodeRef<'t>) -> Stands<'t>;

    /// Calls `take` with each of the objects that a node stands for; false if there may be others.
    fn objects(&self, _node: NodeRef<'_>, _take: &mut dyn FnMut(&Object<'_>)) -> bool {
        false
    }

    /// True if nothing stands for something else in a document whose text is this, without white space.
    fn is_literal(&self, _minified: &str) -> bool {
        false
    }

    /// True if deployment may put something else in the place of what a node stands for.
    fn is_replaceable(&self, _node: NodeRef<'_>) -> bool {
        false
    }

    /// A condition key with `${name}` for what is not known of it, where it is written otherwise.
    fn key(&self, _written: &str) -> Option<Box<str>> {
        None
    }

    /// True if references can stand inside strings.
    fn in_strings(&self) -> bool {
        false
    }
}

impl Lower<'_> {
    /// What a node stands for.
    pub(super) fn stands<'t>(&self, node: NodeRef<'t>) -> Stands<'t> {
        match node.kind() {
            NodeKind::Map | NodeKind::Call | NodeKind::Path | NodeKind::Either | NodeKind::Opaque => {
                self.resolve.stands(node)
            }
            // What is no JSON may be a name for which something is filled in.
            NodeKind::Null | NodeKind::String | NodeKind::Error if self.in_strings => self.resolve.stands(node),
            _ => Stands::Plain,
        }
    }

    /// True if a node stands for itself.
    pub(super) fn is_plain(&self, node: NodeRef<'_>) -> bool {
        matches!(self.stands(node), Stands::Plain)
    }

    /// Where a node is written. What stands for something else is not to be changed there: it has its value from elsewhere,
    /// which deployment may replace.
    pub(super) fn place(&self, node: NodeRef<'_>) -> Origin {
        let origin = node.origin();
        let plain = self.is_plain(node);
        let replaceable = !plain && self.resolve.is_replaceable(node);
        Origin { editable: origin.editable && plain, replaceable, ..origin }
    }

    /// Calls `take` with every item of a list, or with the node if it is none, with what it stands for and where it is
    /// written. Where one of several nodes will stand there, with the items of each.
    pub(super) fn each<'t>(&mut self, node: NodeRef<'t>, take: Take<'_, 't, Self>) {
        self.spread(node, false, take);
    }

    fn spread<'t>(&mut self, node: NodeRef<'t>, argument: bool, take: Take<'_, 't, Self>) {
        if node.kind() == NodeKind::Seq {
            node.items().for_each(|item| self.one(item, false, take));
        } else {
            self.one(node, argument, take);
        }
    }

    /// `argument`: the node is the argument of a function, which needs it where a list does not.
    fn one<'t>(&mut self, node: NodeRef<'t>, argument: bool, take: Take<'_, 't, Self>) {
        // Nearly all are texts that stand for themselves.
        if node.kind() == NodeKind::String && !self.in_strings {
            let mut origin = node.origin();
            origin.editable &= !argument;
            origin.replaceable |= self.replaceable > 0;
            return take(self, node, Stands::Plain, origin);
        }
        let stands = self.stands(node);
        let replaceable = u32::from(!matches!(stands, Stands::Plain) && self.resolve.is_replaceable(node));
        self.replaceable += replaceable;
        match stands {
            Stands::OneOf(arms) => {
                self.chosen += 1;
                self.within += 1;
                self.replaceable += 1;
                arms.into_iter().for_each(|arm| self.spread(arm, true, take));
                self.replaceable -= 1;
                self.within -= 1;
            }
            Stands::AllOf(parts) => parts.into_iter().for_each(|part| self.spread(part, true, take)),
            Stands::Filled(parts) => {
                let mut filled = |lower: &mut Self, node: NodeRef<'t>, stands: Stands<'t>, origin: Origin| {
                    let is_empty = |text: &Value<Box<str>>| text.must(|text| text.is_empty());
                    let stands = match stands {
                        Stands::Plain if node.as_str() == Some("") => return,
                        Stands::Texts(texts) => {
                            Stands::Texts(texts.into_iter().filter(|text| !is_empty(text)).collect())
                        }
                        stands => stands,
                    };
                    take(lower, node, stands, origin);
                };
                parts.into_iter().for_each(|part| self.spread(part, true, &mut filled));
            }
            stands => {
                let mut origin = node.origin();
                origin.editable &= !argument && matches!(stands, Stands::Plain);
                origin.replaceable |= self.replaceable > 0;
                take(self, node, stands, origin);
            }
        }
        self.replaceable -= replaceable;
    }
}

/// What is done with an item of a list.
pub(super) type Take<'a, 't, L> = &'a mut dyn FnMut(&mut L, NodeRef<'t>, Stands<'t>, Origin);
