//! `written-password`

use super::Rule;
use crate::extract::{EntityKind, Fact};
use crate::finding::Problem;
use crate::settings::Settings;

/// A password that stands in a file.
pub(super) struct WrittenPassword;

impl Rule for WrittenPassword {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::Entity(entity) = fact else { return };
        let instead = match entity.kind {
            EntityKind::WrittenPassword => {
                "take it from Secrets Manager, as `{{resolve:secretsmanager:name}}`, or from a parameter with `NoEcho` and \
                 without a default"
            }
            EntityKind::CommandPassword => {
                "take it from Secrets Manager, as `--password \"$(aws secretsmanager get-secret-value --secret-id name \
                 --query SecretString --output text)\"`, or from a variable that no file sets"
            }
            _ => return,
        };
        out.push(
            Problem::new(&entity.at, "the password of this user stands in the file")
                .note("whoever reads the file can sign in as the user")
                .help(format!("{instead}; change the password that stood here")),
        );
    }
}
