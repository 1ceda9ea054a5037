//! The principals that a question tells apart: those that are named, and some that are not.

use super::part::{Part, Role};
use crate::access::Truth;
use crate::access::evaluate::Caller;
use crate::access::sets::Bits;
use crate::policy::{Principal, Value};

/// An account that no policy names: of the numbers that AWS's documentation uses for others.
const STRANGER: &str = "arn:aws:iam::999988887777:user/someone";

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
        }
        let others = ["other.amazonaws.com", "arn:aws:iam::999988887777:oidc-provider/example.com", "anonymous"];
        names.extend(others.map(str::to_owned));
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        Principals { names }
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

    /// The number of the account of a principal, where it has one.
    pub(super) fn account(&self, at: usize) -> Option<String> {
        self.names.get(at).and_then(|name| Caller::parse(name)).and_then(|caller| caller.account().map(str::to_owned))
    }
}

fn names(entry: &Value<Principal>, name: &str, bare: bool) -> Truth {
    if let Some(caller) = Caller::parse(name) {
        return caller.named_by(entry, bare).any();
    }
    match entry {
        // What cannot make a request that we know of is named by its own text.
        Value::Known(Principal::CanonicalUser(text) | Principal::OtherAws(text) | Principal::Other { text, .. }) => {
            (**text == *name).into()
        }
        Value::Known(principal) => principal.is_wildcard().into(),
        _ => Truth::Maybe,
    }
}
