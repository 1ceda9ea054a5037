//! `ineffective-mfa-condition`

use super::{PolicyCx, Rule};
use crate::access::mfa::{self, AGE, Caller, Ineffective};
use crate::finding::Problem;
use crate::policy::Effect;

/// An MFA condition that lets somebody without MFA pass.
pub(super) struct IneffectiveMfaCondition;

/// Labels at the most.
const MAX_LABELS: usize = 10;

impl Rule for IneffectiveMfaCondition {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        // Of a policy that only roles hold `unmeetable-mfa-condition` speaks.
        if !cx.grants() || cx.only_for_roles() {
            return;
        }
        for found in mfa::ineffective(cx.with_denies()).filter(|found| cx.owns(found.statement)) {
            let (operator, key) = (&found.condition.operator.value.text, &found.condition.key.value);
            let who: Vec<&str> = found.callers.iter().map(|caller| caller.as_str()).collect();
            let who = who.join(" and ");
            let message = match (found.effect, found.inverted) {
                (Effect::Allow, false) => format!("`{operator}` on `{key}` lets {who} in"),
                (Effect::Allow, true) => format!("`{operator}` on `{key}` lets only {who} in, not people with MFA"),
                (Effect::Deny, false) => format!("`{operator}` on `{key}` does not stop {who}"),
                (Effect::Deny, true) => format!("`{operator}` on `{key}` stops people with MFA, not {who}"),
            };
            let problem = Problem::new(&found.condition.origin, message).note(why(&found)).help(help(&found));
            let labelled = found
                .lets_through(cx.with_denies(), cx.is_trust())
                .take(MAX_LABELS)
                .fold(problem, |problem, entry| problem.label(entry, "allowed without MFA"));
            out.push(labelled.certain_if(found.certain && !cx.site.policy.open));
        }
    }
}

/// How somebody gets past the condition: what the request carries, and what the operator makes of it.
fn why(found: &Ineffective<'_>) -> &'static str {
    let keys = found.callers.contains(&Caller::Keys);
    match (found.effect, found.inverted) {
        (_, true) => "the wrong way round: holds without MFA in an allow, or with MFA in a deny",
        (Effect::Deny, _) if found.condition.is_on(AGE) => {
            "without MFA the key is absent, and the condition then false"
        }
        (Effect::Deny, _) if keys => "requests with access keys do not carry the key, and the condition is then false",
        (Effect::Deny, _) => "a console session carries the key without MFA too, as `false`",
        (Effect::Allow, _) if found.condition.is_on(AGE) => {
            "without MFA the key is absent, and the condition then true"
        }
        (Effect::Allow, _) if keys => "requests with access keys do not carry the key, and the condition is then true",
        (Effect::Allow, _) => "a console session carries the key without MFA too, as `false`",
    }
}

fn help(found: &Ineffective<'_>) -> &'static str {
    match found.effect {
        Effect::Allow if found.condition.is_on(AGE) => "write the operator without `IfExists`",
        Effect::Allow => "write `\"Bool\": {\"aws:MultiFactorAuthPresent\": \"true\"}`",
        Effect::Deny if found.condition.is_on(AGE) => {
            "write the operator with `IfExists`, or deny `\"BoolIfExists\": {\"aws:MultiFactorAuthPresent\": \"false\"}` \
             as well"
        }
        Effect::Deny => "write `\"BoolIfExists\": {\"aws:MultiFactorAuthPresent\": \"false\"}`",
    }
}
