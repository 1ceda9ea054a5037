//! `evadable-prefix-condition`

use super::{PolicyCx, Rule};
use crate::access::actions::statement_matches;
use crate::finding::Problem;
use crate::policy::BaseOperator;

pub(super) struct EvadablePrefixCondition;

impl Rule for EvadablePrefixCondition {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.statements() {
            let lists = || {
                let calls = ["s3:ListBucket", "s3:ListBucketVersions"];
                calls.iter().any(|action| statement_matches(statement, action).possible())
            };
            for condition in statement.conditions.iter().filter(|condition| condition.is_on("s3:prefix") && lists()) {
                let Some(base) = condition.operator.value.base.filter(|base| *base != BaseOperator::Null) else {
                    continue;
                };
                if base.is_negated() != statement.may_allow() {
                    continue;
                }
                let message = if statement.may_allow() {
                    "a shorter prefix lists what is left out here"
                } else {
                    "a shorter prefix lists what is denied here"
                };
                out.push(
                    Problem::new(&condition.key.origin, message)
                        .note("the prefix is what the caller asks for")
                        .label(&condition.operator.origin, "under this operator")
                        .help(
                            "allow the prefixes that may be listed with `StringEquals` or `StringLike`, and no others",
                        ),
                );
            }
        }
    }
}
