//! A policy as rules see it.

use crate::access::actions::{expand, statement_matches};
use crate::access::administrator::administrators;
use crate::access::attached::leaves_to_access_points;
use crate::access::breadth::is_delegation;
use crate::access::escalation::{self, Path};
use crate::access::everywhere::{Everywhere, everywhere};
use crate::access::grants::{Grants, services_of};
use crate::access::role::Role;
use crate::access::scope::narrowing;
use crate::access::wildcard::{self, Class};
use crate::catalog::{self, Action, ConditionKey, EscalationKind};
use crate::extract::{Audience, PolicySite};
use crate::policy::{
    ActionPattern, Condition, HolderKind, OWN_ACCOUNT, PolicyKind, Principal, Statement, has_braces, is_account_id,
    variable_texts,
};
use crate::settings::Settings;
use crate::source::Origin;
use std::borrow::Cow;
use std::cell::OnceCell;

/// A policy as rules see it.
pub struct PolicyCx<'a> {
    /// The document and where it stands.
    pub site: &'a PolicySite,
    /// The settings of the run.
    pub settings: &'a Settings,
    bound_by: &'a Bound<'a>,
    roles: &'a [Role<'a>],
    joined: &'a [Path<'a>],
    administrator: OnceCell<bool>,
    escalations: OnceCell<Vec<Path<'a>>>,
    named: OnceCell<Vec<NamedAction<'a>>>,
    unmatched: OnceCell<Vec<(&'a ActionPattern, &'a Origin)>>,
    conditions: OnceCell<Vec<(&'a Condition, Option<ConditionKey>)>>,
    wildcards: OnceCell<Vec<Class>>,
    variable_texts: OnceCell<Vec<(&'a str, &'a Origin)>>,
}

/// An entry of `Action` or `NotAction` without a wildcard.
#[derive(Clone, Copy, Debug)]
pub struct NamedAction<'a> {
    /// The number of the statement.
    pub statement: usize,
    /// The entry.
    pub pattern: &'a ActionPattern,
    /// Where it is written.
    pub at: &'a Origin,
    /// The action; none if the catalogue does not have it.
    pub action: Option<Action>,
}

/// Whose an account is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ownership {
    /// The user's own.
    Own,
    /// Certainly somebody else's.
    Foreign,
    /// Not known.
    Unknown,
}

/// The statements of a policy, and behind them the Deny statements that bind whoever holds it.
pub struct Bound<'a> {
    statements: Cow<'a, [Statement]>,
    /// The services of each, by [`services_of`].
    services: Vec<u64>,
}

impl<'a> Bound<'a> {
    /// Those of a site, with the denies that are known of it, and `denies`, of other policies.
    pub fn of(site: &'a PolicySite, denies: Vec<Statement>) -> Self {
        let own = &site.policy.statements;
        let statements: Cow<'a, [Statement]> = match denies.is_empty() && site.bound_by.is_empty() {
            true => Cow::Borrowed(&own[..]),
            false => Cow::Owned(own.iter().chain(&site.bound_by).cloned().chain(denies).collect()),
        };
        let services = statements.iter().map(services_of).collect();
        Bound { statements, services }
    }
}

