//! Terraform: what the files of a folder declare, and where references to it lead.
//!
//! Source: Terraform's language documentation, and the attributes of the AWS provider's resources and data sources.

use super::function::{Lookup, falls_back, is_compact, is_for, makes_list, parts};
use super::objects::objects;
use crate::document::{NodeKind, NodeRef, Tree};
use crate::policy::Value;
use crate::policy::lower::{Object, Resolve, Stands};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Locals lead to locals so far at the most.
pub(super) const MAX_STEPS: u32 = 16;

/// An item of a collection, with its key where that is a map.
pub(crate) type Item<'n> = (Option<NodeRef<'n>>, NodeRef<'n>);

/// What the files of a folder declare.
#[derive(Default)]
pub(crate) struct Module<'t> {
    /// The defaults of variables.
    defaults: HashMap<&'t str, NodeRef<'t>>,
    /// The variables whose values are given, and stand there in place of the defaults.
    given: HashSet<&'t str>,
    locals: HashMap<&'t str, NodeRef<'t>>,
    /// `data "aws_iam_policy"`, by name.
    pub(super) managed: HashMap<&'t str, NodeRef<'t>>,
    /// `data "aws_iam_policy_document"`, by name.
    documents: BTreeMap<&'t str, NodeRef<'t>>,
    /// `data "template_file"`, by name.
    templates: HashMap<&'t str, NodeRef<'t>>,
    /// Data sources that tell of the account and the region of another provider than the module's own.
    pub(super) elsewhere: HashSet<(&'t str, &'t str)>,
}

