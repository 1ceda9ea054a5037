//! `string-operator-on-arn`

use super::{PolicyCx, Rule};
use crate::catalog::{KeyType, Scalar};
use crate::finding::Problem;
use crate::policy::BaseOperator;

pub(super) struct StringOperatorOnArn;

impl Rule for StringOperatorOnArn {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for (condition, key) in cx.conditions() {
            let operator = &condition.operator.value;
            let instead = match operator.base {
                Some(BaseOperator::StringLike) => "ArnLike",
                Some(BaseOperator::StringNotLike) => "ArnNotLike",
                _ => continue,
            };
            let kind = key.and_then(|key| key.kind);
            let wild = |text: &str| text.starts_with("arn:") && text.contains(['*', '?']);
            let crossing = condition.values.known().any(|(value, _)| wild(value));
            if crossing && matches!(kind, Some(KeyType::Arn | KeyType::Many(Scalar::Arn))) {
                out.push(
                    Problem::new(&condition.operator.origin, format!("`{}` compares the ARN as text", operator.text))
                        .note("a `*` reaches over the colons, into the account and the resource")
                        .label(&condition.key.origin, "this key is an ARN")
                        .label_all(
                            condition
                                .values
                                .known()
                                .filter(|(value, _)| wild(value))
                                .map(|(_, at)| (at, "the wildcard".to_owned())),
                        )
                        .help(format!("use `{instead}`, which compares part by part")),
                );
            }
        }
    }
}
