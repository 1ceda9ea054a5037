//! The byte scan: which files are worth reading. It must never miss what the extractors would find; a test runs everything
//! with the scan switched off and expects the same output.

use super::{
    credentials, database, entity, guests, json, password_policy, permission, profile, root_user, sam, shell,
    terraform, yaml,
};
use aho_corasick::{AhoCorasick, packed};
use std::sync::LazyLock;

/// True if the file may tell something, by its bytes. A file in UTF-16 always may.
pub fn looks_relevant(bytes: &[u8]) -> bool {
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
    matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) || NEEDLES.any_in(bytes)
}

/// Texts of which one must be there.
pub(crate) struct Needles {
    /// Vectorised, where the processor can: most bytes that a run touches are touched here only.
    packed: Option<packed::Searcher>,
    plain: Option<AhoCorasick>,
}

impl Needles {
    pub(crate) fn new<'n>(needles: impl Iterator<Item = &'n &'n str> + Clone) -> Self {
        let packed = packed::Searcher::new(needles.clone());
        let plain = if packed.is_none() { AhoCorasick::new(needles).ok() } else { None };
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
