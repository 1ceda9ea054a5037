//! A root user without MFA, by a credential report or an account summary.

use super::Rule;
use crate::extract::Fact;
use crate::finding::Problem;
use crate::settings::Settings;
use crate::source::Origin;

pub(super) struct RootWithoutMfa;

fn problem(at: &Origin) -> Problem {
    Problem::new(at, "the root user has no MFA device")
        .note("its password alone opens the whole account")
        .help("sign in as the root user and register a passkey or a security key, better two; in a member account of an organisation delete its credentials instead")
}

impl Rule for RootWithoutMfa {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        match fact {
            Fact::CredentialReport(report) => {
                let missing = report.mfa_active.as_ref().filter(|active| !active.value);
                let Some(missing) = missing.filter(|_| !report.has_no_credentials()) else { return };
                // A member account may never have had a password; the report says `not_supported` of it all the same.
                let usable = report.password_enabled.as_ref().is_some_and(|enabled| enabled.value)
                    || report.password_last_used.is_some()
                    || report.access_keys_active.iter().any(|active| active.value);
                out.push(problem(&missing.origin).certain_if(usable));
            }
            Fact::AccountSummary(summary) => {
                let missing = summary.mfa_enabled.as_ref().filter(|enabled| enabled.value == 0);
                let Some(missing) = missing.filter(|_| !summary.has_no_credentials()) else { return };
                let usable = [&summary.password_present, &summary.access_keys_present]
                    .into_iter()
                    .flatten()
                    .any(|count| count.value > 0);
                out.push(problem(&missing.origin).certain_if(usable));
            }
            _ => {}
        }
    }
}
