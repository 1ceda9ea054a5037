//! The roles in which a way to more rights ends, and what comes of each.

use super::target::{Target, concerns, takes_role};
use super::{ASSUME_ROLE, PASS_ROLE, PASSED_TO, Path, Scene, is_decided, request};
use crate::access::Truth;
use crate::access::context::Context;
use crate::access::grants::Granted;
use crate::access::role::{Beyond, Role, Standing};
use crate::access::scope::narrowings;
use crate::catalog::{Escalation, EscalationKind, escalations};

const TRUST_CHANGE: &str = "iam:UpdateAssumeRolePolicy";
const POLICY_CHANGE: &str = "iam:CreatePolicyVersion";
const NO_CEILING: &str = "iam:DeleteRolePermissionsBoundary";

/// The actions that give a role any right.
const GIVING: [&str; 2] = ["iam:AttachRolePolicy", "iam:PutRolePolicy"];

/// A role in which a way ends.
#[derive(Clone, Debug)]
pub struct End<'a> {
    /// The role.
    pub role: &'a Role<'a>,
    /// What its rights are to the holder.
    pub gain: Gain<'a>,
    /// False if it may be another one, or may not be reached.
    pub certain: bool,
    /// What grants the actions on it, with their places in the set.
    pub(super) steps: Vec<(usize, Granted<'a>)>,
}

/// What a role is to whoever gets it.
#[derive(Clone, Debug)]
pub enum Gain<'a> {
    /// All rights.
    Administrator(&'a Standing),
    /// A role that can raise its own rights.
    Raises(&'a Standing),
    /// Any right: the holder can give it to the role, which is the holder's own where this is true.
    Given(bool),
    /// An action at least that the policy does not give.
    Action(Box<str>),
    /// No ceiling any more.
    Unbounded,
    /// It cannot be told.
    Unknown,
}

impl End<'_> {
    /// True if the role certainly has, or gets, rights that open the account.
    pub fn is_stronger(&self) -> bool {
        self.certain && matches!(self.gain, Gain::Administrator(_) | Gain::Raises(_) | Gain::Given(_))
    }
}

/// The ends of a set among the roles that its actions can be used on; none if it leads nowhere.
pub(super) fn ends<'a>(
    scene: &Scene<'_, 'a>,
    set: &Escalation,
    service: Option<&str>,
    targets: &[Target<'a>],
) -> Vec<End<'a>> {
    let mut ends: Vec<End<'a>> = Vec::new();
    for target in targets {
        let Some((gain, reached)) = scene.gain(set, service, target.role) else { continue };
        let end =
            End { role: target.role, gain, certain: target.certain && reached.certain(), steps: target.steps.clone() };
        // Two statements may name one role.
        match ends.iter_mut().find(|other| std::ptr::eq(other.role, end.role)) {
            Some(other) if end.certain && !other.certain => *other = end,
            Some(_) => {}
            None => ends.push(end),
        }
    }
    ends.sort_by_key(|end| (!end.is_stronger(), end.gain.rank()));
    ends
}

impl Gain<'_> {
    /// The most first.
    fn rank(&self) -> u8 {
        match self {
            Gain::Administrator(_) => 0,
            Gain::Raises(_) => 1,
            Gain::Given(_) => 2,
            Gain::Action(_) => 3,
            Gain::Unbounded => 4,
            Gain::Unknown => 5,
        }
    }
}

