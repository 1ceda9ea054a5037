//! What a file tells: policies, and facts beside them. One file per host format.

mod credentials;
mod database;
mod entity;
mod guests;
mod identity;
pub mod json;
mod kind;
mod language;
mod link;
mod managed;
pub mod markdown;
mod membership;
mod network;
mod password_policy;
mod permission;
mod place;
mod profile;
pub(crate) mod resolve;
pub mod root_user;
mod sam;
mod scalar;
mod scan;
mod shape;
pub mod shell;
pub mod terraform;
mod walk;
pub mod yaml;

pub use database::PasswordDatabase;
pub use entity::{Entity, EntityKind};
pub use identity::{AwsPolicy, Function, HeldDocument, Identity, Presence, refers};
pub(crate) use language::{broken, guess, in_language_of, is_unread, language};
pub use link::{Link, Owner, Target};
pub use managed::{attached_policy, managed_document, managed_site};
pub use network::Network;
pub use password_policy::{Demand, PasswordPolicy, Said};
pub use profile::CliProfile;
pub use scan::looks_relevant;
pub use terraform::MergedPolicy;

use crate::policy::{Policy, PolicyKind, Spanned, Statement, Use};
use crate::source::{Origin, SourceFile, Span};
use jiff::Timestamp;

/// A policy document where it stands.
#[derive(Clone, Debug)]
pub struct PolicySite {
    /// The document.
    pub policy: Policy,
    /// What it is used as, and by whom; empty where the kind is not known.
    pub uses: Vec<Use>,
    /// False for a version that is not the default one, and for what AWS manages itself: such a document is not judged.
    pub in_force: bool,
    /// Where in the file it stands, as `RoleDetailList/0/AssumeRolePolicyDocument`; empty for a bare document.
    pub path: Box<str>,
    /// The number of the account in which the policy stands, where the file says so.
    pub account: Option<Box<str>>,
    /// Whom it is for, where its place says that and names no holder.
    pub audience: Audience,
    /// True for a document that is quoted in a script or in prose.
    pub quoted: bool,
    /// True for one of which only a part may be quoted: what it lacks may be what the author left out.
    pub partial: bool,
    /// What is wrong with the document itself.
    pub flaws: Vec<Flaw>,
    /// The Deny statements of other documents that this one is merged with: they bind what it allows.
    pub bound_by: Vec<Statement>,
    /// From where requests reach what has it.
    pub network: Network,
}

impl PolicySite {
    /// A policy that stands in no document, for one use, at this place of the file.
    fn made(policy: Policy, used: Use, path: &place::Path<'_>) -> Self {
        PolicySite {
            policy,
            uses: vec![used],
            in_force: true,
            path: path.to_string().into(),
            account: None,
            audience: Audience::Anyone,
            quoted: false,
            partial: false,
            flaws: Vec::new(),
            bound_by: Vec::new(),
            network: Network::Anywhere,
        }
    }
}

/// Whom a policy is for.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Audience {
    /// That is not known, or the holders say it.
    #[default]
    Anyone,
    /// Roles: a framework makes one for it, or nobody else has it attached.
    Roles,
}

/// Something that a file tells.
#[derive(Clone, Debug)]
pub enum Fact {
    /// A policy document.
    Policy(Box<PolicySite>),
    /// A managed policy that is attached to somebody.
    Attachment(Attachment),
    /// The `<root_account>` row of a credential report.
    CredentialReport(Box<CredentialReport>),
    /// The counts of `aws iam get-account-summary`.
    AccountSummary(AccountSummary),
    /// A CloudTrail record of the root user.
    TrailRecord(TrailRecord),
    /// The output of `aws sts get-caller-identity`: the caller's ARN.
    CallerIdentity(Spanned<Box<str>>),
    /// The serial number of the root user's MFA device in a profile or a script.
    RootMfaSerial(Spanned<Box<str>>),
    /// A profile of the AWS CLI that takes a role.
    CliProfile(CliProfile),
    /// Something that is made for a user.
    Entity(Entity),
    /// What an account asks of passwords.
    PasswordPolicy(PasswordPolicy),
    /// A database without sign-in through IAM.
    PasswordDatabase(PasswordDatabase),
    /// What says that an identity pool admits guests.
    GuestPool(Origin),
    /// An access key that was left in a file with its secret.
    CredentialPair(CredentialPair),
    /// A flaw of the file itself.
    Flaw(Flaw),
}

