//! `sensitive-access-without-mfa`

use super::{PolicyCx, Rule};
use crate::access::managed::is_managed;
use crate::access::mfa::{self, Caller, Offence};
use crate::finding::Problem;
use crate::policy::HolderKind;

/// A policy of users that grants sensitive access without MFA.
pub(super) struct SensitiveAccessWithoutMfa;

/// Labels at the most: beyond them a reader has understood.
const MAX_LABELS: usize = 10;

impl Rule for SensitiveAccessWithoutMfa {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_identity() || cx.only_for_roles() {
            return;
        }
        let known = cx.held_by_people();
        // A document of AWS's own is for whoever takes it.
        if !known && (is_managed(&cx.site.policy) || cx.is_administrator()) {
            return;
        }
        // What an ineffective condition lets through is that condition's finding: others are marked first.
        let ineffective: Vec<_> = mfa::ineffective(cx.with_denies()).collect();
        let explained =
            |offence: &Offence<'_>| ineffective.iter().any(|found| found.explains(offence.allow, offence.action));
        let first = mfa::offences(cx.with_denies()).find(|offence| !explained(offence));
        // Where nothing is ineffective, nothing was passed over.
        let passed_over = || (!ineffective.is_empty()).then(|| mfa::offences(cx.with_denies()).next())?;
        let Some(first) = first.or_else(passed_over) else { return };
        let what = first.pattern.map_or("nearly everything".to_owned(), |pattern| format!("`{}`", pattern.as_str()));
        let mut problem = Problem::new(first.at, format!("{what} is allowed{} without MFA", holder(cx)))
            .note(reached(&first))
            .help(
                "deny the rest without MFA, with `\"BoolIfExists\": {\"aws:MultiFactorAuthPresent\": \"false\"}`, or move \
                 these rights into a role that can only be assumed with MFA",
            )
            .certain_if(first.certain && !cx.site.policy.open)
            .pedantic_if(!known);
        // What nobody sees need not be complete.
        if known || cx.settings.pedantic {
            let others = mfa::offences(cx.with_denies()).filter(|offence| offence.at != first.at);
            for offence in others.take(MAX_LABELS) {
                problem = problem.label(offence.at, reached(&offence));
            }
        }
        out.push(problem);
    }
}

/// Who holds the policy, as a part of a sentence.
fn holder(cx: &PolicyCx<'_>) -> String {
    let holders = cx.site.uses.iter().filter_map(|used| used.holder.as_ref());
    let people = holders.filter(|holder| holder.kind != HolderKind::Role && !holder.name.is_empty());
    match people.map(|holder| (holder.kind, &holder.name)).next() {
        Some((HolderKind::Group, name)) => format!(" to group `{name}`"),
        Some((_, name)) => format!(" to user `{name}`"),
        None => String::new(),
    }
}

/// What the marked entry gives, and to whom.
fn reached(offence: &Offence<'_>) -> String {
    let to = match offence.caller {
        Caller::Keys => "anyone with the access keys",
        Caller::Console => "anyone with the password",
    };
    match offence.pattern {
        Some(pattern) if !pattern.has_wildcard() => format!("for {to}"),
        _ => format!("reaches `{}`, for {to}", offence.action),
    }
}
