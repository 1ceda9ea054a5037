//! `created-access-key`

use super::Rule;
use crate::extract::{EntityKind, Fact};
use crate::finding::Problem;
use crate::settings::Settings;

/// An access key that a template or a module makes.
pub(super) struct CreatedAccessKey;

impl Rule for CreatedAccessKey {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::Entity(entity) = fact else { return };
        if entity.kind == EntityKind::AccessKey {
            out.push(Problem::new(&entity.at, "this creates a long-term access key").note("it works from everywhere until somebody deletes it, and its secret has to be kept somewhere").help("let programs take a role, from outside of AWS through IAM Roles Anywhere or OIDC, and people sign in with IAM Identity Center"));
        }
    }
}
