//! `forgeable-condition-key`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
pub(super) struct ForgeableConditionKey;

impl Rule for ForgeableConditionKey {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.statements() {
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
