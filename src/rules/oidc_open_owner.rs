//! `oidc-open-owner`

use super::{PolicyCx, Rule};
use crate::access::oidc::{self, Subject};
use crate::finding::Problem;

pub(super) struct OidcOpenOwner;

impl Rule for OidcOpenOwner {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_trust() {
            return;
        }
        for statement in cx.statements().iter().filter(|statement| statement.may_allow()) {
            for (provider, _) in oidc::providers(statement) {
                let Subject::Some(condition) = oidc::subject(statement, &provider) else { continue };
                for (value, at) in condition.values.known().filter(|(value, _)| oidc::opens_owner(value)) {
                    out.push(
                        Problem::new(at, format!("`{value}` also matches owners that anybody can register"))
                            .note("everything up to the slash names the owner")
                            .label(&condition.operator.origin, "wildcards count under this operator")
                            .help("write the owner in full, and the slash behind it: `repo:OWNER/REPOSITORY:...`"),
                    );
                }
            }
        }
    }
}
