//! `empty-group`

use super::Rule;
use crate::extract::{EntityKind, Fact};
use crate::finding::Problem;
use crate::settings::Settings;

/// A group that nothing puts a user into.
pub(super) struct EmptyGroup;

impl Rule for EmptyGroup {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::Entity(entity) = fact else { return };
        if entity.kind == EntityKind::EmptyGroup {
            out.push(
                Problem::new(&entity.at, "nobody is in this group")
                    .note("whoever is added later gets all that it has been given meanwhile")
                    .help("put the users into it who need it, or delete it"),
            );
        }
    }
}
