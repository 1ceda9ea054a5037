//! Keys that every request carries: a condition on one never meets a request without it.
//!
//! Source: [global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html), where
//! their availability is told.

use super::Kind;

/// Those of all requests.
const ALWAYS: [&str; 6] = [
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:RequestedRegion",
    "aws:SecureTransport",
    "aws:UserAgent",
    "aws:ViaAWSService",
];

/// Those of all signed ones: whoever holds an identity-based policy signs.
const SIGNED: [&str; 5] =
    ["aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalIsAWSService", "aws:PrincipalType", "aws:userid"];

/// True if every request that policies of a kind are asked about carries a key.
pub(super) fn is_always_carried(key: &str, kind: Kind) -> bool {
    let is_it = |name: &&str| name.eq_ignore_ascii_case(key);
    ALWAYS.iter().any(is_it) || kind == Kind::Identity && SIGNED.iter().any(is_it)
}
