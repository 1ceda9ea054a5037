//! MFA conditions that are meant to require MFA, and let somebody without it pass.

use super::people::{assumes, only_without_mfa};
use super::{ASSUME_ROLE, Caller, allows_someone, conditions, holds, offences, with_mfa};
use crate::access::Truth;
use crate::access::actions::{changes, is_read_verb, statement_covers, statement_matches};
use crate::access::context::{Context, applies, evaluate};
use crate::access::reach::{covers_principals, covers_resources, denied_wholly};
use crate::policy::{ActionPattern, Condition, Effect, Statement};
use crate::source::Origin;

/// An MFA condition that does not do what it is there for.
#[derive(Debug)]
pub struct Ineffective<'a> {
    /// The condition.
    pub condition: &'a Condition,
    /// Its statement.
    pub statement: &'a Statement,
    /// What the statement does.
    pub effect: Effect,
    /// Who gets past it.
    pub callers: Vec<Caller>,
    /// True if it is the wrong way round: an Allow for people without MFA only, or a Deny for people with it.
    pub inverted: bool,
    /// False if statements or conditions that we do not see could mend it.
    pub certain: bool,
}

impl<'a> Ineffective<'a> {
    /// The entries of Allow statements that give people without MFA what this should have kept from them: in a trust policy
    /// what assumes the role, otherwise what is sensitive.
    pub fn lets_through(&self, policy: &'a [Statement], trust: bool) -> impl Iterator<Item = &'a Origin> {
        let roles = policy.iter().filter(move |allow| trust && allow.may_allow() && self.explains(allow, ASSUME_ROLE));
        let open = |allow: &&Statement| allows_someone(policy, allow, ASSUME_ROLE).possible();
        let sensitive = offences(policy).filter(move |found| !trust && self.explains(found.allow, found.action));
        roles.filter(open).filter_map(assumes).chain(sensitive.map(|found| found.at))
    }

    /// True if an action that an Allow of the policy gives people without MFA is theirs because of this.
    pub fn explains(&self, allow: &Statement, action: &str) -> bool {
        match self.effect {
            Effect::Allow => std::ptr::eq(self.statement, allow),
            Effect::Deny => statement_matches(self.statement, action).possible(),
        }
    }
}

/// The MFA conditions of a policy that do not do what they are there for. What another statement of the policy makes good
/// is left out.
pub fn ineffective(policy: &[Statement]) -> impl Iterator<Item = Ineffective<'_>> {
    policy.iter().filter(|statement| !only_without_mfa(statement)).filter_map(|statement| {
        if statement.allows() {
            allow(policy, statement)
        } else if statement.denies() {
            deny(policy, statement)
        } else {
            None
        }
    })
}

fn allow<'a>(policy: &'a [Statement], statement: &'a Statement) -> Option<Ineffective<'a>> {
    let first = conditions(statement).next()?;
    let passes = |caller: &Caller| {
        let context = caller.context();
        holds(statement, context).certain() && stays_allowed(policy, statement, context)
    };
    let callers: Vec<Caller> = Caller::ALL.into_iter().filter(passes).collect();
    let inverted = match holds(statement, with_mfa()) {
        Truth::Yes => false,
        // Machines come with keys: an Allow for them alone is no mistake. Nor is one that only lets people see, or enrol.
        Truth::No if callers.contains(&Caller::Console) && weighs(statement) => true,
        _ => return None,
    };
    (!callers.is_empty()).then_some(Ineffective {
        condition: first,
        statement,
        effect: Effect::Allow,
        callers,
        inverted,
        certain: !statement.conditions_open,
    })
}

fn deny<'a>(policy: &'a [Statement], statement: &'a Statement) -> Option<Ineffective<'a>> {
    conditions(statement).next()?;
    let passes = |caller: &Caller| {
        let context = caller.context();
        holds(statement, context) == Truth::No && !made_good(policy, statement, context)
    };
    let callers: Vec<Caller> = Caller::ALL.into_iter().filter(passes).collect();
    let inverted = match holds(statement, with_mfa()) {
        Truth::No => false,
        Truth::Yes if callers.contains(&Caller::Console) => true,
        _ => return None,
    };
    let context = callers.first()?.context();
    let condition = conditions(statement).find(|condition| evaluate(condition, context) == Truth::No)?;
    Some(Ineffective { condition, statement, effect: Effect::Deny, callers, inverted, certain: true })
}

