//! `oidc-wildcard-subject`

use super::{PolicyCx, Rule};
use crate::access::oidc::{self, Subject};
use crate::finding::Problem;

pub(super) struct OidcWildcardSubject;

impl Rule for OidcWildcardSubject {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_trust() {
            return;
        }
        for statement in cx.statements().iter().filter(|statement| statement.may_allow()) {
            for (provider, _) in oidc::providers(statement) {
                let Subject::Some(condition) = oidc::subject(statement, &provider) else { continue };
                let wild = |value: &str| value.contains(['*', '?']) && !oidc::opens_owner(value);
                for (value, at) in condition.values.known().filter(|(value, _)| wild(value)) {
                    out.push(
                        Problem::new(at, format!("`{value}` matches many subjects"))
                            .note(if oidc::names_repository(value) {
                                "every branch and every pull request"
                            } else {
                                "everything that begins so"
                            })
                            .label(&condition.operator.origin, "wildcards count under this operator")
                            .help("name the branch, the environment or the account that needs the role")
                            .pedantic_if(oidc::names_repository(value)),
                    );
                }
            }
        }
    }
}
