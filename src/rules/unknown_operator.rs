//! `unknown-operator`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::{BaseOperator, has_placeholder};
use crate::spelling::{any_of, nearest};

pub(super) struct UnknownOperator;

impl Rule for UnknownOperator {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.statements() {
            let mut told = Vec::new();
            for condition in &statement.conditions {
                let operator = &condition.operator.value;
                let at = &condition.operator.origin;
                if told.contains(&at.at) || has_placeholder(&operator.text) {
                    continue;
                }
                told.push(at.at);
                if operator.base == Some(BaseOperator::Null) && operator.if_exists {
                    out.push(
                        Problem::new(at, "`Null` takes no `IfExists`: it asks itself whether the key is there")
                            .help("write `Null`"),
                    );
                } else if operator.base.is_none() {
                    let near = nearest(&operator.text, BaseOperator::ALL.iter().map(|(_, name)| *name));
                    let help = match &near[..] {
                        [] => {
                            "write one of the operators that the reference of the `Condition` element lists".to_owned()
                        }
                        near => format!("write {}", any_of(near)),
                    };
                    out.push(Problem::new(at, format!("`{}` is no condition operator", operator.text)).help(help));
                }
            }
        }
    }
}