impl<'a> PolicyCx<'a> {
    /// A policy under the settings of a run, among the roles that are made with it. `joined` are the ways to more rights
    /// that it gives together with others.
    pub fn new(
        site: &'a PolicySite,
        settings: &'a Settings,
        bound_by: &'a Bound<'a>,
        roles: &'a [Role<'a>],
        joined: &'a [Path<'a>],
    ) -> Self {
        PolicyCx {
            site,
            settings,
            bound_by,
            roles,
            joined,
            administrator: OnceCell::new(),
            escalations: OnceCell::new(),
            named: OnceCell::new(),
            unmatched: OnceCell::new(),
            conditions: OnceCell::new(),
            wildcards: OnceCell::new(),
            variable_texts: OnceCell::new(),
        }
    }

    /// The statements.
    pub fn statements(&self) -> &'a [Statement] {
        &self.site.policy.statements
    }

    /// The statements, and behind them the Deny statements of other policies that bind whoever holds this one.
    pub fn with_denies(&self) -> &'a [Statement] {
        &self.bound_by.statements
    }

    /// Bits for the services of each of [`PolicyCx::statements`], and behind them of those of the others in [`PolicyCx::with_denies`].
    pub fn services(&self) -> &'a [u64] {
        &self.bound_by.services
    }

    /// The statements of a trust policy that may let somebody in with an action, as `sts:AssumeRole`; none of other policies.
    pub fn lets_in(&self, action: &str) -> impl Iterator<Item = &'a Statement> {
        let statements = if self.is_trust() { self.statements() } else { &[] };
        statements
            .iter()
            .filter(move |statement| statement.may_allow() && statement_matches(statement, action).possible())
    }

    /// All entries of `Action` and `NotAction` without a wildcard, in order, with what they are in the catalogue.
    pub fn named_actions(&self) -> &[NamedAction<'a>] {
        // Several rules ask, and policies name thousands.
        self.named.get_or_init(|| {
            let statements = self.statements().iter().enumerate();
            let elements = statements.filter_map(|(at, statement)| Some((at, statement.action.as_ref()?)));
            let entries = elements.flat_map(|(statement, element)| {
                element.list.known().map(move |(pattern, at)| (statement, pattern, at))
            });
            let named = entries.filter(|(_, pattern, _)| !pattern.has_wildcard());
            named
                .map(|(statement, pattern, at)| {
                    let action = catalog::action(pattern.as_str());
                    NamedAction { statement, pattern, at, action }
                })
                .collect()
        })
    }

    /// The entries of `Action` and `NotAction` that match nothing that the catalogue has. Patterns with a wildcard in the name of
    /// their service are left out.
    pub fn unmatched_actions(&self) -> &[(&'a ActionPattern, &'a Origin)] {
        // Two rules ask.
        self.unmatched.get_or_init(|| {
            let named = self.named_actions().iter().filter(|named| named.action.is_none());
            let elements = self.statements().iter().filter_map(|statement| statement.action.as_ref());
            let unmatched = |pattern: &ActionPattern| {
                pattern.service().is_none() || pattern.named_service().is_some() && expand(pattern).next().is_none()
            };
            let wild = elements
                .flat_map(|element| element.list.known())
                .filter(|(pattern, _)| pattern.has_wildcard() && !pattern.is_everything() && unmatched(pattern));
            named.map(|named| (named.pattern, named.at)).chain(wild).collect()
        })
    }

    /// Those of `Action` of the statement with this number; none where it has `NotAction`.
    pub fn named_actions_of(&self, statement: usize) -> &[NamedAction<'a>] {
        if self.statements()[statement].actions().is_empty() {
            return &[];
        }
        let named = self.named_actions();
        let from = named.partition_point(|named| named.statement < statement);
        let to = from + named[from..].partition_point(|named| named.statement == statement);
        &named[from..to]
    }

    /// All conditions, in order, each with what the catalogue knows of its key.
    pub fn conditions(&self) -> &[(&'a Condition, Option<ConditionKey>)] {
        // Several rules ask.
        self.conditions.get_or_init(|| {
            let conditions = self.statements().iter().flat_map(|statement| &statement.conditions);
            conditions.map(|condition| (condition, catalog::key(&condition.key.value))).collect()
        })
    }

    /// The texts in which policy variables may stand and in which `${` does, with their places.
    pub fn variable_texts(&self) -> &[(&'a str, &'a Origin)] {
        // Two rules ask, and few texts have any.
        self.variable_texts.get_or_init(|| {
            let texts = self.statements().iter().flat_map(variable_texts);
            texts.filter(|(text, _)| has_braces(text)).collect()
        })
    }

    /// True if a wildcard of this class stands in some `Action`.
    pub fn has_wildcard(&self, wanted: Class) -> bool {
        // Each class has a rule, and most policies have one of few classes.
        let classes = self.wildcards.get_or_init(|| {
            let entries = self.statements().iter().flat_map(wildcard::wildcards);
            let mut classes = Vec::new();
            for class in entries.filter_map(|entry| wildcard::class(entry.pattern)) {
                if !classes.contains(&class) {
                    classes.push(class);
                }
            }
            classes
        });
        classes.contains(&wanted)
    }

    /// What the policy effectively grants.
    pub fn effective(&self) -> Grants<'a> {
        Grants::of(&self.site.policy, self.with_denies()).about(self.services())
    }

    /// The ways to more rights that the policy grants.
    pub fn escalations(&self) -> &[Path<'a>] {
        // Two rules ask, and a policy is held against more than a hundred sets.
        self.escalations.get_or_init(|| escalation::paths(&self.effective(), self.roles))
    }

    /// True if an entry is a step of a way to more rights that is told openly: what it gives besides is told with that.
    pub fn escalates_by(&self, entry: &Origin) -> bool {
        let own = |path: &&Path<'_>| path.set.kind != EscalationKind::Existing && !path.narrow;
        self.escalations().iter().filter(own).flat_map(|path| &path.steps).any(|step| step.entry == entry)
    }

    /// The ways to more rights that the policy grants, and behind them those that only it and others of a holder grant together
    /// and that are told here: as many as are told in one breath.
    pub fn all_escalations(&self) -> impl Iterator<Item = Vec<&Path<'a>>> {
        let together = self.joined.chunk_by(|a, b| a.whose() == b.whose());
        std::iter::once(self.escalations()).chain(together).map(|paths| paths.iter().collect())
    }

    /// True if a statement of [`PolicyCx::with_denies`] is the policy's own.
    pub fn owns(&self, statement: &Statement) -> bool {
        self.statements().iter().any(|own| own.origin == statement.origin)
    }

    /// True if one of the policy's uses has this kind.
    pub fn is(&self, test: impl Fn(&PolicyKind) -> bool) -> bool {
        self.site.uses.iter().any(|used| test(&used.kind))
    }

    /// True if an Allow in the policy grants something: it is no ceiling only. A policy whose kind is not known may.
    pub fn grants(&self) -> bool {
        self.site.uses.is_empty() || self.is(PolicyKind::grants)
    }

    /// True for an identity-based policy, or one whose kind is not known.
    pub fn is_identity(&self) -> bool {
        self.site.uses.is_empty() || self.is(|kind| *kind == PolicyKind::Identity)
    }

    /// The statements that may allow something by themselves. In a resource-based policy those that name the own account
    /// do not, nor do those of a key policy that name accounts, as AWS's default one: they leave it to the accounts' policies.
    /// Those of a bucket for what comes through access points leave it to the policies of these.
    pub fn granting(&self) -> impl Iterator<Item = &'a Statement> {
        let key = self.resource_service() == Some("kms");
        let delegates = move |account: &str| key || self.ownership(account) == Ownership::Own;
        let near = move |account: &str| self.ownership(account) != Ownership::Foreign;
        let only_delegates = move |statement: &Statement| {
            self.is_resource() && (is_delegation(statement, delegates) || leaves_to_access_points(statement, near))
        };
        self.statements().iter().filter(move |statement| statement.may_allow() && !only_delegates(statement))
    }

    /// The statements that grant an identity an action, as `iam:PassRole`, on every resource, with no condition that narrows
    /// which. None for administrators: they are told that they are.
    pub fn everywhere(&self, action: &str) -> impl Iterator<Item = (&'a Statement, Everywhere<'a>)> {
        let told = self.grants() && self.is_identity() && !self.is_administrator();
        self.granting().filter(move |_| told).filter_map(move |statement| {
            let found = everywhere(statement, action)?;
            let left = self.effective().leaves(statement, &ActionPattern::new(action));
            (left && narrowing(statement).is_none()).then_some((statement, found))
        })
    }

    /// True if the policy certainly makes its holder an administrator, with nothing to meet first: whatever else it
    /// allows follows from that, and is no finding of its own.
    pub fn is_administrator(&self) -> bool {
        // Several rules ask.
        *self.administrator.get_or_init(|| {
            self.is_identity() && administrators(&self.site.policy).any(|found| found.certain && found.unconditional)
        })
    }

    /// True for a trust policy.
    pub fn is_trust(&self) -> bool {
        self.is(|kind| *kind == PolicyKind::Trust)
    }

    /// True for a resource-based policy that is no trust policy.
    pub fn is_resource(&self) -> bool {
        self.is(|kind| matches!(kind, PolicyKind::Resource(_)))
    }

    /// The service prefix of the resource that the policy is attached to, where it is known.
    pub fn resource_service(&self) -> Option<&'a str> {
        self.site.uses.iter().find_map(|used| match &used.kind {
            PolicyKind::Resource(Some(service)) => Some(&**service),
            _ => None,
        })
    }

    /// The accounts that a statement lets in whole, by their root ARN or their number, with the places; only those that
    /// are `whose`.
    pub fn whole_accounts<'s>(&self, statement: &'s Statement, whose: Ownership) -> Vec<(&'s str, &'s Origin)> {
        let accounts = statement.principals().iter().filter_map(|item| match item.value.known()? {
            Principal::Account { id, .. } => Some((&**id, &item.origin)),
            _ => None,
        });
        accounts.filter(|(id, _)| self.ownership(id) == whose).collect()
    }

    /// True if the policy is certainly attached to a holder of this kind.
    pub fn held_by(&self, kind: HolderKind) -> bool {
        let identity = self.site.uses.iter().filter(|used| used.kind == PolicyKind::Identity);
        identity.filter_map(|used| used.holder.as_ref()).any(|holder| holder.kind == kind)
    }

    /// True if users or groups certainly hold the policy.
    pub fn held_by_people(&self) -> bool {
        self.held_by(HolderKind::User) || self.held_by(HolderKind::Group)
    }

    /// True if the policy is certainly for roles, and for nobody else.
    pub fn only_for_roles(&self) -> bool {
        let for_roles = self.is_identity() && self.site.audience == Audience::Roles;
        !self.held_by_people() && (self.held_by(HolderKind::Role) || for_roles)
    }

    /// Whose an account is: the config knows, or the account in which the policy itself stands.
    pub fn ownership(&self, account: &str) -> Ownership {
        if account == OWN_ACCOUNT || self.settings.accounts.contains(account) {
            return Ownership::Own;
        }
        match &self.site.account {
            Some(own) if **own == *account => Ownership::Own,
            _ if !is_account_id(account) => Ownership::Unknown,
            Some(_) => Ownership::Foreign,
            None if self.settings.accounts.is_empty() => Ownership::Unknown,
            None => Ownership::Foreign,
        }
    }
}
