//! `wildcard-without-like`

use super::{PolicyCx, Rule};
use crate::catalog::{KeyType, Scalar};
use crate::finding::{Fix, Problem};
use crate::policy::BaseOperator;

pub(super) struct WildcardWithoutLike;

impl Rule for WildcardWithoutLike {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for (condition, key) in cx.conditions() {
            let operator = &condition.operator.value;
            let kind = key.and_then(|key| key.kind);
            let written = condition.values.known().all(|(value, _)| value.starts_with("arn:"));
            let arn = matches!(kind, Some(KeyType::Arn | KeyType::Many(Scalar::Arn))) && written;
            let instead = match operator.base {
                Some(BaseOperator::StringEquals | BaseOperator::StringEqualsIgnoreCase) if arn => "ArnLike",
                Some(BaseOperator::StringEquals | BaseOperator::StringEqualsIgnoreCase) => "StringLike",
                Some(BaseOperator::StringNotEquals | BaseOperator::StringNotEqualsIgnoreCase) if arn => "ArnNotLike",
                Some(BaseOperator::StringNotEquals | BaseOperator::StringNotEqualsIgnoreCase) => "StringNotLike",
                _ => continue,
            };
            // A question mark stands in addresses of the web.
            let wild = |text: &str| text.contains('*') || text.contains('?') && !text.contains("://");
            let mut values = condition.values.known().filter(|(value, _)| {
                // Most values have none at all.
                value.contains(['*', '?']) && wild(&value.replace("${*}", "").replace("${?}", ""))
            });
            let Some((value, at)) = values.next() else { continue };
            // The others mind the letter case.
            let plain = matches!(operator.base, Some(BaseOperator::StringEquals | BaseOperator::StringNotEquals));
            let prefix = operator.text.split_once(':').map_or(String::new(), |(set, _)| format!("{set}:"));
            let suffix = if operator.if_exists { "IfExists" } else { "" };
            let fix = plain.then(|| {
                Fix::replace(
                    format!("use `{instead}`"),
                    &condition.operator.origin,
                    format!("{prefix}{instead}{suffix}"),
                )
            });
            out.push(
                Problem::new(at, format!("`{}` takes the wildcard in `{value}` literally", operator.text))
                    .note("matches only this very text")
                    .label_all(values.map(|(_, at)| (at, "and here".to_owned())))
                    .help(format!("use `{instead}`, or write the value without a wildcard"))
                    .fix(fix),
            );
        }
    }
}
