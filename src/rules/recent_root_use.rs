//! Use of the root user's password or keys in the last 90 days, by a credential report.

use super::Rule;
use crate::extract::Fact;
use crate::finding::Problem;
use crate::settings::Settings;
use jiff::{SignedDuration, Timestamp};

pub(super) struct RecentRootUse;

/// What counts as recent.
const RECENT: SignedDuration = SignedDuration::from_hours(90 * 24);

impl Rule for RecentRootUse {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::CredentialReport(report) = fact else { return };
        let Some(as_of) = report.as_of else { return };
        let recent = |used: &Timestamp| as_of.duration_since(*used) <= RECENT;
        let password = report.password_last_used.iter().map(|used| (used, "its password was"));
        let keys = report.access_keys_last_used.iter().map(|used| (used, "an access key of it was"));
        let mut uses = password.chain(keys).filter(|(used, _)| recent(&used.value));
        let Some((first, what)) = uses.next() else { return };
        let day = first.value.strftime("%Y-%m-%d");
        let days = as_of.duration_since(first.value).as_hours().max(0) / 24;
        let before = match (days, report.generated) {
            (0, true) => "on the day of the report".to_owned(),
            (0, false) => "as late as anything in the report".to_owned(),
            (1, true) => "1 day before the report".to_owned(),
            (1, false) => "1 day before the newest time in the report".to_owned(),
            (_, true) => format!("{days} days before the report"),
            (_, false) => format!("{days} days before the newest time in the report"),
        };
        let problem = Problem::new(&first.origin, format!("the root user was used on {day}, {before}"))
            .note(format!("{what} used within 90 days"))
            .help("do the work with a role, and keep the root user for the few tasks that only it can do")
            .certain_if(report.generated);
        out.push(uses.fold(problem, |problem, (used, what)| problem.label(&used.origin, format!("{what} used too"))));
    }
}
