//! What the resources of a module attach, and which documents of theirs cannot be seen.

use super::uses::{Named, each_named, file_name, is_document, sources};
use super::{kinds, resources};
use crate::document::{NodeKind, NodeRef, Tree};
use crate::extract::link::{Link, Owner, Target, is_of_aws};
use crate::extract::resolve::{Module, reference};
use crate::extract::shape::is_policy;
use crate::policy::lower::{Resolve, Stands};
use crate::policy::{Holder, HolderKind};
use std::collections::HashMap;

/// Values lead to values so far at the most.
const MAX_STEPS: u32 = 16;

/// The arguments that take a document.
const DOCUMENTS: [&str; 8] = [
    "policy",
    "assume_role_policy",
    "access_policy",
    "access_policies",
    "resource_policy",
    "inline_policy",
    "policy_document",
    "content",
];

/// The functions that give a document as it is put in.
const SEEN_THROUGH: [&str; 7] = ["jsonencode", "jsondecode", "coalesce", "try", "trimspace", "tostring", "one"];

/// Policies of other languages.
const OTHER_LANGUAGES: [&str; 3] = ["lifecycle", "data_protection", "account_policy"];

/// The resources of a module, as `aws_iam_role.ci`.
pub(super) struct Links<'m, 't> {
    module: &'m Module<'t>,
    bodies: HashMap<String, NodeRef<'t>>,
}

impl<'m, 't> Links<'m, 't> {
    pub(super) fn of(trees: impl Iterator<Item = &'t Tree<'t>>, module: &'m Module<'t>) -> Self {
        let named = trees.flat_map(resources).map(|(kind, name, body)| (format!("{kind}.{name}"), body));
        Links { module, bodies: named.collect() }
    }

    /// The names of the users, groups and roles of a file, by what the module calls them.
    pub(super) fn names_in(&self, tree: &'t Tree<'t>) -> Vec<(Box<str>, Box<str>)> {
        let principals = resources(tree)
            .filter(|(kind, ..)| ["aws_iam_role", "aws_iam_user", "aws_iam_group"].contains(kind))
            .map(|(kind, name, _)| format!("{kind}.{name}"));
        principals.filter_map(|label| Some((label.as_str().into(), self.name(&label)?))).collect()
    }

    fn name(&self, label: &str) -> Option<Box<str>> {
        self.module.text(self.bodies.get(label)?.get("name")?)
    }

    /// What the resources of a file have.
    pub(super) fn of_file(&self, tree: &'t Tree<'t>) -> Vec<Link> {
        let mut out = Vec::new();
        for (kind, name, body) in resources(tree) {
            self.attached(kind, name, body, &mut out);
            self.documents(kind, name, body, &mut out);
        }
        out
    }

    fn attached(&self, kind: &str, name: &str, body: NodeRef<'t>, out: &mut Vec<Link>) {
        use HolderKind::{Group, Role, User};
        let own = |kind| {
            let label = format!("{}.{name}", resource_of(kind));
            vec![Holder { kind, name: self.name(&label).unwrap_or(label.into()) }]
        };
        let (holders, arguments): (Vec<Holder>, &[&str]) = match kind {
            "aws_iam_role" => (own(Role), &["managed_policy_arns"]),
            "aws_iam_user" => (own(User), &[]),
            "aws_iam_role_policy_attachments_exclusive" => (self.holders(Role, body, "role_name"), &["policy_arns"]),
            "aws_iam_policy_attachment" => (
                [(Role, "roles"), (User, "users"), (Group, "groups")]
                    .into_iter()
                    .flat_map(|(kind, argument)| self.holders(kind, body, argument))
                    .collect(),
                &["policy_arn"],
            ),
            "aws_iam_user_group_membership" => {
                for user in self.holders(User, body, "user") {
                    for (node, group) in self.named(Group, body, "groups") {
                        out.push(Link::new(Owner::Holder(user.clone()), Target::Group(group), node));
                    }
                }
                return;
            }
            "aws_iam_group_membership" => {
                for (node, group) in self.named(Group, body, "group") {
                    for user in self.holders(User, body, "users") {
                        out.push(Link::new(Owner::Holder(user), Target::Group(group.clone()), node));
                    }
                }
                return;
            }
            _ => match kinds::holder_of(kind) {
                Some((of, argument)) if kind.ends_with("_attachment") => {
                    (self.holders(of, body, argument), &["policy_arn"])
                }
                _ => return,
            },
        };
        for holder in &holders {
            for node in arguments.iter().filter_map(|argument| body.get(argument)) {
                let targets = self.leaves(node, body).into_iter();
                out.extend(targets.map(|leaf| Link::new(Owner::Holder(holder.clone()), self.policy(leaf), leaf)));
            }
            if let Some(node) = body.get("permissions_boundary") {
                let targets = self.leaves(node, body).into_iter();
                out.extend(targets.map(|leaf| Link::new(Owner::Bounded(holder.clone()), self.policy(leaf), leaf)));
            }
        }
    }

