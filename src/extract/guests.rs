//! Identity pools of Cognito that admit guests, where templates and modules make them.
//!
//! Source: the references of CloudFormation and of the AWS provider.

use super::scalar::text;
use super::{Extraction, Fact};
use crate::document::NodeRef;
use crate::policy::lower::Resolve;

/// What a file with such a pool must contain.
pub(crate) const NEEDLES: &[&str] = &ADMITS;

const POOLS: [&str; 2] = ["AWS::Cognito::IdentityPool", "aws_cognito_identity_pool"];
const ADMITS: [&str; 2] = ["AllowUnauthenticatedIdentities", "allow_unauthenticated_identities"];

/// Says where a resource of this type admits guests.
pub(super) fn find(kind: &str, body: NodeRef<'_>, resolve: &dyn Resolve, out: &mut Extraction) {
    if !POOLS.contains(&kind) {
        return;
    }
    let given = body.entries().filter(|(key, _)| key.as_str().is_some_and(|key| ADMITS.contains(&key)));
    let admits = given.filter(|(_, value)| text(*value, resolve).is_some_and(|text| text.eq_ignore_ascii_case("true")));
    out.facts.extend(admits.map(|(_, value)| Fact::GuestPool(value.origin())));
}
