//! `group-without-policy`

use super::Rule;
use crate::extract::{EntityKind, Fact};
use crate::finding::Problem;
use crate::settings::Settings;

/// A group to which nothing gives a policy.
pub(super) struct GroupWithoutPolicy;

impl Rule for GroupWithoutPolicy {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::Entity(entity) = fact else { return };
        if entity.kind == EntityKind::PowerlessGroup {
            out.push(
                Problem::new(&entity.at, "this group has no policy")
                    .note("whoever is in it may do nothing by that, or has rights of their own instead")
                    .help("give it the policy that its users need, or delete it"),
            );
        }
    }
}
