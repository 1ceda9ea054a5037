//! The principals that a question tells apart: those that are named, and some that are not.

use super::part::{Part, Role};
use crate::access::Truth;
use crate::access::evaluate::Caller;
use crate::access::fit::open;
use crate::access::sets::Bits;
use crate::policy::{Arn, Principal, Value, globs_meet};

/// An account that no policy names: of the numbers that AWS's documentation uses for others.
const STRANGER: &str = "arn:aws:iam::999988887777:user/someone";

/// True for somebody of whom no policy speaks: what they may do, anyone may.
pub fn is_stranger(principal: &str) -> bool {
    principal == STRANGER
}

/// Who may ask.
pub(super) struct Principals {
    pub(super) names: Vec<String>,
}

impl Principals {
    pub(super) fn of<'a>(parts: impl Iterator<Item = &'a Part<'a>>) -> Self {
        let mut names = vec![STRANGER.to_owned()];
        let someone = |account: &str| format!("arn:aws:iam::{account}:user/someone");
        for part in parts {
            let items = part.statement.principal.iter().flat_map(|element| element.list.known());
            for (principal, _) in items.filter(|(principal, _)| !principal.is_wildcard()) {
                match principal {
                    Principal::Account { id, .. } => names.push(someone(id)),
                    Principal::Iam { arn, .. } => {
                        names.push(arn.to_string());
                        names.extend(principal.account().map(someone));
                    }
                    Principal::Service(name) | Principal::Federated(name) | Principal::CanonicalUser(name) => {
                        names.push(name.to_string());
                    }
                    Principal::OtherAws(text) | Principal::Other { text, .. } => names.push(text.to_string()),
                    Principal::Anyone => {}
                }
            }
            for condition in &part.statement.conditions {
                let values = condition.values.known().map(|(value, _)| &**value);
                if condition.is_on("aws:PrincipalAccount") {
                    names.extend(values.filter(|id| Caller::parse(&someone(id)).is_some()).map(someone));
                } else if condition.is_on("aws:PrincipalArn") {
                    names.extend(values.filter_map(one_like));
                }
            }
        }
        let others = [
            "other.amazonaws.com",
            "arn:aws:iam::999988887777:oidc-provider/example.com",
            "arn:aws:iam::999988887777:saml-provider/example",
            "anonymous",
        ];
        names.extend(others.map(str::to_owned));
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        Principals { names }
    }

    /// Those who can hold identity-based policies.
    pub(super) fn holders(&self) -> Bits {
        let account = |name: &String| Caller::parse(name).is_some_and(|caller| caller.account().is_some());
        Bits::filter(self.names.len(), |at| self.names.get(at).is_some_and(account))
    }

    /// Whom a statement is about, in its role in the question.
    pub(super) fn named(&self, part: &Part<'_>, role: Role) -> Bits {
        let Some(element) = &part.statement.principal else { return Bits::none(self.names.len()) };
        let bare = part.statement.bare_principal;
        let reaches = |truth: Truth| if role == Role::Taken { truth.certain() } else { truth.possible() };
        Bits::filter(self.names.len(), |at| {
            let Some(name) = self.names.get(at) else { return false };
            let unseen = if element.list.open { Truth::Maybe } else { Truth::No };
            let named = element.list.items.iter().fold(unseen, |truth, item| truth.or(names(&item.value, name, bare)));
            reaches(if element.negated { !named } else { named })
        })
    }

    /// What requests of each principal have under a key that follows from who asks. None for another key; of a principal that
    /// cannot be read nothing is known.
    pub(super) fn derived(&self, key: &str) -> Option<Vec<Derived>> {
        let value: fn(&Caller) -> Option<String> = if key.eq_ignore_ascii_case("aws:PrincipalAccount") {
            |caller| caller.account().map(str::to_owned)
        } else if key.eq_ignore_ascii_case("aws:PrincipalArn") {
            |caller| caller.principal_arn("aws")
        } else {
            return None;
        };
        let derived = |name: &String| match Caller::parse(name) {
            Some(caller) => value(&caller).map_or(Derived::Absent, Derived::Is),
            None => Derived::Unknown,
        };
        Some(self.names.iter().map(derived).collect())
    }
}

/// The value of a key that follows from who asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Derived {
    Is(String),
    Absent,
    Unknown,
}

/// A principal that a pattern of `aws:PrincipalArn` matches.
fn one_like(pattern: &str) -> Option<String> {
    if pattern.bytes().all(|byte| byte == b'*') {
        return Some(STRANGER.to_owned());
    }
    let arn = Arn::parse(pattern)?;
    let filled = |part: &str, whole: &str| if part == "*" { whole.to_owned() } else { part.replace(['*', '?'], "x") };
    let account = if arn.account.contains('*') { "999988887777" } else { arn.account };
    let (partition, resource) = (filled(arn.partition, "aws"), filled(arn.resource, "user/someone"));
    let name = format!("arn:{partition}:{}::{account}:{resource}", filled(arn.service, "iam"));
    Caller::parse(&name).is_some().then_some(name)
}

fn names(entry: &Value<Principal>, name: &str, bare: bool) -> Truth {
    if let Some(caller) = Caller::parse(name) {
        return caller.named_by(entry, bare).any();
    }
    let Value::Known(principal) = entry else { return Truth::Maybe };
    let holed = |text: &str| text.contains("${");
    let may_be = |own: &str| holed(own) || holed(name);
    match principal {
        // What cannot make a request that we know of is named by its own text.
        Principal::CanonicalUser(text) | Principal::OtherAws(text) | Principal::Other { text, .. } => {
            (**text == *name).into()
        }
        // Nor can what deployment has yet to name.
        Principal::Account { id, .. } => match Arn::parse(name).map(|arn| arn.account) {
            Some(account) if account == &**id => Truth::Yes,
            Some(account) if holed(account) || holed(id) => Truth::Maybe,
            _ => Truth::No,
        },
        Principal::Iam { arn, .. } if **arn == *name => Truth::Yes,
        Principal::Iam { arn, .. } if may_be(arn) && globs_meet(&open(arn), &open(name)) => Truth::Maybe,
        principal => principal.is_wildcard().into(),
    }
}
