//! Which policy of the old state one is that stands where there was none.

use crate::access::compare::Kind;
use crate::cli::state::Site;
use std::collections::{BTreeMap, BTreeSet};

/// Documents of which fewer words are the same are different ones: half of them, in hundredths.
const ALIKE: usize = 50;

/// A policy, with what tells it from others.
struct Known<'g, 's> {
    group: &'g Sites<'s>,
    words: BTreeSet<&'g str>,
}

/// Policies that count together.
pub(super) type Sites<'s> = Vec<&'s Site>;

/// What was, and what is.
pub(super) type Pair<'s> = (Sites<'s>, Sites<'s>);

/// Pairs of items of the same list, each old and each new one once: those of the same text first, then those that are most alike, and
/// of those the ones of the same number. With `files` the names of their files mean nothing.
pub(super) fn items<'s>(was: &[Sites<'s>], is: &[Sites<'s>], files: bool) -> Vec<Pair<'s>> {
    type List<'l> = (&'l str, &'l str, bool);
    type Lists<'l, 's> = BTreeMap<List<'l>, Vec<Sites<'s>>>;
    fn lists<'l, 's>(groups: &'l [Sites<'s>], files: bool) -> Lists<'l, 's> {
        let mut lists = Lists::new();
        for group in groups {
            if let Some((site, list)) = group.first().and_then(|site| Some((*site, site.way.list.as_deref()?))) {
                let file = if files { "" } else { &*site.document.file };
                lists.entry((file, list, site.kind == Kind::Identity)).or_default().push(group.clone());
            }
        }
        lists
    }
    let (mut was, mut pairs) = (lists(was, files), Vec::new());
    for (list, mut is) in lists(is, files) {
        let Some(mut was) = was.remove(&list) else { continue };
        // Those that did not change are many.
        let mut same: BTreeMap<String, Vec<Sites<'s>>> = BTreeMap::new();
        was.drain(..).rev().for_each(|group| same.entry(text(&group)).or_default().push(group));
        is.retain(|now| match same.get_mut(&text(now)).and_then(Vec::pop) {
            Some(before) => {
                pairs.push((before, now.clone()));
                false
            }
            None => true,
        });
        let left: Vec<Sites<'s>> = same.into_values().flatten().collect();
        pairs.extend(best(&left, &is, |is, was| {
            let number = is.group.first()?.way.text == was.group.first()?.way.text;
            let words = is.words_of(was);
            (number || words >= ALIKE).then_some((words, number))
        }));
    }
    pairs
}

/// Pairs of policies of the same kind, each old and each new one once: those of one holder first, then those of one place in a
/// file of another name, then those that are most alike.
pub(super) fn pair<'s>(gone: &[Sites<'s>], come: &[Sites<'s>]) -> Vec<Pair<'s>> {
    best(gone, come, |is, was| is.likeness(was))
}

/// The pairs that are most alike; none for what has no likeness.
fn best<'s, L: Ord>(
    gone: &[Sites<'s>],
    come: &[Sites<'s>],
    likeness: impl Fn(&Known<'_, 's>, &Known<'_, 's>) -> Option<L>,
) -> Vec<Pair<'s>> {
    let [gone, come] =
        [gone, come].map(|all| all.iter().map(|group| Known { group, words: words(group) }).collect::<Vec<_>>());
    let mut likely: Vec<(L, usize, usize)> = Vec::new();
    for (new, is) in come.iter().enumerate() {
        likely.extend(gone.iter().enumerate().filter_map(|(old, was)| Some((likeness(is, was)?, old, new))));
    }
    likely.sort_by(|one, other| other.0.cmp(&one.0).then((one.1, one.2).cmp(&(other.1, other.2))));
    let (mut taken_old, mut taken_new) = (BTreeSet::new(), BTreeSet::new());
    let mut pairs = Vec::new();
    for (_, old, new) in likely {
        if taken_old.contains(&old) || taken_new.contains(&new) {
            continue;
        }
        if let (Some(was), Some(is)) = (gone.get(old), come.get(new)) {
            taken_old.insert(old);
            taken_new.insert(new);
            pairs.push((was.group.clone(), is.group.clone()));
        }
    }
    pairs
}

/// How likely two are the same: by holder, by place, and by words in hundredths.
type Likeness = (bool, bool, usize);

impl Known<'_, '_> {
    /// None for those that are different.
    fn likeness(&self, other: &Known<'_, '_>) -> Option<Likeness> {
        let (one, two) = (self.group.first()?, other.group.first()?);
        if one.kind != two.kind {
            return None;
        }
        let holder = one.holder.is_some() && one.holder == two.holder;
        let place = !one.way.text.is_empty() && one.way.text == two.way.text || file_name(one) == file_name(two);
        let words = self.words_of(other);
        (holder || place || words >= ALIKE).then_some((holder, place, words))
    }

    /// The words that two have in common, in hundredths of all.
    fn words_of(&self, other: &Known<'_, '_>) -> usize {
        let both = self.words.intersection(&other.words).count();
        100 * both / (self.words.len() + other.words.len() - both).max(1)
    }
}

fn file_name(site: &Site) -> &str {
    site.document.file.rsplit('/').next().unwrap_or("")
}

/// The words of the statements, whatever language they are written in.
fn words<'g>(group: &'g [&Site]) -> BTreeSet<&'g str> {
    all_words(group).collect()
}

/// The statements without what only lays them out.
fn text(group: &[&Site]) -> String {
    all_words(group).collect::<Vec<_>>().join(" ")
}

fn all_words<'g>(group: &'g [&Site]) -> impl Iterator<Item = &'g str> {
    let texts = group.iter().flat_map(|site| {
        let statements = site.document.policy.statements.iter();
        statements.filter_map(|statement| Some(site.file(&statement.origin)?.slice(statement.origin.at.span)))
    });
    texts
        .flat_map(|text| text.split(|letter: char| letter.is_whitespace() || "\"',[]{}=".contains(letter)))
        .filter(|word| !word.is_empty())
}
