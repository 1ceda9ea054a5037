//! A resource-based policy that lets everyone in.

use super::{PolicyCx, Rule};
use crate::access::attached::{self, quoted_actions};
use crate::access::narrowing::{self, of_everyone};
use crate::access::{Truth, actions};
use crate::finding::Problem;
use crate::policy::{ActionPattern, Principal, ResourcePattern, Statement};

pub(super) struct PublicResource;

impl Rule for PublicResource {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_resource() {
            return;
        }
        let service = cx.resource_service();
        for statement in cx.statements().iter().filter(|statement| statement.may_allow()) {
            let mut entries = statement.wildcard_principals();
            let Some((principal, at)) = entries.next() else { continue };
            let narrowed = of_everyone(&cx.site.policy, statement);
            if narrowed == Truth::Yes || service == Some("ecr-public") && !changes(statement) {
                continue;
            }
            let (who, note) = match principal {
                Principal::Service(_) => ("every AWS service, on anyone's behalf,", "all services"),
                Principal::Federated(_) => ("users of any identity provider", "all identity providers"),
                _ => ("anyone", "everyone, in every account and without one"),
            };
            let message = format!("{who} may call {} on this {}", quoted_actions(statement), attached::noun(service));
            let mut problem = Problem::new(at, message)
                .note(note)
                .label_all(entries.map(|(_, at)| (at, "and here".to_owned())))
                .help(
                    "name the accounts, roles or services that need it, or require a fixed `aws:PrincipalOrgID`, \
                     `aws:SourceVpce`, `aws:SourceArn` or the like under an operator without `IfExists`",
                )
                .certain_if(statement.allows() && narrowed == Truth::No && !may_be_endpoint(service, statement))
                .pedantic_if(narrowed == Truth::Maybe || is_api(service) || may_be_endpoint(service, statement));
            if let Some((condition, why)) = narrowing::seeming(statement) {
                problem = problem.label(&condition.origin, why);
            }
            out.push(problem);
        }
    }
}

/// An API without a policy is as open, and its authorizers are asked all the same.
fn is_api(service: Option<&str>) -> bool {
    matches!(service, Some("execute-api"))
}

/// The default policy of a VPC endpoint, and `RCPFullAWSAccess`, allow everyone everything: both are ceilings. No bucket, queue
/// or key takes such a statement.
fn may_be_endpoint(service: Option<&str>, statement: &Statement) -> bool {
    service.is_none()
        && statement.actions().iter().any(|action| action.value.must(ActionPattern::is_everything))
        && statement.resources().iter().any(|resource| resource.value.must(ResourcePattern::matches_everything))
}

/// True unless the statement is known to allow nothing but reading.
fn changes(statement: &Statement) -> bool {
    let reads = |pattern: &ActionPattern| actions::expand(pattern).all(|action| !actions::is_change(&action));
    statement.actions().is_empty() || !statement.actions().iter().all(|action| action.value.must(reads))
}
