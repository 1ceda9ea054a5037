//! A trust policy that lets a whole foreign account in.

use super::{Ownership, PolicyCx, Rule};
use crate::access::Truth;
use crate::access::narrowing::{by_external_id, to_organization, within_account};
use crate::finding::Problem;

pub(super) struct ForeignAccountTrust;

impl Rule for ForeignAccountTrust {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.lets_in("sts:AssumeRole") {
            let accounts = cx.whole_accounts(statement, Ownership::Foreign);
            let Some(((account, at), rest)) = accounts.split_first() else { continue };
            let policy = &cx.site.policy;
            let narrowed = by_external_id(policy, statement)
                .or(to_organization(policy, statement))
                .or(within_account(policy, statement));
            if narrowed == Truth::Yes {
                continue;
            }
            out.push(
                Problem::new(at, format!("trust policy admits every principal of the foreign account `{account}`"))
                    .note("the account, not its root user: whoever its own policies let assume roles")
                    .label_all(rest.iter().map(|(account, at)| (*at, format!("and every principal of `{account}`"))))
                    .help(
                        "name the roles there that need it; a third party that serves many customers gets an \
                         `sts:ExternalId`, an account of your organization `aws:PrincipalOrgID`; list it under \
                         `accounts` in `whit.toml` if it is yours",
                    )
                    .certain_if(statement.allows() && narrowed == Truth::No)
                    .pedantic_if(narrowed == Truth::Maybe || is_of_organization(cx)),
            );
        }
    }
}

/// The roles by which AWS lets the management account of an organization into its members.
///
/// Source: "Accessing member accounts in an organization" in the Organizations user guide, "Enroll an existing AWS account" in the
/// Control Tower user guide.
const OF_ORGANIZATION: [&str; 2] = ["OrganizationAccountAccessRole", "AWSControlTowerExecution"];

fn is_of_organization(cx: &PolicyCx<'_>) -> bool {
    let holders = cx.site.uses.iter().filter_map(|used| used.holder.as_ref());
    holders.into_iter().any(|holder| OF_ORGANIZATION.contains(&&*holder.name))
}
