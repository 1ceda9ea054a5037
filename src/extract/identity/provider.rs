//! What the resources of Terraform's AWS provider say of identities, in modules, plans and states alike.

use super::{Identity, each_named};
use crate::document::NodeRef;
use crate::policy::HolderKind;
use crate::policy::lower::Resolve;

/// The kind of the identities of a type.
pub(in crate::extract) fn kind_of(resource: &str) -> Option<HolderKind> {
    Some(match resource {
        "aws_iam_role" => HolderKind::Role,
        "aws_iam_user" => HolderKind::User,
        "aws_iam_group" => HolderKind::Group,
        _ => return None,
    })
}

/// The arguments of a type that name who gets its policy.
pub(in crate::extract) fn holders(resource: &str) -> &'static [(HolderKind, &'static str)] {
    use HolderKind::{Group, Role, User};
    match resource {
        "aws_iam_role_policy" | "aws_iam_role_policy_attachment" => &[(Role, "role")],
        "aws_iam_user_policy" | "aws_iam_user_policy_attachment" => &[(User, "user")],
        "aws_iam_group_policy" | "aws_iam_group_policy_attachment" => &[(Group, "group")],
        "aws_iam_policy_attachment" => &[(Role, "roles"), (User, "users"), (Group, "groups")],
        "aws_iam_role_policy_attachments_exclusive" => &[(Role, "role_name")],
        "aws_iam_user_policy_attachments_exclusive" => &[(User, "user_name")],
        "aws_iam_group_policy_attachments_exclusive" => &[(Group, "group_name")],
        _ => &[],
    }
}

/// Puts users into groups, if a resource does.
pub(in crate::extract) fn join(identities: &mut [Identity], resource: &str, body: NodeRef<'_>, resolve: &dyn Resolve) {
    let (groups, users) = match resource {
        "aws_iam_user_group_membership" => ("groups", "user"),
        "aws_iam_group_membership" => ("group", "users"),
        _ => return,
    };
    let Some((groups, users)) = body.get(groups).zip(body.get(users)) else { return };
    let mut labels = Vec::new();
    each_named(identities, HolderKind::Group, groups, resolve, &mut |group| labels.push(group.label.clone()));
    each_named(identities, HolderKind::User, users, resolve, &mut |user| user.groups.extend(labels.iter().cloned()));
}
