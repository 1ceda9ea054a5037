//! The way through a file of Terraform: which of its values are policies, and what holds them.

use super::heredoc::{self, Heredoc};
use super::holder::holder;
use super::uses::{Uses, merges};
use super::{ENDPOINT, MODULE, arguments, document, kinds, trust};
use crate::document::{NodeKind, NodeRef, json};
use crate::extract::membership::Memberships;
use crate::extract::place::{Path, Step};
use crate::extract::resolve::{Module, reference};
use crate::extract::shape::is_policy;
use crate::extract::{
    Attachment, Audience, Extraction, Fact, Flaw, Network, PolicySite, database, entity, guests, kind, password_policy,
    permission,
};
use crate::policy::lower::Resolve as _;
use crate::policy::{Policy, PolicyKind, Spanned, Statement, Use, Value, lower};
use crate::source::{Origin, SourceFile, Span};
use std::borrow::Cow;
use std::sync::Arc;

/// A file on the way through its blocks.
pub(super) struct Walk<'m, 'o> {
    pub(super) file: &'m SourceFile<'m>,
    pub(super) module: &'m Module<'m>,
    pub(super) uses: &'m Uses<'m>,
    pub(super) together: &'m Memberships,
    /// True for a module that is quoted in prose.
    pub(super) quoted: bool,
    pub(super) out: &'o mut Extraction,
}

/// The resource that a value belongs to, and its argument.
#[derive(Clone, Copy, Default)]
struct Owner<'t> {
    resource: &'t str,
    name: &'t str,
    body: Option<NodeRef<'t>>,
    argument: &'t str,
    /// The document into which it is merged.
    document: &'t str,
}

impl Walk<'_, '_> {
    pub(super) fn root(&mut self, root: NodeRef<'_>) {
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
                    self.visit(body, &path, Owner { resource, ..Owner::default() });
                }
                continue;
            }
            if !["resource", "data"].contains(&block) {
                self.visit(value, &path, Owner::default());
                continue;
            }
            for (kind, names) in value.entries() {
                let resource = kind.as_str().unwrap_or("");
                let path = path.then(Step::Key(resource));
                for (name, body) in names.entries() {
                    let name = name.as_str().unwrap_or("");
                    let path = path.then(Step::Key(name));
                    if block == "resource" {
                        // Prose leaves out what else there is.
                        let together = Some(self.together).filter(|_| !self.quoted);
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
                        for (key, value) in body.entries() {
                            let argument = key.as_str().filter(|argument| merges(argument));
                            if let Some(argument) = argument {
                                let owner = Owner { document: name, ..Owner::default() };
                                self.visit(value, &path.then(Step::Key(argument)), owner);
                            }
                        }
                    } else {
                        let permission = permission::site(resource, body, self.module, &path);
                        let permission = permission.filter(|_| !self.uses.repeats_url(resource, body));
                        self.out.facts.extend(permission.map(|site| Fact::Policy(Box::new(site))));
                        password_policy::in_module(resource, kind.origin(), body, self.out);
                        self.visit(body, &path, Owner { resource, name, body: Some(body), ..Owner::default() });
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
        if !owner.document.is_empty() {
            let uses = self.uses.of_document(owner.document).to_vec();
            let for_roles = self.uses.is_document_for_roles(owner.document);
            let network = self.uses.network_of_document(owner.document);
            let own = self.module.document(owner.document).map(|body| document::read(body, self.module).0.statements);
            let denies = own.into_iter().flatten().filter(Statement::denies);
            let bound_by = self.uses.merged_denies(owner.document, self.module).into_iter().chain(denies).collect();
            return self.site(read, uses, bound_by, (for_roles, network), path);
        }
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
            partial: self.quoted,
            network,
        };
        self.out.facts.push(Fact::Policy(Box::new(site)));
    }

    /// The managed policies that an argument attaches; `each.value` stands for the items of `for_each`.
    fn attachments(&mut self, node: NodeRef<'_>, path: &Path<'_>, owner: Owner<'_>) {
        let each = owner.body.and_then(|body| body.get("for_each"));
        let each = each.filter(|_| reference(node).is_some_and(|path| path.starts_with("each.")));
        let holder = owner.body.and_then(|body| holder(owner.resource, owner.name, body, self.module));
        let mut pending = vec![(each.unwrap_or(node), false)];
        while let Some((node, chosen)) = pending.pop() {
            let replaceable = chosen || node.kind() == NodeKind::Either || self.module.is_replaceable(node);
            let below = node.items().chain(node.arguments()).chain(node.entries().map(|(_, value)| value));
            pending.extend(below.map(|node| (node, replaceable)));
            let Some(value) = self.module.text(node).filter(|text| text.starts_with("arn:")) else { continue };
            if matches!(node.kind(), NodeKind::String | NodeKind::Path) {
                let policy_arn = Spanned { value, origin: Origin { replaceable, ..node.origin() } };
                let path = path.to_string().into();
                self.out.facts.push(Fact::Attachment(Attachment { holder: holder.clone(), policy_arn, path }));
            }
        }
    }
}
