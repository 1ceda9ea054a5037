//! Who is let in: what narrows a statement that names everyone, or a whole account, as its principal.
//!
//! Only a positive operator that is false on an absent key, with a fixed value, narrows: `StringNotEquals`, `...IfExists` and
//! `ForAllValues:` let a request through that does not carry the key at all. The values of a condition are ORed, so that each
//! of them has to narrow; conditions are ANDed, so that one of them is enough. A Deny for everyone but some narrows as well
//! (the module `exception`).
//!
//! A value that is known at deployment only is as fixed as one that is written: `StringEquals` has no wildcards, and under
//! `ArnLike` and its like a reference stands for one thing unless a wildcard stands beside it.
//!
//! Sources: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html> (the meaning of
//! "public") and
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>.

mod exception;
mod hole;
mod key;
mod network;

pub(crate) use network::Range;

use super::Truth;
use super::demand::must_be_there;
use crate::policy::{
    BaseOperator, Condition, List, Operator, Piece, Policy, SetOperator, Statement, Value, has_placeholder, pieces,
};
use hole::braces;
use key::{Key, Matching, Pattern};

/// Whether something keeps the general public out of a statement whose principal is `*`.
pub fn of_everyone(policy: &Policy, statement: &Statement) -> Truth {
    narrowed(policy, statement, key::everyone)
}

/// Whether something picks some of an account's principals, where the account itself is the principal: their ARN, their
/// unique id, or a tag that the account gives them.
pub fn within_account(policy: &Policy, statement: &Statement) -> Truth {
    narrowed(policy, statement, key::within_account)
}

/// Whether only principals of an organisation are let in.
pub fn to_organization(policy: &Policy, statement: &Statement) -> Truth {
    narrowed(policy, statement, key::organization)
}

/// Whether the caller has to know an external id, as a third party that serves many customers does.
pub fn by_external_id(policy: &Policy, statement: &Statement) -> Truth {
    narrowed(policy, statement, key::external_id)
}

/// Whether only roles are let in, by `aws:PrincipalArn`.
pub fn to_roles(policy: &Policy, statement: &Statement) -> Truth {
    narrowed(policy, statement, key::roles)
}

/// The conditions of a statement that would narrow who, but for `...IfExists`: requests without the key meet them.
pub fn optional(statement: &Statement) -> impl Iterator<Item = &Condition> {
    const WHO: [&str; 13] = [
        "aws:PrincipalAccount",
        "aws:PrincipalArn",
        "aws:PrincipalOrgID",
        "aws:PrincipalOrgPaths",
        "aws:SourceAccount",
        "aws:SourceArn",
        "aws:SourceIp",
        "aws:SourceOrgID",
        "aws:SourceOrgPaths",
        "aws:SourceVpc",
        "aws:SourceVpcArn",
        "aws:SourceVpce",
        "sts:ExternalId",
    ];
    let strict = |operator: &Operator| Operator { if_exists: false, ..operator.clone() }.needs_key();
    statement.conditions.iter().filter(move |condition| {
        let operator = &condition.operator.value;
        operator.if_exists && WHO.iter().any(|key| condition.is_on(key)) && strict(operator)
    })
}

/// The first condition of an Allow for everyone that looks as if it narrowed, and does not; and why not, as a phrase.
pub fn seeming(statement: &Statement) -> Option<(&Condition, &'static str)> {
    statement.conditions.iter().find_map(|condition| {
        let operator = &condition.operator.value;
        let seems = key::everyone(&condition.key.value).is_some() && operator.base != Some(BaseOperator::Null);
        let answer = allows_only(condition, statement, key::everyone);
        (seems && answer == Truth::No).then(|| match operator.needs_key() || must_be_there(statement, condition) {
            true => (condition, "does not narrow: its value is not fixed"),
            false => (condition, "does not narrow: it also holds for requests that do not carry the key"),
        })
    })
}

/// The first condition that may narrow who is let in, and may not, as far as can be told before deployment: one of an Allow
/// for everyone, or of a Deny beside it.
pub fn doubtful<'a>(policy: &'a Policy, statement: &'a Statement) -> Option<&'a Condition> {
    let maybe = |condition: &&Condition| allows_only(condition, statement, key::everyone) == Truth::Maybe;
    statement.conditions.iter().find(maybe).or_else(|| exception::doubtful(policy, key::everyone))
}

/// Which keys answer a question, and how.
type Question = fn(&str) -> Option<Key>;

fn narrowed(policy: &Policy, statement: &Statement, question: Question) -> Truth {
    let conditions = statement.conditions.iter();
    let own = conditions.map(|condition| allows_only(condition, statement, question)).fold(Truth::No, Truth::or);
    let unseen = if statement.conditions_open { Truth::Maybe } else { Truth::No };
    own.or(unseen).or(exception::narrowed(policy, statement, question))
}

