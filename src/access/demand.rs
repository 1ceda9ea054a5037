//! What a statement demands of a request: conditions that fail where their key is absent.

use super::Truth;
use crate::policy::{BaseOperator, Condition, Piece, Policy, SetOperator, Statement, Value};

/// True for a condition of an Allow that fails where its key is absent, and compares something.
pub fn is_demanding(statement: &Statement, condition: &Condition) -> bool {
    let operator = &condition.operator.value;
    operator.base != Some(BaseOperator::Null) && (operator.needs_key() || must_be_there(statement, condition))
}

/// True if the statement demands elsewhere that the condition's key is there: `Null` `false`. That mends `...IfExists` and
/// `ForAllValues:`, and AWS recommends the pair for the latter.
pub(super) fn must_be_there(statement: &Statement, condition: &Condition) -> bool {
    let negated = condition.operator.value.base.is_none_or(BaseOperator::is_negated);
    let demands = |other: &Condition| {
        other.operator.value.base == Some(BaseOperator::Null)
            && other.is_on(&condition.key.value)
            && !other.values.items.is_empty()
            && other.values.items.iter().all(|item| item.value.must(|text| text.eq_ignore_ascii_case("false")))
    };
    !negated && statement.conditions.iter().any(demands)
}

/// Whether a request must carry a key, with one of the values that pass: by a condition of the statement, or because a Deny
/// of the policy stops all others. The test takes the key and a value; of values that are not known nothing is claimed.
pub fn demanded(policy: &Policy, statement: &Statement, test: impl Fn(&str, &str) -> bool + Copy) -> Truth {
    let unseen = if statement.conditions_open { Truth::Maybe } else { Truth::No };
    let own = statement.conditions.iter().filter(|condition| is_demanding(statement, condition));
    let denies = policy.statements.iter().filter(|deny| deny.denies()).filter_map(spares);
    own.chain(denies).map(|condition| passes(condition, test)).fold(unseen, Truth::or)
}

/// The condition of a Deny for everyone that spares only what matches it.
pub(super) fn spares(deny: &Statement) -> Option<&Condition> {
    let everyone = deny.principals().iter().any(|item| item.value.known_any(|who| who.is_wildcard()));
    let [condition] = &deny.conditions[..] else { return None };
    let operator = &condition.operator.value;
    let negated = operator.base.is_some_and(BaseOperator::is_negated) && operator.set != Some(SetOperator::ForAnyValue);
    (everyone && negated && !deny.conditions_open).then_some(condition)
}

fn passes(condition: &Condition, test: impl Fn(&str, &str) -> bool + Copy) -> Truth {
    let key = &*condition.key.value;
    let of = |value: &Value<Box<str>>| match value {
        Value::Known(text) => Truth::from(test(key, text)),
        // Whatever deployment puts there: what is written beside it is enough, or is not.
        Value::Partly(pieces) => Truth::from(test(key, &written(pieces))),
        Value::Either(_) | Value::Unknown(_) => Truth::from(test(key, "x")).and(Truth::Maybe),
    };
    let rest = if condition.values.open { Truth::Maybe } else { Truth::Yes };
    condition.values.items.iter().map(|item| of(&item.value)).fold(rest, Truth::and)
}

fn written(pieces: &[Piece]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Lit(text) => text.to_string(),
        Piece::Star => "*".to_owned(),
        Piece::Any => "?".to_owned(),
        Piece::PolicyVar(_) | Piece::Hole(_) | Piece::Assigned(_) => "x".to_owned(),
    };
    pieces.iter().map(text).collect()
}

/// True for a value that is more than wildcards.
pub fn says_something(value: &str) -> bool {
    value.bytes().any(|byte| !matches!(byte, b'*' | b'?'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::json::parse;
    use crate::extract::resolve::Template;
    use crate::policy::lower;
    use crate::source::FileId;
    use std::borrow::Cow;

    #[test]
    fn a_key_is_demanded_only_where_its_absence_fails() {
        let aud = |key: &str, value: &str| key.eq_ignore_ascii_case("SAML:aud") && says_something(value);
        for (expected, condition, deny) in [
            (Truth::Yes, r#""StringEquals": {"saml:AUD": "x"}"#, ""),
            (Truth::No, r#""StringLike": {"SAML:aud": "*"}"#, ""),
            (Truth::No, r#""StringLike": {"SAML:aud": ["x", "*"]}"#, ""),
            (Truth::No, r#""StringEqualsIfExists": {"SAML:aud": "x"}"#, ""),
            (Truth::No, r#""StringNotEquals": {"SAML:aud": "x"}"#, ""),
            (Truth::No, r#""Null": {"SAML:aud": "false"}"#, ""),
            (Truth::Yes, r#""StringEqualsIfExists": {"SAML:aud": "x"}, "Null": {"SAML:aud": "false"}"#, ""),
            (Truth::Maybe, r#""StringEquals": {"SAML:aud": {"Ref": "Audience"}}"#, ""),
            (Truth::Yes, "", r#""StringNotEquals": {"SAML:aud": "x"}"#),
            (Truth::No, "", r#""StringEquals": {"SAML:aud": "x"}"#),
            (Truth::No, "", r#""StringNotEquals": {"SAML:aud": "x", "SAML:iss": "y"}"#),
        ] {
            let deny = match deny {
                "" => String::new(),
                deny => {
                    format!(r#", {{"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Condition": {{{deny}}}}}"#)
                }
            };
            let text = format!(
                r#"{{"Statement": [{{"Effect": "Allow", "Principal": {{"Federated": "x"}}, "Action": "sts:*",
                "Condition": {{{condition}}}}}{deny}]}}"#
            );
            let (tree, errors) = parse(FileId(0), Cow::Borrowed(&text), None);
            assert!(errors.is_empty(), "{text}: {errors:?}");
            let policy = tree.roots().next().map(|root| lower::policy(root, &Template::default()).0);
            let answer = policy.map(|policy| demanded(&policy, &policy.statements[0], aud));
            assert_eq!(answer, Some(expected), "{text}");
        }
    }
}
