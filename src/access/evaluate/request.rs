//! A request, and the policies that are asked about it.

use super::caller::Caller;
use crate::access::context::Context;
use crate::policy::{Arn, Policy};

/// What somebody wants to do.
#[derive(Clone, Debug)]
pub struct Request {
    /// Who.
    pub caller: Caller,
    /// What, as `s3:GetObject`; without wildcards.
    pub action: Box<str>,
    /// To what: an ARN, or `*` for an action that has no resource.
    pub resource: Box<str>,
    /// The number of the account that the resource belongs to; where there is none, the one in its ARN, else the caller's.
    pub resource_account: Option<Box<str>>,
    /// The number of the organisation's management account: SCPs and RCPs do not reach it.
    pub management_account: Option<Box<str>>,
    /// The keys of the request: those that are not there are absent, but for the derived ones.
    pub context: Context,
}

impl Request {
    /// The number of the account that the resource belongs to, where that shows.
    pub fn owner(&self) -> Option<&str> {
        let named = || Arn::parse(&self.resource).map(|arn| arn.account).filter(|account| !account.is_empty());
        self.resource_account.as_deref().or_else(named).or_else(|| self.caller.account())
    }

    /// True if caller and resource belong to one account.
    pub(super) fn is_within_account(&self) -> bool {
        self.caller.account().is_some() && self.caller.account() == self.owner()
    }

    /// The context with the keys that AWS sets by itself, where the request does not say otherwise.
    ///
    /// Source: the [global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
    pub(super) fn full_context(&self) -> Context {
        let (caller, mut context) = (&self.caller, self.context.clone());
        let partition = Arn::parse(&self.resource).map_or("aws", |arn| arn.partition);
        let is_service = matches!(caller, Caller::Service(_));
        let mut derived: Vec<(&str, String)> = vec![("aws:PrincipalIsAWSService", is_service.to_string())];
        let kind = match caller {
            Caller::Root { .. } => Some("Account"),
            Caller::User { arn, .. } => {
                derived.push(("aws:username", arn.rsplit('/').next().unwrap_or("").to_owned()));
                Some("User")
            }
            Caller::Session { .. } => Some("AssumedRole"),
            Caller::FederatedUser { .. } => Some("FederatedUser"),
            Caller::Anonymous => Some("Anonymous"),
            Caller::Federated(_) | Caller::Service(_) => None,
        };
        derived.extend(caller.principal_arn(partition).map(|arn| ("aws:PrincipalArn", arn)));
        derived.extend(kind.map(|kind| ("aws:PrincipalType", kind.to_owned())));
        derived.extend(caller.account().map(|account| ("aws:PrincipalAccount", account.to_owned())));
        derived.extend(self.owner().map(|account| ("aws:ResourceAccount", account.to_owned())));
        for (key, value) in derived {
            if !context.knows(key) {
                context = context.with(key, &value);
            }
        }
        context
    }

    /// True if access rests on the resource's own policy, whatever the caller's policies say: a role's trust policy, the
    /// policy of a KMS key.
    pub(super) fn needs_resource_policy(&self) -> bool {
        let Some(arn) = Arn::parse(&self.resource) else { return false };
        let service = self.action.split(':').next().unwrap_or("");
        let is = |name: &str| service.eq_ignore_ascii_case(name);
        (is("sts") && arn.service == "iam" && arn.resource.starts_with("role/"))
            || (is("kms") && arn.service == "kms" && arn.resource.starts_with("key/"))
    }
}

/// A policy document with the name of the file that it stands in.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file, as the user named it.
    pub file: Box<str>,
    /// The policy.
    pub policy: Policy,
}

/// The policies that apply to a request. A kind that is none does not apply; `resource: None` differs from an empty list only
/// where the resource's own policy is mandatory.
#[derive(Clone, Default, Debug)]
pub struct Policies {
    /// Identity-based policies of the caller, inline and managed, its groups' included.
    pub identity: Vec<Document>,
    /// Policies of the resource: a bucket policy, a key policy, a role's trust policy.
    pub resource: Option<Vec<Document>>,
    /// The caller's permissions boundary.
    pub boundary: Option<Vec<Document>>,
    /// Session policies.
    pub session: Option<Vec<Document>>,
    /// The policy of the VPC endpoint that the request goes through.
    pub endpoint: Option<Vec<Document>>,
    /// Service control policies of the caller's account: each level from the root of the organisation to the account.
    pub service_control: Vec<Vec<Document>>,
    /// Resource control policies of the resource's account, by level.
    pub resource_control: Vec<Vec<Document>>,
}
