//! `oidc-open-owner`

use super::{PolicyCx, Rule};
use crate::access::Truth;
use crate::access::oidc::{self, Breadth, Tenancy};
use crate::finding::Problem;

pub(super) struct OidcOpenOwner;

impl Rule for OidcOpenOwner {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_trust() {
            return;
        }
        for trust in oidc::trusts(&cx.site.policy).filter(|trust| trust.breadth == Breadth::Tenants) {
            let Some((condition, values)) = &trust.said else { continue };
            let Some(((value, at), rest)) = values.split_first() else { continue };
            if trust.provider.tenancy() != Tenancy::Shared {
                continue;
            }
            out.push(
                Problem::new(at, format!("`{value}` also matches owners that anybody can register"))
                    .note("whatever can take the place of the wildcard is somebody's name")
                    .label(&condition.operator.origin, "wildcards count under this operator")
                    .label_all(rest.iter().map(|(value, at)| (*at, format!("so does `{value}`"))))
                    .help(format!("write the owner in full, with what ends its name: `{}`", trust.provider.example()))
                    .certain_if(trust.certain)
                    .pedantic_if(trust.narrowed != Truth::No),
            );
        }
    }
}
