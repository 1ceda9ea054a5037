//! What the documents and files of a module are used as, and by whom.

use super::domains::Domains;
use super::holder::holder;
use super::{document, kinds, modules, resources};
use crate::document::{NodeKind, NodeRef, Tree};
use crate::extract::resolve::{Module, reference};
use crate::extract::shape::is_policy;
use crate::extract::{Network, kind};
use crate::policy::{HolderKind, PolicyKind, Statement, Use};
use std::collections::{HashMap, HashSet};

/// The uses of each `aws_iam_policy_document` of a module and of the files that it names.
#[derive(Default)]
pub(super) struct Uses<'t> {
    documents: HashMap<Box<str>, Vec<Use>>,
    /// By the path that the module names, from its folder.
    files: Vec<(Box<str>, Use)>,
    /// The documents into which each document is merged.
    merged: HashMap<Box<str>, Vec<&'t str>>,
    /// The documents that resources use as they are.
    direct: HashSet<Box<str>>,
    /// The policies that are permissions boundaries and are attached to nobody.
    boundaries: HashSet<Box<str>>,
    /// The policies that roles have attached, and nobody else.
    of_roles: HashSet<Box<str>>,
    /// The documents that something uses which is not for roles only.
    of_others: HashSet<Box<str>>,
    /// The functions whose URLs ask for no signature, as `function_name` refers to them.
    open_urls: HashSet<&'t str>,
    /// The search domains of the module.
    pub(super) domains: Domains<'t>,
    /// From where requests reach what has a document as its policy.
    networks: HashMap<Box<str>, Network>,
}

/// The resources that attach policies to roles.
const OF_ROLES: [&str; 3] =
    ["aws_iam_role", "aws_iam_role_policy_attachment", "aws_iam_role_policy_attachments_exclusive"];

/// The names of the policies that are attached to roles, and that nothing else refers to.
fn of_roles<'t>(trees: impl Iterator<Item = &'t Tree<'t>>, module: &Module<'t>) -> HashSet<Box<str>> {
    let (mut of_roles, mut of_others) = (HashSet::new(), HashSet::new());
    for (resource, _, body) in trees.flat_map(resources) {
        for (key, value) in body.entries() {
            if matches!(key.as_str(), Some("permissions_boundary" | "depends_on")) {
                continue;
            }
            let names = if OF_ROLES.contains(&resource) { &mut of_roles } else { &mut of_others };
            let mut pending = vec![value];
            while let Some(node) = pending.pop() {
                names.extend(policy_name(node, module).map(Box::from));
                pending.extend(node.entries().map(|(_, value)| value).chain(node.items()).chain(node.arguments()));
            }
        }
    }
    of_roles.difference(&of_others).cloned().collect()
}

/// The policy that a reference names, as `aws_iam_policy.NAME.arn`.
fn policy_name<'n, 't: 'n>(node: NodeRef<'n>, module: &Module<'t>) -> Option<&'n str> {
    let name = reference(module.followed(node))?.strip_prefix("aws_iam_policy.")?;
    name.split(['.', '[']).next()
}

/// The names of the policies that `permissions_boundary` refers to, or whose own name says that they are boundaries, and that no
/// other argument refers to.
fn boundaries<'t>(trees: impl Iterator<Item = &'t Tree<'t>>, module: &Module<'t>) -> HashSet<Box<str>> {
    let (mut bounds, mut attached) = (HashSet::new(), HashSet::new());
    for (resource, name, body) in trees.flat_map(resources) {
        let says = |name: &str| resource == "aws_iam_policy" && kind::is_name_of_boundary(name);
        if says(name) || body.get("name").and_then(NodeRef::as_str).is_some_and(says) {
            bounds.insert(Box::from(name));
        }
        for (key, value) in body.entries() {
            let mut pending = vec![value];
            while let Some(node) = pending.pop() {
                if let Some(name) = policy_name(node, module) {
                    let names = if key.as_str() == Some("permissions_boundary") { &mut bounds } else { &mut attached };
                    names.insert(Box::from(name));
                }
                pending.extend(node.items().chain(node.arguments()));
            }
        }
    }
    bounds.difference(&attached).cloned().collect()
}

/// What a value names.
pub(super) enum Named {
    Document(Box<str>),
    File(Box<str>),
}

/// The arguments of a document that merge others into it.
const SOURCES: [&str; 2] = ["source_policy_documents", "source_json"];
const OVERRIDES: [&str; 2] = ["override_policy_documents", "override_json"];

/// True for an argument that merges other documents into one.
pub(super) fn merges(argument: &str) -> bool {
    SOURCES.iter().chain(&OVERRIDES).any(|known| *known == argument)
}

/// The values of a document that merge others into it.
pub(super) fn sources(body: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    [added(body), overriding(body)].concat()
}

/// The values of a document that add the statements of others to it.
pub(super) fn added(body: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    SOURCES.iter().filter_map(|argument| body.get(argument)).collect()
}

