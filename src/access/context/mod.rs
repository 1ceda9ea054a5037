//! Conditions in a request of which not everything is known: three-valued, so that what is not known is neither read as
//! safe nor claimed.
//!
//! Rules: the [condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
//! and the [multivalued context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)
//! of the IAM user guide. Decisions where it says nothing:
//!
//! | case | here |
//! |---|---|
//! | operator that AWS does not have, `NullIfExists`, a set operator on `Null` | unknown |
//! | policy value that its operator cannot read (`Bool: "yes"`, `IpAddress: "10.0.0.0/99"`) | unknown |
//! | value of the request that the operator cannot read | matches nothing |
//! | plain operator on a key with several values | false, negated operators too |
//! | `ArnLike: "*"` | matches every value |

mod address;
mod compare;
mod number;
mod pattern;

pub(crate) use address::parse as parse_range;
pub(crate) use compare::boolean;
pub(crate) use number::{Decimal, moment};

use super::Truth;
use crate::policy::{BaseOperator, Condition, List, SetOperator, Statement, Value};
use pattern::Text;
use std::collections::BTreeMap;

/// What is known of a key of the request.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Known {
    Absent,
    One(Box<str>),
    Many(Vec<Box<str>>),
}

/// A request's context, as far as it is known: some keys have values, some are known to be absent, nothing is known of
/// the others. Letter case means nothing in keys.
#[derive(Clone, Default, Debug)]
pub struct Context {
    keys: BTreeMap<Box<str>, Known>,
    /// True if all keys that the request has are there: others are absent.
    complete: bool,
    literal_variables: bool,
}

impl Context {
    /// A context of which nothing is known.
    pub fn unknown() -> Self {
        Context::default()
    }

    /// A context without keys: those that are added are all that the request has.
    pub fn complete() -> Self {
        Context { complete: true, ..Context::default() }
    }

    /// True if something is known of the key, even that it is absent; letter case means nothing.
    pub fn knows(&self, key: &str) -> bool {
        self.keys.contains_key(&*key.to_ascii_lowercase())
    }

    /// The value of a key that has one.
    pub fn value(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Known::One(value)) => Some(value),
            _ => None,
        }
    }

    /// The same with a key that has one value.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        self.keys.insert(key.to_ascii_lowercase().into(), Known::One(value.into()));
        self
    }

    /// The same with a multivalued key; no values mean that it is absent.
    #[must_use]
    pub fn with_values(mut self, key: &str, values: &[&str]) -> Self {
        let known = match values {
            [] => Known::Absent,
            values => Known::Many(values.iter().map(|value| Box::from(*value)).collect()),
        };
        self.keys.insert(key.to_ascii_lowercase().into(), known);
        self
    }

    /// The same without a key.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        self.keys.insert(key.to_ascii_lowercase().into(), Known::Absent);
        self
    }

    /// The same for policies of version 2008-10-17, in which `${aws:username}` is plain text.
    #[must_use]
    pub fn with_literal_variables(mut self) -> Self {
        self.literal_variables = true;
        self
    }

    fn get(&self, key: &str) -> Option<&Known> {
        let absent = self.complete.then_some(&Known::Absent);
        if self.keys.is_empty() {
            return absent;
        }
        self.keys.get(&*key.to_ascii_lowercase()).or(absent)
    }
}

/// Whether all conditions of a statement hold. A statement without conditions always applies.
pub fn applies(statement: &Statement, context: &Context) -> Truth {
    let unseen = if statement.conditions_open { Truth::Maybe } else { Truth::Yes };
    let holds = |condition: &Condition| {
        let holds = evaluate(condition, context);
        // Of the values that it must not have, deployment may leave some out.
        let negated = condition.operator.value.base.is_some_and(BaseOperator::is_negated);
        if statement.contingent && negated { holds.or(Truth::Maybe) } else { holds }
    };
    statement.conditions.iter().fold(unseen, |truth, condition| truth.and(holds(condition)))
}

/// Whether a pattern of `Resource` matches a resource: as flat text, with variables only behind the fifth colon. A variable
/// without a value matches nothing.
pub(crate) fn resource_matches(pattern: &str, resource: &str, context: &Context) -> Truth {
    Text::of_resource(pattern, context).glob(resource)
}

