//! `inexact-cidr`

use super::{PolicyCx, Rule};
use crate::access::condition_value::canonical_range;
use crate::finding::{Fix, Problem};
use crate::policy::BaseOperator;

pub(super) struct InexactCidr;

impl Rule for InexactCidr {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for condition in cx.statements().iter().flat_map(|statement| &statement.conditions) {
            if !matches!(condition.operator.value.base, Some(BaseOperator::IpAddress | BaseOperator::NotIpAddress)) {
                continue;
            }
            for (value, at) in condition.values.known() {
                let Some(range) = canonical_range(value).filter(|range| *range != **value) else { continue };
                out.push(
                    Problem::new(at, format!("`{value}` is the range `{range}`"))
                        .note("the bits behind the length do not count")
                        .help(format!("write `{range}`, or the length that is meant"))
                        .fix(Some(Fix::replace(format!("write `{range}`"), at, range).safe_if(true))),
                );
            }
        }
    }
}