/// The values of a document whose statements replace those of the same `sid`.
pub(super) fn overriding(body: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    OVERRIDES.iter().filter_map(|argument| body.get(argument)).collect()
}

impl<'t> Uses<'t> {
    /// Collects them from all resources and documents of a folder.
    pub(super) fn of(trees: impl Iterator<Item = &'t Tree<'t>> + Clone, module: &Module<'t>) -> Self {
        let mut uses = Uses {
            boundaries: boundaries(trees.clone(), module),
            of_roles: of_roles(trees.clone(), module),
            domains: Domains::of(trees.clone()),
            ..Uses::default()
        };
        let resources = trees.clone().flat_map(|tree| resources(tree).chain(modules(tree)));
        for (resource, name, body) in resources {
            if resource == "aws_lambda_function_url" && is_text(body, "authorization_type", "NONE") {
                uses.open_urls.extend(function(body));
            }
            let bounds = uses.is_boundary(resource, name);
            let used = |argument: &str| {
                let kind = if bounds { PolicyKind::Boundary } else { kinds::kind_of(resource, argument)? };
                let holder = holder(resource, name, body, module)
                    .filter(|_| matches!(kind, PolicyKind::Identity | PolicyKind::Trust));
                Some(Use { kind, holder })
            };
            let for_roles = uses.is_for_roles(resource, name);
            each_named(body, module, &mut |argument, named| match (named, used(argument)) {
                (Named::Document(name), Some(used)) => {
                    if !for_roles {
                        uses.of_others.insert(name.clone());
                    }
                    let network = uses.domains.network(resource, body, module);
                    let network = match uses.networks.remove(&name) {
                        Some(other) => other.or(network),
                        None => network,
                    };
                    uses.networks.insert(name.clone(), network);
                    uses.direct.insert(name.clone());
                    uses.documents.entry(name).or_default().push(used);
                }
                (Named::File(path), Some(used)) => uses.files.push((path, used)),
                (Named::Document(name), None) => drop(uses.of_others.insert(name)),
                (Named::File(_), None) => {}
            });
        }
        uses.merge(module);
        uses
    }

    /// What is merged into a document is used as that document is.
    fn merge(&mut self, module: &Module<'t>) {
        let mut files = Vec::new();
        for (name, body) in module.documents() {
            for node in sources(body) {
                each_named(node, module, &mut |_, named| match named {
                    Named::Document(source) if *source != *name => self.merged.entry(source).or_default().push(name),
                    Named::Document(_) => {}
                    Named::File(path) => files.push((path, name)),
                });
            }
        }
        // Documents that are merged in a circle, which Terraform refuses, end here too.
        for _ in 0..self.merged.len() {
            let mut grew = false;
            for (source, into) in &self.merged {
                for name in into {
                    let of_whole = self.documents.get(*name).cloned().unwrap_or_default();
                    grew |= self.of_others.contains(*name) && self.of_others.insert(source.clone());
                    let own = self.documents.entry(source.clone()).or_default();
                    for used in of_whole {
                        if !own.contains(&used) {
                            own.push(used);
                            grew = true;
                        }
                    }
                }
            }
            if !grew {
                break;
            }
        }
        for (path, name) in files {
            self.files
                .extend(self.of_document(name).iter().map(|used| (path.clone(), used.clone())).collect::<Vec<_>>());
        }
    }

    /// True for a resource that is a permissions boundary and nothing else.
    pub(super) fn is_boundary(&self, resource: &str, name: &str) -> bool {
        resource == "aws_iam_policy" && self.boundaries.contains(name)
    }

    /// True for a resource whose policies only roles have.
    pub(super) fn is_for_roles(&self, resource: &str, name: &str) -> bool {
        match resource {
            "aws_iam_policy" => self.of_roles.contains(name),
            _ => matches!(kinds::holder_of(resource), Some((HolderKind::Role, _))),
        }
    }

    /// True for a document that only resources for roles use.
    pub(super) fn is_document_for_roles(&self, name: &str) -> bool {
        !self.of_document(name).is_empty() && !self.of_others.contains(name)
    }

    /// The uses of a document.
    pub(super) fn of_document(&self, name: &str) -> &[Use] {
        self.documents.get(name).map_or(&[], |uses| uses)
    }

    /// True for a permission to call the URL of a function that the provider adds by itself, as the URL asks for no signature.
    pub(super) fn repeats_url(&self, resource: &str, body: NodeRef<'_>) -> bool {
        resource == "aws_lambda_permission"
            && is_text(body, "principal", "*")
            && is_text(body, "function_url_auth_type", "NONE")
            && is_text(body, "action", "lambda:InvokeFunctionUrl")
            && function(body).is_some_and(|function| self.open_urls.contains(function))
    }