    /// The policy that an ARN names.
    fn policy(&self, leaf: NodeRef<'t>) -> Target {
        if let Some(text) = self.module.text(leaf).filter(|text| is_of_aws(text)) {
            return Target::Managed(text);
        }
        let label = reference(leaf).filter(|path| path.starts_with("aws_iam_policy.")).map(label);
        let Some((label, body)) = label.and_then(|label| Some((label.clone(), *self.bodies.get(&label)?))) else {
            return Target::Unknown;
        };
        let mut places = vec![format!("resource/{}", label.replace('.', "/")).into()];
        let mut files = Vec::new();
        let mut pending = vec![body];
        while let Some(node) = pending.pop() {
            each_named(node, self.module, &mut |_, named| match named {
                Named::Document(name) => {
                    let place: Box<str> = format!("data/aws_iam_policy_document/{name}").into();
                    if !places.contains(&place) {
                        places.push(place);
                        pending.extend(self.module.document(&name).into_iter().flat_map(sources));
                    }
                }
                Named::File(path) => files.push(path),
            });
        }
        Target::Policies(places, files)
    }

    fn holders(&self, kind: HolderKind, body: NodeRef<'t>, argument: &str) -> Vec<Holder> {
        self.named(kind, body, argument).into_iter().map(|(_, name)| Holder { kind, name }).collect()
    }

    /// The principals that an argument names: by their names, or by what the module calls them.
    fn named(&self, kind: HolderKind, body: NodeRef<'t>, argument: &str) -> Vec<(NodeRef<'t>, Box<str>)> {
        let name = |leaf: NodeRef<'t>| {
            let label = reference(leaf).filter(|path| path.starts_with(resource_of(kind))).map(label);
            match label {
                Some(label) => self.name(&label).unwrap_or(label.into()),
                None => self.module.text(leaf).unwrap_or_else(|| leaf.raw().into()),
            }
        };
        let leaves = body.get(argument).map(|node| self.leaves(node, body)).unwrap_or_default();
        leaves.into_iter().map(|leaf| (leaf, name(leaf))).collect()
    }

    /// The single values of a list; `each.value` stands for the items of `for_each`.
    fn leaves(&self, node: NodeRef<'t>, body: NodeRef<'t>) -> Vec<NodeRef<'t>> {
        let (mut leaves, mut pending) = (Vec::new(), vec![(node, 0)]);
        while let Some((node, steps)) = pending.pop() {
            let node = self.module.followed(node);
            let each = reference(node).filter(|path| ["each.value", "each.key"].contains(path));
            let each = each.and_then(|path| Some((path, self.module.followed(body.get("for_each")?))));
            let below: Vec<NodeRef<'t>> = match (each, self.module.stands(node)) {
                _ if steps > MAX_STEPS => {
                    leaves.push(node);
                    continue;
                }
                (Some(("each.key", all)), _) if all.kind() == NodeKind::Map => {
                    all.entries().map(|(key, _)| key).collect()
                }
                (Some((_, all)), _) if all.kind() == NodeKind::Map => all.entries().map(|(_, value)| value).collect(),
                (Some((_, all)), _) => vec![all],
                (None, Stands::OneOf(parts) | Stands::AllOf(parts)) => parts,
                (None, _) if node.kind() == NodeKind::Seq => node.items().collect(),
                (None, _) => {
                    leaves.push(node);
                    continue;
                }
            };
            pending.extend(below.into_iter().map(|node| (node, steps + 1)));
        }
        leaves.reverse();
        leaves
    }

    /// The documents of a resource that stand in a file, or cannot be seen.
    fn documents(&self, kind: &str, name: &str, body: NodeRef<'t>, out: &mut Vec<Link>) {
        if OTHER_LANGUAGES.iter().any(|other| kind.contains(other)) {
            return;
        }
        for (key, value) in body.entries() {
            let argument = key.as_str().filter(|argument| DOCUMENTS.contains(argument)).unwrap_or("");
            if !argument.is_empty() && kinds::kind_of(kind, argument).is_some() {
                self.unseen(value, &mut |node, target| {
                    out.push(Link::new(Owner::Place(format!("{kind}.{name}").into()), target, node));
                });
            }
        }
    }

    fn unseen(&self, node: NodeRef<'t>, take: &mut dyn FnMut(NodeRef<'t>, Target)) {
        let node = self.module.followed(node);
        if is_document(node, self.module) {
            return;
        }
        if let Some(path) = file_name(node, self.module) {
            return take(node, Target::Policies(Vec::new(), vec![path]));
        }
        match node.kind() {
            NodeKind::Null | NodeKind::Bool | NodeKind::Number => {}
            NodeKind::Map if node.get("Statement").is_some() && !is_policy(node, None) => take(node, Target::Unknown),
            NodeKind::Map => node.get("policy").into_iter().for_each(|inner| self.unseen(inner, take)),
            NodeKind::Seq => node.items().for_each(|item| self.unseen(item, take)),
            NodeKind::Either => node.arguments().for_each(|arm| self.unseen(arm, take)),
            NodeKind::String => {
                let text = node.as_str().unwrap_or("");
                if !text.contains("Statement") && text.contains("${") {
                    take(node, Target::Unknown);
                }
            }
            NodeKind::Call if node.as_str().is_some_and(|name| SEEN_THROUGH.contains(&name)) => {
                node.arguments().for_each(|argument| self.unseen(argument, take));
            }
            _ => take(node, Target::Unknown),
        }
    }
}

fn resource_of(kind: HolderKind) -> &'static str {
    match kind {
        HolderKind::Role => "aws_iam_role",
        HolderKind::User => "aws_iam_user",
        HolderKind::Group => "aws_iam_group",
    }
}

/// Type and name of the resource that a reference leads into.
fn label(path: &str) -> String {
    let mut parts = path.split('.').map(|part| part.split('[').next().unwrap_or(part));
    format!("{}.{}", parts.next().unwrap_or(""), parts.next().unwrap_or(""))
}
