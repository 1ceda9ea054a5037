//! `unsafe-mfa-exemption`

use super::{PolicyCx, Rule};
use crate::access::mfa;
use crate::finding::Problem;

/// A Deny without MFA that leaves out what a thief needs to get round MFA.
pub(super) struct UnsafeMfaExemption;

impl Rule for UnsafeMfaExemption {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_identity() || cx.only_for_roles() {
            return;
        }
        for found in mfa::exemptions(cx.statements()) {
            let Some((first, rest)) = found.split_first() else { continue };
            let message = format!("`{}` stays possible without MFA", first.pattern.as_str());
            let mut problem = Problem::new(first.at, message)
                .note(format!("`{}` {}", first.call, first.effect))
                .help(
                    "exempt only what enrols a device: `iam:CreateVirtualMFADevice`, `iam:EnableMFADevice`, \
                     `iam:ListMFADevices`, `iam:ResyncMFADevice` and the reads of one's own user",
                )
                // The grant may stand in another policy.
                .certain_if(first.granted && !cx.site.policy.open)
                .pedantic_if(first.is_harmless_alone());
            for other in rest {
                problem = problem.label(other.at, format!("`{}` {}", other.call, other.effect));
            }
            if let Some(condition) = mfa::conditions(first.statement).next() {
                problem = problem.label(&condition.origin, "for whoever is without MFA");
            }
            out.push(problem);
        }
    }
}
