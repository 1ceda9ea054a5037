//! `user-policy`

use super::Rule;
use crate::extract::{EntityKind, Fact};
use crate::finding::Problem;
use crate::settings::Settings;

/// A policy that is attached straight to a user.
pub(super) struct UserPolicy;

impl Rule for UserPolicy {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::Entity(entity) = fact else { return };
        if entity.kind == EntityKind::Policy {
            out.push(
                Problem::new(&entity.at, "this gives a user a policy of its own")
                    .note("what one user may do is seen, and taken away, nowhere else")
                    .help("attach the policy to a role or a group"),
            );
        }
    }
}
