//! An Allow for everyone but some.

use super::{PolicyCx, Rule};
use crate::access::Truth;
use crate::access::narrowing::of_everyone;
use crate::finding::Problem;

pub(super) struct AllowNotPrincipal;

impl Rule for AllowNotPrincipal {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !(cx.is_trust() || cx.is_resource()) {
            return;
        }
        for statement in cx.statements().iter().filter(|statement| statement.may_allow()) {
            let Some(principal) = statement.principal.as_ref().filter(|principal| principal.negated) else { continue };
            let narrowed = of_everyone(&cx.site.policy, statement);
            out.push(
                Problem::new(&principal.key, "`NotPrincipal` with `Allow` lets in everyone but those it names")
                    .note("everyone else in the world, the anonymous included")
                    .help(
                        "name who is to be let in under `Principal`; to keep some out, add a `Deny` with \
                         `ArnNotEquals` on `aws:PrincipalArn`",
                    )
                    .certain_if(statement.allows())
                    .pedantic_if(narrowed != Truth::No),
            );
        }
    }
}
