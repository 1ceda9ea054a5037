//! Who is a person: users of IAM, and accounts, which have some.

use super::ASSUME_ROLE;
use crate::access::actions::statement_matches;
use crate::policy::{ActionPattern, Arn, BaseOperator, Condition, IamEntity, Principal, Statement, Value};
use crate::source::Origin;

/// True for a principal that stands for people, who can use MFA: a whole account, or a user of IAM.
pub fn is_people(principal: &Principal) -> bool {
    matches!(principal, Principal::Account { .. } | Principal::Iam { entity: IamEntity::User, .. })
}

/// True for a principal that never carries MFA: services, federated users, and roles, whose sessions have none.
fn is_without_mfa(principal: &Principal) -> bool {
    match principal {
        Principal::Service(_) | Principal::Federated(_) => true,
        Principal::Iam { entity, .. } => matches!(entity, IamEntity::Role | IamEntity::Session),
        _ => false,
    }
}

/// True if a statement names principals, and only such as never carry MFA.
pub(super) fn only_without_mfa(statement: &Statement) -> bool {
    let principals = statement.principals();
    !principals.is_empty() && principals.iter().all(|item| item.value.must(is_without_mfa))
}

/// The entry of an Allow's actions that lets its principals assume the role, or the key `NotAction`.
pub fn assumes(allow: &Statement) -> Option<&Origin> {
    let element = allow.action.as_ref().filter(|_| statement_matches(allow, ASSUME_ROLE).possible())?;
    let matches = |value: &Value<ActionPattern>| value.may(|pattern| pattern.matches(ASSUME_ROLE));
    match element.negated {
        true => Some(&element.key),
        false => element.list.items.iter().find(|item| matches(&item.value)).map(|item| &item.origin),
    }
}

/// True if a condition leaves only roles of those whom a statement names.
pub fn only_roles(statement: &Statement) -> bool {
    statement.conditions.iter().any(leaves_roles)
}

fn leaves_roles(condition: &Condition) -> bool {
    let operator = &condition.operator.value;
    let value: fn(&str) -> bool = if condition.is_on("aws:PrincipalArn") {
        |text| Arn::parse(text).is_some_and(|arn| arn.resource.starts_with("role/"))
    } else if condition.is_on("aws:userid") {
        |text| text.starts_with("AROA")
    } else {
        return false;
    };
    let values = &condition.values;
    operator.needs_key()
        && operator.base.is_some_and(|base| base != BaseOperator::Null)
        && !values.items.is_empty()
        && values.items.iter().all(|item| item.value.must(|text| value(text)))
}
