//! What items of lists are called: their numbers change with what is put before them.

use super::Site;
use crate::document::{NodeKind, NodeRef, Siblings, json, yaml};
use crate::extract::language;
use crate::source::{SourceFile, Span};
use std::borrow::Cow;
use std::collections::HashMap;

/// Below so many maps of an item its names are looked for: the arguments of a task of Ansible, `metadata` of Kubernetes.
const DEPTH: u32 = 1;

/// Where a policy stands, by what the items of lists on the way to it are called.
#[derive(Clone, Default)]
pub(in crate::cli) struct Way {
    /// The keys and names; the number of an item without a name, or with one that another has, too.
    pub(in crate::cli) text: Box<str>,
    /// The same with a `*` for each such number; none if there is none.
    pub(in crate::cli) list: Option<Box<str>>,
}

/// Says of the policies of a file where they stand.
pub(super) fn name(sites: &mut [Site], file: &SourceFile<'static>) {
    let is_number = |step: &str| !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    let several = sites.iter().enumerate().any(|(at, site)| sites.iter().take(at).any(|other| other.path == site.path));
    let listed = sites.iter().any(|site| site.path.split('/').any(is_number));
    for site in sites.iter_mut() {
        site.way.text.clone_from(&site.path);
    }
    if !listed && !several {
        return;
    }
    let text = Cow::Borrowed(file.text());
    let tree = match language(file) {
        "JSON" if json_like(file) => json::parse(file.id, text, None).0,
        "YAML" => yaml::parse(file.id, text, None).0,
        _ => return,
    };
    let mut names = Names::default();
    let documents = names.of(tree.roots());
    for site in sites {
        let at = site.attached.as_ref().unwrap_or(&site.document.policy.origin).at.span;
        let within = |root: &NodeRef<'_>| contains(root.loc().span, at);
        let Some((number, root)) = tree.roots().enumerate().find(|(_, root)| within(root)) else { continue };
        let mut way = Steps::default();
        if tree.roots().nth(1).is_some() {
            way.item(number, documents.get(number).and_then(Option::as_deref));
        }
        names.follow(root, &site.path, &mut way);
        site.way = way.end();
    }
}

fn json_like(file: &SourceFile<'_>) -> bool {
    file.text().trim_start().starts_with(['{', '['])
}

fn contains(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// The steps of a way.
#[derive(Default)]
struct Steps {
    text: Vec<String>,
    list: Vec<String>,
    numbered: bool,
}

impl Steps {
    fn key(&mut self, key: &str) {
        self.text.push(key.to_owned());
        self.list.push(key.to_owned());
    }

    fn item(&mut self, number: usize, name: Option<&str>) {
        match name {
            Some(name) => self.key(name),
            None => {
                self.text.push(number.to_string());
                self.list.push("*".to_owned());
                self.numbered = true;
            }
        }
    }

    fn end(self) -> Way {
        Way { text: self.text.join("/").into(), list: self.numbered.then(|| self.list.join("/").into()) }
    }
}

/// What the items of lists are called, by where the lists begin.
#[derive(Default)]
struct Names(HashMap<u32, Vec<Option<String>>>);

impl Names {
    /// The names of items; none for one that has none of its own.
    fn of(&self, items: Siblings<'_>) -> Vec<Option<String>> {
        let names: Vec<String> = items.map(own_name).collect();
        let mut times: HashMap<&str, u32> = HashMap::new();
        names.iter().for_each(|name| *times.entry(name).or_default() += 1);
        let own = |name: &String| (!name.is_empty() && times.get(&**name) == Some(&1)).then(|| name.clone());
        names.iter().map(own).collect()
    }

    /// Follows a path from the top of a document.
    fn follow(&mut self, root: NodeRef<'_>, path: &str, way: &mut Steps) {
        let (mut node, mut rest) = (root, path);
        while !rest.is_empty() {
            let behind = |key: &str| match rest.strip_prefix(key)? {
                "" => Some(""),
                more => more.strip_prefix('/'),
            };
            let item = || {
                let number = rest.split('/').next()?;
                Some((node.items().nth(number.parse().ok()?)?, behind(number)?))
            };
            if let Some((found, more)) = item() {
                let names = self.0.entry(node.span().start).or_insert_with(|| Names::default().of(node.items()));
                let number = rest.split('/').next().and_then(|number| number.parse().ok()).unwrap_or(0);
                way.item(number, names.get(number).and_then(Option::as_deref));
                (node, rest) = (found, more);
                continue;
            }
            // A key may have a `/` in it.
            let keys = node.entries().filter_map(|(key, value)| {
                let key = key.as_str()?;
                Some((key, value, behind(key)?))
            });
            let Some((key, found, more)) = keys.max_by_key(|(key, ..)| key.len()) else {
                way.key(rest);
                return;
            };
            way.key(key);
            (node, rest) = (found, more);
        }
    }
}

/// What an item says that it is called; empty if nothing.
fn own_name(item: NodeRef<'_>) -> String {
    let mut parts = Vec::new();
    collect(item, DEPTH, &mut parts);
    parts.sort_unstable();
    parts.join(" ")
}

fn collect(node: NodeRef<'_>, depth: u32, parts: &mut Vec<String>) {
    for (key, value) in node.entries() {
        let key = key.as_str().unwrap_or("");
        match value.kind() {
            NodeKind::String | NodeKind::Number if names(key) => {
                parts.push(format!("{key}={}", value.as_str().unwrap_or(value.raw())));
            }
            NodeKind::Map if depth > 0 => collect(value, depth - 1, parts),
            _ => {}
        }
    }
}

/// True for a key whose value tells an item from others.
fn names(key: &str) -> bool {
    const KEYS: [&str; 11] =
        ["id", "sid", "arn", "address", "namespace", "role", "user", "group", "kind", "type", "index_key"];
    let key = key.to_ascii_lowercase();
    key.ends_with("name") || KEYS.contains(&&*key)
}
