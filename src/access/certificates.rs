//! Roles Anywhere: whose certificates take a role.

use super::Truth;
use super::demand::{demanded, says_something};
use crate::policy::{Policy, Statement};

/// The service's principal.
pub const ROLES_ANYWHERE: &str = "rolesanywhere.amazonaws.com";

/// The parts of a certificate that Roles Anywhere puts into the tags of a session.
/// Source: <https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html>.
const PARTS: [&str; 3] = ["x509subject/", "x509issuer/", "x509san/"];

/// Whether a statement asks for something of the certificate: a part of it, its common name as source identity, or the trust
/// anchor that it goes back to.
pub fn asks_which(policy: &Policy, statement: &Statement) -> Truth {
    demanded(policy, statement, |key, value| {
        let key = key.to_ascii_lowercase();
        let tag = key.strip_prefix("aws:principaltag/").or_else(|| key.strip_prefix("aws:requesttag/"));
        let anchor = || value.rsplit('/').next().is_some_and(says_something);
        says_something(value)
            && (tag.is_some_and(|tag| PARTS.iter().any(|part| tag.starts_with(part)))
                || key == "sts:sourceidentity"
                || key == "aws:sourcearn" && anchor())
    })
}
