//! Policies in a tree, whatever file it was read from: documents, documents that are strings inside, and who holds them.

mod attached;

use super::json::{forget_flaws, syntax};
use super::membership::Memberships;
use super::place::{Path, Place, Step};
use super::resolve::{Filled, Substituted, Template};
use super::shape::{is_lone_statement, is_of_alibaba, is_policy, is_statements};
use super::{
    Audience, Extraction, Fact, Network, PolicySite, database, entity, guests, identity, kind, link, password_policy,
    permission, shell,
};
use crate::document::json::parse;
use crate::document::{NodeKind, NodeRef, Tree};
use crate::policy::lower::{self, Resolve};
use crate::policy::{Holder, HolderKind, PolicyKind, Use};
use crate::source::{RelPath, SourceFile};
use attached::referred;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;

/// The lists of managed policies: of CloudFormation and the AWS CLI, SAM, eksctl, the Serverless Framework,
/// Crossplane, Ansible and the Landing Zone Accelerator.
const ATTACHED: [&str; 13] = [
    "ManagedPolicyArns",
    "ManagedPolicies",
    "Policies",
    "attachPolicyARNs",
    "awsManaged",
    "managedPolicies",
    "iamManagedPolicies",
    "managedPolicyArns",
    "managed_policies",
    "managed_policy",
    "managed_policy_arns",
    "permissionPolicyARNs",
    "policies",
];

/// How deep strings in strings are followed.
const MAX_ENCODINGS: u32 = 4;

/// What a tree stands in.
pub(super) struct Host<'h> {
    /// The file.
    pub(super) file: &'h SourceFile<'h>,
    /// The words that say what the policies are for: mostly the file's path.
    pub(super) hint: RelPath,
    /// What references in it stand for.
    pub(super) resolve: &'h dyn Resolve,
}

/// Finds the policies of a tree that is a file of its own, and who holds them.
pub(super) fn tree(tree: &Tree<'_>, file: &SourceFile<'_>, out: &mut Extraction) {
    templates(tree, file, &file.path, out);
}

/// Finds the policies of a tree that is quoted in a text, of which the file's name says nothing.
pub(super) fn quoted(tree: &Tree<'_>, file: &SourceFile<'_>, out: &mut Extraction) {
    templates(tree, file, &RelPath::new(""), out);
}

fn templates(tree: &Tree<'_>, file: &SourceFile<'_>, hint: &RelPath, out: &mut Extraction) {
    for root in tree.roots() {
        let template = Template::of(root);
        let filled = Filled { rest: &template, names: &file.fills };
        let resolve: &dyn Resolve = if file.fills.is_empty() { &template } else { &filled };
        let host = Host { file, hint: hint.clone(), resolve };
        Walk::new(&host, &template, out).root(root);
        let urls = permission::urls_of_service(root, &template).into_iter();
        out.facts.extend(urls.map(|site| Fact::Policy(Box::new(site))));
        link::template::find(&template, out);
        let inside = if root.get("Resources").is_some() { "Resources" } else { "resources/Resources" };
        out.identities.extend(identity::template::identities(root, &template, inside));
        out.identities.extend(match planned(root) {
            Some((key, values)) => identity::planned::identities(values, Some(key)),
            None if root.get("terraform_version").is_some() => identity::planned::identities(root, None),
            None => Vec::new(),
        });
    }
    // Where there are several documents, a way through the keys does not say which of them is meant.
    if tree.roots().nth(1).is_some() {
        out.identities.clear();
    }
}

/// Finds the policies of a tree that stands in something else.
pub(super) fn tree_in(tree: &Tree<'_>, host: &Host<'_>, out: &mut Extraction) {
    for root in tree.roots() {
        Walk::new(host, &Template::of(root), out).root(root);
    }
}

struct Walk<'h, 'o> {
    host: &'h Host<'h>,
    out: &'o mut Extraction,
    /// What references stand for in the text of `Fn::Sub`.
    template: &'h Template<'h>,
    /// True inside such a text.
    substituted: bool,
    /// Which users and groups belong together.
    together: OnceCell<Memberships>,
    /// Managed policies of the file: their ARN, and where among the facts each stands.
    managed: Vec<(Box<str>, usize)>,
    attachments: Vec<(Box<str>, Option<Holder>)>,
    printed: Vec<identity::output::Printed>,
    boundaries: Vec<Box<str>>,
    /// The resources of the template that `PermissionsBoundary` refers to, and those that lists of policies do.
    boundary_refs: Vec<Box<str>>,
    attached_refs: Vec<(Box<str>, Option<HolderKind>)>,
    /// The bytes of each policy, and where among the facts it stands.
    places: HashMap<(u32, u32), usize>,
}

