//! MFA conditions where nobody can have used MFA: the sessions of roles carry none, nor do services and federated users.

use super::people::only_without_mfa;
use super::{AGE, PRESENT, conditions, holds, with_mfa};
use crate::access::Truth;
use crate::access::context::{Context, applies};
use crate::policy::{Condition, Effect, Statement};
use std::sync::LazyLock;

/// An MFA condition that no caller can meet.
#[derive(Debug)]
pub struct Unmeetable<'a> {
    /// The condition.
    pub condition: &'a Condition,
    /// What its statement does: an Allow never allows, a Deny always denies.
    pub effect: Effect,
    /// False if another condition decides whether the statement applies at all.
    pub certain: bool,
}

/// The MFA conditions of a policy that no caller can meet. `by_roles` says that only roles hold the policy; otherwise the
/// statements that name only roles, services and federated users are judged.
pub fn unmeetable(policy: &[Statement], by_roles: bool) -> impl Iterator<Item = Unmeetable<'_>> {
    policy.iter().filter(move |statement| by_roles || only_without_mfa(statement)).filter_map(|statement| {
        let condition = conditions(statement).next()?;
        let [bare, stated] = [&*BARE, &*STATED];
        let always = |truth: Truth| holds(statement, bare) == truth && holds(statement, stated) == truth;
        let effect = if statement.allows() && always(Truth::No) && holds(statement, with_mfa()).possible() {
            Effect::Allow
        } else if statement.denies() && always(Truth::Yes) && holds(statement, with_mfa()) == Truth::No {
            Effect::Deny
        } else {
            return None;
        };
        let applies = applies(statement, bare);
        let denies_nobody = effect == Effect::Deny && applies == Truth::No;
        let certain = effect == Effect::Allow || applies.certain();
        (!denies_nobody).then_some(Unmeetable { condition, effect, certain })
    })
}

/// A session of a role without the MFA keys, as AWS documents it.
static BARE: LazyLock<Context> = LazyLock::new(|| session().without(PRESENT).without(AGE));

/// The same with a key that says that there was no MFA: judged too, so that a finding holds either way.
static STATED: LazyLock<Context> = LazyLock::new(|| session().with(PRESENT, "false").without(AGE));

fn session() -> Context {
    Context::unknown().with("aws:PrincipalType", "AssumedRole").without("aws:username")
}
