//! `oidc-without-subject`

use super::{PolicyCx, Rule};
use crate::access::Truth;
use crate::access::oidc::{self, Breadth, Tenancy};
use crate::finding::Problem;

pub(super) struct OidcWithoutSubject;

impl Rule for OidcWithoutSubject {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_trust() {
            return;
        }
        let open =
            |trust: &oidc::Trust<'_>| trust.breadth == Breadth::Everyone && trust.provider.tenancy() == Tenancy::Shared;
        for trust in oidc::trusts(&cx.site.policy).filter(open) {
            let (name, claim) = (&trust.provider.name, trust.provider.claim());
            let note = match (&trust.said, trust.audience) {
                (Some(_), _) => "whoever has an account there",
                (None, true) => "an audience is no caller: whoever names it gets such a token",
                (None, false) => "whoever gets any token from it",
            };
            let mut problem = Problem::new(trust.at, format!("every user of `{name}` can take the role"))
                .note(note)
                .help(format!(
                    "say who: a condition with `StringEquals` on `{name}:{claim}`, as `{}`",
                    trust.provider.example()
                ))
                .certain_if(trust.certain)
                .pedantic_if(trust.narrowed != Truth::No);
            if let Some((condition, _)) = &trust.said {
                problem = problem.label(&condition.origin, "everyone there can get a token that matches this");
            }
            out.push(problem);
        }
    }
}