impl<'h, 'o> Walk<'h, 'o> {
    fn new(host: &'h Host<'h>, template: &'h Template<'h>, out: &'o mut Extraction) -> Self {
        let (managed, attachments, boundaries) = (Vec::new(), Vec::new(), Vec::new());
        let places = HashMap::new();
        let (boundary_refs, attached_refs) = (Vec::new(), Vec::new());
        Walk {
            host,
            out,
            template,
            substituted: false,
            together: OnceCell::new(),
            managed,
            attachments,
            printed: Vec::new(),
            boundaries,
            boundary_refs,
            attached_refs,
            places,
        }
    }

    fn root(&mut self, root: NodeRef<'_>) {
        let path = Path::root();
        match planned(root) {
            Some((key, values)) => self.visit(values, &path.then(Step::Key(key)), Place::default(), 0),
            None => self.visit(root, &path, Place::default(), 0),
        }
        self.attach();
    }

    fn visit(&mut self, node: NodeRef<'_>, path: &Path<'_>, place: Place<'_>, encodings: u32) {
        match node.kind() {
            NodeKind::Map if is_of_alibaba(node) => {}
            NodeKind::Map if encodings == 0 && place.is_of_document() => self.map(node, path, place, encodings),
            NodeKind::Map if is_policy(node, path.key()) || is_lone_statement(node, path.key()) => {
                self.policy(node, path, &place)
            }
            NodeKind::Map => self.map(node, path, place, encodings),
            NodeKind::Seq if is_statements(node, path.key()) => self.policy(node, path, &place),
            NodeKind::Seq => {
                let many = node.items().nth(1).is_some();
                for (index, item) in node.items().enumerate() {
                    let path = path.then(Step::Index(index));
                    self.visit(item, &path, place.one_of(many), encodings);
                    if path.list_key().is_some_and(|key| ATTACHED.contains(&key)) {
                        self.attachment(item, &path, &place);
                        self.sam_templates(item, &path, &place);
                    }
                }
            }
            NodeKind::String if encodings < MAX_ENCODINGS => self.string(node, path, place, encodings),
            _ => {}
        }
    }

    /// A map that is no policy: what its keys say, and what stands in it.
    fn map(&mut self, node: NodeRef<'_>, path: &Path<'_>, place: Place<'_>, encodings: u32) {
        let place = place.inside(node, path);
        if let Some(boundary) = place.boundary {
            self.boundaries.push(boundary.into());
        }
        let (mut user, mut groups, mut attached, mut role) = (None, None, None, None);
        for (key, value) in node.entries() {
            let name = key.as_str().unwrap_or("");
            match name {
                "Type" => {
                    let members = || Memberships::of_template(self.template);
                    let together = self.together.get_or_init(members);
                    entity::in_template(path.key().unwrap_or(""), node, self.template, together, self.out);
                    self.resource(value, node.get("Properties"), path);
                    self.boundary_refs.extend(kind::named_boundary(path.key(), node));
                }
                "type" => self.planned(value, node, path),
                "PasswordPolicy" => password_policy::in_output(key, value, self.out),
                permission::URL_OF_SAM => self.permission(name, value, &path.then(Step::Key(name))),
                "UserName" => user = value.as_str(),
                "RoleName" => role = Some(node),
                "GroupList" => groups = Some(value),
                "PolicyArn" | "policyArn" => attached = Some(value),
                "policy_arn" if place.is_planned() => attached = Some(value),
                "PermissionsBoundary" => self.boundary_refs.extend(referred(value)),
                _ => {}
            }
            self.visit(value, &path.then(Step::Key(name)), place.under(name), encodings);
            if ATTACHED.contains(&name) {
                let path = path.then(Step::Key(name));
                match value.kind() {
                    NodeKind::Seq => {
                        let kind = place.holder().map(|holder| holder.kind);
                        let kind = kind.or(place.for_roles.then_some(HolderKind::Role));
                        let named = value.items().filter_map(referred);
                        self.attached_refs.extend(named.map(|name| (name, kind)));
                    }
                    // One name without a list, or a function that gives the list.
                    _ => {
                        self.attachment(value, &path, &place);
                        self.sam_templates(value, &path, &place);
                    }
                }
            }
        }
        if let (Some(user), Some(groups)) = (user, groups) {
            let names = groups.items().filter_map(|group| Some((user.into(), group.as_str()?.into())));
            self.out.memberships.extend(names);
        }
        if let Some(arn) = attached {
            self.attachment(arn, path, &place);
        }
        self.printed.extend(role.and_then(|role| identity::output::role(role, path)));
    }

    /// A resource in a plan or the state of Terraform.
    fn planned(&mut self, kind: NodeRef<'_>, resource: NodeRef<'_>, path: &Path<'_>) {
        let attributes = || resource.get("instances")?.items().next()?.get("attributes");
        let managed = resource.get("mode").is_none_or(|mode| mode.as_str() == Some("managed"));
        let body = resource.get("values").or_else(attributes).filter(|_| managed);
        let (Some(name), Some(body)) = (kind.as_str(), body) else { return };
        entity::in_module(name, &kind.origin(), "", body, None, self.out);
        password_policy::in_module(name, kind.origin(), body, self.out);
        self.resource(kind, Some(body), path);
    }

