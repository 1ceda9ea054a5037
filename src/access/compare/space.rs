//! The dimensions of a question, and requests in it.

use super::domain::Domain;
use super::part::has_unknown;
use super::principals::{Derived, Principals};
use super::{Kind, Values, Witness, familiar};
use crate::access::evaluate::Caller;
use crate::access::fit::{Wanted, open};
use crate::access::grants::is_never_sent;
use crate::access::sets::boxes::Region;
use crate::access::sets::{Atoms, Glob, Letters};
use crate::catalog::{self, Action};
use crate::policy::ResourcePattern;
use std::collections::BTreeMap;

/// Pairs of an action and a resource that are looked up before a part counts as unusual.
const PAIRS: usize = 2_000;

/// Formats of resources that are tried where a part is unusual.
const FORMATS: usize = 4;

/// The dimensions of a question.
pub(super) struct Space {
    pub(super) principals: Principals,
    pub(super) actions: Atoms,
    pub(super) resources: Atoms,
    pub(super) domains: Vec<Domain>,
    /// The keys that follow from who asks.
    pub(super) derived: Vec<DerivedKey>,
    /// Conditions of which it is open whether they hold, by their texts.
    pub(super) free: Vec<String>,
    /// True if something in it is not known.
    pub(super) unknown: bool,
}

/// A key of which every principal has one value only.
pub(super) struct DerivedKey {
    /// The place among the domains.
    pub(super) domain: usize,
    /// What each principal has.
    pub(super) values: Vec<Derived>,
    /// Where what stands for that is in the domain; none where it may be anywhere.
    pub(super) places: Vec<Option<usize>>,
}

/// A part of a question that shows new access.
pub(super) struct Found {
    pub(super) part: Region,
    /// The places of an action and a resource that requests have together, as the catalogue knows them; none where it knows
    /// no such request: it may be behind.
    pub(super) usual: Option<(usize, usize)>,
}

impl Space {
    /// False for a part in which the principals and what conditions ask of them exclude each other.
    pub(super) fn is_consistent(&self, part: &Region) -> bool {
        self.derived.is_empty() || self.asking(part, "").is_some()
    }

    /// A principal of a part that has what the conditions ask: one that can make requests for the action, if there is one.
    fn asking(&self, part: &Region, action: &str) -> Option<usize> {
        let fits = |name: usize, key: &DerivedKey| {
            let place = key.places.get(name).copied().flatten();
            place.is_none_or(|place| part.get(3 + key.domain).is_some_and(|values| values.contains(place)))
        };
        let asking = part.first()?.iter().filter(|name| self.derived.iter().all(|key| fits(*name, key)));
        let cannot = |name: &usize| self.principals.names.get(*name).is_some_and(|name| !can_ask(name, action));
        asking.min_by_key(cannot)
    }

    /// The keys that conditions ask for and that the request does not have.
    pub(super) fn absent(&self, witness: &Witness) -> Vec<&str> {
        let keys = self.domains.iter().map(|domain| &*domain.key);
        keys.filter(|key| !witness.context.contains_key(*key)).collect()
    }

    pub(super) fn witness(&self, found: &Found, kind: Kind) -> Witness {
        let part = &found.part;
        let first = |dimension: usize| part.get(dimension).and_then(|set| set.iter().next()).unwrap_or(0);
        let text = |texts: &[String], at: usize| texts.get(at).cloned().unwrap_or_default();
        let (action, resource) = found.usual.unwrap_or((first(1), first(2)));
        let name = text(&self.actions.texts, action);
        let asking = self.asking(part, &name).unwrap_or_else(|| first(0));
        let mut context: BTreeMap<String, Values> = self
            .domains
            .iter()
            .enumerate()
            .filter_map(|(at, domain)| Some((domain.key.to_string(), domain.values.get(first(3 + at))?.clone()?)))
            .collect();
        for key in &self.derived {
            let Some(domain) = self.domains.get(key.domain) else { continue };
            match key.values.get(asking) {
                Some(Derived::Is(text)) => {
                    context.insert(domain.key.to_string(), Values::One(text.clone()));
                }
                Some(Derived::Absent) => {
                    context.remove(&*domain.key);
                }
                Some(Derived::Unknown) | None => {}
            }
        }
        Witness {
            principal: (kind == Kind::Resource).then(|| text(&self.principals.names, asking)),
            action: name,
            resource: text(&self.resources.texts, resource),
            context,
        }
    }

