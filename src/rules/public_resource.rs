//! A resource-based policy that lets everyone in.

use super::{PolicyCx, Rule};
use crate::access::actions::statement_matches;
use crate::access::attached::{self, may_be_endpoint, quoted_actions};
use crate::access::narrowing::{self, doubtful, of_everyone};
use crate::access::{Truth, actions};
use crate::finding::Problem;
use crate::policy::{ActionPattern, BaseOperator, Condition, Principal, Statement};

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
            if narrowed == Truth::Yes
                || service == Some("ecr-public") && !changes(statement)
                || is_through_url(statement)
            {
                continue;
            }
            let (who, note) = match principal {
                Principal::Service(_) => ("every AWS service, on anyone's behalf,", "all services"),
                Principal::Federated(_) => ("users of any identity provider", "all identity providers"),
                _ => ("anyone", "everyone, in every account and without one"),
            };
            let open = narrowed == Truth::No;
            let unless = if open { "" } else { ", unless a condition keeps them out" };
            let message =
                format!("{who} may call {} on this {}{unless}", quoted_actions(statement), attached::noun(service));
            let mut problem = Problem::new(at, message)
                .note(note)
                .label_all(entries.map(|(_, at)| (at, "and here".to_owned())))
                .help(
                    "name the accounts, roles or services that need it, or require a fixed `aws:PrincipalOrgID`, \
                     `aws:SourceVpce`, `aws:SourceArn` or the like under an operator without `IfExists`",
                )
                .certain_if(statement.allows() && open && !may_be_endpoint(service, statement))
                .pedantic_if(!open || is_api(service) || may_be_endpoint(service, statement));
            if let Some(condition) = doubtful(&cx.site.policy, statement).filter(|_| !open) {
                problem = problem.label(&condition.origin, "may narrow who, and may not");
            }
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

/// What asks for the URL of a function opens nothing by itself: the URL asks for `lambda:InvokeFunctionUrl` as well.
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html>.
fn is_through_url(statement: &Statement) -> bool {
    let asks = |condition: &Condition| {
        condition.is_on("lambda:InvokedViaFunctionUrl")
            && condition.operator.value.base == Some(BaseOperator::Bool)
            && condition.values.items.iter().all(|item| item.value.must(|text| text.eq_ignore_ascii_case("true")))
    };
    statement.conditions.iter().any(asks) && !statement_matches(statement, "lambda:InvokeFunctionUrl").possible()
}

/// True unless the statement is known to allow nothing but reading.
fn changes(statement: &Statement) -> bool {
    let reads = |pattern: &ActionPattern| actions::expand(pattern).all(|action| !actions::is_change(&action));
    statement.actions().is_empty() || !statement.actions().iter().all(|action| action.value.must(reads))
}
