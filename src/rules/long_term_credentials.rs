//! `long-term-credentials`

use super::Rule;
use crate::extract::Fact;
use crate::finding::Problem;
use crate::settings::Settings;

/// The access key of a user, with its secret.
pub(super) struct LongTermCredentials;

impl Rule for LongTermCredentials {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::CredentialPair(pair) = fact else { return };
        if pair.temporary {
            return;
        }
        out.push(
            Problem::new(&pair.id.origin, "a long-term access key stands here with its secret")
                .note("whoever reads this file can use it until somebody deactivates it")
                .label(&pair.secret, "the secret")
                .help("deactivate the key now, it stays in the history of the repository; let people sign in with IAM Identity Center and programs take a role"),
        );
    }
}
