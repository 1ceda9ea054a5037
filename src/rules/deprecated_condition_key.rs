//! `deprecated-condition-key`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
pub(super) struct DeprecatedConditionKey;

impl Rule for DeprecatedConditionKey {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for condition in cx.statements().iter().flat_map(|statement| &statement.conditions) {
            if condition.is_on("aws:ARN") {
                out.push(
                    Problem::new(&condition.key.origin, "`aws:ARN` has been replaced")
                        .help("use `aws:PrincipalArn` for who calls, or `aws:SourceArn` for the resource on whose behalf a service calls"),
                );
            }
        }
    }
}
