//! A trust policy that lets a whole account in, one's own or one of which that is not known.

use super::{Ownership, PolicyCx, Rule};
use crate::access::narrowing::{by_external_id, to_organization, within_account};
use crate::access::{Truth, mfa};
use crate::finding::Problem;
use crate::policy::{OWN_ACCOUNT, Statement};

pub(super) struct RootPrincipal;

impl Rule for RootPrincipal {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.lets_in("sts:AssumeRole") {
            let policy = &cx.site.policy;
            let requires_mfa = !mfa::allows_someone(cx.statements(), statement, "sts:AssumeRole");
            let own = within_account(policy, statement).or(requires_mfa);
            report(cx, statement, Ownership::Own, own, out);
            // What keeps strangers out says nothing of an account that is one's own.
            let unknown = own.or(by_external_id(policy, statement)).or(to_organization(policy, statement));
            report(cx, statement, Ownership::Unknown, unknown, out);
        }
    }
}

fn report(cx: &PolicyCx<'_>, statement: &Statement, whose: Ownership, narrowed: Truth, out: &mut Vec<Problem>) {
    let accounts = cx.whole_accounts(statement, whose);
    let Some(((account, at), rest)) = accounts.split_first().filter(|_| narrowed != Truth::Yes) else { return };
    out.push(
        Problem::new(at, format!("trust policy admits every principal of {}", named(account)))
            .note("the account, not its root user: whoever its own policies let assume roles")
            .label_all(rest.iter().map(|(account, at)| (*at, format!("and every principal of {}", named(account)))))
            .help(
                "name the users and roles that need it, or require MFA with `\"Bool\": \
                 {\"aws:MultiFactorAuthPresent\": \"true\"}`; a third party's account gets an `sts:ExternalId`",
            )
            .certain_if(statement.allows() && narrowed == Truth::No)
            .pedantic_if(narrowed == Truth::Maybe),
    );
}

/// An account as messages name it.
fn named(account: &str) -> String {
    match account {
        OWN_ACCOUNT => "its own account".to_owned(),
        number => format!("account `{number}`"),
    }
}
