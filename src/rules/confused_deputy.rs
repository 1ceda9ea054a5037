//! `confused-deputy`

use super::{PolicyCx, Rule};
use crate::access::actions::statement_matches;
use crate::access::{attached, deputies};
use crate::finding::Problem;
use crate::policy::{Principal, Statement};

pub(super) struct ConfusedDeputy;

/// The keys that say on whose behalf a service calls.
const SOURCES: [&str; 7] = [
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
    "kms:viaservice",
    "lambda:eventsourcetoken",
];

/// Services that deliver for AWS itself, whose documentation shows no such condition.
const EXEMPT: [&str; 2] = ["logdelivery.elasticloadbalancing.amazonaws.com", "billingreports.amazonaws.com"];

impl Rule for ConfusedDeputy {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let trust = cx.is_trust();
        if !(trust || cx.is_resource()) {
            return;
        }
        let lets_in = |statement: &&Statement| {
            statement.may_allow() && (!trust || statement_matches(statement, "sts:AssumeRole").possible())
        };
        for statement in cx.statements().iter().filter(lets_in) {
            let known = |key: &str| {
                SOURCES.contains(&&*key.to_ascii_lowercase()) || trust && key.eq_ignore_ascii_case("sts:ExternalId")
            };
            if statement.conditions_open || statement.conditions.iter().any(|condition| known(&condition.key.value)) {
                continue;
            }
            // Most services take a role only for its own account; asked of are those that say for whom they do.
            let asked = |name: &str| if trust { deputies::says_for_whom(name) } else { !EXEMPT.contains(&name) };
            let services = statement.principals().iter().filter_map(|item| match item.value.known()? {
                Principal::Service(name) if &**name != "*" && asked(name) => Some((name, &item.origin)),
                _ => None,
            });
            let mut services = services.peekable();
            let Some((name, at)) = services.next() else { continue };
            let what = if trust { "role" } else { attached::noun(cx.resource_service()) };
            let mut problem = Problem::new(at, format!("`{name}` may call on anyone's behalf"))
                .note(format!("whoever uses the service, in any account, can have it reach this {what}"))
                .label_all(services.map(|(_, at)| (at, "and this one".to_owned())))
                .help("add a condition on `aws:SourceArn` or `aws:SourceAccount` (or `aws:SourceOrgID`)")
                .certain_if(statement.allows());
            if let Some(condition) = statement.conditions.first() {
                problem = problem.label(&condition.origin, "does not say on whose behalf");
            }
            out.push(problem);
        }
    }
}