impl<'a> Scene<'_, 'a> {
    /// What a set gains with a role, and whether it certainly gets there; none if nothing, or if it cannot get there.
    fn gain(&self, set: &Escalation, service: Option<&str>, role: &'a Role<'a>) -> Option<(Gain<'a>, Truth)> {
        let uses = |action: &str| set.actions.contains(&action);
        let mut reached = Truth::Yes;
        if let Some(service) = service {
            reached = reached.and(role.trusts(service));
        }
        if uses(ASSUME_ROLE) && !uses(TRUST_CHANGE) {
            reached = reached.and(role.lets_in());
        }
        if !reached.possible() {
            return None;
        }
        let own = role.alone_holds(self.grants.policy());
        if uses(NO_CEILING) {
            return role.is_bounded().then_some((Gain::Unbounded, Truth::Maybe));
        }
        if GIVING.iter().any(|action| uses(action)) || uses(POLICY_CHANGE) {
            let enters = uses(ASSUME_ROLE) || uses(TRUST_CHANGE);
            if !own && !enters && !self.may_enter(role) {
                return None;
            }
            let sure = (own || enters) && !role.is_bounded();
            return Some((Gain::Given(own), if sure { reached } else { Truth::Maybe }));
        }
        if own {
            return None;
        }
        let given = GIVING.iter().map(|action| self.allows_on(action, role, &request())).fold(Truth::No, Truth::or);
        if given.possible() {
            let sure = given.certain() && !role.is_bounded();
            return Some((Gain::Given(false), if sure { reached } else { Truth::Maybe }));
        }
        let gain = match role.standing() {
            standing @ Standing::Administrator(_) => Gain::Administrator(standing),
            standing @ Standing::Raises(_) => Gain::Raises(standing),
            Standing::Less => match role.beyond(self.grants.statements()) {
                // A ceiling of the holder's may leave less of the policy than it says.
                Beyond::Nothing if !self.is_bounded() => return None,
                Beyond::Nothing | Beyond::Unknown => Gain::Unknown,
                Beyond::Action(action) => Gain::Action(action),
            },
        };
        Some((gain, reached))
    }

    /// True if the holder may be in the role, or may get into it by what else the policy allows.
    fn may_enter(&self, role: &Role<'_>) -> bool {
        let of_existing = |action: &&&str| {
            let sets = escalations().iter().filter(|set| set.kind == EscalationKind::Existing);
            **action != ASSUME_ROLE && sets.clone().any(|set| set.actions.contains(*action))
        };
        let held = role.holds(self.grants.policy()) || role.is_open();
        let ways = [PASS_ROLE, TRUST_CHANGE].iter().any(|way| self.mentioned.contains(way));
        held || ways || role.lets_in().possible() || self.mentioned.iter().any(|action| of_existing(&action))
    }

    /// Whether the policy allows an action on a role.
    fn allows_on(&self, action: &str, role: &Role<'_>, request: &Context) -> Truth {
        let granted = self.grants.in_context(action, request).into_iter();
        let on_role = granted.fold(Truth::No, |any, granted| {
            let sure = granted.certain && narrowings(granted.statement).all(is_decided);
            let sure = if sure { Truth::Yes } else { Truth::Maybe };
            any.or(sure.and(concerns(granted.statement, role)))
        });
        on_role.and(!self.denied(role, action, request))
    }

    /// True if one of the roles that have the policy has a permissions boundary.
    fn is_bounded(&self) -> bool {
        self.roles.iter().any(|role| role.is_bounded() && role.holds(self.grants.policy()))
    }

    /// Adds to the first path that may end in any role, or in those of a pattern, a strong one as an example. One that reaches such
    /// a role does not only reach what may have no more rights than the holder.
    pub(super) fn exemplify(&self, paths: &mut [Path<'a>]) {
        let strong: Vec<(&'a Role<'a>, Gain<'a>)> = self
            .roles
            .iter()
            .filter_map(|role| match role.standing() {
                standing @ Standing::Administrator(_) => Some((role, Gain::Administrator(standing))),
                standing @ Standing::Raises(_) => Some((role, Gain::Raises(standing))),
                Standing::Less => None,
            })
            .collect();
        let mut shown = false;
        for path in paths.iter_mut().filter(|path| !path.closed && has_rights_of_role(path.set)) {
            let example = strong.iter().find(|(role, _)| self.reaches(path, role));
            if let Some((role, gain)) = example {
                // Of this one it is known that it has more, whatever the others are.
                path.narrow &= path.aside;
                if !shown {
                    path.ends.push(End { role, gain: gain.clone(), certain: true, steps: Vec::new() });
                    shown = true;
                }
            }
        }
    }

    /// True if a path certainly reaches a role.
    fn reaches(&self, path: &Path<'a>, role: &Role<'_>) -> bool {
        let uses = |action: &str| path.set.actions.contains(&action);
        let trusted = path.service.is_none_or(|service| role.trusts(service).certain());
        let entered = !uses(ASSUME_ROLE) || uses(TRUST_CHANGE) || role.lets_in().certain();
        if !trusted || !entered || role.holds(self.grants.policy()) {
            return false;
        }
        let request = path.service.map_or_else(request, |service| request().with(PASSED_TO, service));
        let mut on_role = path.set.actions.iter().filter(|action| takes_role(action));
        on_role.all(|action| self.allows_on(action, role, &request).certain())
    }
}

/// True if a set gives its holder the rights that a role has.
fn has_rights_of_role(set: &Escalation) -> bool {
    let changes = |action: &&str| GIVING.contains(action) || matches!(*action, POLICY_CHANGE | NO_CEILING);
    set.actions.iter().any(|action| takes_role(action)) && !set.actions.iter().any(changes)
}
