//! `inline-policy`

use super::Rule;
use crate::extract::{EntityKind, Fact};
use crate::finding::Problem;
use crate::settings::Settings;

/// A policy that stands in a group or a role.
pub(super) struct InlinePolicy;

impl Rule for InlinePolicy {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::Entity(entity) = fact else { return };
        if entity.kind == EntityKind::InlinePolicy {
            out.push(
                Problem::new(&entity.at, "this policy stands inside of a role or a group")
                    .note("nobody else can use it, and it has no versions to go back to")
                    .help("make it a managed policy, and attach it"),
            );
        }
    }
}
