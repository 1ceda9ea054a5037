//! The rules: what is wrong with a policy, in words that the model understands.
//!
//! A rule is two files: `rules/<id>.md`, the page that says all there is to say of it, and a file here that asks the model.
//! A rule cannot fail, reads no text of its own and makes [`Problem`]s; id and severity come from the page.

mod administrator_access;
mod allow_not_action;
mod allow_not_principal;
mod context;
mod created_access_key;
mod duplicate_key;
mod foreign_account_key;
mod foreign_account_resource;
mod foreign_account_trust;
mod iam_wildcard;
mod ineffective_mfa_condition;
mod invalid_json;
mod invalid_yaml;
mod json_extension;
mod long_term_credentials;
mod malformed_policy;
mod mfa_lockout;
mod page;
mod profile_without_mfa_serial;
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
mod temporary_credentials;
mod trust_without_mfa;
mod unknown_element;
mod unmeetable_mfa_condition;
mod unrestricted_assume_root;
mod unsafe_mfa_exemption;
mod user_password;
mod user_policy;
mod wildcard_action;
mod write_wildcard;

pub use context::{Ownership, PolicyCx};
pub use page::{Category, FixPromise, RuleDoc};

use crate::extract::{Fact, Flaw, FlawKind};
use crate::finding::{Problem, RuleId};
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
    (include_str!("../../rules/created-access-key.md"), &created_access_key::CreatedAccessKey),
    (include_str!("../../rules/duplicate-key.md"), &duplicate_key::DuplicateKey),
    (include_str!("../../rules/foreign-account-key.md"), &foreign_account_key::ForeignAccountKey),
    (include_str!("../../rules/foreign-account-resource.md"), &foreign_account_resource::ForeignAccountResource),
    (include_str!("../../rules/foreign-account-trust.md"), &foreign_account_trust::ForeignAccountTrust),
    (include_str!("../../rules/iam-wildcard.md"), &iam_wildcard::IamWildcard),
    (include_str!("../../rules/ineffective-mfa-condition.md"), &ineffective_mfa_condition::IneffectiveMfaCondition),
    (include_str!("../../rules/invalid-json.md"), &invalid_json::InvalidJson),
    (include_str!("../../rules/invalid-yaml.md"), &invalid_yaml::InvalidYaml),
    (include_str!("../../rules/json-extension.md"), &json_extension::JsonExtension),
    (include_str!("../../rules/long-term-credentials.md"), &long_term_credentials::LongTermCredentials),
    (include_str!("../../rules/malformed-policy.md"), &malformed_policy::MalformedPolicy),
    (include_str!("../../rules/mfa-lockout.md"), &mfa_lockout::MfaLockout),
    (include_str!("../../rules/profile-without-mfa-serial.md"), &profile_without_mfa_serial::ProfileWithoutMfaSerial),
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
    (include_str!("../../rules/temporary-credentials.md"), &temporary_credentials::TemporaryCredentials),
    (include_str!("../../rules/trust-without-mfa.md"), &trust_without_mfa::TrustWithoutMfa),
    (include_str!("../../rules/unknown-element.md"), &unknown_element::UnknownElement),
    (include_str!("../../rules/unmeetable-mfa-condition.md"), &unmeetable_mfa_condition::UnmeetableMfaCondition),
    (include_str!("../../rules/unrestricted-assume-root.md"), &unrestricted_assume_root::UnrestrictedAssumeRoot),
    (include_str!("../../rules/unsafe-mfa-exemption.md"), &unsafe_mfa_exemption::UnsafeMfaExemption),
    (include_str!("../../rules/user-password.md"), &user_password::UserPassword),
    (include_str!("../../rules/user-policy.md"), &user_policy::UserPolicy),
    (include_str!("../../rules/wildcard-action.md"), &wildcard_action::WildcardAction),
    (include_str!("../../rules/write-wildcard.md"), &write_wildcard::WriteWildcard),
    // registry: end
];
