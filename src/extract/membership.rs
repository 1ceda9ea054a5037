//! Which users are in which groups, as far as a template or a module says it.

use crate::document::{NodeKind, NodeRef};
use std::collections::HashSet;

/// The users and groups that something puts together.
#[derive(Default)]
pub(super) struct Memberships {
    named: HashSet<Box<str>>,
    /// True if some of them are known at deployment only: they can be any.
    open: bool,
}

impl Memberships {
    /// True if a user or a group is among them, or may be: by what it is called in the file, and by the name that it is given.
    pub(super) fn names(&self, label: &str, given: Option<&str>) -> bool {
        self.open || self.named.contains(label) || given.is_some_and(|given| self.named.contains(given))
    }

    /// Those of a template, by its resources.
    pub(super) fn of_template(resources: Option<NodeRef<'_>>) -> Self {
        let mut all = Memberships::default();
        for (name, resource) in resources.into_iter().flat_map(NodeRef::entries) {
            let property = |name: &str| resource.get("Properties")?.get(name);
            match resource.get("Type").and_then(NodeRef::as_str).unwrap_or("") {
                "AWS::IAM::User" => {
                    if let Some(groups) = property("Groups") {
                        all.named.extend(name.as_str().map(Box::from));
                        all.mention(groups);
                    }
                }
                "AWS::IAM::UserToGroupAddition" if !property("Users").is_some_and(is_empty) => {
                    property("GroupName").into_iter().chain(property("Users")).for_each(|node| all.mention(node));
                }
                _ => {}
            }
        }
        all
    }

    /// Those of a module of Terraform, by its resources: type and body.
    pub(super) fn of_module<'t>(resources: impl Iterator<Item = (&'t str, NodeRef<'t>)>) -> Self {
        let mut all = Memberships::default();
        let joins = |kind: &str| matches!(kind, "aws_iam_user_group_membership" | "aws_iam_group_membership");
        let nobody = |body: NodeRef<'_>| body.get("users").is_some_and(is_empty);
        for (_, body) in resources.filter(|(kind, body)| joins(kind) && !nobody(*body)) {
            for argument in ["user", "users", "group", "groups"] {
                body.get(argument).into_iter().for_each(|node| all.mention(node));
            }
        }
        all
    }

    fn mention(&mut self, node: NodeRef<'_>) {
        match node.kind() {
            NodeKind::Seq => node.items().for_each(|item| self.mention(item)),
            // `aws_iam_user.ann.name`
            NodeKind::Path => match node.raw().split('.').collect::<Vec<_>>()[..] {
                [kind @ ("aws_iam_user" | "aws_iam_group"), name, ..] => {
                    let name = name.split('[').next().unwrap_or(name);
                    self.named.insert(format!("{kind}.{name}").into());
                }
                _ => self.open = true,
            },
            NodeKind::Map if node.get("Ref").is_some() => {
                self.named.extend(node.get("Ref").and_then(NodeRef::as_str).map(Box::from));
            }
            NodeKind::String if !node.raw().contains("${") => self.named.extend(node.as_str().map(Box::from)),
            _ => self.open = true,
        }
    }
}

/// True for a list without items.
fn is_empty(list: NodeRef<'_>) -> bool {
    list.kind() == NodeKind::Seq && list.items().next().is_none()
}
