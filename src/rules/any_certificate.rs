//! `any-certificate`

use super::{PolicyCx, Rule};
use crate::access::Truth;
use crate::access::certificates::{ROLES_ANYWHERE, asks_which};
use crate::finding::Problem;
use crate::policy::Principal;

pub(super) struct AnyCertificate;

impl Rule for AnyCertificate {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.lets_in("sts:AssumeRole") {
            let is_it = |who: &Principal| matches!(who, Principal::Service(name) if &**name == ROLES_ANYWHERE);
            let asked = asks_which(&cx.site.policy, statement);
            let Some(item) = statement.principals().iter().find(|item| item.value.known_any(is_it)) else { continue };
            if asked == Truth::Yes {
                continue;
            }
            out.push(
                Problem::new(&item.origin, "any certificate of any trust anchor takes the role")
                    .note(match asked {
                        Truth::Maybe => "unless the condition says which: not all of it is known here",
                        _ => "no condition says which certificate, or which trust anchor",
                    })
                    .help(
                        "ask for the subject, with `StringEquals` on `aws:PrincipalTag/x509Subject/CN`, and for the \
                         trust anchor, with `ArnEquals` on `aws:SourceArn`",
                    )
                    .certain_if(statement.allows() && asked == Truth::No)
                    .pedantic_if(asked == Truth::Maybe),
            );
        }
    }
}
