//! Conditions on what the tokens of a provider do not carry: who demands it lets nobody in.

use super::{Provider, WEB_IDENTITY};
use crate::access::actions::statement_matches;
use crate::access::demand::is_demanding;
use crate::catalog;
use crate::policy::{Condition, Policy, Principal, Statement};

/// A condition that no token of a provider meets.
#[derive(Debug)]
pub struct Absent<'a> {
    /// The condition.
    pub condition: &'a Condition,
    /// The provider that the statement lets in.
    pub provider: Provider,
    /// The key that was meant, where it can be told.
    pub meant: Option<String>,
}

/// The claims that AWS reads of every provider's tokens.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif>.
const READ: [&str; 7] = ["amr", "aud", "azp", "email", "iss", "oaud", "sub"];

/// Words for claims that are none, with the claim.
const MEANT: [(&str, &str); 5] =
    [("audience", "aud"), ("repo", "repository"), ("sub_id", "sub"), ("subj", "sub"), ("subject", "sub")];

/// The conditions of a policy that no token of a provider meets which their statement lets in.
pub fn absent(policy: &Policy) -> impl Iterator<Item = Absent<'_>> {
    let takes = |statement: &&Statement| statement_matches(statement, WEB_IDENTITY).possible();
    policy.statements.iter().filter(takes).filter_map(|statement| {
        // What one provider does not carry another may.
        let [only] = statement.principals() else { return None };
        let Some(Principal::Federated(text)) = only.value.known() else { return None };
        let provider = Provider::read(text)?;
        let condition = barring(statement, &provider)?;
        let (_, claim) = condition.key.value.rsplit_once(':')?;
        let claim = meant_by(&provider, &claim.to_ascii_lowercase()).unwrap_or(claim).to_ascii_lowercase();
        let meant = is_read(&provider, &claim).then(|| format!("{}:{claim}", provider.name));
        Some(Absent { condition, provider, meant })
    })
}

/// The first condition of a statement that demands what no token of the provider carries.
pub(super) fn barring<'a>(statement: &'a Statement, provider: &Provider) -> Option<&'a Condition> {
    let bars = |condition: &&Condition| {
        let key = &*condition.key.value;
        let missing = match provider.claim_of(key) {
            Some(claim) => meant_by(provider, &claim).is_some(),
            None => Provider::of_key(key).is_some(),
        };
        missing && is_demanding(statement, condition)
    };
    statement.conditions.iter().find(bars)
}

/// The claim that a word stands for which is none.
fn meant_by(provider: &Provider, claim: &str) -> Option<&'static str> {
    let (_, meant) = MEANT.iter().find(|(word, meant)| *word == claim && is_read(provider, meant))?;
    (!is_read(provider, claim)).then_some(meant)
}

/// True if AWS is known to read a claim of a provider's tokens.
fn is_read(provider: &Provider, claim: &str) -> bool {
    let key = format!("{}:{claim}", provider.name);
    READ.contains(&claim)
        || provider.names_somebody_by(claim)
        || catalog::key(&key).is_some_and(|known| known.name.eq_ignore_ascii_case(&key))
}
