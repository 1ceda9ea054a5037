//! `confused-deputy`

use super::{PolicyCx, Rule};
use crate::access::attached;
use crate::finding::Problem;
use crate::policy::Principal;

pub(super) struct ConfusedDeputy;

/// The keys that say on whose behalf a service calls.
const SOURCES: [&str; 6] = [
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
    "kms:viaservice",
];

/// Services that deliver for AWS itself, whose documentation shows no such condition.
const EXEMPT: [&str; 2] = ["logdelivery.elasticloadbalancing.amazonaws.com", "billingreports.amazonaws.com"];

impl Rule for ConfusedDeputy {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_resource() {
            return;
        }
        for statement in cx.statements().iter().filter(|statement| statement.may_allow()) {
            let known = |key: &str| SOURCES.contains(&&*key.to_ascii_lowercase());
            if statement.conditions_open || statement.conditions.iter().any(|condition| known(&condition.key.value)) {
                continue;
            }
            let services = statement.principals().iter().filter_map(|item| match item.value.known()? {
                Principal::Service(name) if &**name != "*" && !EXEMPT.contains(&&**name) => Some((name, &item.origin)),
                _ => None,
            });
            let mut services = services.peekable();
            let Some((name, at)) = services.next() else { continue };
            let mut problem = Problem::new(at, format!("`{name}` may call on anyone's behalf"))
                .note(format!(
                    "whoever uses the service, in any account, can have it reach this {}",
                    attached::noun(cx.resource_service())
                ))
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