/// A managed policy attached to a user, a group or a role.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// To whom, where it is known.
    pub holder: Option<crate::policy::Holder>,
    /// The policy's ARN.
    pub policy_arn: Spanned<Box<str>>,
    /// Where in the file it stands.
    pub path: Box<str>,
}

/// An access key and its secret in one place. The secret itself is not kept.
#[derive(Clone, Debug)]
pub struct CredentialPair {
    /// The access key id.
    pub id: Spanned<Box<str>>,
    /// The name that the secret stands under.
    pub secret: Origin,
    /// True for the credentials of a session, which expire.
    pub temporary: bool,
}

/// The row of the root user in a credential report. A field is none where the report says `N/A` or the like.
#[derive(Clone, Debug)]
pub struct CredentialReport {
    /// The whole row.
    pub row: Origin,
    /// `mfa_active`.
    pub mfa_active: Option<Spanned<bool>>,
    /// `password_enabled`; for the root user mostly `not_supported`.
    pub password_enabled: Option<Spanned<bool>>,
    /// `password_last_used`; the field as it is written stands beside the time.
    pub password_last_used: Option<Spanned<Timestamp>>,
    /// `access_key_1_active`, `access_key_2_active`.
    pub access_keys_active: Vec<Spanned<bool>>,
    /// `access_key_1_last_used_date`, `access_key_2_last_used_date`.
    pub access_keys_last_used: Vec<Spanned<Timestamp>>,
    /// The time of the report, else the newest time in the file.
    pub as_of: Option<Timestamp>,
    /// True if `as_of` is the time of the report itself.
    pub generated: bool,
}

impl CredentialReport {
    /// True if the report shows that the root user has neither password nor active keys: there is nothing to sign in with.
    pub fn has_no_credentials(&self) -> bool {
        self.password_enabled.as_ref().is_some_and(|enabled| !enabled.value)
            && self.access_keys_active.len() == 2
            && self.access_keys_active.iter().all(|active| !active.value)
    }
}

/// The counts of `get-account-summary` that speak of the root user.
#[derive(Clone, Debug)]
pub struct AccountSummary {
    /// `AccountAccessKeysPresent`.
    pub access_keys_present: Option<Spanned<u64>>,
    /// `AccountMFAEnabled`.
    pub mfa_enabled: Option<Spanned<u64>>,
    /// `AccountPasswordPresent`.
    pub password_present: Option<Spanned<u64>>,
}

impl AccountSummary {
    /// True if the summary shows that the root user has neither password nor keys.
    pub fn has_no_credentials(&self) -> bool {
        [&self.password_present, &self.access_keys_present]
            .into_iter()
            .all(|count| count.as_ref().is_some_and(|count| count.value == 0))
    }
}

/// The CloudTrail records of one event whose `userIdentity` is the root user; none of what AWS did by itself.
#[derive(Clone, Debug)]
pub struct TrailRecord {
    /// `userIdentity.type` of the first record, with its key: what says that it was the root user.
    pub identity: Origin,
    /// `eventName` of the first record.
    pub event: Option<Spanned<Box<str>>>,
    /// How many records of the file there are of this event.
    pub records: usize,
    /// True for sessions of `sts:AssumeRoot`.
    pub assumed_root: bool,
    /// True if it was an attempt to sign in, and failed.
    pub failed_login: bool,
}

/// Something wrong with the text or the structure of a document. Exactly one rule claims each kind.
#[derive(Clone, Debug)]
pub struct Flaw {
    /// What.
    pub kind: FlawKind,
    /// Where.
    pub at: Origin,
    /// The rest of the sentence: what was found and what was expected.
    pub detail: String,
    /// What sets it right without a change of meaning, where something does.
    pub remedy: Option<Remedy>,
}

/// What sets a flaw right.
#[derive(Clone, Debug)]
pub enum Remedy {
    /// This in the place of what stands there in another letter case.
    Spelling(Box<str>),
    /// The same for several keys, the flaw's own first.
    Spellings(Vec<(Origin, Box<str>)>),
    /// The only entry of a list in the place of the list.
    Entry(Origin),
    /// A list with what stands there as its only entry.
    List,
}

