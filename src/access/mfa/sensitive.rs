//! Sensitive access that a policy grants without MFA.

use super::{Caller, allows};
use crate::access::Truth;
use crate::access::actions::{changes, is_change, is_read_verb};
use crate::access::breadth::{Breadth, breadth};
use crate::access::context::applies;
use crate::access::reach;
use crate::access::scope::narrowing;
use crate::access::targets::Targets;
use crate::catalog::{self, AccessLevel, Action};
use crate::policy::{ActionPattern, ResourcePattern, Statement};
use crate::source::Origin;

/// Services whose writes decide who somebody is and what they may do.
const IDENTITY: [&str; 5] = ["iam", "identitystore", "organizations", "sso", "sso-directory"];

/// Actions that are sensitive by level or service, and yet not worth a second factor: they enrol a device, concern only
/// the caller, make what AWS alone defines, or decide about a single object of the many that a program writes.
const NOT_SENSITIVE: [&str; 8] = [
    "iam:ChangePassword",
    "iam:CreateServiceLinkedRole",
    "iam:CreateVirtualMFADevice",
    "iam:DeleteServiceLinkedRole",
    "iam:EnableMFADevice",
    "iam:ResyncMFADevice",
    "s3:PutObjectAcl",
    "s3:PutObjectVersionAcl",
];

/// An entry of an Allow that grants sensitive access to somebody without MFA.
#[derive(Debug)]
pub struct Offence<'a> {
    /// The entry, or the key `NotAction`.
    pub at: &'a Origin,
    /// The entry's text; none for `NotAction`.
    pub pattern: Option<&'a ActionPattern>,
    /// The statement.
    pub allow: &'a Statement,
    /// A sensitive action that it allows: the one that it names, or one that manages permissions if there is any.
    pub action: &'static str,
    /// Who gets it: the first of the callers.
    pub caller: Caller,
    /// False if an unknown could require MFA.
    pub certain: bool,
}

/// The entries of a policy's Allow statements that grant sensitive access without MFA, after all denies, in the order of
/// the policy.
pub fn offences(policy: &[Statement]) -> impl Iterator<Item = Offence<'_>> {
    policy.iter().filter(|statement| statement.may_allow()).flat_map(|allow| {
        let let_in = Caller::ALL.map(|caller| applies(allow, caller.context()).possible());
        let judged = let_in != [false, false] && !only_concerns_caller(allow);
        let negated = allow.action.as_ref().filter(|element| judged && element.negated);
        let key = negated.and_then(|element| {
            let (action, caller, truth) = first(policy, allow, &ActionPattern::new("*"))?;
            let action = action.full_name;
            Some(Offence { at: &element.key, pattern: None, allow, action, caller, certain: truth.certain() })
        });
        let entries = allow.actions().iter().filter(move |_| judged).filter_map(|item| {
            let pattern = item.value.known()?;
            let (action, caller, truth) = first(policy, allow, pattern)?;
            let (at, action) = (&item.origin, action.full_name);
            Some(Offence { at, pattern: Some(pattern), allow, action, caller, certain: truth.certain() })
        });
        key.into_iter().chain(entries)
    })
}

/// The first sensitive action of a pattern that a statement lets somebody without MFA have: one that manages permissions
/// if there is any.
fn first(policy: &[Statement], allow: &Statement, pattern: &ActionPattern) -> Option<(Action, Caller, Truth)> {
    let of = |action: Action| {
        if hands_on(&action) && !hands_on_anything(allow, pattern) {
            return None;
        }
        let answers = Caller::ALL.map(|caller| (caller, allows(policy, allow, action.full_name, caller)));
        answers.into_iter().find(|(_, truth)| truth.possible()).map(|(caller, truth)| (action, caller, truth))
    };
    if !pattern.has_wildcard() {
        return named(pattern).filter(is_sensitive).filter(|action| Targets::of(allow).has(action)).and_then(of);
    }
    // Most denies without MFA take all: no need to go through the catalogue for what is left.
    let taken = |caller: Caller| reach::denied_wholly(policy, allow, pattern, caller.context());
    if Caller::ALL.into_iter().all(taken) {
        return None;
    }
    let targets = Targets::of(allow);
    let mut other = None;
    for action in changes(pattern).filter(|action| is_sensitive(action) && targets.has(action)) {
        if action.level == AccessLevel::Permissions {
            if let Some(found) = of(action) {
                return Some(found);
            }
        } else if other.is_none() {
            other = of(action);
        }
    }
    other
}

/// The action that a pattern without wildcards names.
fn named(pattern: &ActionPattern) -> Option<Action> {
    // Most of what policies name is a read: no need to look it up.
    (!is_read_verb(pattern.name())).then(|| catalog::action(pattern.as_str()))?
}

/// True for an action that hands rights on: as sensitive as the rights are.
fn hands_on(action: &Action) -> bool {
    matches!(action.full_name, "iam:PassRole" | "kms:CreateGrant")
}

/// True if a statement does not say which role is passed, to which service, or which grant is made.
fn hands_on_anything(allow: &Statement, pattern: &ActionPattern) -> bool {
    narrowing(allow).is_none()
        && allow.conditions.iter().all(|condition| !condition.is_on("kms:GrantIsForAWSResource"))
        && breadth(allow, pattern) == Breadth::Wide
}

fn is_sensitive(action: &Action) -> bool {
    (action.level == AccessLevel::Permissions || action.level.changes() && IDENTITY.contains(&action.service()))
        && is_change(action)
        && !NOT_SENSITIVE.contains(&action.full_name)
}

/// True if a statement is about the caller's own user, and about devices, which are nobody's before they are enabled.
fn only_concerns_caller(statement: &Statement) -> bool {
    let own = |resource: &ResourcePattern| {
        let text = resource.as_str().to_ascii_lowercase();
        let device = resource.arn().is_some_and(|arn| {
            arn.service == "iam" && (arn.resource.starts_with("mfa/") || arn.resource.starts_with("sms-mfa/"))
        });
        device || text.contains("${aws:username}") || text.contains("${aws:userid}")
    };
    let resources = statement.resources();
    !resources.is_empty() && resources.iter().all(|item| item.value.must(own))
}
