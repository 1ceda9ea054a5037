//! A resource-based policy that lets a whole foreign account in.

use super::{Ownership, PolicyCx, Rule};
use crate::access::Truth;
use crate::access::attached::{noun_of, quoted_actions};
use crate::access::aws_accounts::delivers_logs;
use crate::access::narrowing::{to_organization, within_account};
use crate::finding::Problem;
use crate::policy::{ResourcePattern, Spanned, Value};

pub(super) struct ForeignAccountResource;

impl Rule for ForeignAccountResource {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if cx.is_resource() && cx.resource_service() != Some("kms") {
            report(cx, out);
        }
    }
}

/// Reports each Allow that names a known foreign account.
pub(super) fn report(cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
    let service = cx.resource_service();
    // AWS writes logs into buckets, and into nothing else, as accounts of its own.
    let is_aws = |account: &str| matches!(service, None | Some("s3")) && delivers_logs(account);
    for statement in cx.statements().iter().filter(|statement| statement.may_allow()) {
        let mut accounts = cx.whole_accounts(statement, Ownership::Foreign);
        accounts.retain(|(account, _)| !is_aws(account));
        let Some(((account, at), rest)) = accounts.split_first() else { continue };
        let narrowed = to_organization(&cx.site.policy, statement).or(within_account(&cx.site.policy, statement));
        if narrowed == Truth::Yes {
            continue;
        }
        let noun = noun_of(service, statement);
        let own = cx.site.account.as_deref().and_then(|own| {
            let known = |item: &&Spanned<Value<ResourcePattern>>| {
                item.value.known_any(|resource| resource.arn().is_some_and(|arn| arn.account == own))
            };
            Some((&statement.resources().iter().find(known)?.origin, format!("this {noun} stands in account `{own}`")))
        });
        let actions = quoted_actions(statement);
        out.push(
            Problem::new(
                at,
                format!("every principal of the foreign account `{account}` may call {actions} on this {noun}"),
            )
            .note("the account, not its root user: whoever its own policies let do so")
            .label_all(own)
            .label_all(rest.iter().map(|(account, at)| (*at, format!("and every principal of `{account}`"))))
            .help(
                "name the roles there that need it, or require `aws:PrincipalArn` or your organization's \
                     `aws:PrincipalOrgID`; list the account under `accounts` in `whit.toml` if it is yours",
            )
            .certain_if(statement.allows() && narrowed == Truth::No)
            .pedantic_if(narrowed == Truth::Maybe),
        );
    }
}
