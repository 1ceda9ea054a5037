//! Ways from the rights of a policy to more rights: the sets of the catalogue, judged on what is effectively granted, and joined
//! with the roles that the same files make.
//!
//! A set counts if each of its actions is left when all denies are taken away, in the request of somebody who wants more: it passes a
//! role to the service that the set names, attaches `AdministratorAccess`, and sets no permissions boundary. So conditions on
//! `iam:PassedToService`, `iam:PolicyARN` and `iam:PermissionsBoundary` decide by evaluation.
//!
//! Where all roles that the actions of a set can be used on are known, the way ends in those that give more than the policy does. One
//! that ends in none leads nowhere, and is none.

mod end;
mod joint;
mod lift;
mod need;
mod target;
mod whole;

pub use end::{End, Gain};
pub use joint::{Document, Joined, Joint, Member, Spread};
pub use lift::Lift;
pub use need::wide_entries;

use super::Truth;
use super::breadth::Breadth;
use super::context::{Context, evaluate};
use super::grants::{Granted, Grants};
use super::role::Role;
use super::watchlist::{Watchlist, prefix};
use crate::catalog::{Escalation, EscalationKind, escalations};
use crate::policy::{Condition, Statement};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use target::{Aim, takes_function, takes_role};

/// The action that hands a role to a service.
pub const PASS_ROLE: &str = "iam:PassRole";

/// The action that takes a role.
pub const ASSUME_ROLE: &str = "sts:AssumeRole";

/// Says to which service a role is passed.
const PASSED_TO: &str = "iam:PassedToService";

/// The keys on which the request of a set has a value, or certainly none.
const DECIDED: [&str; 3] = ["iam:passedtoservice", "iam:policyarn", "iam:permissionsboundary"];

/// A set that a policy grants.
#[derive(Clone, Debug)]
pub struct Path<'a> {
    /// The set.
    pub set: &'static Escalation,
    /// What grants each of its actions.
    pub steps: Vec<Granted<'a>>,
    /// What grants them on what they need besides, where that stands elsewhere.
    pub besides: Vec<(&'static str, Granted<'a>)>,
    /// True if it reaches only some targets, which may have no more rights than the holder.
    pub narrow: bool,
    /// False if it rests on what is not known before deployment.
    pub certain: bool,
    /// The roles in which it ends, the strongest first. Where there may be others: a strong one, if one is known.
    pub ends: Vec<End<'a>>,
    /// True if it ends in these roles only.
    pub closed: bool,
    /// What gets round conditions of the steps.
    pub lifts: Vec<Lift<'a>>,
    /// Where it is told, if several policies give it.
    pub spread: Option<Spread<'a>>,
    /// The service that a role is passed to.
    service: Option<&'static str>,
    /// True if one of its steps that are on no role reaches only some targets.
    aside: bool,
}

impl<'a> Path<'a> {
    /// What the policies that give it are together, where several do.
    pub fn whose(&self) -> Option<&'a str> {
        self.spread.as_ref().map(|spread| spread.whose)
    }
}

/// What the ways of one policy are judged by.
struct Scene<'s, 'a> {
    grants: &'s Grants<'a>,
    roles: &'a [Role<'a>],
    /// The actions of all sets that the policy may allow.
    mentioned: &'s [&'static str],
    /// What was asked of the grants: sets share their actions.
    asked: RefCell<BTreeMap<Question, Vec<Granted<'a>>>>,
}

/// An action, the service to which the request passes a role, and whether the boundary is there that conditions ask for.
type Question = (&'static str, Option<&'static str>, bool);

/// The smallest sets that a policy grants, kind by kind. Sets that hold another one that reaches as far are left out, and those
/// that lead nowhere: `roles` are those that the files at hand make.
pub fn paths<'a>(grants: &Grants<'a>, roles: &'a [Role<'a>]) -> Vec<Path<'a>> {
    let mentioned = mentioned(grants.statements());
    if mentioned.is_empty() {
        return Vec::new();
    }
    let scene = Scene { grants, roles, mentioned: &mentioned, asked: RefCell::default() };
    let all = |set: &&Escalation| {
        set.kind != EscalationKind::Doubtful && set.actions.iter().all(|action| mentioned.contains(action))
    };
    let found: Vec<Path<'a>> = escalations().iter().filter(all).filter_map(|set| scene.path(set)).collect();
    let within = |small: &Path<'_>, large: &Path<'_>| {
        // What needs something that is there is no substitute for what does not.
        let weaker = small.set.kind == EscalationKind::Existing && large.set.kind != EscalationKind::Existing;
        small.set.actions.len() < large.set.actions.len()
            && (large.narrow || !small.narrow)
            && !weaker
            && small.set.actions.iter().all(|action| large.set.actions.contains(action))
    };
    // Of what is told openly a part, on some targets, is not told once more.
    let lesser = |small: &Path<'_>, large: &Path<'_>| {
        small.narrow && !large.narrow && small.set.actions.iter().all(|action| large.set.actions.contains(action))
    };
    let is_smallest = |path: &&Path<'_>| !found.iter().any(|other| within(other, path) || lesser(path, other));
    let smallest = found.iter().filter(is_smallest);
    let mut smallest: Vec<Path<'a>> = smallest.cloned().collect();
    scene.exemplify(&mut smallest);
    smallest
}

