//! Commands that make keys, passwords and policies of users.

use super::command::Command;
use crate::extract::{Entity, EntityKind};
use crate::source::{Origin, Span};

/// What a script with such a command contains.
pub(crate) const NEEDLES: &[&str] =
    &["create-access-key", "create-login-profile", "put-user-policy", "attach-user-policy"];

/// What a command makes. `place` leads from the text to the file.
pub(super) fn entities(command: &Command<'_>, place: &dyn Fn(Span) -> Origin) -> Vec<Entity> {
    let made = |verb: &str| command.verb("iam", verb).map(place);
    let entity = |kind: EntityKind| move |at: Origin| Entity { kind, at };
    let mut found = Vec::new();
    found.extend(made("create-access-key").map(entity(EntityKind::AccessKey)));
    found.extend(made("attach-user-policy").map(entity(EntityKind::Policy)));
    found.extend(made("put-user-policy").map(entity(EntityKind::Policy)));
    if let Some(at) = made("create-login-profile") {
        let password = command.option("--password").filter(|password| command.value(*password).known().is_some());
        found.extend(password.map(place).map(entity(EntityKind::CommandPassword)));
        let changed = command.has("--password-reset-required");
        found.push(entity(if changed { EntityKind::Password } else { EntityKind::LastingPassword })(at));
    }
    found
}
