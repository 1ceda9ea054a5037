//! `private-source-ip`

use super::{PolicyCx, Rule};
use crate::access::narrowing::Range;
use crate::finding::Problem;
use crate::policy::BaseOperator;

pub(super) struct PrivateSourceIp;

impl Rule for PrivateSourceIp {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let conditions = cx.statements().iter().flat_map(|statement| &statement.conditions);
        for condition in conditions.filter(|condition| condition.is_on("aws:SourceIp")) {
            let negated = match condition.operator.value.base {
                Some(BaseOperator::IpAddress) => false,
                Some(BaseOperator::NotIpAddress) => true,
                _ => continue,
            };
            let private = |text: &str| Range::parse(text).is_some_and(|range| range.is_private());
            let mut values = condition.values.known().filter(|(value, _)| private(value)).peekable();
            let all = !condition.values.open
                && condition.values.items.iter().all(|item| item.value.must(|value| private(value)));
            let Some((value, at)) = values.next() else { continue };
            let message = match (all, negated) {
                (true, false) => "the condition never holds: `aws:SourceIp` is a public address".to_owned(),
                (true, true) => "the condition always holds: `aws:SourceIp` is a public address".to_owned(),
                (false, _) => format!("`{value}` matches nothing: `aws:SourceIp` is a public address"),
            };
            out.push(
                Problem::new(at, message)
                    .note("a private address")
                    .label_all(values.map(|(_, at)| (at, "and here".to_owned())))
                    .help("use `aws:VpcSourceIp` with `aws:SourceVpc` for requests that come through a VPC endpoint")
                    .pedantic_if(!all),
            );
        }
    }
}
