//! What is shown where many requests would do: the riskiest actions, on the resources that people know.

use super::part::Part;
use crate::access::actions::{expand, is_read_verb};
use crate::catalog::{AccessLevel, Action};
use crate::policy::{ActionPattern, globs_meet};
use std::sync::LazyLock;

/// Names of actions that are tried for a pattern.
const NAMES: usize = 200;

/// Of each of the other patterns.
const OF_OTHERS: usize = 8;

/// Single actions that are asked about before all others.
const TRIED: usize = 3;

/// Patterns of others that are looked at.
const OTHERS: usize = 60;

/// What comes to everybody's mind, of the services that most policies are about.
const FIRST: [&str; 9] = [
    "iam:CreateUser",
    "s3:PutObject",
    "s3:GetObject",
    "sts:AssumeRole",
    "kms:Decrypt",
    "ec2:RunInstances",
    "lambda:UpdateFunctionCode",
    "dynamodb:PutItem",
    "sqs:SendMessage",
];

/// How far an action is from being shown: what people know, then what harms most.
fn rank(action: &Action) -> usize {
    let levels = [AccessLevel::Permissions, AccessLevel::Write, AccessLevel::Read, AccessLevel::List];
    let known = FIRST.iter().position(|name| *name == action.full_name);
    let of_level = || levels.iter().position(|level| *level == action.level).unwrap_or(levels.len());
    known.unwrap_or_else(|| FIRST.len() + if is_read_verb(action.name()) { levels.len() } else { of_level() })
}

/// Known actions of an entry (all, if there is none), so that there are some of what each of the statements names: the first ones to
/// be shown first.
pub(super) fn actions(entry: Option<&ActionPattern>, parts: &[&Part<'_>]) -> Vec<Action> {
    let wild = ActionPattern::new("*");
    let entry = entry.unwrap_or(&wild);
    let mut actions = best(entry, &wild, NAMES);
    let mut seen: Vec<&str> = vec![entry.as_str()];
    let patterns = parts.iter().flat_map(|part| part.statement.action.iter().flat_map(|element| element.list.known()));
    for (pattern, _) in patterns {
        if seen.len() > OTHERS {
            break;
        }
        let meets = globs_meet(&pattern.as_str().to_ascii_lowercase(), &entry.as_str().to_ascii_lowercase());
        if !meets || seen.contains(&pattern.as_str()) {
            continue;
        }
        seen.push(pattern.as_str());
        actions.extend(best(pattern, entry, OF_OTHERS));
    }
    actions.sort_by_key(rank);
    actions.dedup_by_key(|action| action.number());
    actions
}

/// Single actions of an entry with wildcards that people know, and that an old Deny may be about.
pub(super) fn first(entry: Option<&ActionPattern>, met: Option<&Part<'_>>) -> Vec<ActionPattern> {
    let Some(entry) = entry.filter(|entry| entry.has_wildcard()) else { return Vec::new() };
    let met = met.and_then(|part| part.statement.action.as_ref());
    let reached = |name: &str| {
        met.is_none_or(|element| element.negated || element.list.known().any(|(pattern, _)| pattern.matches(name)))
    };
    let names = FIRST.iter().filter(|name| entry.matches(name) && reached(name));
    names.take(TRIED).map(|name| ActionPattern::new(name)).collect()
}

/// The first of those that two patterns share.
fn best(one: &ActionPattern, other: &ActionPattern, most: usize) -> Vec<Action> {
    /// Of all actions there are: this many are looked through again and again.
    static OF_ALL: LazyLock<Vec<Action>> = LazyLock::new(|| {
        let mut all: Vec<Action> = expand(&ActionPattern::new("*")).collect();
        all.sort_by_key(rank);
        all.truncate(NAMES);
        all
    });
    if one.is_everything() && other.is_everything() {
        return OF_ALL.iter().take(most).copied().collect();
    }
    let (narrow, wide) = if one.head().len() < other.head().len() { (other, one) } else { (one, other) };
    let mut by_rank: Vec<Vec<Action>> = vec![Vec::new(); FIRST.len() + 6];
    for action in expand(narrow).filter(|action| wide.is_everything() || wide.matches(action.full_name)) {
        if let Some(alike) = by_rank.get_mut(rank(&action)).filter(|alike| alike.len() < most) {
            alike.push(action);
        }
    }
    let mut best: Vec<Action> = by_rank.into_iter().flatten().collect();
    best.truncate(most);
    best
}

/// The formats of the resources of an action: those of the thing itself before those of ways to it.
pub(super) fn formats(action: &Action) -> Vec<&'static str> {
    let mut formats: Vec<&str> = action.targets().flat_map(|target| target.resource.arns()).collect();
    formats.sort_by_key(|format| format.contains("accesspoint") || format.contains("/access-point"));
    formats
}
