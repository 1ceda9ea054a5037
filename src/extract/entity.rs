//! Users, groups and what goes with them, where templates and modules make them.

use super::membership::Memberships;
use super::resolve::Template;
use super::{Extraction, Fact};
use crate::document::{NodeKind, NodeRef};
use crate::source::Origin;

/// What a file with such an entity must contain.
pub(crate) const NEEDLES: &[&str] = &["AWS::IAM::", "aws_iam_"];

/// A user, a group, or something that is made for one.
#[derive(Clone, Debug)]
pub struct Entity {
    /// What.
    pub kind: EntityKind,
    /// The words that make it.
    pub at: Origin,
}

/// What is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EntityKind {
    /// A user that is in a group, or may be.
    User,
    /// A user that nothing puts into a group.
    UngroupedUser,
    /// A group that nothing puts a user into.
    EmptyGroup,
    /// A group to which nothing gives a policy.
    PowerlessGroup,
    /// A managed policy that nothing attaches or names.
    UnusedPolicy,
    /// A long-term access key.
    AccessKey,
    /// A password for the console that the user must change, or may have to.
    Password,
    /// A password that stands in a template.
    WrittenPassword,
    /// A password that stands in a command.
    CommandPassword,
    /// A password for the console that the user need not change.
    LastingPassword,
    /// A policy of the user's own.
    Policy,
    /// A policy that stands in a group or a role, and nowhere else.
    InlinePolicy,
}

/// The entities of a resource of CloudFormation: a map with `Type` and `Properties`, under its name.
pub(super) fn in_template(
    name: &str,
    resource: NodeRef<'_>,
    template: &Template<'_>,
    together: &Memberships,
    out: &mut Extraction,
) {
    let Some(kind) = resource.get("Type") else { return };
    let properties = resource.get("Properties");
    let entry =
        |name: &str| properties.into_iter().flat_map(NodeRef::entries).find(|(key, _)| key.as_str() == Some(name));
    let mut hidden = None;
    let mut push = |kind, at: Option<Origin>| out.facts.extend(at.map(|at| Fact::Entity(Entity { kind, at })));
    let key = |name: &str| entry(name).map(|(key, _)| key.origin());
    let named = |argument: &str| entry(argument).and_then(|(_, value)| template.text(value));
    match kind.as_str().unwrap_or("") {
        "AWS::IAM::AccessKey" => push(EntityKind::AccessKey, Some(kind.origin())),
        "AWS::IAM::User" => {
            let grouped = together.names(name, named("UserName").as_deref());
            push(if grouped { EntityKind::User } else { EntityKind::UngroupedUser }, Some(kind.origin()));
            if let Some((key, profile)) = entry("LoginProfile") {
                let password = profile.get("Password");
                let written = |node: &NodeRef<'_>| {
                    template.text(*node).is_some_and(|text| !text.is_empty() && !text.contains("{{resolve:"))
                };
                let written = password.filter(written);
                push(EntityKind::WrittenPassword, written.map(NodeRef::origin));
                hidden = written.map(|node| template.written(node));
                let lasting = password.is_some() && lasts(profile.get("PasswordResetRequired"));
                push(if lasting { EntityKind::LastingPassword } else { EntityKind::Password }, Some(key.origin()));
            }
            push(EntityKind::Policy, key("Policies"));
            push(EntityKind::Policy, key("ManagedPolicyArns"));
        }
        "AWS::IAM::Group" => {
            let alone = !together.names(name, named("GroupName").as_deref());
            push(EntityKind::EmptyGroup, alone.then(|| kind.origin()));
            let endowed = together.endows(name, named("GroupName").as_deref())
                || key("Policies").is_some()
                || key("ManagedPolicyArns").is_some();
            push(EntityKind::PowerlessGroup, (!endowed).then(|| kind.origin()));
            push(EntityKind::InlinePolicy, key("Policies"));
        }
        "AWS::IAM::Role" => push(EntityKind::InlinePolicy, key("Policies")),
        "AWS::IAM::UserPolicy" => push(EntityKind::Policy, Some(kind.origin())),
        "AWS::IAM::GroupPolicy" | "AWS::IAM::RolePolicy" => push(EntityKind::InlinePolicy, Some(kind.origin())),
        "AWS::IAM::Policy" => match key("Users") {
            Some(users) => push(EntityKind::Policy, Some(users)),
            None => push(EntityKind::InlinePolicy, Some(kind.origin())),
        },
        "AWS::IAM::ManagedPolicy" => {
            push(EntityKind::Policy, key("Users"));
            let attached = ["Users", "Groups", "Roles"].iter().any(|holders| key(holders).is_some());
            let unused = !attached && !together.mentions(name);
            push(EntityKind::UnusedPolicy, unused.then(|| kind.origin()));
        }
        _ => {}
    }
    out.hidden.extend(hidden.into_iter().flatten());
}

