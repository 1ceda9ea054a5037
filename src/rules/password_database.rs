//! `password-database`

use super::Rule;
use crate::extract::Fact;
use crate::finding::Problem;
use crate::settings::Settings;

/// A database whose users sign in with passwords alone.
pub(super) struct PasswordDatabase;

impl Rule for PasswordDatabase {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::PasswordDatabase(database) = fact else { return };
        out.push(
            Problem::new(&database.at, "users of this database sign in with passwords alone")
                .note("no policy says who may connect")
                .label_all(database.off.iter().map(|off| (off, "sign-in through IAM is off".to_owned())))
                .help("let IAM sign users in, and grant `rds-db:connect` to those who need it"),
        );
    }
}
