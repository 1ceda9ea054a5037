//! From a tree to a policy: total, so that nothing is lost. What does not fit is kept as a [`Flaw`] with its place, and the
//! rest is read as far as it goes.

mod conditions;
mod elsewhere;
mod minified;
mod size;
mod stands;
mod texts;

pub use stands::{Object, Resolve, Stands};
pub(crate) use texts::principal;

use super::*;
use crate::document::{NodeKind, NodeRef};
use crate::extract::{Flaw, FlawKind, Remedy};
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// Reads a policy document. `node` is the map that holds `Statement`, a statement, or a list of them; anything else gives an
/// empty policy and a flaw. What is not written out is what `resolve` says.
pub fn policy(node: NodeRef<'_>, resolve: &dyn Resolve) -> (Policy, Vec<Flaw>) {
    let mut lower = Lower::new(resolve);
    let policy = lower.policy(node);
    (policy, spelled_together(lower.flaws))
}

/// The flaws with one for all keys in the wrong letter case: whoever writes them so has one thing wrong.
fn spelled_together(flaws: Vec<Flaw>) -> Vec<Flaw> {
    let right = |flaw: &Flaw| match &flaw.remedy {
        Some(Remedy::Spelling(right)) if flaw.kind == FlawKind::UnknownElement => Some(right.clone()),
        _ => None,
    };
    let keys: Vec<(Origin, Box<str>)> = flaws.iter().filter_map(|flaw| Some((flaw.at.clone(), right(flaw)?))).collect();
    if keys.len() < 2 {
        return flaws;
    }
    let more = keys.len() - 1;
    let mut all = Some(keys);
    let together = |mut flaw: Flaw| match (right(&flaw), all.take()) {
        (None, keys) => {
            all = keys;
            Some(flaw)
        }
        (Some(_), keys) => keys.map(|keys| {
            let plural = if more == 1 { "key is" } else { "keys are" };
            flaw.detail = format!("{}, and {more} more {plural} in the wrong letter case", flaw.detail);
            flaw.remedy = Some(Remedy::Spellings(keys));
            flaw
        }),
    };
    flaws.into_iter().filter_map(together).collect()
}

/// Reads one string or a list of strings, as entries of the element of this name. `make` takes each text.
pub(crate) fn texts<T>(
    node: NodeRef<'_>,
    element: &str,
    make: fn(&str) -> T,
    resolve: &dyn Resolve,
) -> (List<T>, Vec<Flaw>) {
    let mut lower = Lower::new(resolve);
    let list = lower.texts(node, element, make);
    (list, lower.flaws)
}

/// Reads one string.
pub(crate) fn text(node: NodeRef<'_>, element: &str, resolve: &dyn Resolve) -> Spanned<Value<Box<str>>> {
    Lower::new(resolve).text(node, element)
}

/// Reads a version.
pub(crate) fn version(node: NodeRef<'_>, resolve: &dyn Resolve) -> Spanned<Value<Version>> {
    let Spanned { value, origin } = text(node, "Version", resolve);
    Spanned { value: value.map(&mut version_of), origin }
}

/// Reads an effect.
pub(crate) fn effect(node: NodeRef<'_>, resolve: &dyn Resolve) -> Spanned<Value<Effect>> {
    Lower::new(resolve).effect(node)
}

/// True for a string that another program puts something in before AWS sees it.
fn is_filled_in(node: NodeRef<'_>) -> bool {
    node.kind() == NodeKind::String && node.as_str().is_some_and(has_placeholder)
}

/// True if something in a node is chosen at deployment.
pub(crate) fn chooses(node: NodeRef<'_>) -> bool {
    matches!(node.kind(), NodeKind::Either)
        || node.entries().any(|(_, value)| chooses(value))
        || node.items().chain(node.arguments()).any(chooses)
}

/// The elements of a document and of a statement, in AWS's spelling.
pub(crate) const DOCUMENT: [&str; 3] = ["Version", "Id", "Statement"];
pub(crate) const STATEMENT: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

struct Lower<'r> {
    flaws: Vec<Flaw>,
    /// How many choices of the deployment have been met.
    chosen: u32,
    /// How many of them what is being read stands in.
    within: u32,
    /// In how many values what is being read stands that deployment may replace.
    replaceable: u32,
    /// What [`Resolve::in_strings`] says.
    in_strings: bool,
    resolve: &'r dyn Resolve,
}

