//! Sets that need one target only, whichever it is: the holder makes it, or gets into it, and gives it any right.

use super::is_decided;
use crate::access::grants::Granted;
use crate::access::scope::narrowings;
use crate::catalog::Escalation;
use crate::policy::{ResourcePattern, Statement, Value, globs_meet, render_with};

/// The actions that give a target any right, those that make a target, and those that let one into it.
const TARGETS: [Target; 2] = [
    Target {
        kind: ":role/",
        give: &["iam:AttachRolePolicy", "iam:PutRolePolicy"],
        make: "iam:CreateRole",
        // Whoever makes a role says whom it trusts.
        enter: &["iam:CreateRole", "iam:UpdateAssumeRolePolicy"],
    },
    Target {
        kind: ":user/",
        give: &["iam:AttachUserPolicy", "iam:PutUserPolicy"],
        make: "iam:CreateUser",
        enter: &["iam:CreateAccessKey", "iam:CreateLoginProfile"],
    },
];

struct Target {
    /// What stands in its ARN before the name.
    kind: &'static str,
    give: &'static [&'static str],
    make: &'static str,
    enter: &'static [&'static str],
}

/// True if the holder gets any right by a set, on as few targets as it may be granted. `granted` grants each of its actions.
pub(super) fn is_enough(set: &Escalation, granted: &[Vec<Granted<'_>>]) -> bool {
    let uses = |any: &[&str]| set.actions.iter().any(|action| any.contains(action));
    let target = TARGETS.iter().find(|target| uses(target.give) && uses(target.enter));
    target.is_some_and(|target| {
        let makes = uses(&[target.make]);
        let names = granted.iter().map(|of_action| {
            let statements = of_action.iter().map(|granted| granted.statement);
            let free = statements.filter(|statement| narrowings(statement).all(is_decided));
            let names = free.flat_map(|statement| names(statement, target.kind));
            // What is there already cannot be made.
            names.filter(|name| !makes || name.contains('*')).collect::<Vec<String>>()
        });
        let names: Vec<Vec<String>> = names.collect();
        let Some((first, rest)) = names.split_first() else { return false };
        first.iter().any(|name| rest.iter().all(|others| others.iter().any(|other| meet(name, other))))
    })
}

/// What stands behind `role/` or `user/` in the resources of a statement, with variables in braces.
fn names(statement: &Statement, kind: &str) -> Vec<String> {
    let all = || vec!["*".to_owned()];
    let Some(element) = statement.resource.as_ref().filter(|element| !element.negated) else { return all() };
    let name = |text: &str| match text.split_once(kind) {
        Some((_, name)) => Some(name.to_owned()),
        None if ResourcePattern::new(text).matches_everything() || text.ends_with(":*") => Some("*".to_owned()),
        None => None,
    };
    let of_item = |value: &Value<ResourcePattern>| match value {
        Value::Known(pattern) => name(pattern.as_str()),
        Value::Partly(pieces) => name(&render_with(pieces, |hole| format!("${{{hole}}}"))),
        Value::Either(_) | Value::Unknown(_) => None,
    };
    element.list.items.iter().filter_map(|item| of_item(&item.value)).collect()
}

/// True if two names are certainly of one target, or two patterns of some.
fn meet(one: &str, other: &str) -> bool {
    let open = one.contains("${") || other.contains("${");
    one == other || one == "*" || other == "*" || !open && globs_meet(one, other)
}
