//! `rcp-blocks-services`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::{BaseOperator, Condition, PolicyKind, Statement};

pub(super) struct RcpBlocksServices;

impl Rule for RcpBlocksServices {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is(|kind| *kind == PolicyKind::ResourceControl) {
            return;
        }
        for statement in cx.statements().iter().filter(|statement| !statement.may_allow()) {
            let service = |flag: &str| statement.conditions.iter().any(|condition| exempts(condition, flag));
            let negated = || statement.conditions.iter().filter(|condition| is_negated(condition));
            // Conditions hold together: one on the source spares services, and one on whole organizations or accounts their
            // people. The ARNs of principals are exceptions, and all others are denied.
            let spares_services = negated().any(|condition| is_on_any(condition, &OF_SOURCE));
            let spares_people = negated().any(|condition| is_on_any(condition, &OF_PEOPLE));
            for condition in negated() {
                let of_principal = is_on_any(condition, &OF_PEOPLE) || condition.is_on("aws:PrincipalArn");
                let of_source = is_on_any(condition, &OF_SOURCE);
                let (message, help) = if of_principal && !spares_services && !service("false") {
                    (
                        "AWS services carry no such key, and are denied as well",
                        "add `\"BoolIfExists\": {\"aws:PrincipalIsAWSService\": \"false\"}`",
                    )
                } else if of_source && !spares_people && !service("true") {
                    (
                        "callers that are no services carry no such key, and are denied as well",
                        "add `\"Bool\": {\"aws:PrincipalIsAWSService\": \"true\"}`",
                    )
                } else if of_source && !has_null_check(statement) {
                    (
                        "services that do not send the key are denied as well",
                        "add `\"Null\": {\"aws:SourceAccount\": \"false\"}`",
                    )
                } else {
                    continue;
                };
                out.push(
                    Problem::new(&condition.key.origin, message)
                        .label(&condition.operator.origin, "holds where the key is absent")
                        .help(help),
                );
            }
        }
    }
}

/// Keys of where a principal belongs, which services do not carry.
const OF_PEOPLE: [&str; 3] = ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalAccount"];

/// Keys of what a service calls for, which nobody else carries.
const OF_SOURCE: [&str; 4] = ["aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceAccount", "aws:SourceArn"];

fn is_on_any(condition: &Condition, keys: &[&str]) -> bool {
    keys.iter().any(|key| condition.is_on(key))
}

/// True for an operator that holds where the key is absent.
fn is_negated(condition: &Condition) -> bool {
    condition.operator.value.base.is_some_and(BaseOperator::is_negated)
}

fn exempts(condition: &Condition, flag: &str) -> bool {
    condition.is_on("aws:PrincipalIsAWSService")
        && condition.operator.value.base == Some(BaseOperator::Bool)
        && condition.values.known().any(|(value, _)| value.eq_ignore_ascii_case(flag))
}

fn has_null_check(statement: &Statement) -> bool {
    statement.conditions.iter().any(|condition| {
        condition.operator.value.base == Some(BaseOperator::Null)
            && (condition.is_on("aws:SourceAccount") || condition.is_on("aws:SourceArn"))
            && condition.values.known().any(|(value, _)| value.eq_ignore_ascii_case("false"))
    })
}
