//! `loosely-passed-role`

use super::{PolicyCx, Rule};
use crate::access::breadth::names_by_pattern;
use crate::access::escalation::PASS_ROLE;
use crate::access::everywhere::{everywhere, limited_by};
use crate::access::scope::narrowings;
use crate::finding::Problem;
use crate::policy::{ResourcePattern, Statement};

/// A role that can be passed further than it has to be: one half of what limits it is missing.
pub(super) struct LooselyPassedRole;

/// Says to which service a role is passed.
const SERVICE: &str = "iam:PassedToService";

impl Rule for LooselyPassedRole {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() || !cx.is_identity() || cx.is_administrator() {
            return;
        }
        for granted in cx.effective().grants(PASS_ROLE) {
            let statement = granted.statement;
            let wide = everywhere(statement, PASS_ROLE);
            let to_some = limited_by(statement, SERVICE).is_some();
            if narrowings(statement).any(|condition| !condition.is_on(SERVICE)) {
                continue;
            }
            let problem = match (wide, to_some) {
                (Some(wide), true) => Problem::new(granted.entry, "every role can be passed to a service")
                    .note("also those that have more rights than whoever passes them")
                    .label(wide.resource, "all of them")
                    .help("name the roles, or a part of their names"),
                (None, false) if !is_linked_only(statement) => Problem::new(
                    granted.entry,
                    "a role can be passed to every service that it trusts",
                )
                .note("nothing says to which")
                .help("name the service with `\"Condition\": {\"StringEquals\": {\"iam:PassedToService\": \"...\"}}`")
                // Of one role its trust policy says which services there are.
                .pedantic_if(!names_by_pattern(statement)),
                // `pass-any-role`, and what is as it should be.
                _ => continue,
            };
            out.push(problem.certain_if(granted.certain));
        }
    }
}

/// True if all roles of a statement are service-linked ones: each trusts its service alone.
fn is_linked_only(statement: &Statement) -> bool {
    let linked = |resource: &ResourcePattern| {
        resource.arn().is_some_and(|arn| arn.resource.starts_with("role/aws-service-role/"))
    };
    let resources = statement.resources();
    !resources.is_empty() && resources.iter().all(|item| item.value.must(linked))
}