impl<'r> Lower<'r> {
    fn new(resolve: &'r dyn Resolve) -> Self {
        let in_strings = resolve.in_strings();
        Lower { flaws: Vec::new(), chosen: 0, within: 0, replaceable: 0, in_strings, resolve }
    }

    fn flaw(&mut self, kind: FlawKind, at: NodeRef<'_>, detail: impl Into<String>) {
        let at = self.place(at);
        self.flaws.push(Flaw { kind, at, detail: detail.into(), remedy: None });
    }

    /// Says how what the last flaw is about is written right, where it is only a matter of letter case.
    fn spelled(&mut self, right: Option<&str>) {
        if let Some(right) = right {
            self.set_right(Remedy::Spelling(right.into()));
        }
    }

    /// Says what sets the last flaw right.
    fn set_right(&mut self, remedy: Remedy) {
        if let Some(flaw) = self.flaws.last_mut() {
            flaw.remedy = Some(remedy);
        }
    }

    fn structure(&mut self, at: NodeRef<'_>, detail: impl Into<String>) {
        // Another program puts something there: `${file(x.yml)}`, `{{ statements }}`.
        if is_filled_in(at) {
            return;
        }
        self.flaw(FlawKind::Structure, at, detail);
    }

    fn policy(&mut self, node: NodeRef<'_>) -> Policy {
        let minified = minified::minified(node);
        let mut policy = Policy {
            origin: node.origin(),
            version: None,
            id: None,
            statements: Vec::new(),
            open: false,
            unseen: Vec::new(),
            unknown: Vec::new(),
            size: self.size(node, &minified),
            digest: xxh3_64(minified.as_bytes()),
        };
        match node.kind() {
            NodeKind::Map => {}
            NodeKind::Seq => {
                policy.version = outside(node);
                self.statements(node, &mut policy);
                return policy;
            }
            _ => {
                self.structure(node, "a policy is an object with `Version` and `Statement`");
                return policy;
            }
        }
        if !self.is_plain(node) {
            policy.open = true;
            policy.unseen.push(node.raw().into());
            return policy;
        }
        if node.get("Statement").is_none() && node.get("Effect").is_some() {
            policy.version = outside(node);
            self.statements(node, &mut policy);
            return policy;
        }
        let entries: Vec<_> = node.entries().collect();
        let elements = self.elements(&entries, &DOCUMENT, "policy");
        let stated = elements.iter().any(|(element, ..)| *element == Some("Statement"));
        for (element, key, value) in elements {
            match element {
                Some("Version") => {
                    let Spanned { value, origin } = self.text(value, "Version");
                    policy.version = Some(Spanned { value: value.map(&mut version_of), origin });
                }
                Some("Id") => policy.id = Some(self.text(value, "Id")),
                Some(_) => self.statements(value, &mut policy),
                None => policy.unknown.push(spanned_key(key)),
            }
        }
        if !stated
            && policy.unknown.is_empty()
            && !node.entries().any(|(key, _)| key.as_str().is_none_or(str::is_empty))
        {
            self.structure(node, "the policy has no `Statement`");
        }
        policy
    }

    fn statements(&mut self, value: NodeRef<'_>, policy: &mut Policy) {
        self.each(value, &mut |lower, node, stands, _| match (stands, node.kind()) {
            (Stands::Elsewhere, _) => lower.elsewhere(node, policy),
            (Stands::Plain, NodeKind::Map) => {
                let entries: Vec<_> = node.entries().collect();
                let mut statement = lower.statement(node, &entries);
                statement.contingent |= lower.within > 0;
                statement.chooses_values &= lower.within == 0;
                policy.statements.push(statement);
            }
            (Stands::Plain, kind) if kind != NodeKind::Error && !is_filled_in(node) => {
                lower.structure(node, "a statement is an object with `Effect`, `Action` and `Resource`");
                if kind == NodeKind::Seq {
                    // A function may have made one list of several.
                    policy.open = true;
                    policy.unseen.push(node.raw().into());
                }
            }
            _ => {
                policy.open = true;
                policy.unseen.push(node.raw().into());
            }
        });
    }

