//! `unused-policy`

use super::Rule;
use crate::extract::{EntityKind, Fact};
use crate::finding::Problem;
use crate::settings::Settings;

/// A managed policy that nobody has.
pub(super) struct UnusedPolicy;

impl Rule for UnusedPolicy {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::Entity(entity) = fact else { return };
        if entity.kind == EntityKind::UnusedPolicy {
            out.push(
                Problem::new(&entity.at, "nobody has this policy")
                    .note("nothing here attaches it or names it")
                    .help("attach it to the role or group that it is for, or delete it"),
            );
        }
    }
}
