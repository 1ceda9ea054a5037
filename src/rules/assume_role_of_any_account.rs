//! `assume-role-of-any-account`

use super::{PolicyCx, Rule};
use crate::access::everywhere::everywhere;
use crate::access::scope::{names_owners, narrowing};
use crate::finding::Problem;
use crate::policy::{ActionPattern, Statement};
use crate::source::Origin;

/// A policy that lets its holder assume roles of a name, in whichever account they are.
pub(super) struct AssumeRoleOfAnyAccount;

const ACTION: &str = "sts:AssumeRole";

impl Rule for AssumeRoleOfAnyAccount {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() || !cx.is_identity() || cx.is_administrator() {
            return;
        }
        for statement in cx.granting() {
            let named = statement.actions().iter();
            let mut named = named.filter(|item| item.value.known_any(|pattern| pattern.matches(ACTION)));
            let Some(action) = named.next() else { continue };
            let left = cx.effective().leaves(statement, &ActionPattern::new(ACTION));
            if !left
                || names_owners(statement)
                || narrowing(statement).is_some()
                || everywhere(statement, ACTION).is_some()
            {
                continue;
            }
            let mut roles = roles(statement);
            let Some((role, at)) = roles.next() else { continue };
            out.push(
                Problem::new(
                    at,
                    format!("`{role}` can be assumed in every account whose role of that name lets the holder in"),
                )
                .note("also in a stranger's, who may call a role as they like and trust everyone")
                .label(&action.origin, "takes the role")
                .label_all(roles.map(|(role, at)| (at, format!("and `{role}`"))))
                .help("write the numbers of the accounts, or require your organization's `aws:ResourceOrgID`")
                .certain_if(statement.allows() && !statement.conditions_open),
            );
        }
    }
}

/// The roles that a statement names without an account, with the entries.
fn roles(statement: &Statement) -> impl Iterator<Item = (&str, &Origin)> {
    statement.resources().iter().filter_map(|item| {
        let arn = item.value.known()?.arn()?;
        let role = arn.resource.strip_prefix("role/").filter(|_| arn.service == "iam")?;
        arn.account.bytes().all(|byte| byte == b'*').then_some((role, &item.origin))
    })
}
