//! The rules: what is wrong with a policy, in words that the model understands.
//!
//! A rule is two files: `rules/<id>.md`, the page that says all there is to say of it, and a file here that asks the model.
//! A rule cannot fail, reads no text of its own and makes [`Problem`]s; id and severity come from the page.

mod page;

pub use page::{Category, FixPromise, RuleDoc};

use crate::extract::{Fact, Flaw, FlawKind, PolicySite};
use crate::finding::{Problem, RuleId};
use crate::policy::{HolderKind, PolicyKind, Statement};
use crate::settings::Settings;
use std::sync::LazyLock;

/// A rule. All methods have defaults; a rule has the ones that it needs.
pub trait Rule: Sync {
    /// Judges a policy that is in force.
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let _ = (cx, out);
    }

    /// Judges a fact that is no policy.
    fn fact(&self, fact: &Fact, settings: &Settings, out: &mut Vec<Problem>) {
        let _ = (fact, settings, out);
    }

    /// The flaws that this rule reports; every kind is claimed by one rule.
    fn claims(&self) -> &'static [FlawKind] {
        &[]
    }

    /// Reports a flaw of a kind that it claims.
    fn flaw(&self, flaw: &Flaw, out: &mut Vec<Problem>) {
        let _ = (flaw, out);
    }
}

/// A policy as rules see it.
pub struct PolicyCx<'a> {
    /// The document and where it stands.
    pub site: &'a PolicySite,
    /// The settings of the run.
    pub settings: &'a Settings,
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

impl<'a> PolicyCx<'a> {
    /// The statements.
    pub fn statements(&self) -> &'a [Statement] {
        &self.site.policy.statements
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

    /// True if the policy is certainly attached to a holder of this kind.
    pub fn held_by(&self, kind: HolderKind) -> bool {
        self.site.uses.iter().any(|used| used.holder.as_ref().is_some_and(|holder| holder.kind == kind))
    }

    /// Whose an account is: the config knows, or the account in which the policy itself stands.
    pub fn ownership(&self, account: &str) -> Ownership {
        if self.settings.accounts.contains(account) {
            return Ownership::Own;
        }
        match &self.site.account {
            Some(own) if **own == *account => Ownership::Own,
            Some(_) => Ownership::Foreign,
            None if self.settings.accounts.is_empty() => Ownership::Unknown,
            None => Ownership::Foreign,
        }
    }
}

/// A rule with its page.
pub struct Entry {
    /// The page, read.
    pub doc: RuleDoc<'static>,
    /// The rule.
    pub rule: &'static dyn Rule,
}

impl Entry {
    /// The rule's id.
    pub fn id(&self) -> RuleId {
        RuleId(self.doc.id)
    }
}

/// All rules, sorted by id.
pub fn all() -> &'static [Entry] {
    static ENTRIES: LazyLock<Vec<Entry>> =
        LazyLock::new(|| SLICE.iter().map(|(page, rule)| Entry { doc: RuleDoc::read(page), rule: *rule }).collect());
    &ENTRIES
}

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Entry> {
    all().iter().find(|entry| entry.doc.id == id)
}

/// Pages and rules. `UPDATE=1 cargo test registry` writes the lines between the markers.
#[rustfmt::skip]
static SLICE: &[(&str, &dyn Rule)] = &[
    // registry: begin
    // registry: end
];
