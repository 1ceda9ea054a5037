//! `iam-user`

use super::Rule;
use crate::extract::{EntityKind, Fact};
use crate::finding::Problem;
use crate::settings::Settings;

/// A user that a template or a module makes.
pub(super) struct IamUser;

impl Rule for IamUser {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::Entity(entity) = fact else { return };
        let note = match entity.kind {
            EntityKind::User => "a user has credentials that do not expire",
            EntityKind::UngroupedUser => {
                "a user has credentials that do not expire, and nothing puts this one into a group"
            }
            _ => return,
        };
        out.push(
            Problem::new(&entity.at, "this makes an IAM user")
                .note(note)
                .help("let people sign in with IAM Identity Center, and programs take a role; give what users remain their rights by groups"),
        );
    }
}
