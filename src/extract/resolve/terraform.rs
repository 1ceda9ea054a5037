//! Terraform: variables' defaults, locals, attributes of resources and data sources, and the functions that make lists.
//!
//! Source: Terraform's language documentation, and the attributes of the AWS provider's resources and data sources.

use super::objects::objects;
use crate::document::hcl::interpolation;
use crate::document::{NodeKind, NodeRef, Tree};
use crate::policy::lower::{Object, Resolve, Stands};
use crate::policy::{Piece, Value, pieces};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

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

    /// The text that a node stands for, where all of it is known.
    pub(crate) fn text(&self, node: NodeRef<'_>) -> Option<Box<str>> {
        match &self.values(node, 0)[..] {
            [Value::Known(text)] => Some(text.clone()),
            _ => None,
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
        let local = || Some((*self.locals.get(path.strip_prefix("local.")?)?, true));
        let of_variable = || {
            let name = path.strip_prefix("var.")?;
            Some((*self.defaults.get(name)?, self.given.contains(name)))
        };
        local().or_else(of_variable)
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

    /// The texts that a node stands for: one, or the items of a list.
    pub(crate) fn values(&self, node: NodeRef<'_>, steps: u32) -> Vec<Value<Box<str>>> {
        let unknown = || vec![Value::Unknown(Arc::from(node.raw()))];
        if steps > MAX_STEPS {
            return unknown();
        }
        match node.kind() {
            NodeKind::String => match node.as_str() {
                Some(text) => vec![self.filled(text, steps)],
                None => unknown(),
            },
            NodeKind::Number | NodeKind::Bool => vec![Value::Known(node.raw().into())],
            NodeKind::Null => Vec::new(),
            NodeKind::Seq => node.items().flat_map(|item| self.values(item, steps + 1)).collect(),
            NodeKind::Either => node.arguments().flat_map(|arm| self.values(arm, steps + 1)).collect(),
            NodeKind::Path => self.path(node.raw(), steps),
            NodeKind::Call if makes_list(node) => {
                let parts = parts(node).into_iter().flat_map(|arm| self.values(arm, steps + 1));
                parts.filter(|part| !is_compact(node) || !part.must(|text| text.is_empty())).collect()
            }
            NodeKind::Call if node.as_str() == Some("format") => vec![self.format(node, steps)],
            _ => unknown(),
        }
    }

    fn path(&self, path: &str, steps: u32) -> Vec<Value<Box<str>>> {
        let declared = path.strip_prefix("var.").map(|name| self.defaults.get(name));
        let declared = declared.or_else(|| path.strip_prefix("local.").map(|name| self.locals.get(name)));
        match declared.flatten() {
            // An empty default asks to be given.
            Some(value) if !is_empty(*value) => self.values(*value, steps + 1),
            _ => vec![Value::from(self.attribute(path))],
        }
    }

    /// A text with what stands in its interpolations; `$${x}` is the policy variable `${x}`.
    fn filled(&self, text: &str, steps: u32) -> Value<Box<str>> {
        if !text.contains("${") && !text.contains("%{") {
            return Value::Known(text.into());
        }
        let mut out = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find("${").into_iter().chain(rest.find("%{")).min() {
            let (before, from) = rest.split_at(at);
            let (inside, behind) = from.split_at(interpolation(from));
            let inner = inside.get(2..inside.len().saturating_sub(1)).unwrap_or("").trim();
            if let Some(before) = before.strip_suffix('$').filter(|_| inside.starts_with('$')) {
                out.extend(pieces(before));
                out.push(Piece::PolicyVar(inner.into()));
            } else {
                out.extend(pieces(before));
                out.extend(self.interpolated(inner, steps));
            }
            rest = behind;
        }
        out.extend(pieces(rest));
        Value::from(out)
    }

    fn interpolated(&self, path: &str, steps: u32) -> Vec<Piece> {
        let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-[]\"*".contains(&byte));
        if !plain || steps > MAX_STEPS {
            return hole(path);
        }
        match &mut self.path(path, steps + 1)[..] {
            [Value::Known(text)] => pieces(text),
            [Value::Partly(pieces)] => std::mem::take(pieces).into_vec(),
            _ => hole(path),
        }
    }

    fn format(&self, node: NodeRef<'_>, steps: u32) -> Value<Box<str>> {
        let mut arguments = node.arguments();
        let shape = arguments.next().and_then(NodeRef::as_str).unwrap_or("");
        let mut out = Vec::new();
        for (index, part) in shape.split("%s").enumerate() {
            if index > 0 {
                let argument = arguments.next();
                let mut values = argument.map(|argument| self.values(argument, steps + 1)).unwrap_or_default();
                match (values.pop(), values.is_empty()) {
                    (Some(Value::Known(text)), true) => out.extend(pieces(&text)),
                    (Some(Value::Partly(pieces)), true) => out.extend(pieces),
                    _ => out.extend(hole(argument.unwrap_or(node).raw())),
                }
            }
            out.extend(pieces(part));
        }
        if shape.is_empty() { Value::Unknown(Arc::from(node.raw())) } else { Value::from(out) }
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
            NodeKind::Call | NodeKind::Opaque => Stands::Unknown,
            _ => Stands::Plain,
        }
    }

    /// A default of a variable may be, and each of those of which a function takes the first that is there.
    fn is_replaceable(&self, node: NodeRef<'_>) -> bool {
        let mut node = node;
        for _ in 0..MAX_STEPS {
            if falls_back(node) {
                return true;
            }
            match reference(node).and_then(|path| self.led_to(path)) {
                Some((value, given)) if given => node = value,
                Some((value, _)) => return !is_empty(value),
                None => break,
            }
        }
        false
    }

    fn objects(&self, node: NodeRef<'_>, take: &mut dyn FnMut(&Object<'_>)) -> bool {
        objects(self, node, take)
    }

    fn in_strings(&self) -> bool {
        true
    }
}