impl<'t> Module<'t> {
    /// Collects what the trees of a folder declare.
    pub(crate) fn of(trees: impl Iterator<Item = &'t Tree<'t>>) -> Self {
        let mut module = Module::default();
        for (key, value) in trees.flat_map(Tree::roots).flat_map(NodeRef::entries) {
            match key.as_str() {
                Some("variable") => {
                    let defaults =
                        value.entries().filter_map(|(name, body)| Some((name.as_str()?, body.get("default")?)));
                    module.defaults.extend(defaults);
                }
                Some("locals") => {
                    module.locals.extend(value.entries().filter_map(|(name, value)| Some((name.as_str()?, value))));
                }
                Some("data") => {
                    for (kind, names) in value.entries() {
                        let named = names.entries().filter_map(|(name, body)| Some((name.as_str()?, body)));
                        match kind.as_str() {
                            Some("aws_iam_policy") => module.managed.extend(named),
                            Some("aws_iam_policy_document") => module.documents.extend(named),
                            Some("template_file") => module.templates.extend(named),
                            Some(kind @ ("aws_caller_identity" | "aws_region")) => {
                                let others = named.filter(|(_, body)| body.get("provider").is_some());
                                module.elsewhere.extend(others.map(|(name, _)| (kind, name)));
                            }
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        module
    }

    /// Takes the values of variables that a tree gives.
    pub(crate) fn give(&mut self, tree: &'t Tree<'t>) {
        for (name, value) in tree.roots().flat_map(NodeRef::entries) {
            let Some(name) = name.as_str() else { continue };
            self.defaults.insert(name, value);
            self.given.insert(name);
        }
    }

    /// The bodies of the policy documents, by name.
    pub(crate) fn documents(&self) -> impl Iterator<Item = (&'t str, NodeRef<'t>)> {
        self.documents.iter().map(|(name, body)| (*name, *body))
    }

    /// The body of a policy document.
    pub(crate) fn document(&self, name: &str) -> Option<NodeRef<'t>> {
        self.documents.get(name).copied()
    }

    /// The node that a reference to a local or a filled template leads to; the node itself for all else.
    pub(crate) fn followed<'n>(&self, node: NodeRef<'n>) -> NodeRef<'n>
    where
        't: 'n,
    {
        let mut node = node;
        for _ in 0..MAX_STEPS {
            let Some(path) = reference(node) else { break };
            let local = path.strip_prefix("local.").and_then(|name| self.locals.get(name)).copied();
            let filled = || {
                let name = path.strip_prefix("data.template_file.")?.strip_suffix(".rendered")?;
                self.templates.get(name)?.get("template")
            };
            match local.or_else(filled) {
                Some(value) => node = value,
                None => break,
            }
        }
        node
    }

    /// The keys and values that a collection has for certain; none where deployment chooses them.
    pub(crate) fn collection<'n>(&self, node: NodeRef<'n>) -> Option<Vec<Item<'n>>>
    where
        't: 'n,
    {
        self.collected(node, 0)
    }

    fn collected<'n>(&self, node: NodeRef<'n>, steps: u32) -> Option<Vec<Item<'n>>>
    where
        't: 'n,
    {
        let node = self.followed(node);
        match node.kind() {
            _ if steps > MAX_STEPS => None,
            NodeKind::Seq => Some(node.items().map(|item| (None, item)).collect()),
            NodeKind::Map => Some(node.entries().map(|(key, value)| (Some(key), value)).collect()),
            NodeKind::Call if node.as_str() == Some("values") => {
                let items = self.collected(node.arguments().next()?, steps + 1)?;
                Some(items.into_iter().map(|(_, value)| (None, value)).collect())
            }
            NodeKind::Call if makes_list(node) && !is_for(node) => {
                let parts = parts(node).into_iter().map(|part| match part.kind() {
                    NodeKind::String => Some(vec![(None, part)]),
                    // It takes lists apart, and nothing else.
                    NodeKind::Map if node.as_str() == Some("flatten") => Some(vec![(None, part)]),
                    _ => self.collected(part, steps + 1),
                });
                Some(parts.collect::<Option<Vec<_>>>()?.concat())
            }
            _ => None,
        }
    }

    /// Where a reference to a local or a variable leads, and whether nobody who uses the module decides on it.
    pub(crate) fn led_to(&self, path: &str) -> Option<(NodeRef<'t>, bool)> {
        let (of, path) = path.split_once('.').filter(|(of, _)| matches!(*of, "local" | "var"))?;
        let (name, steps) = path.split_at(path.find(['.', '[']).unwrap_or(path.len()));
        let (declared, of_module) = match of {
            "local" => (self.locals.get(name)?, true),
            _ => (self.defaults.get(name)?, self.given.contains(name)),
        };
        Some((within(*declared, steps)?, of_module))
    }

    /// The map that a node stands for, and whether nobody who uses the module decides on it; none where it is not known.
    fn map<'n>(&self, node: NodeRef<'n>) -> Option<(NodeRef<'n>, bool)>
    where
        't: 'n,
    {
        let (mut node, mut sure) = (node, true);
        for _ in 0..MAX_STEPS {
            let Some((there, given)) = reference(node).and_then(|path| self.led_to(path)) else { break };
            (node, sure) = (there, sure && given);
        }
        // What an expression is called by is not known.
        let written = |(key, _): (NodeRef<'_>, _)| key.as_str().is_some_and(|key| !key.contains(['(', '$']));
        (node.kind() == NodeKind::Map && node.entries().all(written)).then_some((node, sure))
    }

    /// What `lookup` may take, and whether it takes that for certain. Of a map that is not known, it is the map's entry or the default.
    pub(super) fn looked_up<'n>(&self, asked: &Lookup<'n>, steps: u32) -> (Vec<NodeRef<'n>>, bool)
    where
        't: 'n,
    {
        let Some((map, sure)) = self.map(asked.map) else {
            return (std::iter::once(asked.map).chain(asked.default).collect(), false);
        };
        match &self.values(asked.key, steps + 1)[..] {
            [Value::Known(key)] => {
                let taken = map.get(key).or(asked.default);
                (taken.into_iter().collect(), sure && !self.may_be_replaced(asked.key, steps + 1))
            }
            _ => (map.entries().map(|(_, value)| value).chain(asked.default).collect(), false),
        }
    }

    /// True for a default of a variable, for each of those of which a function takes the first that is there, and for what `lookup`
    /// does not take for certain.
    fn may_be_replaced(&self, node: NodeRef<'_>, steps: u32) -> bool {
        let mut node = node;
        for steps in steps..MAX_STEPS {
            if falls_back(node) {
                return true;
            }
            node = match Lookup::of(node) {
                Some(asked) => match self.looked_up(&asked, steps) {
                    (taken, true) if taken.len() == 1 => taken[0],
                    _ => return asked.default.is_some() || self.map(asked.map).is_some(),
                },
                None => match reference(node).and_then(|path| self.led_to(path)) {
                    Some((value, true)) => value,
                    Some((value, false)) => return !is_empty(value),
                    None => break,
                },
            };
        }
        false
    }

    /// True if a reference or an argument of a function leads to objects.
    fn leads_to_objects(&self, node: NodeRef<'_>) -> bool {
        let mut there = self.led_to(node.raw()).filter(|_| node.kind() == NodeKind::Path);
        for _ in 0..MAX_STEPS {
            match there {
                Some((at, _)) if at.kind() == NodeKind::Path => there = self.led_to(at.raw()),
                Some((at, _)) => return holds_map(at) || at.arguments().any(|inner| self.leads_to_objects(inner)),
                None => break,
            }
        }
        false
    }
}

impl Resolve for Module<'_> {
    fn stands<'n>(&self, node: NodeRef<'n>) -> Stands<'n> {
        match node.kind() {
            NodeKind::String if !node.as_str().is_some_and(|text| text.contains("${") || text.contains("%{")) => {
                Stands::Plain
            }
            NodeKind::Path if self.leads_to_objects(node) => Stands::Elsewhere,
            NodeKind::String | NodeKind::Path => Stands::Texts(self.values(node, 0)),
            NodeKind::Null => Stands::AllOf(Vec::new()),
            NodeKind::Either => Stands::OneOf(node.arguments().collect()),
            NodeKind::Call if is_compact(node) => Stands::Filled(parts(node)),
            NodeKind::Call if matches!(node.as_str(), Some("merge" | "values")) => Stands::Elsewhere,
            NodeKind::Call
                if is_for(node) && node.arguments().any(|part| holds_map(part) || self.leads_to_objects(part)) =>
            {
                Stands::Elsewhere
            }
            NodeKind::Call if makes_list(node) => Stands::AllOf(parts(node)),
            NodeKind::Call if node.as_str() == Some("format") => Stands::Texts(self.values(node, 0)),
            NodeKind::Call => match Lookup::of(node) {
                Some(asked) if self.map(asked.map).is_some() => Stands::Texts(self.values(node, 0)),
                Some(Lookup { map, default: Some(default), .. }) => Stands::AllOf(vec![map, default]),
                _ => Stands::Unknown,
            },
            NodeKind::Opaque => Stands::Unknown,
            _ => Stands::Plain,
        }
    }

