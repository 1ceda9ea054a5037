//! `unexpanded-variable`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::{BaseOperator, Principal, Statement, Value, Version, has_braces, variables};
use crate::source::Origin;

pub(super) struct UnexpandedVariable;

impl Rule for UnexpandedVariable {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let policy = &cx.site.policy;
        let old = match &policy.version {
            None => !policy.open,
            Some(version) => version.value == Value::Known(Version::V2008),
        };
        for statement in cx.statements() {
            for (text, at) in never_replaced(statement).filter(|(text, _)| has_braces(text)) {
                report(
                    text,
                    at,
                    "this element is taken as it is",
                    "write what is meant: variables stand in resources and in conditions",
                    out,
                );
            }
            let resources = statement.resource.iter().flat_map(|element| element.list.known());
            for (resource, at) in resources.filter(|(resource, _)| old && has_braces(resource.as_str())) {
                report(
                    resource.as_str(),
                    at,
                    "the old version of the language has no variables",
                    "write `\"Version\": \"2012-10-17\"`",
                    out,
                );
            }
            for condition in &statement.conditions {
                for (value, at) in condition.values.known() {
                    if takes_text(condition.operator.value.base) {
                        report(value, at, "this operator takes no variables", "write the value itself", out);
                    } else if old {
                        report(
                            value,
                            at,
                            "the old version of the language has no variables",
                            "write `\"Version\": \"2012-10-17\"`",
                            out,
                        );
                    }
                }
            }
        }
    }
}

fn report(text: &str, at: &Origin, note: &str, help: &str, out: &mut Vec<Problem>) {
    let Some(variable) = variables(text).find(|variable| variable.flaw.is_none()) else { return };
    out.push(Problem::new(at, format!("`{}` is not replaced here", variable.text)).note(note).help(help));
}

/// The texts of a statement in which AWS replaces nothing, though they could look so.
fn never_replaced(statement: &Statement) -> impl Iterator<Item = (&str, &Origin)> {
    let actions =
        statement.action.iter().flat_map(|element| element.list.known()).map(|(action, at)| (action.as_str(), at));
    let principals = statement.principal.iter().flat_map(|element| element.list.known());
    let principals = principals.filter_map(|(principal, at)| match principal {
        Principal::Iam { arn: text, .. }
        | Principal::OtherAws(text)
        | Principal::Service(text)
        | Principal::Federated(text) => Some((&**text, at)),
        _ => None,
    });
    let sid = statement.sid.iter().filter_map(|sid| Some((&**sid.value.known()?, &sid.origin)));
    actions.chain(principals).chain(sid)
}

/// The operators whose values have no variables.
fn takes_text(operator: Option<BaseOperator>) -> bool {
    use BaseOperator as Op;
    matches!(
        operator,
        Some(
            Op::NumericEquals
                | Op::NumericNotEquals
                | Op::NumericLessThan
                | Op::NumericLessThanEquals
                | Op::NumericGreaterThan
                | Op::NumericGreaterThanEquals
                | Op::DateEquals
                | Op::DateNotEquals
                | Op::DateLessThan
                | Op::DateLessThanEquals
                | Op::DateGreaterThan
                | Op::DateGreaterThanEquals
                | Op::BinaryEquals
                | Op::IpAddress
                | Op::NotIpAddress
                | Op::Null
        )
    )
}