/// Whether a condition holds.
pub fn evaluate(condition: &Condition, context: &Context) -> Truth {
    let operator = &condition.operator.value;
    let Some(base) = operator.base else { return Truth::Maybe };
    if base == BaseOperator::Null {
        let plain = operator.set.is_none() && !operator.if_exists;
        return if plain { null(condition, context) } else { Truth::Maybe };
    }
    let test = Test { base, values: &condition.values, context };
    let absent = Truth::from(
        operator.if_exists
            || match operator.set {
                Some(SetOperator::ForAllValues) => true,
                Some(SetOperator::ForAnyValue) => false,
                None => base.is_negated(),
            },
    );
    match (context.get(&condition.key.value), operator.set) {
        (None, _) => either(absent, test.any_request()),
        (Some(Known::Absent), _) => absent,
        (Some(Known::One(value)), _) => test.holds(value),
        (Some(Known::Many(_)), None) => Truth::No,
        (Some(Known::Many(values)), Some(SetOperator::ForAllValues)) => {
            values.iter().fold(Truth::Yes, |truth, value| truth.and(test.holds(value)))
        }
        (Some(Known::Many(values)), Some(SetOperator::ForAnyValue)) => {
            values.iter().fold(Truth::No, |truth, value| truth.or(test.holds(value)))
        }
    }
}

/// `Null`: "true" holds when the key is absent, "false" when it is there.
fn null(condition: &Condition, context: &Context) -> Truth {
    any_value(&condition.values, &|value| {
        let absent = match context.get(&condition.key.value) {
            Some(known) => Truth::from(*known == Known::Absent),
            None => Truth::Maybe,
        };
        match compare::boolean(value) {
            Some(asked) => negate_if(absent, !asked),
            None => Truth::Maybe,
        }
    })
}

/// Whether something holds for one of the values of the policy.
fn any_value(values: &List<Box<str>>, test: &dyn Fn(&str) -> Truth) -> Truth {
    let unseen = if values.open { Truth::Maybe } else { Truth::No };
    values.items.iter().fold(unseen, |truth, item| truth.or(of_value(&item.value, test)))
}

fn of_value(value: &Value<Box<str>>, test: &dyn Fn(&str) -> Truth) -> Truth {
    match value {
        Value::Known(text) => test(text),
        Value::Either(arms) => arms.iter().map(|arm| of_value(arm, test)).reduce(either).unwrap_or(Truth::Maybe),
        Value::Partly(_) | Value::Unknown(_) => Truth::Maybe,
    }
}

/// What holds whichever of the two is the case.
fn either(one: Truth, other: Truth) -> Truth {
    if one == other { one } else { Truth::Maybe }
}

fn negate_if(truth: Truth, flip: bool) -> Truth {
    if flip { !truth } else { truth }
}

/// A comparison with the values of a policy.
struct Test<'a> {
    base: BaseOperator,
    values: &'a List<Box<str>>,
    context: &'a Context,
}

impl Test<'_> {
    /// Whether it holds for a value of the request: one of the policy's values matches, or none for a negated operator.
    fn holds(&self, request: &str) -> Truth {
        let matches = any_value(self.values, &|policy| compare::matches(self.base, policy, request, self.context));
        negate_if(matches, self.base.is_negated())
    }

    /// Whether it holds for whatever value a request may have: known only where a value matches everything.
    fn any_request(&self) -> Truth {
        use BaseOperator::{ArnEquals, ArnLike, ArnNotEquals, ArnNotLike, StringLike, StringNotLike};
        let globs = matches!(self.base, StringLike | StringNotLike | ArnLike | ArnNotLike | ArnEquals | ArnNotEquals);
        let everything = |value: &str| !value.is_empty() && value.bytes().all(|byte| byte == b'*');
        let matches_all = globs && self.values.known().any(|(value, _)| everything(value));
        if matches_all { negate_if(Truth::Yes, self.base.is_negated()) } else { Truth::Maybe }
    }
}

#[cfg(test)]
mod tests;
