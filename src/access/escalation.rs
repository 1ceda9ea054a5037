//! Ways from the rights of a policy to more rights: the sets of the catalogue, judged on what is effectively granted.
//!
//! A set counts if each of its actions is left when all denies are taken away, in the request of somebody who wants more: it passes a
//! role to the service that the set names, attaches `AdministratorAccess`, and sets no permissions boundary. So conditions on
//! `iam:PassedToService`, `iam:PolicyARN` and `iam:PermissionsBoundary` decide by evaluation.

use super::breadth::{Breadth, breadth, is_only_self, narrowings};
use super::context::Context;
use super::grants::{Granted, Grants};
use crate::catalog::{Escalation, EscalationKind, escalations};
use crate::policy::{ActionPattern, Condition, Statement};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The action that hands a role to a service.
pub const PASS_ROLE: &str = "iam:PassRole";

/// The keys on which the request of a set has a value, or certainly none.
const DECIDED: [&str; 3] = ["iam:passedtoservice", "iam:policyarn", "iam:permissionsboundary"];

/// A set that a policy grants.
#[derive(Clone, Debug)]
pub struct Path<'a> {
    /// The set.
    pub set: &'static Escalation,
    /// What grants each of its actions.
    pub steps: Vec<Granted<'a>>,
    /// True if it reaches only some targets, which may have no more rights than the holder.
    pub narrow: bool,
    /// False if it rests on what is not known before deployment.
    pub certain: bool,
}

/// The smallest sets that a policy grants, kind by kind. Sets that hold another one that reaches as far are left out.
pub fn paths<'a>(grants: &Grants<'a>) -> Vec<Path<'a>> {
    let mentioned = mentioned(grants.statements());
    if mentioned.is_empty() {
        return Vec::new();
    }
    let all = |set: &&Escalation| {
        set.kind != EscalationKind::Doubtful && set.actions.iter().all(|action| mentioned.contains(action))
    };
    let found: Vec<Path<'a>> = escalations().iter().filter(all).filter_map(|set| path(set, grants)).collect();
    let within = |small: &Path<'_>, large: &Path<'_>| {
        small.set.actions.len() < large.set.actions.len()
            && (large.narrow || !small.narrow)
            && small.set.actions.iter().all(|action| large.set.actions.contains(action))
    };
    let smallest = found.iter().filter(|path| !found.iter().any(|other| within(other, path)));
    smallest.cloned().collect()
}

/// The actions of the sets that some Allow may reach: few policies name one.
fn mentioned(statements: &[Statement]) -> Vec<&'static str> {
    let mut found = Vec::new();
    for statement in statements.iter().filter(|statement| statement.may_allow()) {
        let Some(element) = &statement.action else { continue };
        if element.negated {
            return by_service().iter().flat_map(|(_, actions)| actions.iter().copied()).collect();
        }
        for pattern in element.list.items.iter().flat_map(|item| item.value.arms()) {
            let named = pattern.service().filter(|service| !is_wild(service));
            let asked = |prefix: &str| named.is_none_or(|service| service.eq_ignore_ascii_case(prefix));
            let actions = by_service().iter().filter(|(prefix, _)| asked(prefix)).flat_map(|(_, actions)| actions);
            found.extend(actions.filter(|action| pattern.matches(action)));
        }
    }
    found
}

/// The actions of all sets, service by service.
fn by_service() -> &'static BTreeMap<&'static str, BTreeSet<&'static str>> {
    static ALL: LazyLock<BTreeMap<&str, BTreeSet<&str>>> = LazyLock::new(|| {
        let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for action in escalations().iter().flat_map(|set| &set.actions) {
            all.entry(prefix(action)).or_default().insert(action);
        }
        all
    });
    &ALL
}

fn is_wild(text: &str) -> bool {
    memchr::memchr2(b'*', b'?', text.as_bytes()).is_some()
}

fn prefix(action: &str) -> &str {
    action.split(':').next().unwrap_or(action)
}

fn path<'a>(set: &'static Escalation, grants: &Grants<'a>) -> Option<Path<'a>> {
    if set.services.is_empty() {
        return in_request(set, grants, &request());
    }
    let to = |service: &&str| in_request(set, grants, &request().with("iam:PassedToService", service));
    let mut paths: Vec<Path<'a>> = set.services.iter().filter_map(to).collect();
    paths.sort_by_key(|path| (path.narrow, !path.certain));
    paths.into_iter().next()
}

/// The request of somebody who wants more rights.
fn request() -> Context {
    Context::unknown()
        .with("iam:PolicyARN", "arn:aws:iam::aws:policy/AdministratorAccess")
        .without("iam:PermissionsBoundary")
}

fn in_request<'a>(set: &'static Escalation, grants: &Grants<'a>, request: &Context) -> Option<Path<'a>> {
    let mut path = Path { set, steps: Vec::new(), narrow: false, certain: true };
    for action in &set.actions {
        let granted = grants.in_context(action, request).into_iter();
        let reaching = granted.filter_map(|granted| Some((reach(set, action, granted.statement)?, granted)));
        let (reach, step) = reaching.max_by_key(|(reach, granted)| (*reach, granted.certain))?;
        path.narrow |= reach == Breadth::Narrow;
        path.certain &= step.certain && reach == Breadth::Wide;
        path.steps.push(step);
    }
    // Of what is there only some may be used: nothing says that it is stronger.
    (set.kind != EscalationKind::Existing || !path.narrow).then_some(path)
}

/// How many targets a statement gives for an action of a set; none if only the holder, who wins nothing by it.
fn reach(set: &Escalation, action: &str, statement: &Statement) -> Option<Breadth> {
    if !decides(set, action) {
        return Some(Breadth::Wide);
    }
    if is_only_self(statement) {
        return (set.kind == EscalationKind::Own).then_some(Breadth::Wide);
    }
    let decided = |condition: &Condition| DECIDED.iter().any(|key| condition.is_on(key));
    if narrowings(statement).any(|condition| !decided(condition)) {
        return Some(Breadth::Narrow);
    }
    Some(breadth(statement, &ActionPattern::new(action)))
}

/// True if it matters on which resources an action of a set is granted: that of the target, and not of what is made anew.
fn decides(set: &Escalation, action: &str) -> bool {
    match set.kind {
        EscalationKind::New => action == PASS_ROLE,
        EscalationKind::Existing => true,
        _ => matches!(prefix(action), "iam" | "sts"),
    }
}
