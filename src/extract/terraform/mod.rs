//! Terraform: all files of a folder together, in HCL or JSON.

mod arguments;
mod document;
mod domains;
mod dynamic;
mod handed;
mod heredoc;
mod holder;
mod kinds;
mod links;
mod names;
mod roles;
mod trust;
mod uses;
mod values;

pub use handed::{Arguments, arguments_of_modules};
pub(super) use kinds::kind_of;
pub(super) use names::{is_template, stands_alone};
pub use names::{is_terraform, is_values};

use super::membership::Memberships;
use super::place::{Path, Step};
use super::resolve::{Module, reference};
use super::shape::is_policy;
use super::shell::without_flaws;
use super::{
    Attachment, Audience, Extraction, Fact, Flaw, FlawKind, Network, PolicySite, credentials, database, entity, guests,
    kind, password_policy, permission, root_user,
};
use crate::document::hcl;
use crate::document::{NodeKind, NodeRef, SyntaxError, Tree, json};
use crate::policy::{Policy, PolicyKind, Spanned, Statement, Use, Value, lower};
use crate::source::{Origin, RelPath, SourceFile, Span};
use crate::spanmap::SpanMap;
use heredoc::Heredoc;
use holder::holder;
use links::Links;
use std::borrow::Cow;
use std::sync::Arc;
use uses::Uses;
use values::module_of;

/// What a file of Terraform with a policy in it can contain without any of the needles of JSON.
pub(crate) const NEEDLES: &[&str] = &[
    "aws_iam_policy_document",
    "policy_arn",
    arguments::TRUST,
    arguments::SUFFIX,
    trust::NEEDLE,
    "\"Allow\"",
    "\"Deny\"",
];

