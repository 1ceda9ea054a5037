//! The rules: what is wrong with a policy, in words that the model understands.
//!
//! A rule is two files: `rules/<id>.md`, the page that says all there is to say of it, and a file here that asks the model.
//! A rule cannot fail, reads no text of its own and makes [`Problem`]s; id and severity come from the page.

mod administrator_access;
mod allow_not_action;
mod allow_not_principal;
mod allow_not_resource;
mod any_certificate;
mod assume_any_role;
mod assume_role_of_any_account;
mod bucket_lockout;
mod cognito_guests;
mod confused_deputy;
mod constant_condition;
mod context;
mod create_any_service_linked_role;
mod created_access_key;
mod deleted_principal;
mod deprecated_condition_key;
mod duplicate_key;
mod duplicate_sid;
mod dynamodb_attributes_without_select;
mod empty_element;
mod empty_group;
mod equivalents;
mod escalation_through_existing;
mod evadable_prefix_condition;
mod everyone;
mod forbidden_access;
mod foreign_account_key;
mod foreign_account_resource;
mod foreign_account_trust;
mod forgeable_condition_key;
mod group_without_policy;
mod iam_user;
mod iam_wildcard;
mod impossible_arn;
mod ineffective_mfa_condition;
mod inexact_cidr;
mod inline_policy;
mod invalid_arn;
mod invalid_condition_value;
mod invalid_hcl;
mod invalid_json;
mod invalid_principal;
mod invalid_rcp;
mod invalid_sid;
mod invalid_version;
mod invalid_yaml;
mod json_extension;
mod long_term_credentials;
mod loose_condition_value;
mod loosely_passed_role;
mod malformed_policy;
mod malformed_variable;
mod mfa_lockout;
mod mismatched_trust_action;
mod misplaced_element;
mod missing_set_operator;
mod misused_set_operator;
mod oidc_any_branch;
mod oidc_open_owner;
mod oidc_whole_tenant;
mod oidc_wildcard_subject;
mod oidc_without_subject;
mod operator_key_mismatch;
mod optional_condition;
mod outdated_version;
mod oversized_policy;
pub mod own;
mod page;
mod pass_any_role;
mod password_database;
mod plain_http;
mod possibly_public_resource;
mod possibly_public_trust;
mod private_source_ip;
mod privilege_escalation;
mod privileged_managed_policy;
mod profile_without_mfa_serial;
mod public_function_url;
mod public_resource;
mod public_trust;
mod rcp_blocks_services;
mod recent_root_use;
mod redundant_entry;
mod redundant_statement;
mod resource_mismatch;
mod retired_action;
mod rights_through_resource_policy;
mod root_access_key;
mod root_activity;
mod root_caller_identity;
mod root_mfa_serial;
mod root_principal;
mod root_user_allowed;
mod root_without_mfa;
mod saml_without_audience;
mod self_trust;
mod sensitive_access_without_mfa;
mod service_wildcard;
mod set;
mod statement_without_effect;
mod stranger_sets_session;
mod string_operator_on_arn;
mod superseded_managed_policy;
mod temporary_credentials;
mod trust_without_mfa;
mod unexpanded_variable;
mod unknown_action;
mod unknown_condition_key;
mod unknown_element;
mod unknown_operator;
mod unmeetable_mfa_condition;
mod unpaired_condition_key;
mod unrestricted_assume_root;
mod unrestricted_kms_grant;
mod unsafe_mfa_exemption;
mod unscoped_action;
mod unscoped_data_access;
mod unscoped_permission_change;
mod unsupported_condition_key;
mod unsupported_tag_condition;
mod unused_policy;
mod user_password;
mod user_policy;
mod user_principal;
mod way;
mod weak_password_policy;
mod wide_managed_policy;
mod wildcard_action;
mod wildcard_in_service;
mod wildcard_without_like;
mod write_wildcard;
mod written_password;
mod wrong_resource_policy;

