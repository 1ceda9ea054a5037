//! `unpaired-condition-key`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
pub(super) struct UnpairedConditionKey;

impl Rule for UnpairedConditionKey {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.statements() {
            let has = |key: &str| statement.conditions.iter().any(|condition| condition.is_on(key));
            let Some(condition) = statement.conditions.iter().find(|condition| condition.is_on("aws:VpcSourceIp"))
            else {
                continue;
            };
            if has("aws:SourceVpc") || has("aws:SourceVpce") || has("aws:SourceVpcArn") || statement.conditions_open {
                continue;
            }
            out.push(
                Problem::new(&condition.key.origin, "`aws:VpcSourceIp` without `aws:SourceVpc` or `aws:SourceVpce`")
                    .note("every VPC of every account can have these addresses")
                    .help("add `aws:SourceVpc` or `aws:SourceVpce` to the statement"),
            );
        }
    }
}