    fn is_replaceable(&self, node: NodeRef<'_>) -> bool {
        self.may_be_replaced(node, 0)
    }

    fn objects(&self, node: NodeRef<'_>, take: &mut dyn FnMut(&Object<'_>)) -> bool {
        objects(self, node, take)
    }

    fn in_strings(&self) -> bool {
        true
    }
}

/// What of a value steps lead to, as `.read`, `["read"]` or `[0]`, where it is written out there.
fn within<'t>(value: NodeRef<'t>, steps: &str) -> Option<NodeRef<'t>> {
    let (mut value, mut rest) = (value, steps);
    while !rest.is_empty() {
        if let Some(index) = rest.strip_prefix('[') {
            let (index, behind) = index.split_once(']')?;
            let key = index.strip_prefix('"').and_then(|key| key.strip_suffix('"'));
            value = match key {
                Some(key) => value.get(key)?,
                None => value.items().nth(index.parse().ok()?)?,
            };
            rest = behind;
        } else {
            let path = rest.strip_prefix('.')?;
            let (key, behind) = path.split_at(path.find(['.', '[']).unwrap_or(path.len()));
            (value, rest) = (value.get(key)?, behind);
        }
    }
    Some(value)
}

/// True if a value is an object, or holds one as a list does.
fn holds_map(node: NodeRef<'_>) -> bool {
    node.kind() == NodeKind::Map || node.items().chain(node.arguments()).any(holds_map)
}

/// The reference that a node is, bare or as all of a string: `"${data.x.y.json}"`.
pub(crate) fn reference(node: NodeRef<'_>) -> Option<&str> {
    match node.kind() {
        NodeKind::Path => Some(node.raw()),
        NodeKind::String => {
            let inner = node.as_str()?.trim().strip_prefix("${")?.strip_suffix('}')?;
            (!inner.contains(['{', '}'])).then_some(inner.trim())
        }
        _ => None,
    }
}

/// True for a default that asks to be given another.
pub(super) fn is_empty(value: NodeRef<'_>) -> bool {
    value.kind() == NodeKind::Null
        || value.as_str() == Some("")
        || value.kind() == NodeKind::Seq && value.items().next().is_none()
}
