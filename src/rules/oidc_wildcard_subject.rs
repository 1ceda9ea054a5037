//! `oidc-wildcard-subject`

use super::{PolicyCx, Rule};
use crate::access::Truth;
use crate::access::oidc::{self, Breadth, Tenancy};
use crate::finding::Problem;

pub(super) struct OidcWildcardSubject;

impl Rule for OidcWildcardSubject {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_trust() {
            return;
        }
        // Where everyone is of one company, nobody can register a name that matches.
        let many = |trust: &oidc::Trust<'_>| match trust.breadth {
            Breadth::Tenants => trust.provider.tenancy() != Tenancy::Shared,
            breadth => breadth == Breadth::Tenant,
        };
        for trust in oidc::trusts(&cx.site.policy).filter(many) {
            let Some((condition, values)) = &trust.said else { continue };
            let Some(((value, at), rest)) = values.split_first() else { continue };
            let (noun, name) = match trust.provider.tenancy() {
                Tenancy::Whole("cluster") => ("namespaces", "the namespace"),
                Tenancy::Private => ("subjects", "the subject"),
                _ => ("projects", "the project"),
            };
            out.push(
                Problem::new(at, format!("`{value}` lets many {noun} of `{}` take the role", trust.provider.name))
                    .note("the next one that matches, too")
                    .label(&condition.operator.origin, "wildcards count under this operator")
                    .label_all(rest.iter().map(|(value, at)| (*at, format!("so does `{value}`"))))
                    .help(format!("write {name} in full: `{}`", trust.provider.example()))
                    .certain_if(trust.certain)
                    .pedantic_if(trust.narrowed != Truth::No || trust.provider.tenancy() == Tenancy::Private),
            );
        }
    }
}
