//! Policies that AWS manages, by the names that users give them where a file may stand.

use super::Failure;
use crate::catalog::{self, Limited};
use crate::spelling::{any_of, nearest};

/// A policy that AWS manages.
#[derive(Debug)]
pub(super) struct AwsPolicy {
    pub(super) name: &'static str,
    pub(super) arn: String,
    /// What a control policy limits; none for a policy of IAM.
    pub(super) limits: Option<Limited>,
    minified: String,
}

impl AwsPolicy {
    /// The one of this name or ARN.
    pub(super) fn find(word: &str) -> Option<Self> {
        if let Some(policy) = catalog::organization_policy(word) {
            let (arn, minified) = (policy.arn.to_owned(), policy.document.to_owned());
            return Some(AwsPolicy { name: policy.name, arn, limits: Some(policy.limits), minified });
        }
        let policy = catalog::managed_policy(word)?;
        Some(AwsPolicy { name: policy.name(), arn: policy.arn(), limits: None, minified: policy.document() })
    }

    /// Its document, with lines to look at.
    pub(super) fn document(&self) -> String {
        serde_json::from_str::<serde_json::Value>(&self.minified)
            .map_or_else(|_| self.minified.clone(), |document| format!("{document:#}"))
    }
}

/// The names of all.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let organization = catalog::organization_policies().map(|policy| policy.name);
    organization.chain(catalog::managed_policies().map(|policy| policy.name()))
}

/// There is none of that name; the nearest that there are.
pub(super) fn no_such_policy(name: &str) -> Failure {
    let near = nearest(name, names());
    let way_out = match &near[..] {
        [] => "name a file that is there, or an AWS managed policy in full, as `ReadOnlyAccess`".to_owned(),
        near => format!("did you mean {}?", any_of(near)),
    };
    Failure::Usage(format!("there is neither a file nor an AWS managed policy of the name `{name}`: {way_out}"))
}
