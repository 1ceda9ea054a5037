//! What statements effectively allow, asked by name: allow minus deny, with conditions and unknowns counted.

mod table;

pub use table::{Grant, table};

use super::Truth;
use super::actions::{element_matches, statement_matches};
use super::breadth::{Breadth, breadth};
use super::context::{Context, applies};
use super::narrowing::of_everyone;
use super::scope::narrowing;
use super::targets::Targets;
use super::{mfa, reach};
use crate::catalog::{self, Action};
use crate::policy::{ActionPattern, BaseOperator, Condition, Policy, Principal, Spanned, Statement, Value};
use crate::source::Origin;

/// A policy, with the Deny statements of others that bind whoever holds it.
#[derive(Clone, Copy, Debug)]
pub struct Grants<'a> {
    policy: &'a Policy,
    statements: &'a [Statement],
    /// What [`services_of`] says of each statement; none where that was not worth asking.
    services: &'a [u64],
}

/// Bits for the services of which a statement may allow or deny actions, by [`ActionPattern::service_bits`].
pub fn services_of(statement: &Statement) -> u64 {
    let Some(element) = &statement.action else { return 0 };
    if element.negated || element.list.open {
        return u64::MAX;
    }
    let of = |item: &Spanned<Value<ActionPattern>>| item.value.known().map_or(u64::MAX, ActionPattern::service_bits);
    element.list.items.iter().fold(0, |bits, item| bits | of(item))
}

/// An Allow that is left of an action when all denies are taken away.
#[derive(Clone, Copy, Debug)]
pub struct Granted<'a> {
    /// The statement.
    pub statement: &'a Statement,
    /// The entry of `Action` that matches, or the key `NotAction`.
    pub entry: &'a Origin,
    /// False if it rests on what is not known before deployment.
    pub certain: bool,
}

impl<'a> Granted<'a> {
    /// The name of the action as the statement has it, in its letter case, where it names it; else as AWS has it.
    pub fn written(&self, action: &'a str) -> &'a str {
        let named = self.statement.actions().iter().filter(|item| item.origin == *self.entry);
        let mut texts = named.filter_map(|item| item.value.known()).map(ActionPattern::as_str);
        texts.find(|text| text.eq_ignore_ascii_case(action)).unwrap_or(action)
    }
}

impl<'a> Grants<'a> {
    /// What a policy grants. `statements` are its own, and behind them the denies of others.
    pub fn of(policy: &'a Policy, statements: &'a [Statement]) -> Self {
        Grants { policy, statements, services: &[] }
    }

    /// The same for many questions. `services` are those of [`services_of`], of each of the statements.
    pub fn about(self, services: &'a [u64]) -> Self {
        Grants { services, ..self }
    }

    /// The policy itself.
    pub fn policy(&self) -> &'a Policy {
        self.policy
    }

