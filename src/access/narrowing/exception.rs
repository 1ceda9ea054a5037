//! A Deny for everyone but some: what an Allow lets in beyond them, it takes away again.

use super::{Question, judge, negative};
use crate::access::{Truth, actions};
use crate::policy::{
    ActionPattern, BaseOperator, Condition, Element, Policy, Principal, ResourcePattern, Statement, Value,
};

/// Whether a Deny of the policy narrows what the statement allows: it reaches all of the statement's actions and resources,
/// and spares only callers that a positive condition of the same kind would let in. The exceptions of one Deny are ORed, so
/// that each of them has to narrow.
pub(super) fn narrowed(policy: &Policy, statement: &Statement, question: Question) -> Truth {
    let denies = policy.statements.iter().filter(|deny| deny.denies_by_any_values());
    denies
        .map(|deny| {
            spares_few(deny, question).and(reaches_actions(deny, statement)).and(reaches_resources(deny, statement))
        })
        .fold(Truth::No, Truth::or)
}

/// The first condition of a Deny that may spare only callers that narrow.
pub(super) fn doubtful(policy: &Policy, question: Question) -> Option<&Condition> {
    let denies = policy.statements.iter().filter(|deny| deny.may_deny());
    denies.flat_map(|deny| &deny.conditions).find(|condition| spares_only(condition, question) == Truth::Maybe)
}

fn spares_few(deny: &Statement, question: Question) -> Truth {
    let Some(principal) = &deny.principal else { return Truth::No };
    let everyone = |item: &Value<Principal>| item.must(|principal| *principal == Principal::Anyone);
    let named = principal.negated && !principal.list.items.is_empty();
    if principal.list.items.iter().any(|item| everyone(&item.value)) == principal.negated {
        return Truth::No;
    }
    if deny.conditions.is_empty() && !named {
        // Denies everyone: nothing is left of the Allow, and another rule may wonder why it is there.
        return if deny.conditions_open { Truth::Maybe } else { Truth::Yes };
    }
    let rest = if deny.conditions_open { Truth::Maybe } else { Truth::Yes };
    deny.conditions.iter().map(|condition| spares_only(condition, question)).fold(rest, Truth::and)
}

/// Whether a condition of a Deny spares only callers that narrow.
fn spares_only(condition: &Condition, question: Question) -> Truth {
    let operator = &condition.operator.value;
    if operator.base == Some(BaseOperator::Bool) {
        let when_false =
            condition.values.items.iter().all(|item| item.value.must(|text| text.eq_ignore_ascii_case("false")));
        return match () {
            // Spares AWS services, which name themselves; the usual exception beside one for an organisation.
            () if when_false && condition.is_on("aws:PrincipalIsAWSService") => Truth::Yes,
            // Spares what a service does for its caller, who may be anyone.
            () if when_false && condition.is_on("aws:ViaAWSService") => Truth::Maybe,
            () => Truth::No,
        };
    }
    let (Some(key), Some(matching)) = (question(&condition.key.value), negative(operator)) else { return Truth::No };
    judge(&key, matching, &condition.key.value, &condition.values)
}

fn reaches_actions(deny: &Statement, allow: &Statement) -> Truth {
    let Some(allowed) = &allow.action else { return Truth::No };
    let everything = ActionPattern::new("*");
    if allowed.negated {
        return actions::statement_covers(deny, &everything);
    }
    let reached = |value: &Value<ActionPattern>| match value {
        Value::Known(pattern) => actions::statement_covers(deny, pattern),
        _ => actions::statement_covers(deny, &everything).or(Truth::Maybe),
    };
    allowed.list.items.iter().map(|item| reached(&item.value)).fold(Truth::Yes, Truth::and)
}

fn reaches_resources(deny: &Statement, allow: &Statement) -> Truth {
    let (Some(denied), Some(allowed)) = (&deny.resource, &allow.resource) else {
        // Trust policies and those of some services have no resource: it is the one that they are attached to.
        return deny.resource.is_none().into();
    };
    if denied.plain().iter().any(|item| item.value.must(ResourcePattern::matches_everything)) {
        return Truth::Yes;
    }
    if denied.negated || allowed.negated {
        return Truth::No;
    }
    contained(denied, allowed, |wide, narrow| {
        let head = wide.as_str().strip_suffix('*').filter(|head| !head.contains(['*', '?']));
        wide == narrow || head.is_some_and(|head| narrow.as_str().starts_with(head))
    })
}

/// Whether each entry of one list lies in an entry of the other.
fn contained<T: PartialEq>(wide: &Element<T>, narrow: &Element<T>, covers: fn(&T, &T) -> bool) -> Truth {
    let lies_in = |item: &Value<T>| {
        let answers = wide.list.items.iter().map(|other| match (&other.value, item) {
            // The same unknown is the same value.
            (wide, narrow) if wide == narrow => Truth::Yes,
            (Value::Known(wide), Value::Known(narrow)) => covers(wide, narrow).into(),
            _ => Truth::Maybe,
        });
        answers.fold(Truth::No, Truth::or)
    };
    narrow.list.items.iter().map(|item| lies_in(&item.value)).fold(Truth::Yes, Truth::and)
}
