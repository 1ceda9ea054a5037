//! What goes together, as far as a template or a module says it: users and groups, groups and policies, policies and whoever has
//! them.

use super::resolve::Template;
use crate::document::{NodeKind, NodeRef};
use std::collections::HashSet;

/// Users, groups and policies that something puts together.
#[derive(Default)]
pub(super) struct Memberships {
    /// Users in groups, and groups with users.
    members: Named,
    /// Groups to which something gives a policy.
    endowed: Named,
    /// Whatever is named anywhere.
    named: Named,
}

/// Entities by what they are called in the file, and by their names.
#[derive(Default)]
struct Named {
    names: HashSet<Box<str>>,
    /// True if some of them are known at deployment only: they can be any.
    open: bool,
}

/// The types of Terraform that give a group a policy.
const ENDOWING: [&str; 5] = [
    "aws_iam_group_policy",
    "aws_iam_group_policy_attachment",
    "aws_iam_group_policies_exclusive",
    "aws_iam_group_policy_attachments_exclusive",
    "aws_iam_policy_attachment",
];

impl Memberships {
    /// True if a user or a group is together with one, or may be: by what it is called in the file, and by the name that it is
    /// given.
    pub(super) fn names(&self, label: &str, given: Option<&str>) -> bool {
        self.members.has(label, given)
    }

    /// True if something gives a policy to a group, or may: called as in [`Memberships::names`].
    pub(super) fn endows(&self, label: &str, given: Option<&str>) -> bool {
        self.endowed.has(label, given)
    }

    /// True if something names an entity by what it is called in the file.
    pub(super) fn mentions(&self, label: &str) -> bool {
        self.named.has(label, None)
    }

    /// Those of a template.
    pub(super) fn of_template(template: &Template<'_>) -> Self {
        let mut all = Memberships::default();
        let resources = template.resources();
        for (name, resource) in resources.into_iter().flat_map(NodeRef::entries) {
            let property = |name: &str| resource.get("Properties")?.get(name);
            match resource.get("Type").and_then(NodeRef::as_str).unwrap_or("") {
                "AWS::IAM::User" => {
                    if let Some(groups) = property("Groups") {
                        all.members.names.extend(name.as_str().map(Box::from));
                        all.members.mention(groups);
                    }
                }
                "AWS::IAM::UserToGroupAddition" if !property("Users").is_some_and(is_empty) => {
                    let both = property("GroupName").into_iter().chain(property("Users"));
                    both.for_each(|node| all.members.mention(node));
                }
                "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => {
                    property("Groups").into_iter().for_each(|node| all.endowed.mention(node));
                }
                "AWS::IAM::GroupPolicy" => {
                    property("GroupName").into_iter().for_each(|node| all.endowed.mention(node));
                }
                _ => {}
            }
        }
        // Nobody asks where there is none.
        let mut types =
            resources.into_iter().flat_map(NodeRef::entries).filter_map(|(_, resource)| resource.get("Type"));
        if types.any(|of| of.as_str() == Some("AWS::IAM::ManagedPolicy")) {
            resources.into_iter().chain(template.outputs()).for_each(|part| all.named.search(part, true));
        }
        all
    }

    /// Those of a module of Terraform, by its resources, type and body, and by all that it says.
    pub(super) fn of_module<'t>(
        resources: impl Iterator<Item = (&'t str, NodeRef<'t>)>,
        roots: impl Iterator<Item = NodeRef<'t>>,
    ) -> Self {
        let mut all = Memberships::default();
        let nobody = |body: NodeRef<'_>| body.get("users").is_some_and(is_empty);
        let mut makes_policies = false;
        for (kind, body) in resources {
            let list = match kind {
                "aws_iam_user_group_membership" | "aws_iam_group_membership" if !nobody(body) => &mut all.members,
                _ if ENDOWING.contains(&kind) => &mut all.endowed,
                _ => {
                    makes_policies |= kind == "aws_iam_policy";
                    continue;
                }
            };
            for argument in ["user", "users", "group", "groups", "group_name"] {
                body.get(argument).into_iter().for_each(|node| list.mention(node));
            }
        }
        // Nobody asks where there is none.
        if makes_policies {
            roots.for_each(|root| all.named.search(root, false));
        }
        all
    }
}

impl Named {
    fn has(&self, label: &str, given: Option<&str>) -> bool {
        self.open || self.names.contains(label) || given.is_some_and(|given| self.names.contains(given))
    }

    fn mention(&mut self, node: NodeRef<'_>) {
        match node.kind() {
            NodeKind::Seq => node.items().for_each(|item| self.mention(item)),
            // `aws_iam_user.ann.name`
            NodeKind::Path => match node.raw().split('.').collect::<Vec<_>>()[..] {
                [kind @ ("aws_iam_user" | "aws_iam_group"), name, ..] => {
                    let name = name.split('[').next().unwrap_or(name);
                    self.names.insert(format!("{kind}.{name}").into());
                }
                _ => self.open = true,
            },
            NodeKind::Map if node.get("Ref").is_some() => {
                self.names.extend(node.get("Ref").and_then(NodeRef::as_str).map(Box::from));
            }
            NodeKind::String if !node.raw().contains("${") => self.names.extend(node.as_str().map(Box::from)),
            _ => self.open = true,
        }
    }

    /// Takes in whatever stands below a node as a reference, or inside of a text as one; in templates as a text, too.
    fn search(&mut self, node: NodeRef<'_>, template: bool) {
        match node.kind() {
            // All that stands in it, too.
            NodeKind::Path | NodeKind::Opaque | NodeKind::Call => return self.search_text(node.raw()),
            NodeKind::String => {
                let text = node.as_str().unwrap_or("");
                // The argument of `Ref` and `GetAtt`, whose attribute follows a point.
                self.names.extend(text.split('.').next().filter(|_| template).map(Box::from));
                if text.contains("${") {
                    self.search_text(text);
                }
            }
            _ => {}
        }
        for child in node.items().chain(node.arguments()).chain(node.entries().map(|(_, value)| value)) {
            self.search(child, template);
        }
    }

    /// Takes in the words of an expression: names alone, and types with names.
    fn search_text(&mut self, text: &str) {
        let word = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'));
        for word in text.split(word) {
            let mut parts = word.split('.');
            let (first, second) = (parts.next().unwrap_or(""), parts.next());
            self.names.insert(first.into());
            self.names.extend(second.map(|second| format!("{first}.{second}").into_boxed_str()));
        }
    }
}

/// True for a list without items.
fn is_empty(list: NodeRef<'_>) -> bool {
    list.kind() == NodeKind::Seq && list.items().next().is_none()
}
