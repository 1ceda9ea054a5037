//! The kind of a policy, from what it says and from the name of its file.

use crate::catalog;
use crate::policy::{ActionPattern, Arn, Policy, PolicyKind, Principal, Statement, Value};
use crate::source::RelPath;

/// The kind of a policy whose place does not say it. `resource_type` is the service of the resource that holds it, in
/// CloudFormation's spelling, where there is one.
pub(crate) fn infer(policy: &Policy, resource_type: Option<&str>, path: &RelPath) -> PolicyKind {
    // What is no name of a policy's kind after all, as that of a folder that holds other policies too.
    let named = from_name(path)
        .filter(|kind| *kind != PolicyKind::ResourceControl || policy.statements.iter().any(may_be_reached));
    if let Some(kind @ (PolicyKind::ServiceControl | PolicyKind::ResourceControl | PolicyKind::Endpoint)) = named {
        return kind;
    }
    let has_principal = policy.statements.iter().any(|statement| statement.principal.is_some());
    if !has_principal {
        // A trust policy without principals is an identity-based policy with a misleading name.
        return named.filter(|kind| *kind != PolicyKind::Trust).unwrap_or(PolicyKind::Identity);
    }
    if resource_type.is_none() && policy.statements.iter().all(only_assumes) {
        return PolicyKind::Trust;
    }
    let service = resource_type.map(str::to_ascii_lowercase).or_else(|| service_of(policy));
    PolicyKind::Resource(service.map(Into::into))
}

/// True if all actions of a statement are those of trust policies. Every action counts as such where no resource is named:
/// most resource-based policies must name one.
fn only_assumes(statement: &Statement) -> bool {
    let no_resource = statement.resource.is_none();
    !statement.actions().is_empty()
        && statement.actions().iter().all(|action| match action.value.known() {
            Some(action) if action.is_everything() => no_resource,
            Some(action) => action.service().is_some_and(|service| service.eq_ignore_ascii_case("sts")),
            None => no_resource,
        })
}

/// True if resource control policies reach an action of the statement, or it may be so. A bare `*`, which they do not take,
/// says nothing.
fn may_be_reached(statement: &Statement) -> bool {
    let reached = |pattern: &ActionPattern| {
        let Some(service) = pattern.service().map(str::to_ascii_lowercase) else { return false };
        service.contains(['*', '?']) || catalog::resource_control_services().any(|known| known == service)
    };
    match &statement.action {
        Some(element) if !element.negated => element.list.items.iter().any(|action| action.value.may(reached)),
        _ => true,
    }
}

/// The words of a path that say what its policies are for.
fn from_name(path: &RelPath) -> Option<PolicyKind> {
    let path = path.as_str().to_ascii_lowercase();
    let mut words: Vec<&str> = Vec::new();
    for word in path.split(|c: char| !c.is_ascii_alphanumeric()) {
        let kind = match (words.last().copied(), word) {
            (_, "scp" | "scps") | (Some("service"), "control") => Some(PolicyKind::ServiceControl),
            (_, "rcp" | "rcps") | (Some("resource"), "control") => Some(PolicyKind::ResourceControl),
            (_, "boundary" | "boundaries") => Some(PolicyKind::Boundary),
            (_, "vpce") | (Some("endpoint"), "policy") => Some(PolicyKind::Endpoint),
            (Some("session"), "policy") => Some(PolicyKind::Session),
            (_, "trust") => Some(PolicyKind::Trust),
            _ => None,
        };
        if kind.is_some() {
            return kind;
        }
        words.push(word);
    }
    None
}

/// The service that all actions name, else the one that all resources name.
fn service_of(policy: &Policy) -> Option<String> {
    let statements = || policy.statements.iter();
    let actions = statements().flat_map(Statement::actions).filter_map(|action| action.value.known());
    let resources = statements().flat_map(Statement::resources).filter_map(|resource| resource.value.known());
    single(actions.filter(|action| !action.is_everything()).map(|action| action.service().unwrap_or("")))
        .or_else(|| single(resources.filter_map(|resource| resource.arn()).map(|arn| arn.service)))
}

fn single<'a>(services: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut services = services.map(str::to_ascii_lowercase);
    let first = services.next().filter(|service| !service.is_empty() && !service.contains(['*', '?']))?;
    services.all(|service| service == first).then_some(first)
}

/// The account in which a resource-based policy stands: the one that all its resources name. Not the resource's own ARN
/// but the best that a bare document says.
pub(crate) fn account_of_resources(policy: &Policy) -> Option<Box<str>> {
    let resources = policy.statements.iter().flat_map(Statement::resources);
    let mut accounts = resources.filter_map(|resource| match &resource.value {
        Value::Known(pattern) => Arn::parse(pattern.as_str()).map(|arn| arn.account),
        _ => None,
    });
    let first = accounts.find(|account| !account.is_empty())?;
    let plain = matches!(Principal::new("AWS", first), Principal::Account { .. });
    (plain && accounts.all(|account| account.is_empty() || account == first)).then(|| first.into())
}
