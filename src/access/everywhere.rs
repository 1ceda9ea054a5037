//! Statements that allow an action on every resource, or on all but some.

use super::actions::statement_matches;
use super::breadth::{Breadth, breadth_for};
use crate::policy::{Condition, ResourcePattern, Statement};
use crate::source::Origin;

/// How a statement allows an action everywhere.
#[derive(Clone, Copy, Debug)]
pub struct Everywhere<'a> {
    /// The entry of `Action` that matches it, or the key `NotAction`.
    pub action: &'a Origin,
    /// The entry of `Resource` that is for all, or the key `NotResource`.
    pub resource: &'a Origin,
    /// True for `NotResource`.
    pub all_but: bool,
    /// True if nothing about it rests on what is not known.
    pub certain: bool,
}

/// How a statement allows an action, as `iam:PassRole`, on every resource of its type; none if it does not. Conditions are left
/// out.
pub fn everywhere<'a>(statement: &'a Statement, action: &str) -> Option<Everywhere<'a>> {
    if !statement.may_allow() {
        return None;
    }
    let matches = statement_matches(statement, action);
    if !matches.possible() {
        return None;
    }
    let resource = every_resource(statement, action.split(':').next().unwrap_or("*"))?;
    let (wanted, actions) = (action, statement.action.as_ref()?);
    // What is not known is not claimed.
    let entry = actions.list.items.iter().find(|item| item.value.known_any(|pattern| pattern.matches(wanted)));
    let action = match actions.negated {
        true => &actions.key,
        false => &entry?.origin,
    };
    if actions.negated && !matches.certain() {
        return None;
    }
    let all_but = statement.resource.as_ref()?.negated;
    Some(Everywhere { action, resource, all_but, certain: statement.allows() && matches.certain() })
}

/// Where a statement names every resource of a service, or all of a type: an entry of `Resource`, or the key `NotResource`; none
/// if it does not.
pub fn every_resource<'a>(statement: &'a Statement, service: &str) -> Option<&'a Origin> {
    let resources = statement.resource.as_ref()?;
    // The folder of the service-linked roles is no name.
    let folder = |resource: &ResourcePattern| resource.as_str().ends_with(":role/aws-service-role/*");
    let linked = || statement.resources().iter().any(|item| item.value.known_any(folder));
    if breadth_for(statement, service) != Breadth::Wide && !linked() {
        return None;
    }
    let whole =
        resources.list.items.iter().find(|item| item.value.known_any(|resource| resource.as_str().contains('*')));
    Some(whole.filter(|_| !resources.negated).map_or(&resources.key, |item| &item.origin))
}

/// The condition that limits a statement by a key, and fails where the key is absent or has another than a few values.
pub fn limited_by<'a>(statement: &'a Statement, key: &str) -> Option<&'a Condition> {
    let stars = |text: &str| text.bytes().all(|byte| byte == b'*');
    statement.conditions.iter().find(|condition| {
        let open = condition.values.known().any(|(value, _)| stars(value));
        condition.is_on(key) && condition.operator.value.needs_key() && !open
    })
}
