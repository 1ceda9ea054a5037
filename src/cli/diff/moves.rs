//! Which policy of the old state one is that stands where there was none.

use crate::cli::state::Site;
use std::collections::BTreeSet;

/// Documents of which fewer words are the same are different ones: half of them, in hundredths.
const ALIKE: usize = 50;

/// A policy, with what tells it from others.
struct Known<'g, 's> {
    group: &'g [&'s Site],
    words: BTreeSet<&'g str>,
}

/// Pairs of policies of the same kind, each old and each new one once: those of one holder first, then those of one place in a
/// file of another name, then those that are most alike.
pub(super) fn pair<'s>(gone: &[Vec<&'s Site>], come: &[Vec<&'s Site>]) -> Vec<(Vec<&'s Site>, Vec<&'s Site>)> {
    let [gone, come] =
        [gone, come].map(|all| all.iter().map(|group| Known { group, words: words(group) }).collect::<Vec<_>>());
    let mut likely: Vec<(Likeness, usize, usize)> = Vec::new();
    for (new, is) in come.iter().enumerate() {
        likely.extend(gone.iter().enumerate().filter_map(|(old, was)| Some((is.likeness(was)?, old, new))));
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
            pairs.push((was.group.to_vec(), is.group.to_vec()));
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
        let place = !one.path.is_empty() && one.path == two.path || file_name(one) == file_name(two);
        let both = self.words.intersection(&other.words).count();
        let words = 100 * both / (self.words.len() + other.words.len() - both).max(1);
        (holder || place || words >= ALIKE).then_some((holder, place, words))
    }
}

fn file_name(site: &Site) -> &str {
    site.document.file.rsplit('/').next().unwrap_or("")
}

/// The words of the statements, whatever language they are written in.
fn words<'g>(group: &'g [&Site]) -> BTreeSet<&'g str> {
    let texts = group.iter().flat_map(|site| {
        let statements = site.document.policy.statements.iter();
        statements.filter_map(|statement| Some(site.file(&statement.origin)?.slice(statement.origin.at.span)))
    });
    texts
        .flat_map(|text| text.split(|letter: char| letter.is_whitespace() || "\"',[]{}=".contains(letter)))
        .filter(|word| !word.is_empty())
        .collect()
}