    /// The statements, and behind them the denies of others.
    pub fn statements(&self) -> &'a [Statement] {
        self.statements
    }

    /// The statements that grant an action, as `iam:PassRole`, on something and to somebody.
    pub fn grants(&self, action: &str) -> impl Iterator<Item = Granted<'a>> {
        self.in_context(action, &Context::unknown()).into_iter()
    }

    /// The statements that grant an action to requests of which this much is known.
    pub fn in_context(&self, action: &str, context: &Context) -> Vec<Granted<'a>> {
        let service = ActionPattern::service_bits_of(action);
        let is_of_others = |at: usize| self.services.get(at).is_some_and(|services| services & service == 0);
        let statements = self.statements.iter().enumerate().filter(|(at, _)| !is_of_others(*at));
        let statements = statements.map(|(_, statement)| statement).filter(|statement| statement.may_allow());
        let known = catalog::action(action);
        let granted = statements.filter_map(|statement| {
            let matches = statement_matches(statement, action);
            let holds = if matches.possible() { applies(statement, context) } else { Truth::No };
            if !holds.possible() || reach::denied(self.statements, statement, action, context) {
                return None;
            }
            // On what the action cannot be on there is nothing to grant.
            if known.is_some_and(|known| !Targets::of(statement).may_have(&known)) {
                return None;
            }
            let element = statement.action.as_ref()?;
            // What is not known is not claimed.
            let known = |pattern: &ActionPattern| pattern.matches(action);
            let entry = match element.negated {
                true => Some(&element.key).filter(|_| element_matches(element, action).certain()),
                false => element.list.items.iter().find(|item| item.value.known_any(known)).map(|item| &item.origin),
            };
            let certain = statement.allows() && matches.certain() && !statement.conditions_open;
            Some(Granted { statement, entry: entry?, certain })
        });
        granted.collect()
    }

    /// False if a Deny takes away all that an entry of a statement allows.
    pub fn leaves(&self, allow: &Statement, entry: &ActionPattern) -> bool {
        !reach::denied_wholly(self.statements, allow, entry, &Context::unknown())
    }

    /// Whether an action is granted on every resource, or on all of one type.
    pub fn on_every_resource(&self, action: &str) -> Truth {
        self.any(action, |granted| granted.on_every_resource(action))
    }

    /// Whether an action is granted with nothing to meet first.
    pub fn unconditionally(&self, action: &str) -> Truth {
        self.any(action, |granted| granted.unconditionally(action))
    }

    /// Whether an action is granted to people who have not used MFA.
    pub fn without_mfa(&self, action: &str) -> Truth {
        self.any(action, |granted| mfa::allows_someone(self.statements, granted.statement, action))
    }

    /// Whether an action is granted to the general public.
    pub fn to_anyone(&self, action: &str) -> Truth {
        self.any(action, |granted| self.is_for_anyone(granted.statement))
    }

    /// Whether an Allow is for the general public.
    pub fn is_for_anyone(&self, allow: &Statement) -> Truth {
        match allow.everyone() {
            Some(_) => !of_everyone(self.policy, allow),
            None => Truth::No,
        }
    }

    /// Whether an action is granted to principals outside the accounts that `is_own` accepts, the general public among them.
    pub fn outside_account(&self, action: &str, is_own: impl Fn(&str) -> bool) -> Truth {
        let foreign = |principal: &Principal| principal.account().is_some_and(|account| !is_own(account));
        self.any(action, |granted| {
            let principals = granted.statement.principals().iter();
            let named = principals.map(|item| match item.value.known() {
                Some(principal) => Truth::from(foreign(principal)),
                None => Truth::Maybe,
            });
            named.fold(self.is_for_anyone(granted.statement), Truth::or)
        })
    }

    fn any(&self, action: &str, asked: impl Fn(&Granted<'a>) -> Truth) -> Truth {
        self.grants(action).fold(Truth::No, |truth, granted| {
            let certain = if granted.certain { Truth::Yes } else { Truth::Maybe };
            truth.or(asked(&granted).and(certain))
        })
    }
}

impl Granted<'_> {
    /// Whether the statement is for every resource that the action has, or for all of one type.
    pub fn on_every_resource(&self, action: &str) -> Truth {
        if narrowing(self.statement).is_some() {
            return Truth::No;
        }
        match breadth(self.statement, &ActionPattern::new(action)) {
            Breadth::Wide => Truth::Yes,
            Breadth::Unknown => Truth::Maybe,
            Breadth::Narrow => Truth::No,
        }
    }

    /// Whether none of the statement's conditions has to be met by requests for the action.
    pub fn unconditionally(&self, action: &str) -> Truth {
        let action = catalog::action(action);
        let narrows = |condition: &Condition| can_narrow(condition, action.as_ref());
        match self.statement.conditions.iter().any(narrows) {
            true => Truth::No,
            false if self.statement.conditions_open => Truth::Maybe,
            false => Truth::Yes,
        }
    }
}

/// False for a condition that holds on every request for an action: `StringLike` `*`, and what holds on an absent key where
/// requests do not carry the key. Where the action is not known, any request may carry any key.
pub fn can_narrow(condition: &Condition, action: Option<&Action>) -> bool {
    let operator = &condition.operator.value;
    let likes =
        matches!(operator.base, Some(BaseOperator::StringLike | BaseOperator::ArnLike | BaseOperator::ArnEquals));
    let stars = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte == b'*');
    if likes && condition.values.known().any(|(value, _)| stars(value)) {
        return false;
    }
    let key = &*condition.key.value;
    let never_there = action.is_some_and(|action| is_never_sent(key, action));
    let holds_without = !operator.needs_key() && operator.base.is_some_and(|base| base != BaseOperator::Null);
    !(never_there && holds_without)
}

/// True if requests for an action never carry a key, as far as the catalogue tells. It does not tell which resources have tags.
pub fn is_never_sent(key: &str, action: &Action) -> bool {
    let is_tag = key.contains('/') || key.eq_ignore_ascii_case("aws:TagKeys");
    !is_tag && catalog::key(key).is_some() && !action.supports_key(key)
}

#[cfg(test)]
mod tests;
