//! What a resource-based policy leaves to everyone, and what else may keep them out: what the rules on exposure share.

use super::PolicyCx;
use crate::access::actions::{self, statement_matches};
use crate::access::attached::{self, may_be_endpoint, quoted_actions};
use crate::access::narrowing::{self, doubtful, of_everyone};
use crate::access::{Truth, demand};
use crate::extract::Network;
use crate::finding::Problem;
use crate::policy::{ActionPattern, BaseOperator, Condition, Principal, Statement};
use crate::source::Origin;

/// The action that the URL of a function asks for.
const URL: &str = "lambda:InvokeFunctionUrl";

/// A statement that lets everyone in.
pub(super) struct Opening<'a> {
    /// The statement.
    pub(super) statement: &'a Statement,
    principals: Vec<(&'a Principal, &'a Origin)>,
    service: Option<&'a str>,
    /// What may keep them out all the same.
    pub(super) guard: Option<Guard<'a>>,
}

/// What keeps people from a resource whose policy lets everyone in, or may do so.
pub(super) enum Guard<'a> {
    /// It is reached from inside a VPC only.
    Vpc(&'a Origin),
    /// It is a file system, which has no addresses but those of its mount targets.
    MountTargets,
    /// A condition that cannot be told to narrow; the one where it can be said which.
    Condition(Option<&'a Condition>),
    /// It may stand in a VPC.
    PerhapsVpc(&'a Origin),
    /// It is an API, which asks its authorizers.
    Authorizers,
    /// The policy may be a ceiling.
    Ceiling,
}

/// What the statements of a resource-based policy open.
pub(super) fn openings<'a>(cx: &PolicyCx<'a>) -> Vec<Opening<'a>> {
    if !cx.is_resource() || matches!(cx.site.network, Network::OwnUsers) {
        return Vec::new();
    }
    let service = cx.resource_service();
    let allowing = cx.statements().iter().filter(|statement| statement.may_allow());
    let open = allowing.filter_map(|statement| {
        let principals: Vec<_> = statement.wildcard_principals().collect();
        if principals.is_empty() {
            return None;
        }
        let narrowed = of_everyone(&cx.site.policy, statement);
        // What anyone may read in a public registry is there for that.
        let is_registry = service == Some("ecr-public") && !changes(statement);
        if narrowed == Truth::Yes || is_registry || is_through_url(statement) {
            return None;
        }
        let guard = guard(cx, statement, narrowed);
        Some(Opening { statement, principals, service, guard })
    });
    open.collect()
}

fn guard<'a>(cx: &PolicyCx<'a>, statement: &'a Statement, narrowed: Truth) -> Option<Guard<'a>> {
    let service = cx.resource_service();
    match (&cx.site.network, service) {
        (Network::Vpc(options), Some("es")) => Some(Guard::Vpc(options)),
        (_, Some("elasticfilesystem")) if only_mounts(statement) => Some(Guard::MountTargets),
        _ if narrowed == Truth::Maybe => Some(Guard::Condition(doubtful(&cx.site.policy, statement))),
        (Network::PerhapsVpc(options), Some("es")) => Some(Guard::PerhapsVpc(options)),
        (_, Some("execute-api")) => Some(Guard::Authorizers),
        _ => may_be_endpoint(service, statement).then_some(Guard::Ceiling),
    }
}

