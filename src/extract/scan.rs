//! The byte scan: which files are worth reading. It must never miss what the extractors would find; a test runs everything
//! with the scan switched off and expects the same output.

use super::{
    credentials, database, entity, guests, json, password_policy, permission, profile, root_user, sam, shell,
    terraform, yaml,
};
use aho_corasick::{AhoCorasick, packed};
use std::sync::LazyLock;

static NEEDLES: LazyLock<Needles> = LazyLock::new(|| {
    Needles::new(
        json::NEEDLES
            .iter()
            .chain(yaml::NEEDLES)
            .chain(terraform::NEEDLES)
            .chain(shell::NEEDLES.into_iter().flatten())
            .chain(credentials::NEEDLES)
            .chain(database::NEEDLES)
            .chain(guests::NEEDLES)
            .chain(entity::NEEDLES)
            .chain(password_policy::NEEDLES)
            .chain(permission::NEEDLES)
            .chain(profile::NEEDLES)
            .chain(root_user::NEEDLES)
            .chain(sam::NEEDLES),
    )
});

/// True if the file may tell something, by its bytes. A file in UTF-16 always may.
pub fn looks_relevant(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) || NEEDLES.any_in(bytes)
}

/// Texts of which one must be there.
pub(crate) struct Needles {
    /// Vectorised, where the processor can: most bytes that a run touches are touched here only.
    packed: Option<packed::Searcher>,
    plain: Option<AhoCorasick>,
}

impl Needles {
    pub(crate) fn new<'n>(needles: impl Iterator<Item = &'n &'n str>) -> Self {
        let needles = shortest(needles);
        let packed = packed::Searcher::new(&needles);
        let plain = if packed.is_none() { AhoCorasick::new(&needles).ok() } else { None };
        Needles { packed, plain }
    }

    /// True if one of the texts is in `bytes`; also if it could not be looked for.
    pub(crate) fn any_in(&self, bytes: &[u8]) -> bool {
        match (&self.packed, &self.plain) {
            (Some(packed), _) => packed.find(bytes).is_some(),
            (None, Some(plain)) => plain.is_match(bytes),
            (None, None) => true,
        }
    }
}

/// The texts without those in which another one stands: where they are found, it is. The vectorised searcher takes 64 at
/// most.
fn shortest<'n>(needles: impl Iterator<Item = &'n &'n str>) -> Vec<&'n str> {
    let mut needles: Vec<&str> = needles.copied().collect();
    needles.sort_unstable_by_key(|needle| (needle.len(), *needle));
    needles.dedup();
    let is_needed = |at: &usize| !needles[..*at].iter().any(|shorter| needles[*at].contains(shorter));
    (0..needles.len()).filter(is_needed).map(|at| needles[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_texts_the_one_in_the_other_is_looked_for() {
        assert_eq!(shortest(["policy", "a policy", "b", "role", "policy"].iter()), ["b", "role", "policy"]);
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn the_scan_is_vectorised() {
        assert!(packed::Searcher::new(["Action"]).is_none() || NEEDLES.packed.is_some());
    }
}
