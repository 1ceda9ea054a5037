//! Whether a policy requires multi-factor authentication (MFA), judged by evaluation and not by spelling: what do people
//! get who come without it?
//!
//! There are two ways to come without MFA ([`Caller`]), and they differ in what the request carries. Policies that stop one
//! often let the other pass.
//!
//! Sources: the [global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent)
//! and [MFA-protected API access](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html)
//! of the IAM user guide.

mod enrolment;
mod guard;
mod people;
mod sensitive;
mod unmeetable;

pub use enrolment::{ENROLMENT, Exemption, Lockout, exemptions, lockouts};
pub use guard::{Ineffective, ineffective};
pub use people::{assumes, is_people, only_roles};
pub use sensitive::{Offence, offences};
pub use unmeetable::{Unmeetable, unmeetable};

use super::actions::statement_matches;
use super::context::{Context, applies, evaluate};
use super::{Truth, reach};
use crate::policy::{Condition, Policy, Statement};
use std::sync::LazyLock;

/// Whether the caller used MFA; absent from requests that are signed with long-term keys.
pub const PRESENT: &str = "aws:MultiFactorAuthPresent";
/// Seconds since the caller used MFA; absent if they did not.
pub const AGE: &str = "aws:MultiFactorAuthAge";

/// The action with which people take a role.
pub const ASSUME_ROLE: &str = "sts:AssumeRole";

/// A person who comes without MFA.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Caller {
    /// With an IAM user's long-term access keys: the request carries neither of the MFA keys.
    Keys,
    /// From a console session without MFA: `aws:MultiFactorAuthPresent` is `false`, the age is absent.
    Console,
}

impl Caller {
    /// Both.
    pub const ALL: [Caller; 2] = [Caller::Keys, Caller::Console];

    /// What people call them, in the plural.
    pub fn as_str(self) -> &'static str {
        match self {
            Caller::Keys => "long-term access keys",
            Caller::Console => "console sessions without MFA",
        }
    }

    /// What is known of their requests.
    pub fn context(self) -> &'static Context {
        static KEYS: LazyLock<Context> = LazyLock::new(|| person().without(PRESENT).without(AGE));
        static CONSOLE: LazyLock<Context> = LazyLock::new(|| person().with(PRESENT, "false").without(AGE));
        match self {
            Caller::Keys => &KEYS,
            Caller::Console => &CONSOLE,
        }
    }
}

/// Somebody who has used MFA just now.
fn with_mfa() -> &'static Context {
    static CONTEXT: LazyLock<Context> = LazyLock::new(|| person().with(PRESENT, "true").with(AGE, "1"));
    &CONTEXT
}

/// The request of an IAM user who calls AWS directly, MFA left open.
fn person() -> Context {
    let direct = Context::unknown()
        .with("aws:ViaAWSService", "false")
        .with("aws:PrincipalIsAWSService", "false")
        .with("aws:SecureTransport", "true")
        .with("aws:PrincipalType", "User");
    // In requests of AWS services, of roles and of federated sessions only.
    let absent = [
        "aws:CalledVia",
        "aws:CalledViaFirst",
        "aws:CalledViaLast",
        "aws:FederatedProvider",
        "aws:PrincipalServiceName",
        "aws:PrincipalServiceNamesList",
        "aws:SourceAccount",
        "aws:SourceArn",
        "aws:SourceIdentity",
        "aws:SourceOrgID",
        "aws:SourceOrgPaths",
    ];
    absent.iter().fold(direct, |context, key| context.without(key))
}

/// True if a condition is on one of the MFA keys.
pub fn is_mfa(condition: &Condition) -> bool {
    condition.is_on(PRESENT) || condition.is_on(AGE)
}

/// The conditions of a statement on the MFA keys.
pub fn conditions(statement: &Statement) -> impl Iterator<Item = &Condition> {
    statement.conditions.iter().filter(|condition| is_mfa(condition))
}

/// Whether the MFA conditions of a statement hold, the others set aside; a statement without any holds.
fn holds(statement: &Statement, context: &Context) -> Truth {
    conditions(statement).fold(Truth::Yes, |truth, condition| truth.and(evaluate(condition, context)))
}

/// Whether an Allow lets a caller have an action, as `sts:AssumeRole`, after all denies of the policy. Conditions on
/// other keys that the caller may meet count as met: they say nothing of MFA.
pub fn allows(policy: &[Statement], allow: &Statement, action: &str, caller: Caller) -> Truth {
    if applies(allow, caller.context()) == Truth::No {
        return Truth::No;
    }
    let effect = if allow.allows() { Truth::Yes } else { Truth::from(allow.may_allow()).and(Truth::Maybe) };
    passes(policy, allow, action, caller).and(statement_matches(allow, action)).and(effect)
}

/// Whether an Allow lets somebody without MFA have an action.
pub fn allows_someone(policy: &[Statement], allow: &Statement, action: &str) -> Truth {
    Caller::ALL.into_iter().fold(Truth::No, |truth, caller| truth.or(allows(policy, allow, action, caller)))
}

/// Whether a statement of a trust policy requires MFA of people who assume the role, by itself or through a Deny of the
/// policy.
pub fn requires_mfa(policy: &Policy, allow: &Statement) -> Truth {
    let passes = |caller| passes(&policy.statements, allow, ASSUME_ROLE, caller);
    !Caller::ALL.into_iter().map(passes).fold(Truth::No, Truth::or)
}

/// Whether neither the MFA conditions of an Allow nor a Deny of the policy stops a caller.
fn passes(policy: &[Statement], allow: &Statement, action: &str, caller: Caller) -> Truth {
    let context = caller.context();
    if reach::denied(policy, allow, action, context) {
        return Truth::No;
    }
    let unseen = if allow.conditions_open { Truth::Maybe } else { Truth::Yes };
    holds(allow, context).and(unseen)
}

/// True if a trust policy lets people in, and nobody who comes without MFA.
pub fn asks_for_mfa(trust: &Policy) -> bool {
    let mut allows = trust.statements.iter().filter(|statement| statement.may_allow()).peekable();
    !trust.open && allows.peek().is_some() && allows.all(|allow| requires_mfa(trust, allow).certain())
}