/// The arguments of such a function; the empty text is what `try` and `coalesce` fall back to where there is nothing. Those of
/// `flatten` are the items of the lists in it, however deep.
pub(super) fn parts(call: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    // What a `for` expression goes through is none of what it makes.
    let arguments = call.arguments().skip(usize::from(is_for(call)));
    let mut parts: Vec<_> = arguments.filter(|argument| argument.as_str() != Some("")).collect();
    while call.as_str() == Some("flatten") && parts.iter().any(|part| part.kind() == NodeKind::Seq) {
        let inside = parts.into_iter().flat_map(|part| match part.kind() {
            NodeKind::Seq => part.items().collect(),
            _ => vec![part],
        });
        parts = inside.collect();
    }
    parts
}

/// True for a function that takes the first of several values that is there.
fn falls_back(call: NodeRef<'_>) -> bool {
    let takes_first = matches!(call.as_str(), Some("coalesce" | "coalescelist" | "try"));
    takes_first && call.kind() == NodeKind::Call && parts(call).len() > 1
}

/// True for the function that leaves out what is empty.
fn is_compact(call: NodeRef<'_>) -> bool {
    call.as_str() == Some("compact")
}

/// True for the functions whose value is a list of what their arguments hold, and for `[for ...]`.
pub(super) fn makes_list(call: NodeRef<'_>) -> bool {
    const LISTS: [&str; 15] = [
        "for",
        "concat",
        "flatten",
        "toset",
        "tolist",
        "distinct",
        "compact",
        "sort",
        "reverse",
        "setunion",
        "coalesce",
        "coalescelist",
        "try",
        "sensitive",
        "nonsensitive",
    ];
    call.as_str().is_some_and(|name| LISTS.contains(&name))
}

/// True for `[for ...]`.
pub(super) fn is_for(call: NodeRef<'_>) -> bool {
    call.as_str() == Some("for")
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
fn is_empty(value: NodeRef<'_>) -> bool {
    value.kind() == NodeKind::Null
        || value.as_str() == Some("")
        || value.kind() == NodeKind::Seq && value.items().next().is_none()
}

pub(super) fn hole(name: &str) -> Vec<Piece> {
    vec![Piece::Hole(Arc::from(name))]
}
