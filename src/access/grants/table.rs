//! What policies effectively allow: the actions of the catalogue, Allow minus Deny.

use super::can_narrow;
use crate::access::Truth;
use crate::access::actions::expand;
use crate::access::context::Context;
use crate::access::reach;
use crate::access::targets::Targets;
use crate::catalog::{AccessLevel, Action};
use crate::policy::{ActionPattern, Policy, ResourcePattern, Spanned, Statement, Value};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Actions of one service and level that are allowed on the same resources, under the same conditions.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The prefix of the service.
    pub service: Box<str>,
    /// The access level.
    pub level: AccessLevel,
    /// The patterns of the resources; with `except` all others are meant.
    pub resources: Vec<String>,
    /// True where the statement has `NotResource`.
    pub except: bool,
    /// The condition keys that limit it, as they are written.
    pub conditions: Vec<String>,
    /// The names of the actions, without their service.
    pub actions: Vec<&'static str>,
    /// The place of the policy and of the statement in it that allow, each from 0.
    pub statement: (usize, usize),
    /// False if it hangs on what is not known before deployment.
    pub certain: bool,
}

impl Grant {
    /// True if it is for every resource.
    pub fn on_every_resource(&self) -> bool {
        self.except || self.resources.iter().any(|resource| resource == "*")
    }

    /// True if no condition limits it.
    pub fn unconditionally(&self) -> bool {
        self.conditions.is_empty()
    }

    /// How much it gives away, the most first: level, then resources, then conditions.
    fn rank(&self) -> (Reverse<AccessLevel>, bool, bool) {
        (Reverse(self.level), !self.on_every_resource(), !self.unconditionally())
    }
}

/// What a statement allows of one service at one level.
#[derive(Default)]
struct Row {
    actions: Vec<&'static str>,
    /// Which conditions of the statement can narrow that.
    narrowing: BTreeSet<usize>,
}

/// What the policies of one principal (or one resource) allow together: without what a Deny takes of all that a statement allows, under
/// no condition. The riskiest first.
pub fn table(policies: &[&Policy]) -> Vec<Grant> {
    let statements = || policies.iter().flat_map(|policy| &policy.statements);
    let denies: Vec<Statement> = statements().filter(|statement| statement.denies()).cloned().collect();
    let everything = Context::unknown();
    let denied = |allow: &Statement, action: &Action| reach::denied(&denies, allow, action.full_name, &everything);
    let mut all = Vec::new();
    for (number, policy) in policies.iter().enumerate() {
        for (index, statement) in policy.statements.iter().enumerate().filter(|(_, statement)| statement.may_allow()) {
            let mut rows: BTreeMap<(&str, AccessLevel), Row> = BTreeMap::new();
            // What an action cannot be on gives nothing.
            let targets = Targets::of(statement);
            let left = |action: &Action| !denied(statement, action) && targets.has(action);
            for action in candidates(statement).into_iter().filter(left) {
                let (service, name) = action.full_name.split_once(':').unwrap_or(("", action.full_name));
                let row = rows.entry((service, action.level)).or_default();
                row.actions.push(name);
                let conditions = statement.conditions.iter().enumerate();
                row.narrowing.extend(conditions.filter(|(_, it)| can_narrow(it, Some(&action))).map(|(at, _)| at));
            }
            let (resources, except) = scope(statement);
            all.extend(rows.into_iter().map(|((service, level), Row { mut actions, narrowing })| {
                actions.sort_unstable();
                actions.dedup();
                let keys = narrowing.into_iter().filter_map(|at| statement.conditions.get(at));
                let mut conditions: Vec<String> = keys.map(|condition| condition.key.value.to_string()).collect();
                conditions.dedup();
                Grant {
                    service: service.into(),
                    level,
                    resources: resources.clone(),
                    except,
                    conditions,
                    actions,
                    statement: (number, index),
                    certain: statement.allows() && !statement.conditions_open,
                }
            }));
        }
    }
    all.sort_by(|one, other| one.rank().cmp(&other.rank()).then_with(|| one.service.cmp(&other.service)));
    all
}

/// The actions of the catalogue that a statement may reach.
fn candidates(statement: &Statement) -> Vec<Action> {
    let Some(element) = &statement.action else { return Vec::new() };
    let mut actions: Vec<Action> = if element.negated {
        expand(&ActionPattern::new("*")).filter(|action| reaches(statement, action).possible()).collect()
    } else {
        element.list.known().flat_map(|(pattern, _)| expand(pattern)).collect()
    };
    actions.sort_by_key(|action| action.full_name);
    actions.dedup_by_key(|action| action.full_name);
    actions
}

/// Whether a statement is about an action.
fn reaches(statement: &Statement, action: &Action) -> Truth {
    let Some(element) = &statement.action else { return Truth::No };
    let unseen = if element.list.open { Truth::Maybe } else { Truth::No };
    let matches = element.list.items.iter().fold(unseen, |truth, item| {
        truth.or(item.value.known().map_or(Truth::Maybe, |pattern| pattern.matches(action.full_name).into()))
    });
    if element.negated { !matches } else { matches }
}

fn scope(statement: &Statement) -> (Vec<String>, bool) {
    let Some(element) = &statement.resource else { return (vec!["the resource itself".to_owned()], false) };
    let text = |item: &Spanned<Value<ResourcePattern>>| {
        item.value.known().map_or_else(|| "(known at deployment)".to_owned(), |pattern| pattern.as_str().to_owned())
    };
    (element.list.items.iter().map(text).collect(), element.negated)
}
