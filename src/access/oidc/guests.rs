//! Cognito's guests: users of an identity pool who have not signed in.

use super::Trust;
use crate::access::Truth;
use crate::access::demand::is_demanding;
use crate::policy::{Value, glob_matches};
use crate::source::Origin;

/// How guests get in.
#[derive(Debug)]
pub struct Guests<'a> {
    /// The value that names them; none where nothing asks whether the user has signed in.
    pub named: Option<&'a Origin>,
    /// Whether they do.
    pub let_in: Truth,
}

/// The `amr` of a guest's token. Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html>.
const GUEST: &str = "unauthenticated";

/// The guests whom a statement lets in: Cognito says in `amr` whether a user has signed in, and with whom.
pub fn guests<'a>(trust: &Trust<'a>) -> Option<Guests<'a>> {
    if !trust.provider.is_cognito() {
        return None;
    }
    let asked = trust.statement.conditions.iter().find(|condition| {
        let claim = trust.provider.claim_of(&condition.key.value);
        claim.is_some_and(|claim| claim == "amr") && is_demanding(trust.statement, condition)
    });
    let Some(condition) = asked else { return Some(Guests { named: None, let_in: trust.certain.into() }) };
    let named = condition.values.items.iter().find(|item| item.value.known_any(|text| glob_matches(text, GUEST)));
    let unknown = condition.values.items.iter().find(|item| matches!(item.value, Value::Partly(_) | Value::Unknown(_)));
    let (item, let_in) = named.map(|item| (item, Truth::Yes)).or(unknown.map(|item| (item, Truth::Maybe)))?;
    Some(Guests { named: Some(&item.origin), let_in })
}
