//! Denies without MFA that go too far, so that nobody can enrol a device, or not far enough, so that a thief gets rid of
//! one.

use super::{Caller, holds, with_mfa};
use crate::access::Truth;
use crate::access::actions::statement_matches;
use crate::access::context::applies;
use crate::policy::{ActionPattern, ResourcePattern, Statement};
use crate::source::Origin;

/// What somebody without MFA calls to enrol a device, and to sign in with it afterwards.
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_iam_mfa-selfmanage.html>.
pub const ENROLMENT: [&str; 5] = [
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:ListMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
];

/// Those without which there is no enrolment.
const NEEDED: [&str; 3] = ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:ListMFADevices"];

/// A Deny that stops people without MFA from enrolling a device.
#[derive(Debug)]
pub struct Lockout<'a> {
    /// The statement.
    pub statement: &'a Statement,
    /// `NotAction`, or the entry of `Action` that names the first of the calls.
    pub at: &'a Origin,
    /// True if it is `NotAction`, in which the calls are missing.
    pub missing: bool,
    /// The calls.
    pub calls: Vec<&'static str>,
    /// False if the Deny may be about something else than users and their devices.
    pub certain: bool,
}

/// The denies of a policy that stop people without MFA from enrolling. Only a Deny with `NotAction`, or one that names one
/// of the calls, counts: one of `*` or of `iam:*` is there to stop everything.
pub fn lockouts(policy: &[Statement]) -> impl Iterator<Item = Lockout<'_>> {
    policy.iter().filter_map(|statement| {
        let element = statement.action.as_ref()?;
        let reached = reaches_iam(statement);
        if !requires(statement) || !reached.possible() {
            return None;
        }
        let stops = |call: &&'static str| statement_matches(statement, call).certain();
        let calls: Vec<&'static str> = NEEDED.into_iter().filter(stops).collect();
        let first = calls.first()?;
        let names =
            |pattern: &ActionPattern| pattern.matches(first) && pattern.name().to_ascii_lowercase().contains("mfa");
        let at = match element.negated {
            true => &element.key,
            false => &statement.actions().iter().find(|item| item.value.known_any(names))?.origin,
        };
        Some(Lockout { statement, at, missing: element.negated, calls, certain: reached.certain() })
    })
}

/// What undoes the protection when a Deny without MFA leaves it out, and why.
/// `iam:DeleteVirtualMFADevice` is the least of them: a device must be deactivated first
/// (<https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteVirtualMFADevice.html>).
const UNDOING: [(&str, &str); 3] = [
    ("iam:DeactivateMFADevice", "takes the device off the user"),
    ("iam:CreateAccessKey", "makes keys that outlive the password"),
    ("iam:DeleteVirtualMFADevice", "deletes the device"),
];

/// An entry of `NotAction` in a Deny without MFA that gives a thief a way round MFA.
#[derive(Debug)]
pub struct Exemption<'a> {
    /// The Deny.
    pub statement: &'a Statement,
    /// The entry.
    pub at: &'a Origin,
    /// The entry's text.
    pub pattern: &'a ActionPattern,
    /// What it does for a thief: the worst first.
    pub call: &'static str,
    /// That in words, after the name of the call.
    pub effect: &'static str,
    /// True if the policy itself allows the call without MFA; otherwise another one may.
    pub granted: bool,
}

impl Exemption<'_> {
    /// True if the call does nothing as long as the device is in use.
    pub fn is_harmless_alone(&self) -> bool {
        self.call == "iam:DeleteVirtualMFADevice"
    }
}

/// The entries of each Deny without MFA that give a thief a way round it, one list for each statement. Left out is what
/// the policy grants, but only with MFA, and what another Deny takes away again.
pub fn exemptions(policy: &[Statement]) -> impl Iterator<Item = Vec<Exemption<'_>>> {
    policy.iter().filter_map(move |statement| {
        let element = statement.action.as_ref().filter(|element| element.negated)?;
        let reached = reaches_iam(statement);
        if !requires(statement) || !reached.possible() {
            return None;
        }
        let items = element.list.items.iter().filter_map(|item| Some((item.value.known()?, &item.origin)));
        let found = items.filter_map(|(pattern, at)| {
            let undoes = |(call, _): &&(&'static str, &'static str)| pattern.matches(call) && is_open(policy, call);
            let (call, effect) = UNDOING.iter().find(undoes)?;
            let granted = granted(policy, call).certain() && reached.certain();
            Some(Exemption { statement, at, pattern, call, effect, granted })
        });
        let mut found: Vec<Exemption<'_>> = found.collect();
        let worst = |exemption: &Exemption<'_>| UNDOING.iter().position(|(call, _)| *call == exemption.call);
        found.sort_by_key(worst);
        (!found.is_empty()).then_some(found)
    })
}

/// True if a Deny is there to require MFA: it holds for somebody without it, and for nobody with it.
fn requires(statement: &Statement) -> bool {
    let without = |caller: Caller| {
        holds(statement, caller.context()).certain() && applies(statement, caller.context()).possible()
    };
    statement.denies()
        && super::conditions(statement).next().is_some()
        && holds(statement, with_mfa()) == Truth::No
        && Caller::ALL.into_iter().any(without)
}

/// Whether a statement speaks of users and their devices, which are resources of IAM.
fn reaches_iam(statement: &Statement) -> Truth {
    let resource = |resource: &ResourcePattern| {
        resource.matches_everything() || resource.arn().is_some_and(|arn| matches!(arn.service, "iam" | "*"))
    };
    match &statement.resource {
        None => Truth::Yes,
        Some(element) if element.negated => Truth::No,
        Some(element) if element.list.items.iter().any(|item| item.value.must(resource)) => Truth::Yes,
        Some(element) if element.list.items.iter().any(|item| item.value.may(resource)) => Truth::Maybe,
        Some(_) => Truth::No,
    }
}

/// False if the policy sees to a call itself: it takes it away from people without MFA, or allows it only with MFA.
fn is_open(policy: &[Statement], call: &str) -> bool {
    let taken = policy.iter().any(|deny| requires(deny) && statement_matches(deny, call).certain());
    let allowed = || policy.iter().filter(|allow| allow.allows() && statement_matches(allow, call).certain());
    !taken && (allowed().next().is_none() || granted(policy, call).possible())
}

fn granted(policy: &[Statement], call: &str) -> Truth {
    let allow = |allow: &Statement| super::allows_someone(policy, allow, call);
    policy.iter().filter(|statement| statement.may_allow()).map(allow).fold(Truth::No, Truth::or)
}
