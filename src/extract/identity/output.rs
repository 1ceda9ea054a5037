//! Roles as the AWS CLI prints them, in `get-account-authorization-details` with all their policies.

use super::{AwsPolicy, HeldDocument, Identity, Presence};
use crate::catalog;
use crate::document::NodeRef;
use crate::extract::Fact;
use crate::policy::{Arn, HolderKind, pieces};
use std::fmt::Display;

/// A role and the policies of the account itself that it has, which stand elsewhere in the file.
pub(in crate::extract) struct Printed {
    role: Identity,
    attached: Vec<Box<str>>,
}

impl Printed {
    /// The role with all its policies: `managed` are those of the file, by their ARN, and where among its facts each stands.
    pub(in crate::extract) fn equipped(self, managed: &[(Box<str>, usize)], facts: &[Fact]) -> Identity {
        let Printed { mut role, attached } = self;
        for arn in attached {
            let versions = managed.iter().filter(|(of, _)| *of == arn).filter_map(|(_, fact)| facts.get(*fact));
            let in_force = versions.filter_map(|fact| match fact {
                Fact::Policy(site) if site.in_force => {
                    Some(HeldDocument { path: site.path.clone(), own: false, presence: Presence::Always })
                }
                _ => None,
            });
            let before = role.documents.len();
            role.documents.extend(in_force);
            role.open |= role.documents.len() == before;
        }
        role
    }
}

/// The role that a map is, which stands at `path`.
pub(in crate::extract) fn role(node: NodeRef<'_>, path: &dyn Display) -> Option<Printed> {
    let name = node.get("RoleName")?;
    let arn = Arn::parse(node.get("Arn")?.as_str()?).filter(|arn| arn.service == "iam")?;
    node.get("AssumeRolePolicyDocument")?;
    let mut role = Identity::new(HolderKind::Role, name.as_str()?, name.origin());
    role.in_arn = pieces(arn.resource.strip_prefix("role/")?).into();
    role.name = pieces(&role.label).into();
    role.account = Some(arn.account.into());
    role.trust = Some(format!("{path}/AssumeRolePolicyDocument").into());
    role.bounded = node.get("PermissionsBoundary").is_some();
    let (inline, managed) = (node.get("RolePolicyList"), node.get("AttachedManagedPolicies"));
    role.open = inline.is_none() || managed.is_none();
    let count = inline.map_or(0, |list| list.items().count());
    role.documents = (0..count)
        .map(|index| HeldDocument {
            path: format!("{path}/RolePolicyList/{index}/PolicyDocument").into(),
            own: true,
            presence: Presence::Always,
        })
        .collect();
    let mut attached = Vec::new();
    for item in managed.into_iter().flat_map(NodeRef::items) {
        let arn = item.get("PolicyArn").and_then(|arn| Some((arn.as_str()?, arn.origin())));
        match arn {
            Some((arn, at)) if arn.contains(":aws:policy/") => match catalog::managed_policy(arn) {
                Some(policy) => role.managed.push(AwsPolicy { policy, at, presence: Presence::Always }),
                None => role.open = true,
            },
            Some((arn, _)) => attached.push(arn.into()),
            None => role.open = true,
        }
    }
    Some(Printed { role, attached })
}
