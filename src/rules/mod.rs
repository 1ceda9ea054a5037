//! The rules: what is wrong with a policy, in words that the model understands.
//!
//! A rule is two files: `rules/<id>.md`, the page that says all there is to say of it, and a file here that asks the model.
//! A rule cannot fail, reads no text of its own and makes [`Problem`]s; id and severity come from the page.

mod administrator_access;
mod allow_not_action;
mod allow_not_principal;
mod foreign_account_key;
mod foreign_account_resource;
mod foreign_account_trust;
mod iam_wildcard;
mod ineffective_mfa_condition;
mod mfa_lockout;
mod page;
mod public_resource;
mod public_trust;
mod recent_root_use;
mod root_access_key;
mod root_activity;
mod root_caller_identity;
mod root_mfa_serial;
mod root_principal;
mod root_user_allowed;
mod root_without_mfa;
mod sensitive_access_without_mfa;
mod service_wildcard;
mod trust_without_mfa;
mod unmeetable_mfa_condition;
mod unrestricted_assume_root;
mod unsafe_mfa_exemption;
mod wildcard_action;
mod write_wildcard;

pub use page::{Category, FixPromise, RuleDoc};

use crate::access::administrator::administrators;
use crate::access::breadth::is_delegation;
use crate::extract::{Fact, Flaw, FlawKind, PolicySite};
use crate::finding::{Problem, RuleId};
use crate::policy::{HolderKind, PolicyKind, Principal, Statement};
use crate::settings::Settings;
use crate::source::Origin;
use std::cell::OnceCell;
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
    administrator: OnceCell<bool>,
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
    /// A policy under the settings of a run.
    pub fn new(site: &'a PolicySite, settings: &'a Settings) -> Self {
        PolicyCx { site, settings, administrator: OnceCell::new() }
    }

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

    /// The statements that may allow something by themselves. In a resource-based policy those that name the own account
    /// do not, nor do those of a key policy that name accounts, as AWS's default one: they leave it to the accounts' policies.
    pub fn granting(&self) -> impl Iterator<Item = &'a Statement> {
        let key = self.resource_service() == Some("kms");
        let delegates = move |account: &str| key || self.ownership(account) == Ownership::Own;
        let only_delegates = move |statement: &Statement| self.is_resource() && is_delegation(statement, delegates);
        self.statements().iter().filter(move |statement| statement.may_allow() && !only_delegates(statement))
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
    (include_str!("../../rules/administrator-access.md"), &administrator_access::AdministratorAccess),
    (include_str!("../../rules/allow-not-action.md"), &allow_not_action::AllowNotAction),
    (include_str!("../../rules/allow-not-principal.md"), &allow_not_principal::AllowNotPrincipal),
    (include_str!("../../rules/foreign-account-key.md"), &foreign_account_key::ForeignAccountKey),
    (include_str!("../../rules/foreign-account-resource.md"), &foreign_account_resource::ForeignAccountResource),
    (include_str!("../../rules/foreign-account-trust.md"), &foreign_account_trust::ForeignAccountTrust),
    (include_str!("../../rules/iam-wildcard.md"), &iam_wildcard::IamWildcard),
    (include_str!("../../rules/ineffective-mfa-condition.md"), &ineffective_mfa_condition::IneffectiveMfaCondition),
    (include_str!("../../rules/mfa-lockout.md"), &mfa_lockout::MfaLockout),
    (include_str!("../../rules/public-resource.md"), &public_resource::PublicResource),
    (include_str!("../../rules/public-trust.md"), &public_trust::PublicTrust),
    (include_str!("../../rules/recent-root-use.md"), &recent_root_use::RecentRootUse),
    (include_str!("../../rules/root-access-key.md"), &root_access_key::RootAccessKey),
    (include_str!("../../rules/root-activity.md"), &root_activity::RootActivity),
    (include_str!("../../rules/root-caller-identity.md"), &root_caller_identity::RootCallerIdentity),
    (include_str!("../../rules/root-mfa-serial.md"), &root_mfa_serial::RootMfaSerial),
    (include_str!("../../rules/root-principal.md"), &root_principal::RootPrincipal),
    (include_str!("../../rules/root-user-allowed.md"), &root_user_allowed::RootUserAllowed),
    (include_str!("../../rules/root-without-mfa.md"), &root_without_mfa::RootWithoutMfa),
    (include_str!("../../rules/sensitive-access-without-mfa.md"), &sensitive_access_without_mfa::SensitiveAccessWithoutMfa),
    (include_str!("../../rules/service-wildcard.md"), &service_wildcard::ServiceWildcard),
    (include_str!("../../rules/trust-without-mfa.md"), &trust_without_mfa::TrustWithoutMfa),
    (include_str!("../../rules/unmeetable-mfa-condition.md"), &unmeetable_mfa_condition::UnmeetableMfaCondition),
    (include_str!("../../rules/unrestricted-assume-root.md"), &unrestricted_assume_root::UnrestrictedAssumeRoot),
    (include_str!("../../rules/unsafe-mfa-exemption.md"), &unsafe_mfa_exemption::UnsafeMfaExemption),
    (include_str!("../../rules/wildcard-action.md"), &wildcard_action::WildcardAction),
    (include_str!("../../rules/write-wildcard.md"), &write_wildcard::WriteWildcard),
    // registry: end
];
