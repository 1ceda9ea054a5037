//! `plain-http`

use super::{PolicyCx, Rule};
use crate::access::attached::noun;
use crate::access::transport::{elsewhere, only_encrypted};
use crate::finding::Problem;

/// A policy of a bucket, queue or topic that does not ask for TLS.
pub(super) struct PlainHttp;

/// Services that answer to plain HTTP, with what is read and written there most.
const SERVICES: [(&str, &[&str]); 3] = [
    ("s3", &["s3:PutObject", "s3:GetObject", "s3:ListBucket"]),
    ("sqs", &["sqs:SendMessage", "sqs:ReceiveMessage"]),
    ("sns", &["sns:Publish"]),
];

impl Rule for PlainHttp {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let service = cx.resource_service();
        let Some((_, actions)) = SERVICES.iter().find(|(name, _)| service == Some(name)) else { return };
        let policy = &cx.site.policy;
        let Some(open) = actions.iter().find(|action| !only_encrypted(policy, &cx.site.bound_by, action).possible())
        else {
            return;
        };
        let first = policy.statements.iter().find(|statement| statement.may_allow()).or(policy.statements.first());
        let Some(at) = first.and_then(|statement| statement.action.as_ref()?.whole()) else { return };
        let elsewhere: Vec<_> = elsewhere(policy, open).collect();
        out.push(
            Problem::new(&at, format!("requests to this {} may come over plain HTTP", noun(service)))
                .note(format!("nothing in this policy stops an unencrypted `{open}`"))
                .label_all(elsewhere.iter().map(|at| (at, "a Deny, but not for that".to_owned())))
                .help("add a Deny for everyone, on all actions and resources, with `\"Bool\": {\"aws:SecureTransport\": \"false\"}`"),
        );
    }
}
