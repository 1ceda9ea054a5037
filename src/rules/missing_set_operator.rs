//! `missing-set-operator`

use super::{PolicyCx, Rule};
use crate::catalog::KeyType;
use crate::finding::Problem;
use crate::policy::BaseOperator;

pub(super) struct MissingSetOperator;

/// Keys of several values by their type, which AWS itself compares with one.
/// Source: "Using IAM policy conditions in Amazon EventBridge" in the EventBridge user guide.
const WRITTEN_WITHOUT: [&str; 2] = ["events:detail-type", "events:source"];

impl Rule for MissingSetOperator {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for (condition, key) in cx.conditions() {
            let operator = &condition.operator.value;
            if operator.set.is_some() || operator.base.is_none_or(|base| base == BaseOperator::Null) {
                continue;
            }
            if WRITTEN_WITHOUT.iter().any(|key| condition.is_on(key)) {
                continue;
            }
            if key.and_then(|key| key.kind).is_some_and(KeyType::is_multivalued) {
                out.push(
                    Problem::new(&condition.operator.origin, format!("`{}` can have many values in a request", condition.key.value))
                        .note("compares one value with one")
                        .label(&condition.key.origin, "this key")
                        .help("write `ForAnyValue:` before the operator if one value is enough, or `ForAllValues:` if all must match"),
                );
            }
        }
    }
}