    /// From where requests reach what has a document as its policy.
    pub(super) fn network_of_document(&self, name: &str) -> Network {
        self.networks.get(name).cloned().unwrap_or_default()
    }

    /// The uses of the files that the module names, with the paths as it names them.
    pub(super) fn into_files(self) -> impl Iterator<Item = (Box<str>, Use)> {
        self.files.into_iter()
    }

    /// The Deny statements that bind a document from those with which it is merged: from its sources, and from what it is
    /// merged into where it is used nowhere else.
    pub(super) fn merged_denies(&self, name: &str, module: &Module<'_>) -> Vec<Statement> {
        let mut together = vec![name];
        if let (Some([whole]), false) = (self.merged.get(name).map(|into| &into[..]), self.direct.contains(name)) {
            together.push(whole);
        }
        let mut at = 0;
        while let Some(whole) = together.get(at).copied() {
            let sources = self.merged.iter().filter(|(_, into)| into.contains(&whole));
            let new: Vec<&str> =
                sources.map(|(source, _)| &**source).filter(|source| !together.contains(source)).collect();
            together.extend(new);
            at += 1;
        }
        together.sort_unstable();
        let others = together.into_iter().filter(|other| *other != name);
        let statements = others
            .filter_map(|other| module.document(other))
            .flat_map(|body| document::read(body, module).0.statements);
        statements.filter(Statement::denies).collect()
    }
}

fn is_text(body: NodeRef<'_>, argument: &str, text: &str) -> bool {
    body.get(argument).and_then(NodeRef::as_str) == Some(text)
}

/// The function that a resource is for: the address that `function_name` refers to, or the name.
fn function<'n>(body: NodeRef<'n>) -> Option<&'n str> {
    let name = body.get("function_name")?;
    let text = reference(name).or(name.as_str())?;
    Some(["function_name", "arn", "id"].iter().find_map(|it| text.strip_suffix(it)?.strip_suffix('.')).unwrap_or(text))
}

/// True if all that is merged into a document is written in the module, and nothing of it replaces what stands there.
pub(super) fn is_whole(body: NodeRef<'_>, module: &Module<'_>) -> bool {
    let replaced = OVERRIDES.iter().any(|argument| body.get(argument).is_some());
    let known = |node: NodeRef<'_>| {
        let node = module.followed(node);
        match node.kind() {
            NodeKind::Seq => node.items().all(|item| is_document(item, module) || is_written(item)),
            _ => is_document(node, module) || is_written(node),
        }
    };
    !replaced && SOURCES.iter().filter_map(|argument| body.get(argument)).all(known)
}

/// True for a document that is written where it is used.
fn is_written(node: NodeRef<'_>) -> bool {
    let inside = || node.arguments().next().is_some_and(|argument| is_policy(argument, None));
    node.kind() == NodeKind::Call && node.as_str() == Some("jsonencode") && inside()
}

pub(super) fn is_document(node: NodeRef<'_>, module: &Module<'_>) -> bool {
    document_name(module.followed(node)).is_some_and(|name| module.document(name).is_some())
}

/// The document that a reference names, as `data.aws_iam_policy_document.NAME.json`.
pub(super) fn document_name(node: NodeRef<'_>) -> Option<&str> {
    let name = reference(node)?.strip_prefix("data.aws_iam_policy_document.")?;
    Some(name.split(['.', '[']).next().unwrap_or(name))
}

/// Calls `take` with every document and file that a value names, however deep, and with the argument in which it stands.
pub(super) fn each_named<'n, 't: 'n>(body: NodeRef<'n>, module: &Module<'t>, take: &mut dyn FnMut(&str, Named)) {
    let mut pending = vec![("", body)];
    while let Some((argument, node)) = pending.pop() {
        let node = module.followed(node);
        if let Some(name) = document_name(node) {
            take(argument, Named::Document(name.into()));
        }
        if let Some(path) = file_name(node, module) {
            take(argument, Named::File(path));
        }
        pending.extend(node.entries().map(|(key, value)| (key.as_str().unwrap_or(""), value)));
        pending.extend(node.items().chain(node.arguments()).map(|item| (argument, item)));
    }
}

/// The file that a call reads, or that a string consists of.
pub(super) fn file_name(node: NodeRef<'_>, module: &Module<'_>) -> Option<Box<str>> {
    let reads = node.kind() == NodeKind::Call && matches!(node.as_str(), Some("file" | "templatefile"));
    match reads {
        true => module.text(node.arguments().next()?),
        // `"${file("policy.json")}"`, as Terraform 0.11 and JSON have it.
        false => {
            let call = node.as_str().filter(|_| node.kind() == NodeKind::String)?.trim();
            let inner = call.strip_prefix("${file(\"")?.strip_suffix("\")}")?;
            let path = inner.strip_prefix("${path.module}/").unwrap_or(inner);
            (!path.contains(['"', '$'])).then(|| path.into())
        }
    }
}
