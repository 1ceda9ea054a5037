//! `<<`: a map that takes over the entries of others.

use super::super::{Node, NodeKind, Notation};
use super::reader::{Alias, LEAF, Reader};
use std::collections::HashSet;

impl Reader<'_> {
    /// The value of a `<<`: an alias, or a list of them. The entry itself goes, if it is one of these.
    pub(super) fn take_over(&mut self, key: u32, end: u32) {
        let values = self.nodes.get(key as usize + 1..end as usize).unwrap_or(&[]);
        let values = match values {
            [list, items @ ..] if list.kind == NodeKind::Seq && list.notation != Notation::Alias => items,
            values => values,
        };
        let maps = values.iter().map(|value| {
            let known = value.notation == Notation::Alias && value.kind == NodeKind::Map;
            // A tag is written as a map too, but nobody merges the call of a function.
            known.then_some(Alias { target: value.decoded, span: value.span, extent: LEAF })
        });
        let Some(maps) = maps.collect::<Option<Vec<Alias>>>() else { return };
        self.nodes.truncate(key as usize);
        if let Some(open) = self.open.last_mut() {
            open.merged.extend(maps);
        }
    }

    /// Adds the entries of merged maps that the map does not have itself; of several maps the first one counts.
    pub(super) fn merge(&mut self) {
        let Some(open) = self.open.last_mut().filter(|open| !open.merged.is_empty()) else { return };
        let (map, merged) = (open.node, std::mem::take(&mut open.merged));
        let mut taken: HashSet<String> =
            self.keys(map, self.nodes.len() as u32).map(|(key, _)| self.name(key)).collect();
        for alias in merged {
            let end = self.nodes.get(alias.target as usize).map_or(0, |node| node.next);
            let entries: Vec<(u32, u32)> = self.keys(alias.target, end).collect();
            for (key, value) in entries {
                let name = self.name(key);
                if taken.insert(name) {
                    for target in [key, value] {
                        let target = self.target(target);
                        self.push_alias(&Alias { target, ..alias });
                    }
                }
            }
        }
    }

    /// The keys and values of a map whose last node stands before `end`.
    fn keys(&self, map: u32, end: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let next = move |at: u32| self.nodes.get(at as usize).map_or(end, |node| node.next);
        let keys = std::iter::successors(Some(map + 1), move |key| Some(next(next(*key))));
        keys.take_while(move |key| *key < end).map(move |key| (key, next(key)))
    }

    fn target(&self, node: u32) -> u32 {
        match self.nodes.get(node as usize) {
            Some(Node { notation: Notation::Alias, decoded, .. }) => *decoded,
            _ => node,
        }
    }

    fn name(&self, key: u32) -> String {
        let Some(node) = self.nodes.get(self.target(key) as usize) else { return String::new() };
        let raw = self.text.get(node.span.range()).unwrap_or("");
        let kept = self.decoded.get(node.decoded as usize);
        kept.map_or(raw.trim_matches(['"', '\'']), |text| text).to_owned()
    }
}
