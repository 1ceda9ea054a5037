//! Whether a resource-based policy turns away requests that are not encrypted.

use super::Truth;
use super::actions::statement_matches;
use super::demand::demanded;
use crate::policy::{BaseOperator, Condition, Piece, Policy, Statement, Value};
use crate::source::Origin;

/// Whether requests of an action reach the resource only over TLS: a Deny stops the others, or every Allow asks for it. `denies`
/// are statements of other policies that bind as well.
pub fn only_encrypted(policy: &Policy, denies: &[Statement], action: &str) -> Truth {
    let unseen = if policy.open { Truth::Maybe } else { Truth::No };
    let stops = policy.statements.iter().chain(denies).map(|deny| stops_plain(deny, action));
    let mut allows = policy.statements.iter().filter(|statement| statement.may_allow()).peekable();
    let any = allows.peek().is_some();
    let asks = |key: &str, value: &str| key.eq_ignore_ascii_case(FLAG) && value.eq_ignore_ascii_case("true");
    let all = allows.map(|allow| demanded(policy, allow, asks)).fold(any.into(), Truth::and);
    stops.fold(unseen, Truth::or).or(all)
}

const FLAG: &str = "aws:SecureTransport";

/// The resources of the Deny statements that stop what is not encrypted, but not where an action of S3 is.
pub fn elsewhere<'a>(policy: &'a Policy, action: &'a str) -> impl Iterator<Item = Origin> + 'a {
    let misses = |deny: &&Statement| stops_somewhere(deny, action).possible() && !may_be_on(deny, action);
    policy.statements.iter().filter(misses).filter_map(|deny| deny.resource.as_ref()?.whole())
}

/// Whether a Deny stops all requests of an action that are not encrypted.
fn stops_plain(deny: &Statement, action: &str) -> Truth {
    stops_somewhere(deny, action).and(may_be_on(deny, action).into())
}

/// The same, whatever the resources of the Deny are.
fn stops_somewhere(deny: &Statement, action: &str) -> Truth {
    let everyone = deny.wildcard_principals().next().is_some();
    if deny.allows() || !everyone {
        return Truth::No;
    }
    let effect = if deny.denies() { Truth::Yes } else { Truth::Maybe };
    let unseen = if deny.conditions_open { Truth::Maybe } else { Truth::No };
    let on_plain = deny.conditions.iter().map(|condition| holds_for_plain(condition).into()).fold(unseen, Truth::or);
    effect.and(on_plain).and(statement_matches(deny, action))
}

/// False if the resources of a Deny are certainly others than those of an action of S3: a bucket where it reads or writes
/// objects, objects where it lists a bucket.
fn may_be_on(deny: &Statement, action: &str) -> bool {
    if deny.resources().is_empty() || !action.starts_with("s3:") {
        return true;
    }
    let lists = action == "s3:ListBucket";
    let reaches = |text: &str| match text.split_once(":::").map(|(_, resource)| resource) {
        // Objects stand behind a slash, unless a wildcard stands for it.
        Some(resource) => match (resource.find('/'), resource.find('*')) {
            (_, Some(star)) if resource.find('/').is_none_or(|slash| star < slash) => true,
            (slash, _) => slash.is_none() == lists,
        },
        None => true,
    };
    deny.resources().iter().any(|item| match &item.value {
        Value::Known(pattern) => reaches(pattern.as_str()),
        Value::Partly(pieces) => match &pieces[..] {
            [.., Piece::Lit(slash), Piece::Star] if slash.starts_with('/') => !lists,
            _ => true,
        },
        Value::Either(_) | Value::Unknown(_) => true,
    })
}

/// True for a condition that holds where the request is not encrypted: by the flag, or by the version of TLS, which is below
/// any that a policy names.
fn holds_for_plain(condition: &Condition) -> bool {
    let values = || condition.values.known().map(|(value, _)| value);
    match condition.operator.value.base {
        Some(BaseOperator::Bool) => condition.is_on(FLAG) && values().any(|value| value.eq_ignore_ascii_case("false")),
        Some(BaseOperator::StringEquals) => {
            condition.is_on(FLAG) && values().any(|value| value.eq_ignore_ascii_case("false"))
        }
        _ => false,
    }
}
