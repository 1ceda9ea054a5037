//! `constant-condition`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::{BaseOperator, Condition, SetOperator};

pub(super) struct ConstantCondition;

impl Rule for ConstantCondition {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for condition in cx.statements().iter().flat_map(|statement| &statement.conditions) {
            let stars = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte == b'*');
            let Some((_, at)) = condition.values.known().find(|(value, _)| stars(value)) else { continue };
            let Some((message, help, minor)) = judge(condition) else { continue };
            out.push(
                Problem::new(at, message)
                    .note("matches every value")
                    .label(&condition.operator.origin, "under this operator")
                    .help(help)
                    .pedantic_if(minor),
            );
        }
    }
}

/// What a condition with `*` among its values comes to, what to do, and whether it matters little.
fn judge(condition: &Condition) -> Option<(String, &'static str, bool)> {
    let (operator, key) = (&condition.operator.value, &condition.key.value);
    let absent_holds = operator.if_exists || operator.set == Some(SetOperator::ForAllValues);
    match operator.base? {
        BaseOperator::StringLike | BaseOperator::ArnLike | BaseOperator::ArnEquals if absent_holds => Some((
            format!("the condition on `{key}` always holds"),
            "delete the condition, or write the value that is meant",
            false,
        )),
        BaseOperator::StringLike | BaseOperator::ArnLike | BaseOperator::ArnEquals => Some((
            format!("the condition on `{key}` only asks whether the key is there"),
            "write the value that is meant, or say it plainly: `\"Null\": {\"KEY\": \"false\"}`",
            true,
        )),
        BaseOperator::StringNotLike | BaseOperator::ArnNotLike | BaseOperator::ArnNotEquals
            if operator.set != Some(SetOperator::ForAnyValue) =>
        {
            Some((
                format!("the condition on `{key}` holds only where the key is absent"),
                "write the value that is meant, or say it plainly: `\"Null\": {\"KEY\": \"true\"}`",
                false,
            ))
        }
        BaseOperator::StringNotLike | BaseOperator::ArnNotLike | BaseOperator::ArnNotEquals => Some((
            format!("the condition on `{key}` never holds"),
            "delete the statement, or write the value that is meant",
            false,
        )),
        _ => None,
    }
}