    fn statement(&mut self, node: NodeRef<'_>, entries: &[(NodeRef<'_>, NodeRef<'_>)]) -> Statement {
        let mut statement = Statement::empty(node.origin());
        let (before, mut of_conditions) = (self.chosen, 0);
        for (element, key, value) in self.elements(entries, &STATEMENT, "statement") {
            let Some(element) = element else {
                statement.unknown.push(spanned_key(key));
                continue;
            };
            let negated = element.starts_with("Not");
            let both = match element {
                "Sid" => {
                    statement.sid = Some(self.text(value, "Sid"));
                    false
                }
                "Effect" => {
                    statement.effect = Some(self.effect(value));
                    false
                }
                "Condition" => {
                    statement.condition_origin = Some(value.origin());
                    let before = self.chosen;
                    self.conditions(value, &mut statement);
                    of_conditions = self.chosen - before;
                    false
                }
                "Principal" | "NotPrincipal" => {
                    let list = self.principals(value);
                    statement.bare_principal = !negated && value.kind() == NodeKind::String;
                    put(&mut statement.principal, Element { key: key.origin(), negated, list })
                }
                "Action" | "NotAction" => {
                    let list = self.texts(value, element, ActionPattern::new);
                    put(&mut statement.action, Element { key: key.origin(), negated, list })
                }
                _ => {
                    let list = self.texts(value, element, ResourcePattern::new);
                    put(&mut statement.resource, Element { key: key.origin(), negated, list })
                }
            };
            if both {
                let plain = element.trim_start_matches("Not");
                self.structure(key, format!("a statement has either `{plain}` or `Not{plain}`, not both"));
            }
        }
        let chosen = self.chosen - before;
        statement.contingent = chosen > 0;
        statement.chooses_values = statement.contingent && chosen == of_conditions;
        // A key that the reader lost to a syntax error may be the one that is missing.
        let complete = !entries.iter().any(|(key, _)| key.as_str().is_none_or(str::is_empty));
        if complete && statement.effect.is_none() {
            self.structure(node, "the statement has no `Effect`: it is neither `Allow` nor `Deny`");
        }
        if complete && statement.action.is_none() {
            self.structure(node, "the statement has neither `Action` nor `NotAction`");
        }
        statement
    }

    /// The entries of a map with the element that each key names. Keys in the wrong letter case count as that element and
    /// are a flaw, duplicate keys are a flaw and the last one counts.
    fn elements<'t>(
        &mut self,
        entries: &[(NodeRef<'t>, NodeRef<'t>)],
        known: &[&'static str],
        of: &str,
    ) -> Vec<(Option<&'static str>, NodeRef<'t>, NodeRef<'t>)> {
        let mut elements: Vec<(Option<&'static str>, NodeRef<'t>, NodeRef<'t>)> = Vec::with_capacity(known.len());
        for (key, value) in entries.iter().copied() {
            let Some(name) = key.as_str().filter(|name| !name.is_empty()) else { continue };
            let element = known.iter().find(|known| **known == name).copied();
            let element = element.or_else(|| {
                let near = known.iter().find(|known| known.eq_ignore_ascii_case(name)).copied();
                let hint = match near {
                    Some(near) => format!("`{name}` is written `{near}`"),
                    None => format!("`{name}` is no element of a {of}"),
                };
                self.flaw(FlawKind::UnknownElement, key, hint);
                // Where both stand there, a person has to choose.
                let both = |near: &&str| entries.iter().any(|(key, _)| key.as_str() == Some(*near));
                self.spelled(near.filter(|near| !both(near)));
                near
            });
            let same = |(_, other, _): &(_, NodeRef<'t>, _)| other.as_str() == Some(name);
            if let Some(earlier) = elements.iter().position(same) {
                self.flaw(FlawKind::DuplicateKey, key, format!("`{name}` stands twice in one {of}"));
                elements.remove(earlier);
            }
            elements.push((element, key, value));
        }
        elements
    }
}

/// Puts an element in its place; true if the other form of it is there already. The same form in another letter case is
/// left out: that flaw is known.
fn put<T>(slot: &mut Option<Element<T>>, element: Element<T>) -> bool {
    match slot {
        Some(taken) => taken.negated != element.negated,
        None => {
            *slot = Some(element);
            false
        }
    }
}

/// The version of a document of which only the statements are written: whoever puts them into one decides.
fn outside(node: NodeRef<'_>) -> Option<Spanned<Value<Version>>> {
    Some(Spanned { value: Value::Unknown(Arc::from("Version")), origin: node.origin() })
}

fn spanned_key(key: NodeRef<'_>) -> Spanned<Box<str>> {
    Spanned { value: key.as_str().unwrap_or("").into(), origin: key.origin() }
}

fn version_of(text: Box<str>) -> Version {
    match &*text {
        "2012-10-17" => Version::V2012,
        "2008-10-17" => Version::V2008,
        _ => Version::Other(text),
    }
}
