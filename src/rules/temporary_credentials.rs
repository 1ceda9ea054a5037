//! `temporary-credentials`

use super::Rule;
use crate::extract::Fact;
use crate::finding::Problem;
use crate::settings::Settings;

/// The credentials of a session.
pub(super) struct TemporaryCredentials;

impl Rule for TemporaryCredentials {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::CredentialPair(pair) = fact else { return };
        if !pair.temporary {
            return;
        }
        out.push(
            Problem::new(&pair.id.origin, "the credentials of a session stand here")
                .note("whoever reads this file can use them until the session ends, after 36 hours at the latest")
                .label(&pair.secret, "the secret")
                .help("if the session still runs, revoke it; write placeholders into documentation"),
        );
    }
}
