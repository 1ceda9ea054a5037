//! `trust-without-mfa`

use super::{Ownership, PolicyCx, Rule};
use crate::access::narrowing::{by_external_id, to_roles};
use crate::access::{Truth, mfa};
use crate::finding::Problem;
use crate::policy::{Arn, Principal, Spanned, Value};

/// A trust statement that lets people take the role without MFA.
pub(super) struct TrustWithoutMfa;

impl Rule for TrustWithoutMfa {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_trust() {
            return;
        }
        for statement in cx.statements().iter().filter(|statement| statement.may_allow()) {
            let policy = &cx.site.policy;
            let allowed = mfa::allows_someone(cx.statements(), statement, mfa::ASSUME_ROLE);
            if !allowed.possible() || to_roles(policy, statement).possible() || mfa::only_roles(statement) {
                continue;
            }
            // Whoever has to show an external id is a third party's program, unless the account is one's own.
            let third_party = by_external_id(policy, statement).possible();
            let asked = |account: &str| !third_party || cx.ownership(account) == Ownership::Own;
            let people = |item: &&Spanned<Value<Principal>>| {
                item.value.known().is_some_and(|who| mfa::is_people(who) && asked(account(who)))
            };
            let mut people = statement.principals().iter().filter(people);
            let (Some(first), Some(at)) = (people.next(), mfa::assumes(statement)) else { continue };
            let mut problem = Problem::new(at, "role can be assumed without MFA")
                .note("no condition here requires MFA of whoever calls this")
                .label(&first.origin, who(first.value.known()))
                .help(
                    "require it with `\"Condition\": {\"Bool\": {\"aws:MultiFactorAuthPresent\": \"true\"}}`; if only \
                     programs take the role, name their roles as principals",
                )
                .certain_if(allowed == Truth::Yes);
            for other in people.take(9) {
                problem = problem.label(&other.origin, who(other.value.known()));
            }
            out.push(problem);
        }
    }
}

/// The account of an account or a user, as it is written.
fn account(principal: &Principal) -> &str {
    match principal {
        Principal::Account { id, .. } => id,
        Principal::Iam { arn, .. } => Arn::parse(arn).map_or("", |arn| arn.account),
        _ => "",
    }
}

fn who(principal: Option<&Principal>) -> &'static str {
    match principal {
        Some(Principal::Account { .. }) => "the users of the account are let in",
        _ => "this user is let in",
    }
}
