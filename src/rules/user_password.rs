//! `user-password`

use super::Rule;
use crate::extract::{EntityKind, Fact};
use crate::finding::Problem;
use crate::settings::Settings;

/// A password that a template or a module makes.
pub(super) struct UserPassword;

impl Rule for UserPassword {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::Entity(entity) = fact else { return };
        let note = match entity.kind {
            EntityKind::Password => "whether the user has an MFA device is not to be seen here",
            EntityKind::LastingPassword => "the user need not change it, and whoever made it goes on knowing it",
            _ => return,
        };
        out.push(Problem::new(&entity.at, "this gives an IAM user a password for the console").note(note).help(
            "let people sign in with IAM Identity Center; where a user must be, require MFA for all that it may do",
        ));
    }
}
