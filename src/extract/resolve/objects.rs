//! Objects of Terraform that stand elsewhere than where they are used, or are put together: in locals and defaults, by
//! `merge`, and once for every turn of a `for` expression.
//!
//! Source: Terraform's language documentation.

use super::function::{Lookup, is_for, makes_list, parts};
use super::terraform::{Item, MAX_STEPS, Module};
use crate::document::{NodeKind, NodeRef};
use crate::policy::lower::{Object, Resolve, Stands};
use crate::policy::{Piece, Value, pieces};

/// More turns than these are not told apart.
const MAX_TURNS: usize = 16;

/// One turn of a `for` expression: what its names stand for.
pub(super) struct Turn<'a> {
    module: &'a Module<'a>,
    outer: Option<&'a Turn<'a>>,
    key: Option<&'a str>,
    value: &'a str,
    item: Item<'a>,
}

/// What is being looked through.
#[derive(Clone, Copy)]
struct Look<'a> {
    module: &'a Module<'a>,
    turn: Option<&'a Turn<'a>>,
    sure: bool,
    steps: u32,
}

/// Calls `take` with each of the objects that a node stands for; false if there may be others.
pub(super) fn objects<'a>(module: &'a Module<'a>, node: NodeRef<'a>, take: &mut dyn FnMut(&Object<'_>)) -> bool {
    Look { module, turn: None, sure: true, steps: 0 }.objects(node, take)
}

impl<'a> Look<'a> {
    fn resolve(self) -> &'a dyn Resolve {
        match self.turn {
            Some(turn) => turn,
            None => self.module,
        }
    }

    fn objects(self, node: NodeRef<'a>, take: &mut dyn FnMut(&Object<'_>)) -> bool {
        let look = Look { steps: self.steps + 1, ..self };
        // What follows one that is not known is looked at, too.
        let mut all = |nodes: &mut dyn Iterator<Item = NodeRef<'a>>, look: Look<'a>| {
            let mut whole = true;
            nodes.for_each(|node| whole &= look.objects(node, take));
            whole
        };
        match node.kind() {
            _ if self.steps > MAX_STEPS => false,
            NodeKind::Null => true,
            NodeKind::Map => self.object(node, vec![node], false, take),
            NodeKind::Seq => all(&mut node.items(), look),
            NodeKind::Either => all(&mut node.arguments(), Look { sure: false, ..look }),
            NodeKind::Path => match look.followed(node) {
                Some((there, sure)) => Look { sure: self.sure && sure, ..look }.objects(there, take),
                None => false,
            },
            NodeKind::Call if is_for(node) => look.turns(node, take),
            NodeKind::Call if node.as_str() == Some("merge") => look.merged(node, take),
            NodeKind::Call if node.as_str() == Some("values") => {
                let of = self.module.collection(node);
                of.is_some_and(|items| all(&mut items.into_iter().map(|(_, value)| value), look))
            }
            NodeKind::Call if makes_list(node) => all(&mut parts(node).into_iter(), look),
            _ => false,
        }
    }

    fn object(self, at: NodeRef<'a>, parts: Vec<NodeRef<'a>>, open: bool, take: &mut dyn FnMut(&Object<'_>)) -> bool {
        take(&Object { at, parts, sure: self.sure, conditions_open: open, resolve: self.resolve() });
        true
    }

    /// Where a reference leads, and whether nobody but the module decides on it.
    fn followed(self, node: NodeRef<'a>) -> Option<(NodeRef<'a>, bool)> {
        let item = self.turn.and_then(|turn| turn.node(node.raw())).map(|item| (item, true));
        item.or_else(|| self.module.led_to(node.raw())).map(|(there, sure)| (there.through(node), sure))
    }

    /// Objects that are merged into one. Of what may be there or not, conditions alone are put up with.
    fn merged(self, call: NodeRef<'a>, take: &mut dyn FnMut(&Object<'_>)) -> bool {
        let (mut maps, mut open) = (Vec::new(), false);
        for mut part in call.arguments() {
            for _ in 0..MAX_STEPS {
                match self.followed(part).filter(|_| part.kind() == NodeKind::Path) {
                    Some((there, true)) => part = there,
                    _ => break,
                }
            }
            let only_conditions = |arm: NodeRef<'_>| {
                arm.kind() == NodeKind::Null
                    || arm.kind() == NodeKind::Map && arm.entries().all(|(key, _)| key.as_str() == Some("Condition"))
            };
            match part.kind() {
                NodeKind::Map => maps.push(part),
                NodeKind::Null => {}
                NodeKind::Either if part.arguments().all(only_conditions) => open = true,
                _ => return false,
            }
        }
        self.object(call, maps, open, take)
    }

    /// What a `for` expression makes: of a collection that is not known, its object perhaps.
    fn turns(self, call: NodeRef<'a>, take: &mut dyn FnMut(&Object<'_>)) -> bool {
        let mut arguments = call.arguments();
        let (Some(from), Some(what)) = (arguments.next(), arguments.next()) else { return false };
        let items = match self.turn.and_then(|turn| turn.node(from.raw())) {
            Some(item) => self.module.collection(item),
            None => self.module.collection(from),
        };
        let items = items.filter(|items| items.len() <= MAX_TURNS);
        let (Some(items), Some((key, value))) = (items, names(call.raw())) else {
            return Look { sure: false, ..self }.objects(what, take);
        };
        let module = self.module;
        let mut whole = true;
        for item in items {
            let turn = Turn { module, outer: self.turn, key, value, item };
            whole &= Look { module, turn: Some(&turn), sure: self.sure, steps: self.steps }.objects(what, take);
        }
        whole
    }
}

