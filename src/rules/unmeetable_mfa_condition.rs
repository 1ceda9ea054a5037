//! `unmeetable-mfa-condition`

use super::{PolicyCx, Rule};
use crate::access::mfa;
use crate::finding::Problem;
use crate::policy::Effect;

/// An MFA condition where no caller can have used MFA.
pub(super) struct UnmeetableMfaCondition;

impl Rule for UnmeetableMfaCondition {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() {
            return;
        }
        let by_roles = cx.only_for_roles();
        for found in mfa::unmeetable(cx.statements(), by_roles) {
            let who = if by_roles { "sessions of a role" } else { "these principals" };
            let (message, note) = match found.effect {
                Effect::Allow => ("statement never allows anything", "never true here"),
                Effect::Deny => ("statement always denies", "always true here"),
            };
            out.push(
                Problem::new(&found.condition.origin, format!("{message}: {who} never carry MFA"))
                    .note(note)
                    .help(
                        "require MFA where people come in: in the trust policy of the role that they assume, for users \
                         and accounts; drop the condition here",
                    )
                    .certain_if(found.certain),
            );
        }
    }
}
