//! Whether a resource-based policy turns away requests that are not encrypted.

use super::Truth;
use super::actions::statement_matches;
use super::demand::demanded;
use crate::policy::{BaseOperator, Condition, Policy, Statement};

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

/// Whether a Deny stops all requests of an action that are not encrypted.
fn stops_plain(deny: &Statement, action: &str) -> Truth {
    let everyone = deny.wildcard_principals().next().is_some();
    if deny.allows() || !everyone {
        return Truth::No;
    }
    let effect = if deny.denies() { Truth::Yes } else { Truth::Maybe };
    let unseen = if deny.conditions_open { Truth::Maybe } else { Truth::No };
    let on_plain = deny.conditions.iter().map(|condition| holds_for_plain(condition).into()).fold(unseen, Truth::or);
    effect.and(on_plain).and(statement_matches(deny, action))
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
