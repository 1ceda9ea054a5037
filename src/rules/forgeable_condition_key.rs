//! `forgeable-condition-key`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::{Principal, Statement};

pub(super) struct ForgeableConditionKey;

impl Rule for ForgeableConditionKey {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.statements().iter().filter(|statement| !names_services(statement)) {
            for condition in &statement.conditions {
                if !condition.is_on("aws:Referer") && !condition.is_on("aws:UserAgent") {
                    continue;
                }
                out.push(
                    Problem::new(&condition.key.origin, format!("the caller writes `{}`", condition.key.value))
                        .note("a header of the request: anyone can send any value")
                        .help("use a key that AWS sets, as `aws:PrincipalArn`, `aws:SourceVpce` or `aws:SourceArn`")
                        .pedantic_if(!statement.may_allow()),
                );
            }
        }
    }
}

/// True if a statement names services and nobody else: what they send they write themselves, as SES the account's number.
fn names_services(statement: &Statement) -> bool {
    let Some(element) = statement.principal.as_ref().filter(|element| !element.negated) else { return false };
    let is_service = |who: &Principal| matches!(who, Principal::Service(name) if &**name != "*");
    !element.list.open
        && !element.list.items.is_empty()
        && element.list.items.iter().all(|item| item.value.must(is_service))
}
