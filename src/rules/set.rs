//! The rules of a run: those of `whit`, and the user's own.

use super::{Category, Entry, all};
use std::fmt;
use std::sync::{Arc, LazyLock};

/// Rules, sorted by id.
#[derive(Clone)]
pub struct RuleSet(Arc<[&'static Entry]>);

impl RuleSet {
    /// These and others.
    #[must_use]
    pub fn with(&self, others: impl IntoIterator<Item = &'static Entry>) -> Self {
        let mut entries: Vec<&'static Entry> = self.iter().chain(others).collect();
        entries.sort_by_key(|entry| entry.doc.id);
        entries.dedup_by_key(|entry| entry.doc.id);
        RuleSet(entries.into())
    }

    /// All, by id.
    pub fn iter(&self) -> impl Iterator<Item = &'static Entry> + Clone + '_ {
        self.0.iter().copied()
    }

    /// The rule with this id.
    pub fn find(&self, id: &str) -> Option<&'static Entry> {
        self.place_of(id).and_then(|at| self.0.get(at).copied())
    }

    /// The ids that a word stands for: a rule's own, or those of a category; none if it is neither.
    pub fn named(&self, word: &str) -> Vec<&'static str> {
        let of_category = self.iter().filter(|entry| entry.doc.category.as_str() == word);
        self.find(word).map_or_else(|| of_category.map(|entry| entry.doc.id).collect(), |entry| vec![entry.doc.id])
    }

    /// The words of [`RuleSet::named`].
    pub fn words(&self) -> Vec<&'static str> {
        self.ids().into_iter().chain(Category::names()).collect()
    }

    /// The place of the rule with this id.
    pub fn place_of(&self, id: &str) -> Option<usize> {
        self.0.binary_search_by_key(&id, |entry| entry.doc.id).ok()
    }

    /// All ids, sorted.
    pub fn ids(&self) -> Vec<&'static str> {
        self.iter().map(|entry| entry.doc.id).collect()
    }
}

impl Default for RuleSet {
    /// The rules of `whit`.
    fn default() -> Self {
        static OURS: LazyLock<RuleSet> = LazyLock::new(|| RuleSet(all().iter().collect()));
        OURS.clone()
    }
}

impl fmt::Debug for RuleSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|entry| entry.doc.id)).finish()
    }
}