/// True if something of an Allow is left after the denies.
fn stays_allowed(policy: &[Statement], allow: &Statement, context: &Context) -> bool {
    if applies(allow, context) == Truth::No {
        return false;
    }
    let wholly = |pattern: &ActionPattern| denied_wholly(policy, allow, pattern, context);
    match &allow.action {
        Some(element) if element.negated => !wholly(&ActionPattern::new("*")),
        Some(element) => !element.list.items.iter().all(|item| item.value.must(wholly)),
        None => false,
    }
}

/// True if the policy itself sees to it that a Deny is not missed in a context: another Deny covers it there, or
/// all that the policy allows of it is not allowed there. A policy that only denies guards what others allow.
fn made_good(policy: &[Statement], deny: &Statement, context: &Context) -> bool {
    let others = || policy.iter().filter(|other| !std::ptr::eq(*other, deny));
    if others().any(|other| other.denies() && stops(other, context) && covers(other, deny)) {
        return true;
    }
    let mut guarded = others().filter(|other| other.may_allow() && may_meet(deny, other)).peekable();
    guarded.peek().is_some() && !guarded.any(|allow| stays_allowed(policy, allow, context))
}

/// True if a Deny stops the caller of a context. Where it is about MFA itself, an exception to it is meant.
fn stops(deny: &Statement, context: &Context) -> bool {
    let truth = applies(deny, context);
    truth.certain() || truth.possible() && conditions(deny).next().is_some() && holds(deny, context).certain()
}

/// True if all that a Deny speaks of is what another one speaks of.
fn covers(wide: &Statement, narrow: &Statement) -> bool {
    covers_resources(wide, narrow) && covers_principals(wide, narrow) && covers_actions(wide, narrow)
}

fn covers_actions(wide: &Statement, narrow: &Statement) -> bool {
    let (Some(outer), Some(inner)) = (&wide.action, &narrow.action) else { return false };
    match (outer.negated, inner.negated) {
        // All but these is among all but those if these hold those.
        (true, true) => {
            let among = |pattern: &ActionPattern| {
                inner.list.items.iter().any(|item| item.value.must(|own| crate::access::covers(own, pattern)))
            };
            !outer.list.open && outer.list.items.iter().all(|item| item.value.must(among))
        }
        (_, true) => statement_covers(wide, &ActionPattern::new("*")).certain(),
        (_, false) => {
            let covered = |pattern: &ActionPattern| statement_covers(wide, pattern).certain();
            !inner.list.open && inner.list.items.iter().all(|item| item.value.must(covered))
        }
    }
}

/// True unless a Deny certainly speaks of other actions than an Allow does.
fn may_meet(deny: &Statement, allow: &Statement) -> bool {
    let (Some(denied), Some(allowed)) = (&deny.action, &allow.action) else { return false };
    let services = |pattern: &ActionPattern| pattern.service().unwrap_or("*").to_ascii_lowercase();
    match (denied.negated, allowed.negated) {
        (true, false) => {
            let exempt = |pattern: &ActionPattern| {
                denied.list.items.iter().any(|item| item.value.may(|own| crate::access::covers(own, pattern)))
            };
            !allowed.list.items.iter().all(|item| item.value.must(exempt))
        }
        (false, false) => allowed.list.items.iter().any(|item| {
            item.value.may(|pattern| {
                denied.list.items.iter().any(|other| {
                    other.value.may(|other| {
                        let (one, two) = (services(pattern), services(other));
                        one == two || one.contains(['*', '?']) || two.contains(['*', '?'])
                    })
                })
            })
        }),
        (_, true) => true,
    }
}

/// True if a statement allows something beyond reading and beyond the enrolment of a device.
fn weighs(statement: &Statement) -> bool {
    let enrols = |action: &str| super::ENROLMENT.iter().any(|name| name.eq_ignore_ascii_case(action));
    statement.action.as_ref().is_some_and(|element| element.negated)
        || statement.actions().iter().any(|item| {
            item.value.known_any(|pattern| {
                !is_read_verb(pattern.name()) && changes(pattern).any(|action| !enrols(action.full_name))
                    || pattern.matches("sts:AssumeRole")
            })
        })
}
