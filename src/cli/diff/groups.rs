//! Which policies are compared with which.

use super::moves::{self, Pair, Sites};
use crate::access::compare::Kind;
use crate::cli::state::Site;
use crate::policy::HolderKind;
use std::collections::BTreeMap;

/// What policies have in common that are taken together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Key {
    /// All of one side.
    All,
    /// The identity-based policies of one principal, wherever they stand; the name may mean something in its file only.
    Holder(&'static str, Box<str>, Box<str>),
    /// One place in one file.
    Place(Box<str>, Box<str>),
}

type Groups<'s> = BTreeMap<Key, Sites<'s>>;

/// Policies that are compared: what was, and what is.
pub(super) struct Group<'s> {
    pub(super) kind: Kind,
    pub(super) base: Vec<&'s Site>,
    pub(super) head: Vec<&'s Site>,
}

/// Pairs up two states. `forced` takes all of each side together; `by_path` is for two files, of which the names mean nothing.
///
/// A policy that stands nowhere in the old state is compared with the one of those that stand nowhere in the new one that it most
/// likely was ([`super::moves`]): moving a document is no new access, and what others allowed excuses nothing.
pub(super) fn pair<'s>(base: &'s [Site], head: &'s [Site], forced: Option<Kind>, files: bool) -> Vec<Group<'s>> {
    if let Some(kind) = forced {
        return vec![Group { kind, base: base.iter().collect(), head: head.iter().collect() }];
    }
    let single = files && base.len() == 1 && head.len() == 1;
    let key = |site: &Site| match &site.holder {
        _ if single => Key::All,
        Some(holder) if site.kind == Kind::Identity => Key::Holder(
            match holder.kind {
                HolderKind::User => "user",
                HolderKind::Group => "group",
                HolderKind::Role => "role",
            },
            holder.name.clone(),
            if files { "".into() } else { site.scope.clone() },
        ),
        _ if files => Key::Place("".into(), site.way.text.clone()),
        _ => Key::Place(site.document.file.clone(), site.way.text.clone()),
    };
    let grouped = |sites: &'s [Site]| {
        let mut groups: Groups<'s> = BTreeMap::new();
        for site in sites {
            groups.entry(key(site)).or_default().push(site);
        }
        groups
    };
    let (old, new) = (grouped(base), grouped(head));
    let places = |groups: &Groups<'s>| -> Vec<Sites<'s>> {
        groups.iter().filter(|(key, _)| matches!(key, Key::Place(..))).map(|(_, sites)| sites.clone()).collect()
    };
    // The number of an item changes with what is put before it.
    let mut pairs = moves::items(&places(&old), &places(&new), files);
    let unpaired = |groups: &Groups<'s>,
                    others: &Groups<'s>,
                    taken: for<'p> fn(&'p Pair<'s>) -> &'p Sites<'s>|
     -> Vec<Sites<'s>> {
        let is_left = |key: &Key, sites: &Sites<'s>| {
            let is_elsewhere = is_item(sites) || !others.contains_key(key);
            is_elsewhere && !pairs.iter().any(|pair| is_same(taken(pair), sites))
        };
        let left = groups.iter().filter(|(key, sites)| matches!(key, Key::Place(..)) && is_left(key, sites));
        left.map(|(_, sites)| sites.clone()).collect()
    };
    let moved = moves::pair(&unpaired(&old, &new, |pair| &pair.0), &unpaired(&new, &old, |pair| &pair.1));
    pairs.extend(moved);
    // A principal that a file calls by a name of its own moves with the file.
    let elsewhere = |key: &Key| {
        let is_it = |other: &&Key| {
            matches!((key, *other),
            (Key::Holder(kind, name, scope), Key::Holder(other, same, _)) if kind == other && name == same && !scope.is_empty())
        };
        old.keys().filter(is_it).find(|other| !new.contains_key(other)).and_then(|other| old.get(other))
    };
    let was = |key: &Key, head: &Sites<'s>| {
        let paired = || pairs.iter().find(|(_, now)| is_same(now, head)).map(|(before, _)| before);
        let numbered = matches!(key, Key::Place(..)) && is_item(head);
        let here = old.get(key).filter(|_| !numbered).or_else(|| elsewhere(key));
        here.or_else(paired).cloned().unwrap_or_default()
    };
    let groups = new.iter().map(|(key, head)| {
        let kind = head.first().map_or(Kind::Identity, |site| site.kind);
        Group { kind, base: was(key, head), head: head.clone() }
    });
    groups.collect()
}

/// True for an item of a list that only its number tells from others.
fn is_item(sites: &[&Site]) -> bool {
    sites.iter().any(|site| site.way.list.is_some())
}

fn is_same(one: &[&Site], other: &[&Site]) -> bool {
    one.first().zip(other.first()).is_some_and(|(one, other)| std::ptr::eq(*one, *other))
}
