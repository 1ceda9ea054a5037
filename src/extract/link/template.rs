//! What the resources of a template of CloudFormation attach, and which documents of theirs cannot be seen.

use super::{Link, Owner, Target, is_of_aws};
use crate::document::{NodeKind, NodeRef};
use crate::extract::resolve::Template;
use crate::extract::shape::is_policy;
use crate::extract::{Extraction, sam};
use crate::policy::lower::{Resolve, Stands};
use crate::policy::{Holder, HolderKind};

/// Properties whose value is a document.
const DOCUMENTS: [&str; 6] = [
    "PolicyDocument",
    "AssumeRolePolicyDocument",
    "KeyPolicy",
    "ResourcePolicy",
    "InlinePolicy",
    "RepositoryPolicyText",
];

/// Finds them, if they are asked for.
pub(in crate::extract) fn find(template: &Template<'_>, out: &mut Extraction) {
    for (name, resource) in template.resources().filter(|_| out.linked).into_iter().flat_map(NodeRef::entries) {
        let name = name.as_str().unwrap_or("");
        let kind = resource.get("Type").and_then(NodeRef::as_str).unwrap_or("");
        let find = Find { template, name, kind };
        if let Some(properties) = resource.get("Properties") {
            find.attached(properties, &mut out.links);
            find.documents(properties, 0, &mut out.links);
        }
        if ["AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"].contains(&kind) {
            let mut given = ["RoleName", "UserName", "GroupName"].into_iter();
            let given = given.find_map(|key| template.text(resource.get("Properties")?.get(key)?));
            out.names.extend(given.map(|given| (find.name_of(name), given)));
        }
        if kind.starts_with("AWS::IAM::") {
            find.inserted(resource, &mut out.links);
        }
    }
}

/// A resource.
struct Find<'f, 't> {
    template: &'f Template<'t>,
    name: &'f str,
    kind: &'f str,
}

impl<'f, 't> Find<'f, 't> {
    fn attached(&self, properties: NodeRef<'t>, out: &mut Vec<Link>) {
        use HolderKind::{Group, Role, User};
        let named = |kind, property: &str| {
            let leaves = properties.get(property).map(|node| self.leaves(node)).unwrap_or_default();
            leaves.into_iter().map(move |leaf| (leaf, Holder { kind, name: self.principal(leaf) })).collect::<Vec<_>>()
        };
        let holder = match self.kind {
            "AWS::IAM::Role" => Role,
            "AWS::IAM::User" => User,
            "AWS::IAM::Group" => Group,
            "AWS::IAM::UserToGroupAddition" => {
                for (node, group) in named(Group, "GroupName") {
                    for (_, user) in named(User, "Users") {
                        out.push(Link::new(Owner::Holder(user), Target::Group(group.name.clone()), node));
                    }
                }
                return;
            }
            kind if POLICIES.contains(&kind) => {
                let lists = [(Role, "Roles"), (User, "Users"), (Group, "Groups")];
                let single = [(Role, "RoleName"), (User, "UserName"), (Group, "GroupName")];
                for (kind, property) in lists.into_iter().chain(single) {
                    for (node, holder) in named(kind, property) {
                        out.push(Link::new(Owner::Holder(holder), self.own(self.name), node));
                    }
                }
                return;
            }
            "AWS::Serverless::Function" | "AWS::Serverless::StateMachine" => {
                for leaf in properties.get("Policies").map(|node| self.leaves(node)).unwrap_or_default() {
                    let known = leaf.kind() == NodeKind::String
                        || is_policy(leaf, None)
                        || leaf.get("Statement").is_some()
                        || sam::is_known(leaf, self.template);
                    if !known {
                        // SAM makes a role for it.
                        let role = Holder { kind: Role, name: self.name_of(self.name) };
                        out.push(Link::new(Owner::Holder(role), self.policy(leaf), leaf));
                    }
                }
                return;
            }
            _ => return,
        };
        let holder = Holder { kind: holder, name: self.name_of(self.name) };
        for leaf in properties.get("ManagedPolicyArns").map(|node| self.leaves(node)).unwrap_or_default() {
            out.push(Link::new(Owner::Holder(holder.clone()), self.policy(leaf), leaf));
        }
        for leaf in properties.get("PermissionsBoundary").map(|node| self.leaves(node)).unwrap_or_default() {
            out.push(Link::new(Owner::Bounded(holder.clone()), self.policy(leaf), leaf));
        }
        for (node, group) in named(Group, "Groups") {
            out.push(Link::new(Owner::Holder(holder.clone()), Target::Group(group.name), node));
        }
        for leaf in properties.get("Policies").map(|node| self.leaves(node)).unwrap_or_default() {
            if leaf.get("PolicyDocument").is_none() {
                out.push(Link::new(Owner::Place(self.name.into()), Target::Unknown, leaf));
            }
        }
    }

