//! The kind of a policy, from what it says and from the name of its file.

use crate::catalog;
use crate::document::NodeRef;
use crate::policy::{ActionPattern, Arn, Policy, PolicyKind, Principal, Statement, Value};
use crate::source::RelPath;

/// The kind of a policy whose place does not say it. `resource_type` is the service of the resource that holds it, in
/// CloudFormation's spelling, where there is one.
pub(crate) fn infer(policy: &Policy, resource_type: Option<&str>, path: &RelPath) -> PolicyKind {
    // What is no name of a policy's kind after all, as that of a folder that holds other policies too.
    let named = from_name(path)
        .filter(|kind| *kind != PolicyKind::ResourceControl || policy.statements.iter().any(may_be_reached));
    if let Some(kind @ (PolicyKind::ServiceControl | PolicyKind::ResourceControl)) = named {
        return kind;
    }
    let has_principal = policy.statements.iter().any(|statement| statement.principal.is_some());
    if !has_principal {
        // Trust policies and those of VPC endpoints have principals: the name misleads.
        let misleads = |kind: &PolicyKind| matches!(kind, PolicyKind::Trust | PolicyKind::Endpoint);
        return named.filter(|kind| !misleads(kind)).unwrap_or(PolicyKind::Identity);
    }
    if resource_type.is_none() && (named == Some(PolicyKind::Endpoint) || is_of_endpoint(policy)) {
        return PolicyKind::Endpoint;
    }
    if resource_type.is_none() && policy.statements.iter().all(only_assumes) {
        let of_organization = policy.statements.iter().any(denies_all_resources);
        return if of_organization { PolicyKind::ResourceControl } else { PolicyKind::Trust };
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

/// True for a statement as resource control policies have them: it denies, to everyone, and names resources, which no trust policy
/// does.
fn denies_all_resources(statement: &Statement) -> bool {
    statement.may_deny() && !statement.may_allow() && statement.bare_principal && statement.resource.is_some()
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
    let mut last = "";
    for word in words(path.as_str()) {
        let is = |words: &[&str]| is_one_of(word, words);
        let behind = |words: &[&str]| is_one_of(last, words);
        let kind = if is(&["scp", "scps"]) || is(&["control"]) && behind(&["service"]) {
            Some(PolicyKind::ServiceControl)
        } else if is(&["rcp", "rcps"]) || is(&["control"]) && behind(&["resource"]) {
            Some(PolicyKind::ResourceControl)
        } else if is(&BOUNDARY) {
            Some(PolicyKind::Boundary)
        } else if is(&["vpce"]) || is(&["policy", "policies"]) && behind(&ENDPOINT) || is(&ENDPOINT) && behind(&["vpc"])
        {
            Some(PolicyKind::Endpoint)
        } else if is(&["policy"]) && behind(&["session"]) {
            Some(PolicyKind::Session)
        } else {
            is(&["trust"]).then_some(PolicyKind::Trust)
        };
        if kind.is_some() {
            return kind;
        }
        last = word;
    }
    None
}

const BOUNDARY: [&str; 2] = ["boundary", "boundaries"];
const ENDPOINT: [&str; 2] = ["endpoint", "endpoints"];

/// True for one of some words, whatever its letter case.
fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// True for a name that says that it is one of a permissions boundary, as `AppPermissionsBoundary`.
pub(super) fn is_name_of_boundary(name: &str) -> bool {
    words(name).any(|word| is_one_of(word, &BOUNDARY))
}

/// The logical id of a managed policy of CloudFormation whose name says that it is a boundary, and that itself attaches to nobody.
pub(super) fn named_boundary(logical_id: Option<&str>, resource: NodeRef<'_>) -> Option<Box<str>> {
    let id = logical_id?;
    let properties = resource.get("Properties")?;
    let managed = resource.get("Type").and_then(NodeRef::as_str) == Some("AWS::IAM::ManagedPolicy");
    let attached = ["Users", "Groups", "Roles"].iter().any(|holders| properties.get(holders).is_some());
    let name = properties.get("ManagedPolicyName");
    let says =
        is_name_of_boundary(id) || name.is_some_and(|name| is_name_of_boundary(name.as_str().unwrap_or(name.raw())));
    (managed && !attached && says).then(|| id.into())
}

/// The words of a name: they begin where the letter case changes (`AppPermissionsBoundary`), and at what is no letter.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.flat_map(|mut rest| {
        std::iter::from_fn(move || {
            let begins = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
            let end = rest.as_bytes().windows(2).position(begins).map_or(rest.len(), |at| at + 1);
            let (word, behind) = rest.split_at(end);
            rest = behind;
            (!word.is_empty()).then_some(word)
        })
    })
}

/// True if a policy with principals can be nothing but one of a VPC endpoint: no resource of the services whose actions it has
/// takes a policy. Source: the service authorization reference, which has no action of them that writes one.
fn is_of_endpoint(policy: &Policy) -> bool {
    const WITHOUT_POLICIES: [&str; 19] = [
        "application-autoscaling",
        "athena",
        "autoscaling",
        "cloudformation",
        "cloudwatch",
        "codedeploy",
        "config",
        "ec2",
        "ec2messages",
        "ecs",
        "eks",
        "elasticbeanstalk",
        "elasticloadbalancing",
        "elasticmapreduce",
        "kinesisanalytics",
        "rds",
        "ssmmessages",
        "states",
        "storagegateway",
    ];
    let without = |pattern: &ActionPattern| {
        pattern
            .service()
            .is_some_and(|service| WITHOUT_POLICIES.iter().any(|known| known.eq_ignore_ascii_case(service)))
    };
    let mut actions = policy.statements.iter().flat_map(Statement::actions).peekable();
    actions.peek().is_some() && actions.all(|action| action.value.must(without))
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
