//! Statements in arguments, locals and defaults: objects with the names of `aws_iam_policy_document`, which modules make
//! documents of.
//!
//! Source: the README files of the modules that the community keeps for AWS.

use super::document;
use super::dynamic::{Block, Scope};
use crate::document::{NodeKind, NodeRef};
use crate::extract::resolve::Module;
use crate::policy::{Element, List, Policy, PolicyKind, Spanned, Value, Version};

/// How the name of an argument ends that holds statements and nothing else.
pub(super) const SUFFIX: &str = "_statements";

/// An argument of the same kind, for those who may take a role.
pub(super) const TRUST: &str = "trust_policy_permissions";

/// The policy whose statements a list or a map holds, if it certainly holds such; `argument` is its name.
pub(super) fn policy(collection: NodeRef<'_>, argument: &str, module: &Module<'_>) -> Option<Policy> {
    let items: Vec<NodeRef<'_>> = match collection.kind() {
        NodeKind::Seq => collection.items().collect(),
        NodeKind::Map => collection.entries().map(|(_, value)| value).collect(),
        _ => return None,
    };
    let named = argument.ends_with(SUFFIX) || argument == TRUST;
    let (written, others): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| item.kind() == NodeKind::Map);
    if written.is_empty() || !written.iter().all(|item| is_statement(*item, named)) {
        return None;
    }
    let scope = Scope::of(module);
    let kind = kind_of(argument);
    let statement = |body: &NodeRef<'_>| {
        let mut statement = document::statement(&Block { body: *body, scope: scope.clone(), sure: true, plain: true });
        // What it lacks the module may give.
        statement.resource.get_or_insert_with(|| unknown(*body));
        if matches!(kind, Some(PolicyKind::Trust | PolicyKind::Resource(_))) {
            statement.principal.get_or_insert_with(|| unknown(*body));
        }
        statement
    };
    Some(Policy {
        origin: collection.origin(),
        version: Some(Spanned { value: Value::Known(Version::V2012), origin: collection.origin() }),
        id: None,
        statements: written.iter().map(statement).collect(),
        open: !others.is_empty(),
        unseen: others.iter().map(|other| other.raw().into()).collect(),
        unknown: Vec::new(),
        size: 0,
        digest: 0,
    })
}

/// An element that is written nowhere, and of which nothing is known: its key is the statement.
fn unknown<T>(body: NodeRef<'_>) -> Element<T> {
    Element { key: body.origin(), negated: false, list: List { items: Vec::new(), open: true } }
}

/// True for an argument whose policies are attached to what a resource, or a module (`of_module`), makes.
pub(super) fn attaches(argument: &str, of_module: bool) -> bool {
    let limits = ["boundar", "allow", "den", "session"].iter().any(|word| argument.contains(word));
    ["policy_arn", "managed_policy_arn", "managed_policy_arns"].contains(&argument)
        || of_module && !limits && ["policies", "policy_arn", "policy_arns"].iter().any(|end| argument.ends_with(end))
}

/// True for an object that is a statement. Where the name of the argument does not say it, it tells its effect.
fn is_statement(item: NodeRef<'_>, named: bool) -> bool {
    let has = |names: [&str; 2]| names.iter().any(|name| item.get(name).is_some_and(|it| it.kind() != NodeKind::Null));
    let effect = item.get("effect").and_then(NodeRef::as_str).is_some_and(|word| ["Allow", "Deny"].contains(&word));
    let whom = has(["resources", "not_resources"]) || has(["principals", "not_principals"]);
    has(["actions", "not_actions"]) && if named { effect || whom } else { effect && whom }
}

/// What the policy of an argument is, as far as its name says it.
pub(super) fn kind_of(argument: &str) -> Option<PolicyKind> {
    let of = |service: &str| Some(PolicyKind::Resource(Some(service.into())));
    let says = |words: &[&str]| words.iter().any(|word| argument.contains(word));
    match argument {
        _ if says(&["trust", "assume_role"]) => Some(PolicyKind::Trust),
        _ if says(&["boundary"]) => Some(PolicyKind::Boundary),
        _ if says(&["service_control", "scp"]) => Some(PolicyKind::ServiceControl),
        _ if says(&["endpoint"]) => Some(PolicyKind::Endpoint),
        _ if says(&["key_statements", "kms_key"]) => of("kms"),
        _ if says(&["queue"]) => of("sqs"),
        _ if says(&["topic"]) => of("sns"),
        _ if says(&["repository"]) => of("ecr"),
        _ => None,
    }
}
