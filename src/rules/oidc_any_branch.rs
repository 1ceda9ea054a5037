//! `oidc-any-branch`

use super::{PolicyCx, Rule};
use crate::access::oidc::{self, Breadth, Tenancy};
use crate::finding::Problem;

pub(super) struct OidcAnyBranch;

impl Rule for OidcAnyBranch {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_trust() {
            return;
        }
        for trust in oidc::trusts(&cx.site.policy).filter(|trust| trust.breadth == Breadth::Project) {
            let Some((_, values)) = &trust.said else { continue };
            let Some(((value, at), rest)) = values.split_first() else { continue };
            let who = match trust.provider.tenancy() {
                Tenancy::Whole("cluster") => "every service account of the namespace",
                Tenancy::Private => "many subjects",
                _ if value.ends_with(":pull_request") => "every pull request",
                _ => "many branches or jobs of the project",
            };
            out.push(
                Problem::new(at, format!("`{value}` lets {who} take the role"))
                    .note("whoever may push a branch, or open a pull request, has it")
                    .label_all(rest.iter().map(|(value, at)| (*at, format!("`{value}` too"))))
                    .help(format!("name the branch, the environment or the account: `{}`", trust.provider.example()))
                    .certain_if(trust.certain)
                    .pedantic_if(true),
            );
        }
    }
}
