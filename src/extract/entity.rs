//! Users and what goes with them, where templates and modules make them.

use super::{Extraction, Fact};
use crate::document::NodeRef;
use crate::source::Origin;

/// What a file with such an entity must contain.
pub(crate) const NEEDLES: &[&str] = &["AWS::IAM::AccessKey", "AWS::IAM::User", "aws_iam_access_key", "aws_iam_user_"];

/// Something that is made for a user.
#[derive(Clone, Debug)]
pub struct Entity {
    /// What.
    pub kind: EntityKind,
    /// The words that make it.
    pub at: Origin,
}

/// What is made for a user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EntityKind {
    /// A long-term access key.
    AccessKey,
    /// A password for the console.
    Password,
    /// A policy of the user's own.
    Policy,
}

/// The entities of a resource of CloudFormation: a map with `Type` and `Properties`.
pub(super) fn in_template(resource: NodeRef<'_>, out: &mut Extraction) {
    let Some(kind) = resource.get("Type") else { return };
    let properties = resource.get("Properties");
    let key = |name: &str| {
        let entries = properties.into_iter().flat_map(NodeRef::entries);
        entries.filter(|(key, _)| key.as_str() == Some(name)).map(|(key, _)| key.origin()).next()
    };
    let found = match kind.as_str().unwrap_or("") {
        "AWS::IAM::AccessKey" => [Some((EntityKind::AccessKey, kind.origin())), None, None],
        "AWS::IAM::User" => [
            key("LoginProfile").map(|at| (EntityKind::Password, at)),
            key("Policies").map(|at| (EntityKind::Policy, at)),
            key("ManagedPolicyArns").map(|at| (EntityKind::Policy, at)),
        ],
        "AWS::IAM::UserPolicy" => [Some((EntityKind::Policy, kind.origin())), None, None],
        "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => [key("Users").map(|at| (EntityKind::Policy, at)), None, None],
        _ => return,
    };
    let entities = found.into_iter().flatten().map(|(kind, at)| Fact::Entity(Entity { kind, at }));
    out.facts.extend(entities);
}

/// The entity that a resource of Terraform is, by its type, which stands at `at`.
pub(super) fn in_module(kind: &str, at: Origin, out: &mut Extraction) {
    let kind = match kind {
        "aws_iam_access_key" => EntityKind::AccessKey,
        "aws_iam_user_login_profile" => EntityKind::Password,
        "aws_iam_user_policy" | "aws_iam_user_policy_attachment" => EntityKind::Policy,
        _ => return,
    };
    out.facts.push(Fact::Entity(Entity { kind, at }));
}