/// The kinds of flaws.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FlawKind {
    /// The text is not JSON.
    JsonSyntax,
    /// The text is not YAML.
    YamlSyntax,
    /// The text is not HCL.
    HclSyntax,
    /// The text is JSON but for comments or trailing commas.
    JsonExtension,
    /// A key stands twice in one object.
    DuplicateKey,
    /// An element that policies do not have.
    UnknownElement,
    /// An element that is missing, has the wrong type, or an impossible value.
    Structure,
}

/// All that was found in a file.
#[derive(Debug, Default)]
pub struct Extraction {
    /// The facts, in the order of the file.
    pub facts: Vec<Fact>,
    /// Users with the groups that they are in, by their names.
    pub memberships: Vec<(Box<str>, Box<str>)>,
    /// What its principals and resources have that stands elsewhere, or cannot be seen.
    pub links: Vec<Link>,
    /// What the module calls its principals, with their names.
    pub names: Vec<(Box<str>, Box<str>)>,
    /// The roles that it makes or tells of.
    pub identities: Vec<Identity>,
    /// The policies that consist of several documents.
    pub merged: Vec<MergedPolicy>,
    /// True if a part of the file that looked like a policy could not be read.
    pub broken: bool,
    /// True if the file is a template that another program fills in first, and not all of it could be read.
    pub unfinished: bool,
    /// Passwords that stand in it: no report shows them.
    pub hidden: Vec<Span>,
    /// True if the links are asked for.
    linked: bool,
    /// Where among the facts the CloudTrail records stand: there is one for each event, however many records tell of it.
    trail: Vec<usize>,
}

impl Extraction {
    /// Says what the document that a file consists of is used as; others that stand in the file are not meant. A managed
    /// policy that nobody is known to hold may be the permissions boundary that the file's name speaks of.
    pub(crate) fn used_as(&mut self, uses: &[Use]) {
        let unheld = uses.iter().all(|used| used.kind == PolicyKind::Identity && used.holder.is_none());
        for fact in self.facts.iter_mut().filter(|_| !uses.is_empty()) {
            if let Fact::Policy(site) = fact
                && site.path.is_empty()
                && !(unheld && site.uses.iter().any(|used| used.kind == PolicyKind::Boundary))
            {
                site.uses = uses.to_vec();
            }
        }
    }
}

/// Finds what a file tells.
pub fn facts(file: &SourceFile<'_>) -> Extraction {
    read(file, false)
}

/// Finds what a file tells, and what its principals have that stands elsewhere.
pub fn linked_facts(file: &SourceFile<'_>) -> Extraction {
    read(file, true)
}

/// The passwords that stand in a file: no report shows them.
pub(crate) fn passwords(file: &SourceFile<'_>) -> Vec<Span> {
    if terraform::is_terraform(file.path.file_name()) {
        let told = terraform::extract_all(std::slice::from_ref(file));
        return told.into_iter().flat_map(|told| told.hidden).collect();
    }
    facts(file).hidden
}

fn read(file: &SourceFile<'_>, linked: bool) -> Extraction {
    if terraform::stands_alone(file) {
        let file = std::slice::from_ref(file);
        let told = if linked { terraform::extract_linked(file, 1) } else { terraform::extract(file, 1) };
        return told.into_iter().next().unwrap_or_default();
    }
    let mut extraction = Extraction { linked, ..Extraction::default() };
    if json::looks_like_json(file) {
        if json::is_report(file) {
            return extraction;
        }
        json::extract(file, &mut extraction);
    } else {
        if yaml::looks_like_yaml(file) {
            yaml::extract(file, &mut extraction);
        }
        if markdown::is_markdown(file) {
            markdown::extract(file, &mut extraction);
        }
        if shell::is_shell(file) || terraform::is_template(file) {
            shell::extract(file.text(), None, shell::Text::Script, file, &mut extraction);
        }
        root_user::extract_text(file, &mut extraction);
        profile::extract(file, &mut extraction);
    }
    credentials::extract(file, &mut extraction);
    extraction
}