impl Opening<'_> {
    /// True if all that it opens is the URL of a function.
    pub(super) fn is_url(&self) -> bool {
        let actions = self.statement.actions();
        let url = |action: &ActionPattern| action.as_str().eq_ignore_ascii_case(URL);
        !actions.is_empty() && actions.iter().all(|action| action.value.must(url))
    }

    /// True if whoever calls has to have credentials of some account.
    pub(super) fn asks_for_signature(&self) -> bool {
        let asks = |condition: &&Condition| {
            condition.is_on("lambda:FunctionUrlAuthType") && demand::is_demanding(self.statement, condition)
        };
        let mut values = self.statement.conditions.iter().filter(asks).flat_map(|condition| condition.values.known());
        values.any(|(value, _)| value.eq_ignore_ascii_case("AWS_IAM"))
    }

    /// In words.
    pub(super) fn problem(&self) -> Option<Problem> {
        let (principal, at) = *self.principals.first()?;
        let (who, note) = match principal {
            Principal::Service(_) => ("every AWS service, on anyone's behalf,", "all services"),
            Principal::Federated(_) => ("users of any identity provider", "all identity providers"),
            _ => ("anyone", "everyone, in every account and without one"),
        };
        let note = match self.guard {
            Some(Guard::Vpc(_)) => "everyone whom its security groups let through",
            Some(Guard::MountTargets) => "everyone whom the security groups of the mount targets let through",
            _ => note,
        };
        let (what, noun) = (quoted_actions(self.statement), attached::noun_of(self.service, self.statement));
        let message = match self.guard {
            Some(Guard::Vpc(_)) => format!("{who} who reaches this {noun} inside its VPC may call {what}"),
            Some(Guard::MountTargets) => format!("{who} who reaches a mount target of this {noun} may call {what}"),
            _ => format!("{who} may call {what} on this {noun}{}", self.unless()),
        };
        let mut problem = Problem::new(at, message)
            .note(note)
            .label_all(self.principals.iter().skip(1).map(|(_, at)| (*at, "and here".to_owned())))
            .help(match self.guard {
                Some(Guard::Vpc(_) | Guard::PerhapsVpc(_)) => {
                    "name the roles that need it; where requests carry no signature, the domain's security groups have to name \
                     who gets through"
                }
                Some(Guard::MountTargets) => {
                    "name the roles that need it, or require `\"Bool\": {\"elasticfilesystem:AccessedViaMountTarget\": \"true\"}`"
                }
                _ => {
                    "name the accounts, roles or services that need it, or require a fixed `aws:PrincipalOrgID`, \
                     `aws:SourceVpce`, `aws:SourceArn` or the like under an operator without `IfExists`"
                }
            })
            .certain_if(self.statement.allows() && !self.is_doubtful());
        problem = match self.guard {
            Some(Guard::Vpc(options)) => problem.label(options, "lets in what comes from inside the VPC only"),
            Some(Guard::PerhapsVpc(options)) => problem.label(options, "may put it into a VPC"),
            Some(Guard::Condition(Some(condition))) => problem.label(&condition.origin, "may narrow who, and may not"),
            _ => problem,
        };
        Some(match narrowing::seeming(self.statement) {
            Some((condition, why)) => problem.label(&condition.origin, why),
            None => problem,
        })
    }

    /// True if it cannot be told whether anything keeps people out.
    fn is_doubtful(&self) -> bool {
        matches!(self.guard, Some(Guard::Condition(_) | Guard::PerhapsVpc(_) | Guard::Ceiling))
    }

    fn unless(&self) -> &'static str {
        match self.guard {
            Some(Guard::Condition(_)) => ", unless a condition keeps them out",
            Some(Guard::PerhapsVpc(_)) => ", unless it stands in a VPC",
            Some(Guard::Authorizers) => ", unless its authorizers keep them out",
            Some(Guard::Ceiling) => ", unless this is a ceiling, as the policy of a VPC endpoint is",
            Some(Guard::Vpc(_) | Guard::MountTargets) | None => "",
        }
    }
}

/// What asks for the URL of a function opens nothing by itself: the URL asks for `lambda:InvokeFunctionUrl` as well.
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html>.
fn is_through_url(statement: &Statement) -> bool {
    let asks = |condition: &Condition| {
        condition.is_on("lambda:InvokedViaFunctionUrl")
            && condition.operator.value.base == Some(BaseOperator::Bool)
            && condition.values.items.iter().all(|item| item.value.must(|text| text.eq_ignore_ascii_case("true")))
    };
    statement.conditions.iter().any(asks) && !statement_matches(statement, URL).possible()
}

/// True if the statement is known to be for clients of a file system, which is as open to all that reach it if it has no policy.
/// Source: <https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html>.
fn only_mounts(statement: &Statement) -> bool {
    let clients = |pattern: &ActionPattern| {
        let mut matched = actions::expand(pattern).peekable();
        matched.peek().is_some()
            && matched.all(|action| action.service() == "elasticfilesystem" && action.name().starts_with("Client"))
    };
    !statement.actions().is_empty() && statement.actions().iter().all(|action| action.value.must(clients))
}

/// True unless the statement is known to allow nothing but reading.
fn changes(statement: &Statement) -> bool {
    let reads = |pattern: &ActionPattern| actions::expand(pattern).all(|action| !actions::is_change(&action));
    statement.actions().is_empty() || !statement.actions().iter().all(|action| action.value.must(reads))
}
