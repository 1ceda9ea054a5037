//! `mfa-lockout`

use super::{PolicyCx, Rule};
use crate::access::mfa;
use crate::finding::Problem;

/// A Deny without MFA that also denies the calls that enrol a device.
pub(super) struct MfaLockout;

impl Rule for MfaLockout {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_identity() || cx.only_for_roles() {
            return;
        }
        for found in mfa::lockouts(cx.statements()) {
            let calls: Vec<String> = found.calls.iter().map(|call| format!("`{call}`")).collect();
            let calls = calls.join(", ");
            let mut problem = Problem::new(found.at, "users without MFA are denied what enrols a device");
            problem = match found.missing {
                true => problem
                    .note("the calls that enrol a device are missing here")
                    .help(format!("add {calls} to `NotAction`; for users with access keys `sts:GetSessionToken` too")),
                false => {
                    problem.note("who has no device yet never gets one").help(format!("take {calls} out of the deny"))
                }
            };
            if let Some(condition) = mfa::conditions(found.statement).next() {
                problem = problem.label(&condition.origin, "holds for whoever has no device yet");
            }
            if let Some(exempt) =
                found.statement.action.as_ref().filter(|_| found.missing).and_then(|element| element.whole())
            {
                problem = problem.label(&exempt, "nothing else is left out");
            }
            out.push(problem.certain_if(found.certain && !cx.site.policy.open));
        }
    }
}
