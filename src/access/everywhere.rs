//! Statements that allow an action on every resource, or on all but some.

use super::actions::statement_matches;
use super::breadth::{Breadth, widest};
use crate::policy::{ActionPattern, BaseOperator, Condition, ResourcePattern, Statement};
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
    /// True for an entry that is for all of one account.
    pub of_account: bool,
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
    let wanted = action;
    let (actions, resources) = (statement.action.as_ref()?, statement.resource.as_ref()?);
    let resource = match widest(statement, &ActionPattern::new(action))? {
        (Breadth::Wide, at) => at,
        _ => every_linked_role(statement).filter(|_| action == CREATE_LINKED_ROLE)?,
    };
    // What is not known is not claimed.
    let entry = actions.list.items.iter().find(|item| item.value.known_any(|pattern| pattern.matches(wanted)));
    let action = match actions.negated {
        true => &actions.key,
        false => &entry?.origin,
    };
    if actions.negated && !matches.certain() {
        return None;
    }
    let written = resources.list.known().find(|(_, at)| *at == resource);
    let account = written.and_then(|(pattern, _)| pattern.arn()).map_or("", |arn| arn.account);
    let of_account = !resources.negated && !account.is_empty() && !account.contains(['*', '?']);
    let certain = statement.allows() && matches.certain();
    Some(Everywhere { action, resource, all_but: resources.negated, of_account, certain })
}

/// The action whose roles stand in a folder of their own: all of it is every role that it can make.
const CREATE_LINKED_ROLE: &str = "iam:CreateServiceLinkedRole";

fn every_linked_role(statement: &Statement) -> Option<&Origin> {
    let folder = |resource: &ResourcePattern| resource.as_str().ends_with(":role/aws-service-role/*");
    statement.resources().iter().find(|item| item.value.known_any(folder)).map(|item| &item.origin)
}

/// The condition that limits a statement by a key that every request for its action carries, to a few values: then `...IfExists` and
/// `ForAllValues:` limit too.
pub fn limited_by<'a>(statement: &'a Statement, key: &str) -> Option<&'a Condition> {
    let stars = |text: &str| text.bytes().all(|byte| byte == b'*');
    statement.conditions.iter().find(|condition| {
        let open = condition.values.known().any(|(value, _)| stars(value));
        let compares = |base: BaseOperator| !base.is_negated() && base != BaseOperator::Null;
        condition.is_on(key) && condition.operator.value.base.is_some_and(compares) && !open
    })
}
