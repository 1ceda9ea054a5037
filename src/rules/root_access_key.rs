//! An access key of the root user, by a credential report or an account summary.

use super::Rule;
use crate::extract::Fact;
use crate::finding::Problem;
use crate::settings::Settings;

pub(super) struct RootAccessKey;

const NOTE: &str = "a key that no policy of the account can limit";
const HELP: &str =
    "give what uses the key a role of its own, then sign in as the root user, deactivate the key and delete it";

impl Rule for RootAccessKey {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        match fact {
            Fact::CredentialReport(report) => {
                let mut active = report.access_keys_active.iter().filter(|active| active.value);
                let Some(first) = active.next() else { return };
                let problem =
                    Problem::new(&first.origin, "the root user has an active access key").note(NOTE).help(HELP);
                out.push(active.fold(problem, |problem, key| problem.label(&key.origin, "and a second one")));
            }
            Fact::AccountSummary(summary) => {
                if let Some(present) = summary.access_keys_present.as_ref().filter(|present| present.value > 0) {
                    out.push(Problem::new(&present.origin, "the root user has an access key").note(NOTE).help(HELP));
                }
            }
            _ => {}
        }
    }
}