/// The names of a `for` expression: `[for key, value in ...]`.
fn names(raw: &str) -> Option<(Option<&str>, &str)> {
    let (names, _) = raw.trim_start_matches(['[', '{']).trim_start().strip_prefix("for")?.split_once(" in ")?;
    Some(match names.split_once(',') {
        Some((key, value)) => (Some(key.trim()), value.trim()),
        None => (None, names.trim()),
    })
}

impl<'a> Turn<'a> {
    /// The node that a name of the expression leads to: `s`, `s.actions`.
    fn node(&self, path: &str) -> Option<NodeRef<'a>> {
        let mut steps = path.split('.');
        let first = steps.next()?;
        if self.key == Some(first) {
            return self.item.0.filter(|_| steps.next().is_none());
        }
        if first != self.value {
            return self.outer?.node(path);
        }
        steps.try_fold(self.item.1, |node, step| node.get(step))
    }

    /// The texts that a name of the expression stands for.
    fn texts(&self, path: &str) -> Option<Vec<Value<Box<str>>>> {
        let node = self.node(path)?;
        Some(match node.kind() {
            NodeKind::Key => vec![Value::Known(node.as_str()?.into())],
            _ => self.module.values(node, 0),
        })
    }

    /// What `lookup` takes of an item of this turn.
    fn looked_up<'n>(&self, call: NodeRef<'n>) -> Option<Stands<'n>> {
        let asked = Lookup::of(call)?;
        let item = self.node(asked.map.raw()).filter(|item| item.kind() == NodeKind::Map)?;
        Some(match item.get(&self.module.text(asked.key)?) {
            Some(entry) => Stands::Texts(self.module.values(entry, 0)),
            None => Stands::AllOf(asked.default.into_iter().collect()),
        })
    }

    /// A text with the items of this turn in it.
    fn filled(&self, value: Value<Box<str>>) -> Vec<Value<Box<str>>> {
        let piece = |piece: Piece| match &piece {
            Piece::Hole(name) => match self.texts(name).as_deref() {
                Some([Value::Known(text)]) => pieces(text),
                Some([Value::Partly(known)]) => known.to_vec(),
                _ => vec![piece],
            },
            _ => vec![piece],
        };
        match value {
            Value::Unknown(name) => self.texts(&name).unwrap_or_else(|| vec![Value::Unknown(name)]),
            Value::Partly(all) => vec![Value::from(all.into_vec().into_iter().flat_map(piece).collect::<Vec<_>>())],
            value => vec![value],
        }
    }
}

impl Resolve for Turn<'_> {
    fn stands<'n>(&self, node: NodeRef<'n>) -> Stands<'n> {
        match self.looked_up(node).unwrap_or_else(|| self.module.stands(node)) {
            Stands::Texts(texts) => Stands::Texts(texts.into_iter().flat_map(|text| self.filled(text)).collect()),
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
