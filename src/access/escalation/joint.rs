//! Ways to more rights that all policies of a principal give together, and none of them by itself.

use super::{Path, mentioned, paths};
use crate::access::administrator::administrators;
use crate::access::grants::Grants;
use crate::access::role::Role;
use crate::catalog::{Escalation, EscalationKind, ManagedPolicy, escalations};
use crate::extract::{PolicySite, Presence, managed_document};
use crate::policy::{Policy, Statement};
use crate::source::{Origin, RelPath};
use std::collections::{HashMap, HashSet};

/// A policy of a principal.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// The policy.
    pub document: Document<'a>,
    /// The file in which it stands.
    pub file: &'a RelPath,
    /// Whether deployment gives it to the principal.
    pub presence: &'a Presence,
}

/// Where a policy of a principal stands.
#[derive(Clone, Debug)]
pub enum Document<'a> {
    /// In the files at hand.
    Site(&'a PolicySite),
    /// It is one of AWS, which is attached here.
    Aws(ManagedPolicy, &'a Origin),
}

/// A principal whose policies may give something together, or a policy whose documents may.
#[derive(Debug)]
pub struct Joint<'a> {
    whose: String,
    policy: &'a Policy,
    members: Vec<Member<'a>>,
    /// The actions of all sets that each of them may allow.
    mentioned: Vec<Vec<&'static str>>,
    /// The statements of all.
    statements: Vec<Statement>,
    /// Where those of each begin.
    begins: Vec<usize>,
}

/// Where a way is told that several policies give.
#[derive(Clone, Debug)]
pub struct Spread<'a> {
    /// What they are together, as "the policies of role `deploy`".
    pub whose: &'a str,
    /// The step at which it is told: the first in the order of the files.
    pub step: usize,
    /// For each step the file in which it stands, if that is another one.
    pub files: Vec<Option<&'a RelPath>>,
}

/// The ways of a unit that several policies give, at the policy that each is told at.
#[derive(Debug, Default)]
pub struct Joined<'a> {
    at: HashMap<usize, Vec<Path<'a>>>,
}

impl<'a> Member<'a> {
    /// The policy, if it stands in the files at hand.
    pub fn site(&self) -> Option<&'a PolicySite> {
        match self.document {
            Document::Site(site) => Some(site),
            Document::Aws(..) => None,
        }
    }

    /// True if it is this policy.
    pub fn is(&self, site: &PolicySite) -> bool {
        self.site().is_some_and(|own| std::ptr::eq(own, site))
    }
}

impl Document<'_> {
    /// True if it is the same policy, wherever it is attached.
    pub fn is(&self, other: &Document<'_>) -> bool {
        match (self, other) {
            (Document::Site(one), Document::Site(other)) => std::ptr::eq(*one, *other),
            (Document::Aws(one, _), Document::Aws(other, _)) => one.arn() == other.arn(),
            _ => false,
        }
    }

    fn policy(&self) -> Option<&Policy> {
        match self {
            Document::Site(site) => Some(&site.policy),
            Document::Aws(managed, _) => managed_document(*managed),
        }
    }

    /// Its statements, with all that bind it.
    fn statements(&self) -> Vec<Statement> {
        let at = match self {
            Document::Site(site) => return site.policy.statements.iter().chain(&site.bound_by).cloned().collect(),
            Document::Aws(_, at) => *at,
        };
        let mut statements = self.policy().map_or_else(Vec::new, |policy| policy.statements.clone());
        // What it allows stands in no file: where it is attached does.
        for element in statements.iter_mut().filter_map(|statement| statement.action.as_mut()) {
            element.key = at.clone();
            element.list.items.iter_mut().for_each(|item| item.origin = at.clone());
        }
        statements
    }
}

