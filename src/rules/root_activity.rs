//! What the root user did, by CloudTrail.

use super::Rule;
use crate::extract::Fact;
use crate::finding::Problem;
use crate::settings::Settings;

pub(super) struct RootActivity;

impl Rule for RootActivity {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::TrailRecord(record) = fact else { return };
        let name = record.event.as_ref().map_or("an unnamed event", |event| &event.value);
        let mut message = match (name, record.failed_login) {
            (_, true) => "somebody failed to sign in as the root user".to_owned(),
            ("ConsoleLogin", false) => "the root user signed in to the console".to_owned(),
            _ if record.assumed_root => format!("a session of `sts:AssumeRoot` called `{name}`"),
            _ => format!("the root user called `{name}`"),
        };
        if record.records > 1 {
            message.push_str(&format!(" ({} records; this is the first)", record.records));
        }
        let help = if record.failed_login {
            "find out who tried; where nobody of yours did, change the root user's password and check its MFA devices"
        } else {
            "find out who did it and why, and do it with a role next time; an alarm on root activity tells of it at once"
        };
        let problem = Problem::new(&record.identity, message)
            .note("not a service on its behalf: somebody used its credentials")
            .help(help)
            .pedantic_if(record.assumed_root);
        out.push(match &record.event {
            Some(event) => problem.label(&event.origin, "what was done"),
            None => problem,
        });
    }
}
