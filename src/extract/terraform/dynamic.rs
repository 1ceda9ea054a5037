//! `dynamic` blocks: their content is there once for every item of a collection.
//!
//! Source: Terraform's language documentation. Where the collection is written out, `statement.value` is one of its items; else
//! neither what that stands for is known nor whether the block is there at all.

use crate::document::{NodeKind, NodeRef};
use crate::extract::resolve::{Item, Lookup, Module};
use crate::policy::lower::{Resolve, Stands};
use crate::policy::{Piece, Value, pieces};
use std::sync::Arc;

/// More items than these are not told apart.
const MAX_ITEMS: usize = 8;

/// A block, with what stands for the items of the collections round it.
pub(super) struct Block<'b> {
    pub(super) body: NodeRef<'b>,
    pub(super) scope: Scope<'b>,
    /// False if deployment chooses whether it is there.
    pub(super) sure: bool,
    /// True if it stands there as it is written, and only once.
    pub(super) plain: bool,
}

/// The module, where `&{x}` is a policy variable, and what the items of collections stand for.
#[derive(Clone)]
pub(super) struct Scope<'b> {
    module: &'b Module<'b>,
    bound: Vec<Bound<'b>>,
}

/// The name of an item, and the items.
#[derive(Clone)]
struct Bound<'b> {
    name: &'b str,
    items: Vec<Item<'b>>,
}

impl<'b> Scope<'b> {
    pub(super) fn of(module: &'b Module<'b>) -> Self {
        Scope { module, bound: Vec::new() }
    }

    /// The blocks of one type in the order of the file: written one after the other, as a list or under names, or `dynamic`.
    pub(super) fn blocks(&self, body: NodeRef<'b>, kind: &'static str) -> Vec<Block<'b>> {
        let mut blocks = Vec::new();
        for (key, value) in body.entries() {
            if key.as_str().is_some_and(|key| key == kind || (kind == "condition" && key == "conditions")) {
                let written = |body| Block { body, scope: self.clone(), sure: true, plain: true };
                blocks.extend(self.written(value).into_iter().flatten().map(written));
            }
            if key.as_str() == Some("dynamic") {
                let of_kind = each(value).filter_map(|types| types.get(kind));
                blocks.extend(of_kind.flat_map(each).filter_map(|dynamic| self.dynamic(dynamic, kind)));
            }
        }
        blocks
    }

    /// The blocks that a value stands for; none where they are not known.
    fn written(&self, value: NodeRef<'b>) -> Option<Vec<NodeRef<'b>>> {
        let value = self.module.followed(value);
        if matches!(value.kind(), NodeKind::Map | NodeKind::Seq | NodeKind::Null) {
            return Some(each(value).flat_map(named).collect());
        }
        let items = self.module.collection(value)?;
        Some(items.into_iter().flat_map(|(_, item)| each(item)).collect())
    }

    /// True if blocks of one type stand there that are not known.
    pub(super) fn hides(&self, body: NodeRef<'b>, kind: &str) -> bool {
        let of_kind = body.entries().filter(|(key, _)| {
            key.as_str().is_some_and(|key| key == kind || (kind == "condition" && key == "conditions"))
        });
        of_kind.into_iter().any(|(_, value)| self.written(value).is_none())
    }

    /// The content of a `dynamic` block; none where the collection is empty.
    fn dynamic(&self, block: NodeRef<'b>, kind: &'static str) -> Option<Block<'b>> {
        let body = block.get("content").and_then(|content| each(content).next())?;
        let items = block.get("for_each").and_then(|collection| self.module.collection(collection));
        let name = block.get("iterator").map_or(kind, NodeRef::raw);
        let mut scope = self.clone();
        let sure = items.as_ref().is_some_and(|items| !items.is_empty());
        if items.as_ref().is_some_and(Vec::is_empty) {
            return None;
        }
        let named = body.raw().contains(&format!("{name}.")) || body.raw().contains(&format!("{name}["));
        scope.bound.push(Bound { name, items: items.unwrap_or_default() });
        Some(Block { body, plain: sure && !named, scope, sure })
    }

    /// What `lookup` takes of the items of a collection, if it is the same for all: their entry or the default.
    fn looked_up<'n>(&self, call: NodeRef<'n>) -> Option<Stands<'n>> {
        let asked = Lookup::of(call)?;
        let (of, key) = (asked.map.raw(), self.module.text(asked.key)?);
        let bound = self.bound.iter().rev().find(|bound| bound.way(of) == Some("value"))?;
        let known = (1..=MAX_ITEMS).contains(&bound.items.len());
        if !known || bound.items.iter().any(|(_, item)| item.kind() != NodeKind::Map) {
            return None;
        }
        match bound.items.iter().filter(|(_, item)| item.get(&key).is_some()).count() {
            0 => Some(Stands::AllOf(asked.default.into_iter().collect())),
            all if all == bound.items.len() => {
                Some(Stands::Texts(vec![Value::Unknown(Arc::from(format!("{of}.{key}")))]))
            }
            _ => None,
        }
    }

    /// A value with an item of a collection in it, as one of the values that this can be.
    fn with_items(&self, value: Value<Box<str>>) -> Vec<Value<Box<str>>> {
        let holes: Vec<&str> = match &value {
            Value::Unknown(name) => vec![name],
            Value::Partly(pieces) => pieces.iter().filter_map(hole).collect(),
            Value::Known(_) | Value::Either(_) => return vec![value],
        };
        let bound = self.bound.iter().rev().find(|bound| {
            (1..=MAX_ITEMS).contains(&bound.items.len()) && holes.iter().any(|hole| bound.way(hole).is_some())
        });
        let Some(bound) = bound else { return vec![value] };
        let texts = |item: Item<'b>, hole: &str| {
            let way = bound.way(hole)?;
            let node = match way {
                "key" => item.0.unwrap_or(item.1),
                "value" => item.1,
                attribute => item.1.get(attribute.strip_prefix("value.")?)?,
            };
            match node.kind() {
                NodeKind::Key => Some(vec![Value::Known(node.as_str()?.into())]),
                _ => Some(self.module.values(node, 0)),
            }
        };
        if let (Value::Unknown(name), [item]) = (&value, &bound.items[..]) {
            // The only item may be a list itself.
            return texts(*item, name).unwrap_or_else(|| vec![value]);
        }
        let arm = |item: &Item<'b>| -> Option<Value<Box<str>>> {
            let one = |hole: &str| texts(*item, hole).filter(|texts| texts.len() == 1)?.pop();
            match &value {
                Value::Partly(all) => {
                    let filled = all.iter().map(|piece| match hole(piece).filter(|name| bound.way(name).is_some()) {
                        None => Some(vec![piece.clone()]),
                        Some(name) => match one(name)? {
                            Value::Known(text) => Some(pieces(&text)),
                            Value::Partly(pieces) => Some(pieces.into_vec()),
                            Value::Unknown(name) => Some(vec![Piece::Hole(name)]),
                            Value::Either(_) => None,
                        },
                    });
                    Some(Value::from(filled.collect::<Option<Vec<_>>>()?.concat()))
                }
                _ => one(holes.first()?),
            }
        };
        match bound.items.iter().map(arm).collect::<Option<Vec<_>>>() {
            Some(arms) if arms.len() == 1 => arms,
            Some(arms) => vec![Value::Either(arms.into())],
            None => vec![value],
        }
    }
}