/// The entities that a resource of Terraform is, by its type, which stands at `at`, and its name. `together` is none where
/// that cannot be told.
pub(super) fn in_module(
    kind: &str,
    at: &Origin,
    name: &str,
    body: NodeRef<'_>,
    together: Option<&Memberships>,
    out: &mut Extraction,
) {
    let mut push = |kind| out.facts.push(Fact::Entity(Entity { kind, at: at.clone() }));
    let alone = || {
        let given = body.get("name").and_then(NodeRef::as_str);
        together.is_some_and(|together| !together.names(&format!("{kind}.{name}"), given))
    };
    let powerless = || {
        let given = body.get("name").and_then(NodeRef::as_str);
        together.is_some_and(|together| !together.endows(&format!("{kind}.{name}"), given))
    };
    match kind {
        "aws_iam_access_key" => push(EntityKind::AccessKey),
        "aws_iam_user" => push(if alone() { EntityKind::UngroupedUser } else { EntityKind::User }),
        "aws_iam_group" => {
            if alone() {
                push(EntityKind::EmptyGroup);
            }
            if powerless() {
                push(EntityKind::PowerlessGroup);
            }
        }
        "aws_iam_policy" if together.is_some_and(|together| !together.mentions(&format!("{kind}.{name}"))) => {
            push(EntityKind::UnusedPolicy);
        }
        "aws_iam_user_login_profile" => {
            let lasting = lasts(body.get("password_reset_required"));
            push(if lasting { EntityKind::LastingPassword } else { EntityKind::Password });
        }
        "aws_iam_user_policy" | "aws_iam_user_policy_attachment" => push(EntityKind::Policy),
        "aws_iam_group_policy" | "aws_iam_role_policy" => push(EntityKind::InlinePolicy),
        "aws_iam_policy_attachment" => out.facts.extend(given(body, "users", EntityKind::Policy)),
        "aws_iam_role" => out.facts.extend(given(body, "inline_policy", EntityKind::InlinePolicy)),
        _ => {}
    }
}

/// What an argument with something in it makes.
fn given(body: NodeRef<'_>, argument: &str, kind: EntityKind) -> Option<Fact> {
    let (key, _) = body
        .entries()
        .find(|(key, value)| key.as_str() == Some(argument) && value.kind() != NodeKind::Null && !is_empty(*value))?;
    Some(Fact::Entity(Entity { kind, at: key.origin() }))
}

/// True for a list without items, or of blocks without arguments, as a plan has it.
fn is_empty(block: NodeRef<'_>) -> bool {
    match block.kind() {
        NodeKind::Seq => block.items().all(is_empty),
        NodeKind::Map => block.entries().next().is_none(),
        _ => false,
    }
}

/// True if what says that a password must be changed at the first sign-in is missing or says no.
fn lasts(reset: Option<NodeRef<'_>>) -> bool {
    reset.is_none_or(|reset| {
        reset.kind() == NodeKind::Null || reset.as_str().unwrap_or(reset.raw()).eq_ignore_ascii_case("false")
    })
}