/// Whether a condition of an Allow narrows.
fn allows_only(condition: &Condition, statement: &Statement, question: Question) -> Truth {
    let Some(key) = question(&condition.key.value) else { return Truth::No };
    let operator = &condition.operator.value;
    if !operator.needs_key() && !must_be_there(statement, condition) {
        return Truth::No;
    }
    let Some(matching) = positive(operator) else { return Truth::No };
    let answer = judge(&key, matching, &condition.key.value, &condition.values);
    // A key of many values needs a set operator; what happens without one is not documented.
    if key.many && operator.set.is_none() { answer.and(Truth::Maybe) } else { answer }
}

/// How a positive operator compares; none for the others, and for those that compare no text.
fn positive(operator: &Operator) -> Option<Matching> {
    Some(match operator.base? {
        BaseOperator::StringEquals | BaseOperator::StringEqualsIgnoreCase => Matching::Exact,
        BaseOperator::StringLike => Matching::Across,
        BaseOperator::ArnEquals | BaseOperator::ArnLike => Matching::Segments,
        BaseOperator::IpAddress => Matching::Address,
        _ => return None,
    })
}

/// How a negated operator compares, where it holds on an absent key, as a Deny needs it.
fn negative(operator: &Operator) -> Option<Matching> {
    if operator.set == Some(SetOperator::ForAnyValue) {
        return None;
    }
    Some(match operator.base? {
        BaseOperator::StringNotEquals | BaseOperator::StringNotEqualsIgnoreCase => Matching::Exact,
        BaseOperator::StringNotLike => Matching::Across,
        BaseOperator::ArnNotEquals | BaseOperator::ArnNotLike => Matching::Segments,
        BaseOperator::NotIpAddress => Matching::Address,
        _ => return None,
    })
}

/// Whether every value of a condition narrows.
fn judge(key: &Key, matching: Matching, name: &str, values: &List<Box<str>>) -> Truth {
    if key.network {
        return if matching == Matching::Address { network::narrows(values) } else { Truth::Maybe };
    }
    if matching == Matching::Address {
        return Truth::No;
    }
    let answers = values.items.iter().map(|item| value(key, matching, name, &item.value));
    let unseen = values.open && values.items.iter().all(|item| item.value.known().is_some());
    let rest = if unseen { Truth::Maybe } else { Truth::Yes };
    answers.fold(rest, Truth::and)
}

fn value(key: &Key, matching: Matching, name: &str, of: &Value<Box<str>>) -> Truth {
    match of {
        Value::Known(text) if braces(text).any(is_variable) && !key.variables => key::pairs_up(name, text).into(),
        // `${queue_arn}` is no policy variable: a template is still to be filled in.
        Value::Known(text) if braces(text).any(is_placeholder) => unknown(key, matching, &hole::marked(text)),
        Value::Known(text) => match (key.test)(&Pattern { text, matching }) {
            // `{{ organization }}` may be enough as well.
            Truth::No if has_placeholder(text) => unknown(key, matching, &pieces(text)),
            answer => answer,
        },
        Value::Either(arms) => arms.iter().map(|arm| value(key, matching, name, arm)).fold(Truth::Yes, Truth::and),
        Value::Partly(pieces) if pieces.iter().any(|piece| matches!(piece, Piece::PolicyVar(_))) => {
            key.variables.into()
        }
        Value::Partly(pieces) => match hole::sample(pieces) {
            Some(text) => (key.test)(&Pattern { text: &text, matching }),
            // What stands before the first unknown may be enough, whatever follows.
            None => match hole::beginning(pieces).map(|text| (key.test)(&Pattern { text: &text, matching })) {
                Some(Truth::Yes) => Truth::Yes,
                _ => unknown(key, matching, pieces),
            },
        },
        Value::Unknown(_) => key.unknown,
    }
}

/// What holds of a text with holes. What fills one is a name: a wildcard is written where it is meant, and nobody hides one
/// in a variable. Only beside a wildcard that stands there does it matter how much of a name the hole is.
fn unknown(key: &Key, matching: Matching, pieces: &[Piece]) -> Truth {
    let wild = pieces.iter().any(|piece| matches!(piece, Piece::Star | Piece::Any));
    if matching == Matching::Exact || !wild {
        return key.unknown;
    }
    let narrows = hole::filled(pieces).map(|text| (key.test)(&Pattern { text: &text, matching }));
    if narrows == Some(Truth::Yes) { key.unknown } else { Truth::Maybe }
}

/// True for the name of a policy variable, as `aws:username`: what it stands for is the caller's, and not fixed.
fn is_variable(inner: &str) -> bool {
    inner.split_once(':').is_some_and(|(service, key)| {
        !key.starts_with(':')
            && service.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b' '))
    })
}

/// True for what is neither a policy variable nor a wildcard that stands for itself: `${*}`, `${?}`, `${$}`.
fn is_placeholder(inner: &str) -> bool {
    !is_variable(inner) && !matches!(inner, "*" | "?" | "$")
}

#[cfg(test)]
mod tests;
