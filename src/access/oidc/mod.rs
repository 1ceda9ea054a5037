//! Trust in OIDC identity providers: which of their users a statement lets in.

mod absent;
mod guests;
mod provider;
mod subject;

pub use absent::{Absent, absent};
pub use guests::{Guests, guests};
pub use provider::{Provider, Tenancy};
pub use subject::Breadth;

use super::Truth;
use super::actions::statement_matches;
use super::demand::{is_demanding, spares};
use super::narrowing::of_everyone;
use crate::policy::{BaseOperator, Condition, Operator, Piece, Policy, Principal, Statement, Value};
use crate::source::Origin;

/// A provider that a statement lets in, and whom of its users.
#[derive(Debug)]
pub struct Trust<'a> {
    /// The statement.
    pub statement: &'a Statement,
    /// The provider.
    pub provider: Provider,
    /// The entry of `Principal`.
    pub at: &'a Origin,
    /// How many are let in.
    pub breadth: Breadth,
    /// The condition that says whom, with those of its values that are as broad as this.
    pub said: Option<(&'a Condition, Vec<(String, &'a Origin)>)>,
    /// True if the audience is asked for, at least.
    pub audience: bool,
    /// Whether something else keeps strangers out: a network, mostly.
    pub narrowed: Truth,
    /// False if an unknown value could make it another answer.
    pub certain: bool,
}

const WEB_IDENTITY: &str = "sts:AssumeRoleWithWebIdentity";

/// The OIDC providers that a policy lets in, statement by statement.
pub fn trusts(policy: &Policy) -> impl Iterator<Item = Trust<'_>> {
    let lets_in = |statement: &&Statement| {
        statement.may_allow() && statement_matches(statement, WEB_IDENTITY).possible() && !statement.conditions_open
    };
    policy.statements.iter().filter(lets_in).flat_map(move |statement| {
        let principals = statement.principals().iter();
        principals.filter_map(move |item| {
            let (provider, known) = match item.value.known() {
                Some(Principal::Federated(text)) => (Provider::read(text)?, true),
                Some(_) => return None,
                None => (named_by_keys(statement)?, false),
            };
            // An absent key fails: nobody gets in.
            let barred = absent::barring(statement, &provider).is_some();
            (!barred).then(|| trust(policy, statement, provider, &item.origin, known))
        })
    })
}

/// The provider of which the conditions speak, where the principal is not known before deployment. Only if the statement is
/// for OIDC alone.
fn named_by_keys(statement: &Statement) -> Option<Provider> {
    if statement_matches(statement, "sts:AssumeRole").possible() {
        return None;
    }
    let mut named = statement.conditions.iter().filter_map(|condition| Provider::of_key(&condition.key.value));
    let first = named.next()?;
    named.all(|other| other == first).then_some(first)
}

fn trust<'a>(
    policy: &'a Policy,
    statement: &'a Statement,
    provider: Provider,
    at: &'a Origin,
    known: bool,
) -> Trust<'a> {
    let claims: Vec<(String, &Condition)> = statement
        .conditions
        .iter()
        .filter(|condition| is_demanding(statement, condition))
        .filter_map(|condition| Some((provider.claim_of(&condition.key.value)?, condition)))
        .collect();
    let own = claims.iter().filter(|(claim, _)| provider.names_somebody(claim)).map(|(_, condition)| *condition);
    // The conditions are ANDed: the narrowest says it.
    let said =
        own.chain(spared(policy, &provider)).map(|condition| judge(&provider, condition)).min_by_key(|said| said.0);
    let unseen = statement.conditions.iter().any(|condition| condition.key.value.is_empty());
    let (breadth, said, certain) = match said {
        Some((breadth, condition, values, certain)) => (breadth, Some((condition, values)), certain),
        None if unseen => (Breadth::Exact, None, false),
        None => (Breadth::Everyone, None, true),
    };
    Trust {
        statement,
        at,
        breadth,
        said,
        audience: claims.iter().any(|(claim, _)| claim == "aud"),
        narrowed: of_everyone(policy, statement).or(names_session(statement, &provider)),
        certain: certain && known && statement.allows(),
        provider,
    }
}

/// The conditions of Deny statements that spare some of the provider's users only.
fn spared<'a>(policy: &'a Policy, provider: &Provider) -> impl Iterator<Item = &'a Condition> {
    let whole = |deny: &&Statement| deny.denies() && statement_matches(deny, WEB_IDENTITY).certain();
    policy.statements.iter().filter(whole).filter_map(spares).filter(move |condition| {
        provider.claim_of(&condition.key.value).is_some_and(|claim| provider.names_somebody(&claim))
    })
}

/// Whether the session's name is fixed: it is the user's, with providers that put it there.
fn names_session(statement: &Statement, provider: &Provider) -> Truth {
    let named = |condition: &Condition| condition.is_on("sts:RoleSessionName") && is_demanding(statement, condition);
    (provider.name.starts_with("sts.windows.net/") && statement.conditions.iter().any(named)).into()
}

type Said<'a> = (Breadth, &'a Condition, Vec<(String, &'a Origin)>, bool);

/// How many the values of a condition let in: they are ORed, so that the broadest says it.
fn judge<'a>(provider: &Provider, condition: &'a Condition) -> Said<'a> {
    let wild = takes_wildcards(&condition.operator.value);
    let mut certain = !condition.values.open;
    let mut values = Vec::new();
    for item in &condition.values.items {
        let text = match &item.value {
            Value::Known(text) => (filled_in(text), text.to_string()),
            Value::Partly(pieces) => {
                (with_holes(pieces), crate::policy::render_with(pieces, |name| format!("${{{name}}}")))
            }
            Value::Either(_) | Value::Unknown(_) => {
                certain = false;
                continue;
            }
        };
        certain &= text.0 == text.1;
        values.push((provider.breadth(&text.0, wild), text.1, &item.origin));
    }
    let breadth = values.iter().map(|(breadth, ..)| *breadth).max().unwrap_or(Breadth::Exact);
    let broadest = values.into_iter().filter(|(of, ..)| *of == breadth).map(|(_, text, at)| (text, at)).collect();
    (breadth, condition, broadest, certain)
}

fn takes_wildcards(operator: &Operator) -> bool {
    use BaseOperator::{ArnEquals, ArnLike, ArnNotEquals, ArnNotLike, StringLike, StringNotLike};
    matches!(operator.base, Some(StringLike | StringNotLike | ArnLike | ArnEquals | ArnNotLike | ArnNotEquals))
}

/// Stands for what is not known yet: it may hold an owner and a name.
const FILLED_IN: &str = "a/a";

fn with_holes(pieces: &[Piece]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Lit(text) => filled_in(text),
        Piece::Star => "*".to_owned(),
        Piece::Any => "?".to_owned(),
        Piece::Hole(_) | Piece::Assigned(_) | Piece::PolicyVar(_) => FILLED_IN.to_owned(),
    };
    pieces.iter().map(text).collect()
}

/// A text without the marks that another program fills in: `${name}`, `{{name}}`, `<name>`.
fn filled_in(text: &str) -> String {
    let mut text = text.to_owned();
    for (open, close) in [("${", "}"), ("{{", "}}"), ("<", ">")] {
        while let Some(start) = text.find(open)
            && let Some(length) = text[start..].find(close)
        {
            text.replace_range(start..start + length + close.len(), FILLED_IN);
        }
    }
    text
}