impl<'a> Joint<'a> {
    /// A principal with these policies, or a policy with these documents, as `whose` says, of which `policy` is the one that is most its own. None if no set of actions is spread
    /// over them, or if one of them says it all.
    pub fn new(whose: impl FnOnce() -> String, policy: &'a Policy, members: Vec<Member<'a>>) -> Option<Self> {
        let of = |member: &Member<'_>| member.document.policy().map_or_else(Vec::new, |it| mentioned(&it.statements));
        // What AWS says is read where it may matter.
        let mut own = members.iter().filter(|member| member.site().is_some());
        if members.len() < 2 || own.all(|member| of(member).is_empty()) {
            return None;
        }
        let mentioned: Vec<Vec<&str>> = members.iter().map(of).collect();
        if mentioned.iter().filter(|of_one| !of_one.is_empty()).count() < 2 {
            return None;
        }
        let is_spread = |set: &Escalation| {
            let of_set = |of_one: &&Vec<&str>| of_one.iter().any(|action| set.actions.contains(action));
            set.kind != EscalationKind::Doubtful
                && set.actions.iter().all(|action| mentioned.iter().any(|of_one| of_one.contains(action)))
                && mentioned.iter().filter(of_set).count() > 1
        };
        let is_all = |member: &Member<'_>| {
            let found = member.document.policy().into_iter().flat_map(administrators);
            found.into_iter().any(|found| found.certain && found.unconditional)
        };
        if !escalations().iter().any(is_spread) || members.iter().any(is_all) {
            return None;
        }
        let (mut statements, mut begins) = (Vec::new(), Vec::new());
        for member in &members {
            begins.push(statements.len());
            let own = member.document.statements().into_iter();
            statements.extend(
                own.map(|own| Statement { contingent: own.contingent || !member.presence.is_certain(), ..own }),
            );
        }
        Some(Joint { whose: whose(), policy, members, mentioned, statements, begins })
    }

    /// The ways that none of the policies gives by itself, with the policy that each is told at. A principal who goes such a way
    /// by one policy needs no other, and of several all are told in one place.
    fn ways<'j>(&'j self, roles: &'j [Role<'j>]) -> Vec<(&'j PolicySite, Path<'j>)> {
        let all = paths(&Grants::of(self.policy, &self.statements), roles);
        let spread = all.into_iter().filter_map(|path| self.spread(path, None));
        let mut told: Vec<(&PolicySite, Path<'_>)> = spread.filter(|(_, path)| !self.has_alone(path, roles)).collect();
        for existing in [false, true] {
            let is_of = |path: &Path<'_>| !path.narrow && (path.set.kind == EscalationKind::Existing) == existing;
            let Some(site) = told.iter().find(|(_, path)| is_of(path)).map(|(site, _)| *site) else { continue };
            // What one of AWS's policies gives is not told where it is attached.
            let mut own = self.members.iter().filter_map(Member::site).map(|site| &site.policy);
            let enough = own.any(|policy| paths(&Grants::of(policy, &policy.statements), roles).iter().any(is_of));
            let here = told.into_iter().filter_map(|(own, path)| match is_of(&path) {
                true if enough => None,
                true => self.spread(path, Some(site)),
                false => Some((own, path)),
            });
            told = here.collect();
        }
        told
    }

    /// A way with where it is told, at one policy if that matters; none if one policy gives all of it, or if it is not known that two
    /// are there at a time.
    fn spread<'j>(&'j self, mut path: Path<'j>, only: Option<&'j PolicySite>) -> Option<(&'j PolicySite, Path<'j>)> {
        let of_steps = path.steps.iter().map(|step| self.member(step.statement)).collect::<Option<Vec<_>>>()?;
        let besides = path.besides.iter().map(|(_, step)| self.member(step.statement)).collect::<Option<Vec<_>>>()?;
        let mut used: Vec<usize> = of_steps.iter().copied().chain(besides).collect();
        used.sort_unstable();
        used.dedup();
        let presence = |member: &usize| self.members[*member].presence;
        let at_a_time =
            used.iter().all(|one| used.iter().all(|other| one == other || presence(one).goes_with(presence(other))));
        if used.len() < 2 || !at_a_time {
            return None;
        }
        let place = |at: &usize| (self.members[of_steps[*at]].file, path.steps[*at].entry.at.span);
        let site = |at: &usize| self.members[of_steps[*at]].site();
        let is_told = |at: &usize| site(at).is_some_and(|site| only.is_none_or(|only| std::ptr::eq(site, only)));
        let step = (0..of_steps.len()).filter(is_told).min_by_key(place)?;
        let (told, site) = (&self.members[of_steps[step]], site(&step)?);
        let files = of_steps.iter().map(|member| self.members[*member].file);
        let files = files.map(|file| Some(file).filter(|file| *file != told.file)).collect();
        path.spread = Some(Spread { whose: &self.whose, step, files });
        Some((site, path))
    }

    /// True if one of the policies gives a way by itself, and as far.
    fn has_alone(&self, path: &Path<'_>, roles: &[Role<'_>]) -> bool {
        let able = self
            .mentioned
            .iter()
            .zip(&self.members)
            .filter(|(mentioned, _)| path.set.actions.iter().all(|action| mentioned.contains(action)));
        able.into_iter().any(|(_, member)| {
            let Some(policy) = member.document.policy() else { return false };
            let own = paths(&Grants::of(policy, &policy.statements), roles);
            own.iter().any(|own| std::ptr::eq(own.set, path.set) && (path.narrow || !own.narrow))
        })
    }

    /// The policy to which a statement belongs.
    fn member(&self, statement: &Statement) -> Option<usize> {
        let at = self.statements.iter().position(|other| std::ptr::eq(other, statement))?;
        self.begins.partition_point(|begin| *begin <= at).checked_sub(1)
    }
}

impl<'a> Joined<'a> {
    /// The ways of these principals. A set is told once at each policy.
    pub fn of(joints: &'a [Joint<'a>], roles: &'a [Role<'a>]) -> Self {
        let mut joined = Joined::default();
        let mut told = HashSet::new();
        for (site, path) in joints.iter().flat_map(|joint| joint.ways(roles)) {
            if told.insert((address(site), std::ptr::from_ref(path.set).addr())) {
                joined.at.entry(address(site)).or_default().push(path);
            }
        }
        joined
    }

    /// Those that are told at a policy.
    pub fn at(&self, site: &PolicySite) -> &[Path<'a>] {
        self.at.get(&address(site)).map_or(&[], |paths| paths)
    }
}

fn address(site: &PolicySite) -> usize {
    std::ptr::from_ref(site).addr()
}
