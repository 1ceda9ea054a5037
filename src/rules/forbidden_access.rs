//! `forbidden-access`

use super::{PolicyCx, Rule};
use crate::access::attached::quoted_actions;
use crate::access::ceiling::{Excess, Scope};
use crate::access::compare::{Kind, NewAccess};
use crate::finding::Problem;
use crate::policy::{ActionPattern, PolicyKind};
use crate::settings::Settings;

/// Access to an action that the run forbids.
pub(super) struct ForbiddenAccess;

const HELP: &str = "take the action out, or limit the statement so that it does not reach it";

impl Rule for ForbiddenAccess {
    fn judges_attached(&self, settings: &Settings) -> bool {
        !settings.forbid.is_empty()
    }

    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if cx.settings.forbid_public && cx.grants() && !cx.is(|kind| *kind == PolicyKind::Identity) {
            public(cx, out);
        }
        if cx.settings.forbid.is_empty() || !cx.grants() {
            return;
        }
        let denies: Vec<_> = cx.with_denies().iter().filter(|statement| statement.denies()).cloned().collect();
        let kind = if cx.is_identity() { Kind::Identity } else { Kind::Resource };
        let scope = Scope { kind, each_principal: false, is_own: &|_| false };
        for ceiling in &cx.settings.forbid {
            for excess in ceiling.exceeded_by(&cx.site.policy, &denies, scope) {
                out.extend(excess.access.iter().map(|access| problem(&excess, access)));
                out.extend(excess.undecided.map(|why| {
                    let message = format!("it cannot be decided whether a forbidden action is granted: {why}");
                    let problem = Problem::new(&excess.statement.origin, message).certain_if(false);
                    problem.help("write out what the statement grants")
                }));
            }
        }
    }
}

/// What is for everyone, and left of it by the denies of the policy.
fn public(cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
    for statement in cx.granting() {
        let truth = cx.effective().is_for_anyone(statement);
        let left = |entry: &ActionPattern| cx.effective().leaves(statement, entry);
        let all = ActionPattern::new("*");
        let listed = statement.actions().iter();
        let allows = match statement.action.as_ref().is_some_and(|element| element.negated) {
            true => left(&all),
            false => listed.into_iter().any(|entry| entry.value.known().is_none_or(left)),
        };
        let Some(at) = statement.everyone().filter(|_| truth.possible() && allows) else { continue };
        let word = if truth.certain() { "is" } else { "may be" };
        let what = quoted_actions(statement);
        out.push(
            Problem::new(at, format!("{what} {word} allowed to the general public, which this run forbids"))
                .note("everyone, in every account and without one")
                .help("name the principals, or require a fixed `aws:PrincipalOrgID`, `aws:SourceArn` or the like")
                .certain_if(truth.certain() && statement.allows()),
        );
    }
}

fn problem(excess: &Excess<'_>, access: &NewAccess) -> Problem {
    let witness = &access.witness;
    let word = if access.certain { "is granted" } else { "may be granted" };
    let resource = &witness.resource;
    let note = if witness.context.is_empty() {
        format!("for one on `{resource}`")
    } else {
        let keys: Vec<String> = witness.context.keys().map(|key| format!("`{key}`")).collect();
        format!("for one on `{resource}`, where {} is as the conditions ask", keys.join(", "))
    };
    Problem::new(excess.entry(access), format!("`{}` {word}, which this run forbids", witness.action))
        .note(note)
        .help(HELP)
        .certain_if(access.certain)
}