/// Finds what the first `report` files of a module tell; the others only say what references stand for.
pub fn extract(files: &[SourceFile<'_>], report: usize) -> Vec<Extraction> {
    let mut told = extract_all(files);
    told.truncate(report);
    told
}

/// The same, with what the resources have that stands elsewhere.
pub fn extract_linked(files: &[SourceFile<'_>], report: usize) -> Vec<Extraction> {
    let mut told = read(files, true);
    told.truncate(report);
    told
}

/// Finds what the files of a module tell.
pub fn extract_all(files: &[SourceFile<'_>]) -> Vec<Extraction> {
    read(files, false)
}

fn read(files: &[SourceFile<'_>], linked: bool) -> Vec<Extraction> {
    let trees: Vec<_> = files.iter().map(parse).collect();
    let module = module_of(files, trees.iter().map(|(tree, _)| tree));
    let uses = Uses::of(trees.iter().map(|(tree, _)| tree), &module);
    let resources = trees.iter().flat_map(|(tree, _)| resources(tree));
    let together = Memberships::of_module(resources.map(|(kind, _, body)| (kind, body)));
    let links = linked.then(|| Links::of(trees.iter().map(|(tree, _)| tree), &module));
    let mut roles = roles::roles(&trees.iter().map(|(tree, _)| tree).collect::<Vec<_>>(), &module).into_iter();
    let told = files.iter().zip(&trees).map(|(file, (tree, errors))| {
        let mut out = Extraction { roles: roles.next().unwrap_or_default(), ..Extraction::default() };
        syntax(tree, errors, file, &mut out);
        let mut walk = Walk { file, module: &module, uses: &uses, together: &together, quoted: false, out: &mut out };
        tree.roots().for_each(|root| walk.root(root));
        if let Some(links) = &links {
            out.links = links.of_file(tree);
            out.names = links.names_in(tree);
        }
        root_user::extract_text(file, &mut out);
        credentials::extract(file, &mut out);
        out
    });
    told.collect()
}

/// Finds what a part of a text tells that quotes a module. What is no HCL is passed over: prose leaves things out.
pub(super) fn extract_quoted(text: &str, map: &SpanMap, file: &SourceFile<'_>, out: &mut Extraction) {
    if !text.contains("policy") {
        return;
    }
    let (tree, errors) = hcl::parse_in(file.id, text, map.clone());
    if !errors.is_empty() {
        return;
    }
    let module = Module::of([&tree].into_iter());
    let uses = Uses::of([&tree].into_iter(), &module);
    let together = Memberships::of_module(resources(&tree).map(|(kind, _, body)| (kind, body)));
    let before = out.facts.len();
    let mut walk = Walk { file, module: &module, uses: &uses, together: &together, quoted: true, out };
    tree.roots().for_each(|root| walk.root(root));
    without_flaws(out, before);
}

/// What the files that a module names (`file()`, `templatefile()`) are used as.
pub fn uses_of_files(files: &[SourceFile<'_>]) -> Vec<(RelPath, Use)> {
    let trees: Vec<_> = files.iter().map(|file| parse(file).0).collect();
    let folder = files.first().map_or("", |file| file.path.folder());
    let module = module_of(files, trees.iter());
    let uses = Uses::of(trees.iter(), &module);
    uses.into_files().filter_map(|(path, used)| Some((RelPath::new(folder).joined(&path)?, used))).collect()
}

/// Says where the file is not what its name says: what stands in the block round that place is not read.
fn syntax(tree: &Tree<'_>, errors: &[SyntaxError], file: &SourceFile<'_>, out: &mut Extraction) {
    // Other programs have dialects of their own.
    let holds_policies = || file.text().contains("Statement") || file.text().contains("aws_iam_policy_document");
    if stands_alone(file) && !holds_policies() {
        return;
    }
    let broken = || errors.iter().filter(|error| error.kind.is_obstacle());
    out.broken |= broken().next().is_some();
    // A key that stands twice in an object is read by Terraform, and not by the library.
    let mut refused = broken().filter(|error| !error.message.contains("redefined object key"));
    let Some(first) = refused.next() else { return };
    let kind = match file.path.extension() {
        "json" => FlawKind::JsonSyntax,
        _ => FlawKind::HclSyntax,
    };
    let detail = match refused.count() {
        0 => first.message.clone(),
        more => format!("{} (and {more} more)", first.message),
    };
    let at = Origin::here(tree.loc(first.span));
    out.facts.push(Fact::Flaw(Flaw { kind, at, detail, remedy: None }));
}

fn parse<'t>(file: &'t SourceFile<'_>) -> (Tree<'t>, Vec<SyntaxError>) {
    match file.path.extension() {
        "json" => json::parse(file.id, Cow::Borrowed(file.text()), None),
        _ => hcl::parse(file.id, file.text()),
    }
}

/// The resources of a file: type, name and body.
fn resources<'t>(tree: &'t Tree<'t>) -> impl Iterator<Item = (&'t str, &'t str, NodeRef<'t>)> {
    let blocks = tree.roots().flat_map(NodeRef::entries).filter(|(key, _)| key.as_str() == Some("resource"));
    blocks.flat_map(|(_, types)| types.entries()).flat_map(|(kind, names)| {
        names.entries().filter_map(move |(name, body)| Some((kind.as_str()?, name.as_str()?, body)))
    })
}

/// The modules that a file uses, as if each were the resource that it makes; only those that are known to make one.
fn modules<'t>(tree: &'t Tree<'t>) -> impl Iterator<Item = (&'t str, &'t str, NodeRef<'t>)> {
    let blocks = tree.roots().flat_map(NodeRef::entries).filter(|(key, _)| key.as_str() == Some(MODULE));
    let bodies = blocks.flat_map(|(_, names)| names.entries());
    bodies
        .filter(|(_, body)| kinds::is_module_of_endpoints(*body))
        .filter_map(|(name, body)| Some((ENDPOINT, name.as_str()?, body)))
}

struct Walk<'m, 'o> {
    file: &'m SourceFile<'m>,
    module: &'m Module<'m>,
    uses: &'m Uses<'m>,
    together: &'m Memberships,
    /// True for a module that is quoted in prose.
    quoted: bool,
    out: &'o mut Extraction,
}

/// The block that uses another module.
const MODULE: &str = "module";

/// The resource that a module of endpoints makes of each of its entries.
const ENDPOINT: &str = "aws_vpc_endpoint";

/// The resource that a value belongs to, and its argument.
#[derive(Clone, Copy)]
struct Owner<'t> {
    resource: &'t str,
    name: &'t str,
    body: Option<NodeRef<'t>>,
    argument: &'t str,
}

impl Walk<'_, '_> {
    fn root(&mut self, root: NodeRef<'_>) {
        let top = Path::root();
        for (key, value) in root.entries() {
            let block = key.as_str().unwrap_or("");
            let path = top.then(Step::Key(block));
            if block == MODULE {
                for (name, body) in value.entries() {
                    let resource = if kinds::is_module_of_endpoints(body) { ENDPOINT } else { MODULE };
                    let path = path.then(Step::Key(name.as_str().unwrap_or("")));
                    if let Some(policy) = trust::policy(body, self.module) {
                        let uses = vec![Use { kind: PolicyKind::Trust, holder: None }];
                        let whole = path.then(Step::Key("assume_role_policy"));
                        self.site((policy, Vec::new()), uses, Vec::new(), (true, Network::Anywhere), &whole);
                    }
                    self.visit(body, &path, Owner { resource, name: "", body: None, argument: "" });
                }
                continue;
            }
            if !["resource", "data"].contains(&block) {
                self.visit(value, &path, Owner { resource: "", name: "", body: None, argument: "" });
                continue;
            }
            for (kind, names) in value.entries() {
                let resource = kind.as_str().unwrap_or("");
                let path = path.then(Step::Key(resource));
                for (name, body) in names.entries() {
                    let name = name.as_str().unwrap_or("");
                    let path = path.then(Step::Key(name));
                    if block == "resource" {
                        let together = Some(self.together);
                        entity::in_module(resource, &kind.origin(), name, body, together, self.out);
                        database::find(resource, kind.origin(), body, self.module, self.out);
                        guests::find(resource, body, self.module, self.out);
                    }
                    if resource == "aws_iam_policy_document" {
                        let uses = self.uses.of_document(name).to_vec();
                        let bound_by = self.uses.merged_denies(name, self.module);
                        let for_roles = self.uses.is_document_for_roles(name);
                        let read = document::read(body, self.module);
                        let network = self.uses.network_of_document(name);
                        self.site(read, uses, bound_by, (for_roles, network), &path);
                    } else {
                        let permission = permission::site(resource, body, self.module, &path);
                        let permission = permission.filter(|_| !self.uses.repeats_url(resource, body));
                        self.out.facts.extend(permission.map(|site| Fact::Policy(Box::new(site))));
                        password_policy::in_module(resource, kind.origin(), body, self.out);
                        self.visit(body, &path, Owner { resource, name, body: Some(body), argument: "" });
                    }
                }
            }
        }
    }

    fn visit(&mut self, node: NodeRef<'_>, path: &Path<'_>, owner: Owner<'_>) {
        if let Some(policy) = arguments::policy(node, path.key().unwrap_or(""), self.module) {
            let uses = arguments::kind_of(path.key().unwrap_or("")).map(|kind| Use { kind, holder: None });
            let of_module = owner.resource == MODULE;
            return self.site(
                (policy, Vec::new()),
                uses.into_iter().collect(),
                Vec::new(),
                (of_module, Network::Anywhere),
                path,
            );
        }
        match node.kind() {
            NodeKind::Map if is_policy(node, path.key()) => self.policy(node, path, owner),
            NodeKind::Call if node.as_str() == Some("merge") => self.merged(node, path, owner),
            NodeKind::Map => {
                for (key, value) in node.entries() {
                    let argument = key.as_str().unwrap_or("");
                    let path = path.then(Step::Key(argument));
                    if arguments::attaches(argument, owner.resource == MODULE) {
                        self.attachments(value, &path, owner);
                    }
                    self.visit(value, &path, Owner { argument, ..owner });
                }
            }
            NodeKind::Seq | NodeKind::Call | NodeKind::Either => {
                for item in node.items().chain(node.arguments()) {
                    self.visit(item, path, owner);
                }
            }
            NodeKind::String => self.string(node, path, owner),
            _ => {}
        }
    }

    /// A string that holds a document, with interpolations in it.
    fn string(&mut self, node: NodeRef<'_>, path: &Path<'_>, owner: Owner<'_>) {
        let holds = |needle| node.as_str().is_some_and(|text| text.contains(needle));
        if !(holds("Statement") && (holds("Effect") || holds("Action"))) {
            return;
        }
        let Some((text, map)) = node.embedded() else { return };
        let heredoc = Heredoc::read(&text);
        let chosen: Vec<Span> = heredoc.chosen.iter().map(|chosen| map.to_file(*chosen)).collect();
        let (tree, _) = json::parse(self.file.id, Cow::Owned(heredoc.text), Some(map));
        let before = self.out.facts.len();
        for root in tree.roots() {
            self.visit(root, path, owner);
        }
        for fact in self.out.facts.iter_mut().skip(before).filter(|_| !chosen.is_empty()) {
            if let Fact::Policy(site) = fact {
                heredoc::choose(site, &chosen);
            }
        }
    }

    /// Objects that are merged into one: the last `Statement` counts, and what others have beside it.
    fn merged(&mut self, call: NodeRef<'_>, path: &Path<'_>, owner: Owner<'_>) {
        let parts: Vec<_> = call.arguments().collect();
        let Some(last) = parts.iter().rposition(|part| is_policy(*part, path.key()) && part.get("Statement").is_some())
        else {
            return parts.into_iter().for_each(|part| self.visit(part, path, owner));
        };
        let (mut policy, flaws) = lower::policy(parts[last], self.module);
        let beside = |part: &NodeRef<'_>| match part.kind() {
            NodeKind::Map => part.get("Version").map(|version| lower::version(version, self.module)),
            _ => Some(Spanned { value: Value::Unknown(Arc::from(part.raw())), origin: part.origin() }),
        };
        policy.version = policy.version.or_else(|| parts.iter().find_map(beside));
        for part in parts.iter().skip(last + 1).filter(|part| part.kind() != NodeKind::Map) {
            policy.open = true;
            policy.unseen.push(part.raw().into());
        }
        self.used((policy, flaws), path, owner);
    }

    fn policy(&mut self, node: NodeRef<'_>, path: &Path<'_>, owner: Owner<'_>) {
        // An object with nothing but a version, by itself, waits for its statements.
        if owner.resource.is_empty() && !node.entries().any(|(key, _)| key.as_str() != Some("Version")) {
            return;
        }
        self.used(lower::policy(node, self.module), path, owner);
    }

    fn used(&mut self, read: (Policy, Vec<Flaw>), path: &Path<'_>, owner: Owner<'_>) {
        let kind = match self.uses.is_boundary(owner.resource, owner.name) {
            true => Some(PolicyKind::Boundary),
            false => kinds::kind_of(owner.resource, owner.argument),
        };
        let holder = owner.body.and_then(|body| holder(owner.resource, owner.name, body, self.module));
        let uses = kind.map(|kind| Use {
            holder: holder.filter(|_| matches!(kind, PolicyKind::Identity | PolicyKind::Trust)),
            kind,
        });
        let for_roles = self.uses.is_for_roles(owner.resource, owner.name);
        let network =
            owner.body.map_or(Network::Anywhere, |body| self.uses.domains.network(owner.resource, body, self.module));
        self.site(read, uses.into_iter().collect(), Vec::new(), (for_roles, network), path);
    }

    fn site(
        &mut self,
        (policy, flaws): (Policy, Vec<Flaw>),
        uses: Vec<Use>,
        bound_by: Vec<Statement>,
        (for_roles, network): (bool, Network),
        path: &Path<'_>,
    ) {
        let uses = match uses.is_empty() {
            true => vec![Use { kind: kind::infer(&policy, None, &self.file.path), holder: None }],
            false => uses,
        };
        let account = match uses.iter().find(|used| matches!(used.kind, PolicyKind::Resource(_))) {
            Some(_) => kind::account_of_resources(&policy),
            None => None,
        };
        let site = PolicySite {
            policy,
            uses,
            in_force: true,
            path: path.to_string().into(),
            account,
            flaws,
            bound_by,
            audience: if for_roles { Audience::Roles } else { Audience::Anyone },
            quoted: self.quoted,
            network,
        };
        self.out.facts.push(Fact::Policy(Box::new(site)));
    }

    /// The managed policies that an argument attaches; `each.value` stands for the items of `for_each`.
    fn attachments(&mut self, node: NodeRef<'_>, path: &Path<'_>, owner: Owner<'_>) {
        let each = owner.body.and_then(|body| body.get("for_each"));
        let each = each.filter(|_| reference(node).is_some_and(|path| path.starts_with("each.")));
        let holder = owner.body.and_then(|body| holder(owner.resource, owner.name, body, self.module));
        let mut pending = vec![each.unwrap_or(node)];
        while let Some(node) = pending.pop() {
            pending.extend(node.items().chain(node.arguments()).chain(node.entries().map(|(_, value)| value)));
            let Some(value) = self.module.text(node).filter(|text| text.starts_with("arn:")) else { continue };
            if matches!(node.kind(), NodeKind::String | NodeKind::Path) {
                let policy_arn = Spanned { value, origin: node.origin() };
                let path = path.to_string().into();
                self.out.facts.push(Fact::Attachment(Attachment { holder: holder.clone(), policy_arn, path }));
            }
        }
    }
}