    /// A resource that tells something by itself: one that is a statement of a policy, a database, a pool for guests.
    fn resource(&mut self, kind: NodeRef<'_>, body: Option<NodeRef<'_>>, path: &Path<'_>) {
        let (Some(name), Some(body)) = (kind.as_str(), body) else { return };
        database::find(name, kind.origin(), body, self.host.resolve, self.out);
        guests::find(name, body, self.host.resolve, self.out);
        self.permission(name, body, path);
    }

    fn permission(&mut self, kind: &str, body: NodeRef<'_>, path: &Path<'_>) {
        let site = permission::site(kind, body, self.host.resolve, path);
        self.out.facts.extend(site.map(|site| Fact::Policy(Box::new(site))));
    }

    /// A string that holds a document: read it as one, with its places mapped back.
    fn string(&mut self, node: NodeRef<'_>, path: &Path<'_>, place: Place<'_>, encodings: u32) {
        let holds = |needle| node.as_str().is_some_and(|text| text.contains(needle));
        if holds("aws ") && !holds("Statement") && !path.is_of_prose() && node.as_str().is_some_and(shell::tells) {
            return self.script(node);
        }
        if !(holds("Statement") && (holds("Effect") || holds("Action"))) {
            return;
        }
        let Some((text, map)) = node.embedded() else { return self.script(node) };
        let (tree, errors) = parse(self.host.file.id, Cow::Owned(text), Some(map));
        let before = self.out.facts.len();
        let outside = self.substituted;
        self.substituted |= path.is_substituted();
        for root in tree.roots() {
            self.visit(root, path, place, encodings + 1);
        }
        self.substituted = outside;
        forget_flaws(&errors, self.out, before);
        syntax(&tree, &errors, true, self.out);
    }

    /// A string that is a script, as those of a pipeline are: documents stand in its heredocs and arguments.
    fn script(&mut self, node: NodeRef<'_>) {
        if let Some((text, map)) = node.text_with_map() {
            shell::extract_inner(text, &map, self.host.file, self.out);
        }
    }

    fn policy(&mut self, node: NodeRef<'_>, path: &Path<'_>, place: &Place<'_>) {
        let substituted = Substituted(self.template);
        let resolve: &dyn Resolve = if self.substituted { &substituted } else { self.host.resolve };
        let (policy, flaws) = lower::policy(node, resolve);
        // What names a principal is not identity-based, whoever holds the map round it.
        let has_principal = policy.statements.iter().any(|statement| statement.principal.is_some());
        let stated = place.kind(path).filter(|kind| *kind != PolicyKind::Identity || !has_principal);
        let kind = stated.unwrap_or_else(|| kind::infer(&policy, place.resource, &self.host.hint));
        let account = place.account.map(Box::from).or_else(|| match &kind {
            PolicyKind::Resource(_) => kind::account_of_resources(&policy),
            _ => None,
        });
        let in_force = place.default_version != Some(false)
            && !place.aws_managed
            && !(place.service_linked && kind == PolicyKind::Trust);
        if let Some(arn) = place.policy_arn {
            self.managed.push((arn.into(), self.out.facts.len()));
        }
        let holder = place.holder().filter(|_| matches!(kind, PolicyKind::Identity | PolicyKind::Trust));
        let uses = vec![Use { kind, holder }];
        let audience = match place.for_roles || path.is_of_serverless_role() {
            true => Audience::Roles,
            false => Audience::Anyone,
        };
        let partial = place.custom;
        let flaws = if partial { Vec::new() } else { flaws };
        let network = place.domain.map_or(Network::Anywhere, |domain| Network::of_domain(domain, resolve));
        let place = (policy.origin.at.span.start, policy.origin.at.span.end);
        if let Some(Fact::Policy(site)) = self.places.get(&place).and_then(|fact| self.out.facts.get_mut(*fact)) {
            // The same bytes again, by an alias.
            site.in_force |= in_force;
            site.uses.extend(uses.into_iter().filter(|used| !site.uses.contains(used)).collect::<Vec<_>>());
            return;
        }
        self.places.insert(place, self.out.facts.len());
        let site = PolicySite {
            policy,
            uses,
            in_force,
            path: path.to_string().into(),
            account,
            flaws,
            bound_by: Vec::new(),
            audience,
            quoted: false,
            partial,
            network,
        };
        self.out.facts.push(Fact::Policy(Box::new(site)));
    }
}

/// The part of a plan of Terraform (`terraform show -json`) that says what will be: the others repeat it, or say what was.
fn planned(root: NodeRef<'_>) -> Option<(&'static str, NodeRef<'_>)> {
    root.get("format_version")
        .filter(|_| root.get("terraform_version").is_some() || root.get("planned_values").is_some())?;
    ["planned_values", "values", "resource_changes"].into_iter().find_map(|key| Some((key, root.get(key)?)))
}