/// The actions of all sets that statements may allow, whatever a Deny says.
fn mentioned(statements: &[Statement]) -> Vec<&'static str> {
    static ACTIONS: LazyLock<Watchlist> =
        LazyLock::new(|| Watchlist::of(escalations().iter().flat_map(|set| set.actions.iter().copied())));
    ACTIONS.reached(statements)
}

impl<'a> Scene<'_, 'a> {
    fn path(&self, set: &'static Escalation) -> Option<Path<'a>> {
        if set.services.is_empty() {
            return self.in_request(set, &request(), None).or_else(|| self.without_boundary(set));
        }
        let to = |service: &&'static str| self.in_request(set, &request().with(PASSED_TO, service), Some(*service));
        let mut paths: Vec<Path<'a>> = set.services.iter().filter_map(to).collect();
        paths.sort_by_key(|path| (path.narrow, !path.certain));
        paths.into_iter().next()
    }

    /// A way that a boundary would bar, if the holder may take it away afterwards.
    fn without_boundary(&self, set: &'static Escalation) -> Option<Path<'a>> {
        let (lifts, boundary) = self.takes_boundaries(set)?;
        let mut path = self.in_request(set, &request().with(lift::BOUNDARY, &boundary), None)?;
        path.lifts.extend(lifts);
        Some(path)
    }

    fn granted(&self, asked: Question, request: &Context) -> Vec<Granted<'a>> {
        let ask = || {
            let mut granted = self.grants.in_context(asked.0, request);
            // A value that is not known may let nothing of this pass.
            let open = |condition: &Condition| is_decided(condition) && evaluate(condition, request) == Truth::Maybe;
            for granted in &mut granted {
                granted.certain &= !granted.statement.conditions.iter().any(open);
            }
            granted
        };
        self.asked.borrow_mut().entry(asked).or_insert_with(ask).clone()
    }

    fn in_request(
        &self,
        set: &'static Escalation,
        request: &Context,
        service: Option<&'static str>,
    ) -> Option<Path<'a>> {
        let (steps, besides, ends) = (Vec::new(), Vec::new(), Vec::new());
        let (narrow, certain) = (false, true);
        let lifts = Vec::new();
        let mut path = Path {
            set,
            steps,
            besides,
            narrow,
            certain,
            ends,
            closed: false,
            lifts,
            spread: None,
            service,
            aside: false,
        };
        let has_boundary = request.value(lift::BOUNDARY).is_some();
        let mut aim = Aim::default();
        let passes = set.actions.contains(&PASS_ROLE);
        // The same of the steps that are on no role.
        let mut certain = true;
        let mut on_targets = Vec::with_capacity(set.actions.len());
        for (at, action) in set.actions.iter().enumerate() {
            let granted = self.granted((action, service, has_boundary), request);
            let reached = self.reached(set, action, &granted)?;
            let wide = reached.breadth == Breadth::Wide;
            let all_of_it = reached.certain && wide;
            path.narrow |= !wide;
            path.certain &= all_of_it;
            path.steps.push(reached.step);
            path.lifts.extend(reached.lift);
            path.besides.extend(reached.besides.into_iter().map(|granted| (*action, granted)));
            if takes_role(action) || !passes && takes_function(action) {
                aim.meet(self.aim(action, at, &reached.all, request));
            } else {
                path.aside |= !wide;
                certain &= all_of_it;
            }
            on_targets.push(reached.all);
        }
        // Whatever rights the target has, it gets any.
        if path.narrow && whole::is_enough(set, &on_targets) {
            path.narrow = false;
            path.certain = path.steps.iter().all(|step| step.certain);
        }
        if let Aim::These(targets) = aim {
            path.ends = end::ends(self, set, service, &targets);
            let strongest = path.ends.first()?;
            path.closed = true;
            // Here it is known that they have more.
            if strongest.is_stronger() && !path.aside {
                (path.narrow, path.certain) = (false, certain && strongest.certain);
            }
            for (at, granted) in &strongest.steps {
                if let Some(step) = path.steps.get_mut(*at) {
                    *step = *granted;
                }
            }
        }
        // Of what is there only some may be used: nothing says that it is stronger.
        (set.kind != EscalationKind::Existing || !path.narrow).then_some(path)
    }
}

/// The request of somebody who wants more rights.
fn request() -> Context {
    Context::unknown()
        .with("iam:PolicyARN", "arn:aws:iam::aws:policy/AdministratorAccess")
        .without("iam:PermissionsBoundary")
}

/// True for a condition that the request of a set decides.
fn is_decided(condition: &Condition) -> bool {
    DECIDED.iter().any(|key| condition.is_on(key))
}
