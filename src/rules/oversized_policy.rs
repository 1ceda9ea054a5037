//! `oversized-policy`

use super::{PolicyCx, Rule};
use crate::access::managed::is_managed;
use crate::finding::Problem;
use crate::policy::{HolderKind, PolicyKind, Use};

pub(super) struct OversizedPolicy;

impl Rule for OversizedPolicy {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let size = cx.site.policy.size;
        let Some((limit, what, certain)) = cx.site.uses.iter().filter_map(|used| limit(used, size)).min() else {
            return;
        };
        // The quota binds what customers write.
        if size > limit && !is_managed(&cx.site.policy) {
            out.push(
                Problem::new(
                    &cx.site.policy.origin,
                    format!("policy has {size} characters, and AWS takes {limit} of {what}"),
                )
                .help("split it, or say the same with fewer entries")
                .certain_if(certain)
                .pedantic_if(!certain),
            );
        }
    }
}

/// The characters that a use allows, of what, and whether that is certain.
///
/// Source: the quotas of IAM and AWS STS, of Organizations, and of the services.
fn limit(used: &Use, size: usize) -> Option<(usize, &'static str, bool)> {
    Some(match (&used.kind, used.holder.as_ref().map(|holder| holder.kind)) {
        (PolicyKind::ServiceControl, _) => (10_240, "a service control policy", true),
        (PolicyKind::ResourceControl, _) => (5_120, "a resource control policy", true),
        // Raised on request.
        (PolicyKind::Trust, _) if size <= 8_192 => (2_048, "a trust policy, unless the quota was raised", false),
        (PolicyKind::Trust, _) => (8_192, "a trust policy", true),
        (PolicyKind::Session, _) => (2_048, "a session policy", true),
        (PolicyKind::Boundary, _) => (6_144, "a managed policy", true),
        (PolicyKind::Identity, Some(HolderKind::User)) => (2_048, "the inline policies of a user", true),
        (PolicyKind::Identity, Some(HolderKind::Group)) => (5_120, "the inline policies of a group", true),
        (PolicyKind::Identity, Some(HolderKind::Role)) => (10_240, "the inline policies of a role", true),
        (PolicyKind::Identity, None) => (6_144, "a managed policy", false),
        (PolicyKind::Resource(Some(service)), _) => match &**service {
            "s3" | "lambda" | "secretsmanager" | "dynamodb" => (20_480, "such a policy", true),
            "kms" => (32_768, "a key policy", true),
            "sqs" => (8_192, "the policy of a queue", true),
            "ecr" => (10_240, "the policy of a repository", true),
            _ => return None,
        },
        _ => return None,
    })
}