    /// The documents that cannot be seen.
    fn documents(&self, node: NodeRef<'t>, depth: u32, out: &mut Vec<Link>) {
        for (key, value) in node.entries() {
            let name = key.as_str().unwrap_or("");
            let content = name == "Content" && self.kind == "AWS::Organizations::Policy";
            if content || DOCUMENTS.contains(&name) {
                for leaf in self.leaves(value) {
                    let text = leaf.as_str().unwrap_or("");
                    let seen = match leaf.kind() {
                        NodeKind::Map => is_policy(leaf, Some("PolicyDocument")) && !self.is_call(leaf),
                        _ => text.contains("Statement"),
                    };
                    if !seen {
                        out.push(Link::new(Owner::Place(self.name.into()), Target::Unknown, leaf));
                    }
                }
            } else if depth < 8 {
                self.documents(value, depth + 1, out);
                value.items().for_each(|item| self.documents(item, depth + 1, out));
            }
        }
    }

    /// What a macro puts in.
    fn inserted(&self, node: NodeRef<'t>, out: &mut Vec<Link>) {
        for (key, value) in node.entries() {
            if key.as_str() == Some("Fn::Transform") {
                out.push(Link::new(Owner::Place(self.name.into()), Target::Unknown, value));
            } else if !key.as_str().is_some_and(|key| DOCUMENTS.contains(&key)) {
                self.inserted(value, out);
                value.items().for_each(|item| self.inserted(item, out));
            }
        }
    }

    /// The single values of a list.
    fn leaves(&self, node: NodeRef<'t>) -> Vec<NodeRef<'t>> {
        let (mut leaves, mut pending) = (Vec::new(), vec![node]);
        while let Some(node) = pending.pop() {
            match self.template.stands(node) {
                Stands::OneOf(parts) | Stands::AllOf(parts) => pending.extend(parts),
                _ if node.kind() == NodeKind::Seq => pending.extend(node.items()),
                _ => leaves.push(node),
            }
        }
        leaves.reverse();
        leaves
    }

    fn is_call(&self, node: NodeRef<'t>) -> bool {
        !matches!(self.template.stands(node), Stands::Plain)
    }

    /// The policy that an ARN names.
    fn policy(&self, leaf: NodeRef<'t>) -> Target {
        match self.template.text(leaf) {
            Some(text) if is_of_aws(&text) => Target::Managed(text),
            _ => match self.referred(leaf).filter(|name| POLICIES.contains(&self.kind_of(name))) {
                Some(name) => self.own(name),
                None => Target::Unknown,
            },
        }
    }

    fn own(&self, name: &str) -> Target {
        Target::Policies(vec![format!("Resources/{name}").into()], Vec::new())
    }

    /// The name of a principal: its own, or that of its resource in the template.
    fn principal(&self, leaf: NodeRef<'t>) -> Box<str> {
        match self.referred(leaf).filter(|name| self.kind_of(name).starts_with("AWS::IAM::")) {
            Some(name) => self.name_of(name),
            None => self.template.text(leaf).unwrap_or_else(|| leaf.raw().into()),
        }
    }

    fn name_of(&self, resource: &str) -> Box<str> {
        format!("Resources/{resource}").into()
    }

    fn kind_of(&self, resource: &str) -> &'t str {
        let kind = self.template.resources().and_then(|all| all.get(resource)?.get("Type")?.as_str());
        kind.unwrap_or("")
    }

    /// The resource that `Ref` or `Fn::GetAtt` leads to.
    fn referred(&self, leaf: NodeRef<'t>) -> Option<&'t str> {
        let attribute = || {
            let argument = leaf.get("Fn::GetAtt")?;
            argument.as_str().or_else(|| argument.items().next()?.as_str())
        };
        let name = leaf.get("Ref").and_then(NodeRef::as_str).or_else(attribute)?;
        name.split('.').next()
    }
}

/// The resources that are policies.
const POLICIES: [&str; 5] = [
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
];
