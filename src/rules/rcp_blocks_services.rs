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
            for condition in statement.conditions.iter().filter(|condition| is_negated(condition)) {
                let key = condition.key.value.to_ascii_lowercase();
                let of_principal =
                    ["aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn"]
                        .contains(&&*key);
                let of_source =
                    ["aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceaccount", "aws:sourcearn"].contains(&&*key);
                let (message, help) = if of_principal && !service("false") {
                    (
                        "AWS services carry no such key, and are denied as well",
                        "add `\"BoolIfExists\": {\"aws:PrincipalIsAWSService\": \"false\"}`",
                    )
                } else if of_source && !service("true") {
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