impl Bound<'_> {
    /// What of an item a reference names: `value`, `key`, `value.actions`.
    fn way<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(self.name)?.strip_prefix('.')
    }
}

fn hole(piece: &Piece) -> Option<&str> {
    match piece {
        Piece::Hole(name) => Some(name),
        _ => None,
    }
}

/// A block, or the items of a list of them.
fn each(value: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    let own = (value.kind() == NodeKind::Map).then_some(value);
    own.into_iter().chain(value.items())
}

/// An object, or what it holds under names where it has nothing else.
fn named(value: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    let inside: Vec<_> = value.entries().map(|(_, value)| value).collect();
    let names = !inside.is_empty() && inside.iter().all(|value| value.kind() == NodeKind::Map);
    if names { inside } else { vec![value] }
}

impl Resolve for Scope<'_> {
    fn stands<'n>(&self, node: NodeRef<'n>) -> Stands<'n> {
        let variable = |text: Box<str>| -> Box<str> { text.replace("&{", "${").into() };
        match self.looked_up(node).unwrap_or_else(|| self.module.stands(node)) {
            Stands::Plain => {
                match node.as_str().filter(|text| text.contains("&{") && node.kind() == NodeKind::String) {
                    Some(text) => Stands::Texts(vec![Value::Known(variable(text.into()))]),
                    None => Stands::Plain,
                }
            }
            Stands::Texts(texts) => {
                let texts = texts.into_iter().flat_map(|text| self.with_items(text));
                Stands::Texts(texts.map(|text| text.map(&mut |text| variable(text))).collect())
            }
            stands => stands,
        }
    }

    fn is_replaceable(&self, node: NodeRef<'_>) -> bool {
        self.looked_up(node).is_none() && self.module.is_replaceable(node)
    }

    fn in_strings(&self) -> bool {
        true
    }
}
