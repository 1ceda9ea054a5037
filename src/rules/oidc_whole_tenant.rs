//! `oidc-whole-tenant`

use super::{PolicyCx, Rule};
use crate::access::Truth;
use crate::access::oidc::{self, Breadth, Tenancy};
use crate::finding::Problem;

pub(super) struct OidcWholeTenant;

impl Rule for OidcWholeTenant {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_trust() {
            return;
        }
        for trust in oidc::trusts(&cx.site.policy).filter(|trust| trust.breadth == Breadth::Everyone) {
            let name = &trust.provider.name;
            let (who, whole) = match trust.provider.tenancy() {
                Tenancy::Shared => continue,
                Tenancy::Whole("cluster") => ("every pod of the cluster".to_owned(), "the whole cluster"),
                Tenancy::Whole("GitLab server" | "GitHub server") => {
                    (format!("every project on `{name}`"), "the whole server")
                }
                Tenancy::Whole(noun) => (format!("every project of the {noun}"), "all of its projects"),
                Tenancy::Private => (format!("every user of `{name}`"), "all of its users"),
            };
            let mut problem = Problem::new(trust.at, format!("{who} can take the role"))
                .note(whole)
                .help(format!(
                    "say who: a condition with `StringEquals` on `{name}:{}`, as `{}`",
                    trust.provider.claim(),
                    trust.provider.example()
                ))
                .certain_if(trust.certain)
                // For an application of the company's own, the audience says for which one.
                .pedantic_if(
                    trust.narrowed != Truth::No || trust.provider.tenancy() == Tenancy::Private && trust.audience,
                );
            if let Some((condition, _)) = &trust.said {
                problem = problem.label(&condition.origin, "all of them match this");
            }
            out.push(problem);
        }
    }
}