pub use context::{Bound, Ownership, PolicyCx};
pub use equivalents::{Answer, equivalents};
pub use page::{Category, FIELDS, FixPromise, RuleDoc, Shown};
pub use set::RuleSet;
pub(crate) use unknown_action::judge as misnamed_action;
pub(crate) use unknown_condition_key::judge as misnamed_key;

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

    /// True if it judges the managed policies of AWS, too, where they are attached.
    fn judges_attached(&self, settings: &Settings) -> bool {
        let _ = settings;
        false
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
    (include_str!("../../rules/allow-not-resource.md"), &allow_not_resource::AllowNotResource),
    (include_str!("../../rules/any-certificate.md"), &any_certificate::AnyCertificate),
    (include_str!("../../rules/assume-any-role.md"), &assume_any_role::AssumeAnyRole),
    (include_str!("../../rules/assume-role-of-any-account.md"), &assume_role_of_any_account::AssumeRoleOfAnyAccount),
    (include_str!("../../rules/bucket-lockout.md"), &bucket_lockout::BucketLockout),
    (include_str!("../../rules/cognito-guests.md"), &cognito_guests::CognitoGuests),
    (include_str!("../../rules/confused-deputy.md"), &confused_deputy::ConfusedDeputy),
    (include_str!("../../rules/constant-condition.md"), &constant_condition::ConstantCondition),
    (include_str!("../../rules/create-any-service-linked-role.md"), &create_any_service_linked_role::CreateAnyServiceLinkedRole),
    (include_str!("../../rules/created-access-key.md"), &created_access_key::CreatedAccessKey),
    (include_str!("../../rules/deleted-principal.md"), &deleted_principal::DeletedPrincipal),
    (include_str!("../../rules/deprecated-condition-key.md"), &deprecated_condition_key::DeprecatedConditionKey),
    (include_str!("../../rules/duplicate-key.md"), &duplicate_key::DuplicateKey),
    (include_str!("../../rules/duplicate-sid.md"), &duplicate_sid::DuplicateSid),
    (include_str!("../../rules/dynamodb-attributes-without-select.md"), &dynamodb_attributes_without_select::DynamodbAttributesWithoutSelect),
    (include_str!("../../rules/empty-element.md"), &empty_element::EmptyElement),
    (include_str!("../../rules/empty-group.md"), &empty_group::EmptyGroup),
    (include_str!("../../rules/escalation-through-existing.md"), &escalation_through_existing::EscalationThroughExisting),
    (include_str!("../../rules/evadable-prefix-condition.md"), &evadable_prefix_condition::EvadablePrefixCondition),
    (include_str!("../../rules/forbidden-access.md"), &forbidden_access::ForbiddenAccess),
    (include_str!("../../rules/foreign-account-key.md"), &foreign_account_key::ForeignAccountKey),
    (include_str!("../../rules/foreign-account-resource.md"), &foreign_account_resource::ForeignAccountResource),
    (include_str!("../../rules/foreign-account-trust.md"), &foreign_account_trust::ForeignAccountTrust),
    (include_str!("../../rules/forgeable-condition-key.md"), &forgeable_condition_key::ForgeableConditionKey),
    (include_str!("../../rules/group-without-policy.md"), &group_without_policy::GroupWithoutPolicy),
    (include_str!("../../rules/iam-user.md"), &iam_user::IamUser),
    (include_str!("../../rules/iam-wildcard.md"), &iam_wildcard::IamWildcard),
    (include_str!("../../rules/impossible-arn.md"), &impossible_arn::ImpossibleArn),
    (include_str!("../../rules/ineffective-mfa-condition.md"), &ineffective_mfa_condition::IneffectiveMfaCondition),
    (include_str!("../../rules/inexact-cidr.md"), &inexact_cidr::InexactCidr),
    (include_str!("../../rules/inline-policy.md"), &inline_policy::InlinePolicy),
    (include_str!("../../rules/invalid-arn.md"), &invalid_arn::InvalidArn),
    (include_str!("../../rules/invalid-condition-value.md"), &invalid_condition_value::InvalidConditionValue),
    (include_str!("../../rules/invalid-hcl.md"), &invalid_hcl::InvalidHcl),
    (include_str!("../../rules/invalid-json.md"), &invalid_json::InvalidJson),
    (include_str!("../../rules/invalid-principal.md"), &invalid_principal::InvalidPrincipal),
    (include_str!("../../rules/invalid-rcp.md"), &invalid_rcp::InvalidRcp),
    (include_str!("../../rules/invalid-sid.md"), &invalid_sid::InvalidSid),
    (include_str!("../../rules/invalid-version.md"), &invalid_version::InvalidVersion),
    (include_str!("../../rules/invalid-yaml.md"), &invalid_yaml::InvalidYaml),
    (include_str!("../../rules/json-extension.md"), &json_extension::JsonExtension),
    (include_str!("../../rules/long-term-credentials.md"), &long_term_credentials::LongTermCredentials),
    (include_str!("../../rules/loose-condition-value.md"), &loose_condition_value::LooseConditionValue),
    (include_str!("../../rules/loosely-passed-role.md"), &loosely_passed_role::LooselyPassedRole),
    (include_str!("../../rules/malformed-policy.md"), &malformed_policy::MalformedPolicy),
    (include_str!("../../rules/malformed-variable.md"), &malformed_variable::MalformedVariable),
    (include_str!("../../rules/mfa-lockout.md"), &mfa_lockout::MfaLockout),
    (include_str!("../../rules/mismatched-trust-action.md"), &mismatched_trust_action::MismatchedTrustAction),
    (include_str!("../../rules/misplaced-element.md"), &misplaced_element::MisplacedElement),
    (include_str!("../../rules/missing-set-operator.md"), &missing_set_operator::MissingSetOperator),
    (include_str!("../../rules/misused-set-operator.md"), &misused_set_operator::MisusedSetOperator),
    (include_str!("../../rules/oidc-any-branch.md"), &oidc_any_branch::OidcAnyBranch),
    (include_str!("../../rules/oidc-open-owner.md"), &oidc_open_owner::OidcOpenOwner),
    (include_str!("../../rules/oidc-whole-tenant.md"), &oidc_whole_tenant::OidcWholeTenant),
    (include_str!("../../rules/oidc-wildcard-subject.md"), &oidc_wildcard_subject::OidcWildcardSubject),
    (include_str!("../../rules/oidc-without-subject.md"), &oidc_without_subject::OidcWithoutSubject),
    (include_str!("../../rules/operator-key-mismatch.md"), &operator_key_mismatch::OperatorKeyMismatch),
    (include_str!("../../rules/optional-condition.md"), &optional_condition::OptionalCondition),
    (include_str!("../../rules/outdated-version.md"), &outdated_version::OutdatedVersion),
    (include_str!("../../rules/oversized-policy.md"), &oversized_policy::OversizedPolicy),
    (include_str!("../../rules/pass-any-role.md"), &pass_any_role::PassAnyRole),
    (include_str!("../../rules/password-database.md"), &password_database::PasswordDatabase),
    (include_str!("../../rules/plain-http.md"), &plain_http::PlainHttp),
    (include_str!("../../rules/possibly-public-resource.md"), &possibly_public_resource::PossiblyPublicResource),
    (include_str!("../../rules/possibly-public-trust.md"), &possibly_public_trust::PossiblyPublicTrust),
    (include_str!("../../rules/private-source-ip.md"), &private_source_ip::PrivateSourceIp),
    (include_str!("../../rules/privilege-escalation.md"), &privilege_escalation::PrivilegeEscalation),
    (include_str!("../../rules/privileged-managed-policy.md"), &privileged_managed_policy::PrivilegedManagedPolicy),
    (include_str!("../../rules/profile-without-mfa-serial.md"), &profile_without_mfa_serial::ProfileWithoutMfaSerial),
    (include_str!("../../rules/public-function-url.md"), &public_function_url::PublicFunctionUrl),
    (include_str!("../../rules/public-resource.md"), &public_resource::PublicResource),
    (include_str!("../../rules/public-trust.md"), &public_trust::PublicTrust),
    (include_str!("../../rules/rcp-blocks-services.md"), &rcp_blocks_services::RcpBlocksServices),
    (include_str!("../../rules/recent-root-use.md"), &recent_root_use::RecentRootUse),
    (include_str!("../../rules/redundant-entry.md"), &redundant_entry::RedundantEntry),
    (include_str!("../../rules/redundant-statement.md"), &redundant_statement::RedundantStatement),
    (include_str!("../../rules/resource-mismatch.md"), &resource_mismatch::ResourceMismatch),
    (include_str!("../../rules/retired-action.md"), &retired_action::RetiredAction),
    (include_str!("../../rules/rights-through-resource-policy.md"), &rights_through_resource_policy::RightsThroughResourcePolicy),
    (include_str!("../../rules/root-access-key.md"), &root_access_key::RootAccessKey),
    (include_str!("../../rules/root-activity.md"), &root_activity::RootActivity),
    (include_str!("../../rules/root-caller-identity.md"), &root_caller_identity::RootCallerIdentity),
    (include_str!("../../rules/root-mfa-serial.md"), &root_mfa_serial::RootMfaSerial),
    (include_str!("../../rules/root-principal.md"), &root_principal::RootPrincipal),
    (include_str!("../../rules/root-user-allowed.md"), &root_user_allowed::RootUserAllowed),
    (include_str!("../../rules/root-without-mfa.md"), &root_without_mfa::RootWithoutMfa),
    (include_str!("../../rules/saml-without-audience.md"), &saml_without_audience::SamlWithoutAudience),
    (include_str!("../../rules/self-trust.md"), &self_trust::SelfTrust),
    (include_str!("../../rules/sensitive-access-without-mfa.md"), &sensitive_access_without_mfa::SensitiveAccessWithoutMfa),
    (include_str!("../../rules/service-wildcard.md"), &service_wildcard::ServiceWildcard),
    (include_str!("../../rules/statement-without-effect.md"), &statement_without_effect::StatementWithoutEffect),
    (include_str!("../../rules/stranger-sets-session.md"), &stranger_sets_session::StrangerSetsSession),
    (include_str!("../../rules/string-operator-on-arn.md"), &string_operator_on_arn::StringOperatorOnArn),
    (include_str!("../../rules/superseded-managed-policy.md"), &superseded_managed_policy::SupersededManagedPolicy),
    (include_str!("../../rules/temporary-credentials.md"), &temporary_credentials::TemporaryCredentials),
    (include_str!("../../rules/trust-without-mfa.md"), &trust_without_mfa::TrustWithoutMfa),
    (include_str!("../../rules/unexpanded-variable.md"), &unexpanded_variable::UnexpandedVariable),
    (include_str!("../../rules/unknown-action.md"), &unknown_action::UnknownAction),
    (include_str!("../../rules/unknown-condition-key.md"), &unknown_condition_key::UnknownConditionKey),
    (include_str!("../../rules/unknown-element.md"), &unknown_element::UnknownElement),
    (include_str!("../../rules/unknown-operator.md"), &unknown_operator::UnknownOperator),
    (include_str!("../../rules/unmeetable-mfa-condition.md"), &unmeetable_mfa_condition::UnmeetableMfaCondition),
    (include_str!("../../rules/unpaired-condition-key.md"), &unpaired_condition_key::UnpairedConditionKey),
    (include_str!("../../rules/unrestricted-assume-root.md"), &unrestricted_assume_root::UnrestrictedAssumeRoot),
    (include_str!("../../rules/unrestricted-kms-grant.md"), &unrestricted_kms_grant::UnrestrictedKmsGrant),
    (include_str!("../../rules/unsafe-mfa-exemption.md"), &unsafe_mfa_exemption::UnsafeMfaExemption),
    (include_str!("../../rules/unscoped-action.md"), &unscoped_action::UnscopedAction),
    (include_str!("../../rules/unscoped-data-access.md"), &unscoped_data_access::UnscopedDataAccess),
    (include_str!("../../rules/unscoped-permission-change.md"), &unscoped_permission_change::UnscopedPermissionChange),
    (include_str!("../../rules/unsupported-condition-key.md"), &unsupported_condition_key::UnsupportedConditionKey),
    (include_str!("../../rules/unsupported-tag-condition.md"), &unsupported_tag_condition::UnsupportedTagCondition),
    (include_str!("../../rules/unused-policy.md"), &unused_policy::UnusedPolicy),
    (include_str!("../../rules/user-password.md"), &user_password::UserPassword),
    (include_str!("../../rules/user-policy.md"), &user_policy::UserPolicy),
    (include_str!("../../rules/user-principal.md"), &user_principal::UserPrincipal),
    (include_str!("../../rules/weak-password-policy.md"), &weak_password_policy::WeakPasswordPolicy),
    (include_str!("../../rules/wide-managed-policy.md"), &wide_managed_policy::WideManagedPolicy),
    (include_str!("../../rules/wildcard-action.md"), &wildcard_action::WildcardAction),
    (include_str!("../../rules/wildcard-in-service.md"), &wildcard_in_service::WildcardInService),
    (include_str!("../../rules/wildcard-without-like.md"), &wildcard_without_like::WildcardWithoutLike),
    (include_str!("../../rules/write-wildcard.md"), &write_wildcard::WriteWildcard),
    (include_str!("../../rules/written-password.md"), &written_password::WrittenPassword),
    (include_str!("../../rules/wrong-resource-policy.md"), &wrong_resource_policy::WrongResourcePolicy),
    // registry: end
];