    /// An action and a resource of a part that the catalogue knows to go together, with the keys that the part asks for.
    /// `written` is for an action that a policy names in full: one that the catalogue does not know is believed.
    pub(super) fn usual(&self, part: &Region, written: bool) -> Option<(usize, usize)> {
        let keys: Vec<&str> = self
            .domains
            .iter()
            .enumerate()
            .filter(|(at, domain)| part.get(3 + at).is_some_and(|values| domain.is_asked_for(values)))
            .map(|(_, domain)| &*domain.key)
            .collect();
        let texts: Vec<(usize, &str)> =
            part.get(2)?.iter().filter_map(|at| Some((at, &**self.resources.texts.get(at)?))).collect();
        let mut left = PAIRS;
        for (at, name) in part.get(1)?.iter().filter_map(|at| Some((at, self.actions.texts.get(at)?))) {
            let Some(action) = catalog::action(name) else {
                if written || has_unknown(name) {
                    return Some((at, texts.first()?.0));
                }
                continue;
            };
            if keys.iter().any(|key| is_never_sent(key, &action)) {
                continue;
            }
            left = left.checked_sub(texts.len().max(1))?;
            if let Some((resource, _)) = texts.iter().find(|(_, text)| is_resource_of(&action, text)) {
                return Some((at, *resource));
            }
        }
        None
    }

    /// The formats of the resources that the first actions of a part have, of those that pass a test.
    pub(super) fn formats(&self, part: &Region, test: impl Fn(&Action) -> bool) -> Vec<&'static str> {
        let names = part.get(1).into_iter().flat_map(|set| set.iter().filter_map(|at| self.actions.texts.get(at)));
        let actions = names.filter_map(|name| catalog::action(name)).filter(test).take(FORMATS);
        let mut formats: Vec<&str> = Vec::new();
        for format in actions.flat_map(|action| familiar::formats(&action)) {
            if !formats.contains(&format) {
                formats.push(format);
            }
        }
        formats.truncate(FORMATS);
        formats
    }
}

/// False for an action that only those ask for whom a provider vouches, and somebody else; and for such a one and another action.
fn can_ask(name: &str, action: &str) -> bool {
    let through = |provider: &str| matches!(Caller::parse(name), Some(Caller::Federated(by)) if by.contains(provider));
    let is = |wanted: &str| action.eq_ignore_ascii_case(wanted);
    if is("sts:AssumeRoleWithSAML") {
        through(":saml-provider/")
    } else if is("sts:AssumeRoleWithWebIdentity") {
        through("") && !through(":saml-provider/")
    } else {
        !through("")
    }
}

/// True if requests for an action are on such a resource, as far as the catalogue tells.
fn is_resource_of(action: &Action, text: &str) -> bool {
    if text.chars().all(Letters::is_one) {
        return true;
    }
    // What is not known of it may be any text.
    let text: String = text.chars().map(|letter| if Letters::is_one(letter) { '*' } else { letter }).collect();
    match &*text {
        "*" => action.targets().next().is_none(),
        text => !action.takes_only_wildcard() && Wanted::of(&ResourcePattern::new(text)).suits(action),
    }
}

/// A format of the catalogue as a pattern.
pub(super) fn of_format(format: &str) -> Glob {
    Glob::of_arn(&open(format))
}

/// True for the form of an ARN, and for what may turn out to have it.
pub(super) fn is_arn(text: &str) -> bool {
    text.starts_with("arn:") && text.matches(':').count() >= 5 || has_unknown(text)
}

/// A format of the catalogue with something in each place.
pub(super) fn filled(format: &str) -> String {
    let mut text = String::new();
    let mut rest = format;
    while let Some((before, (name, behind))) =
        rest.split_once("${").and_then(|(before, inside)| Some((before, inside.split_once('}')?)))
    {
        text.push_str(before);
        text.push_str(match name {
            "Partition" => "aws",
            "Region" => "eu-west-1",
            "Account" => "111122223333",
            _ => "example",
        });
        rest = behind;
    }
    text + rest
}
