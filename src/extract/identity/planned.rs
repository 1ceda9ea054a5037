//! Roles, users and groups in plans and states of Terraform.

use super::provider::{holders, join, kind_of};
use super::{HeldDocument, Identity, Local, Named, Presence, each_named, path_and_name};
use crate::document::NodeRef;
use crate::extract::resolve::Template;
use crate::policy::{Arn, pieces};

/// Modules are in modules so deep at the most.
const MAX_DEPTH: u32 = 16;

/// A resource that is there: its type, its arguments, and where these stand.
struct Resource<'t> {
    kind: &'t str,
    body: NodeRef<'t>,
    path: String,
}

/// The identities of a plan, of which `values` stands below `key` and says what will be, or of a state.
pub(in crate::extract) fn identities(values: NodeRef<'_>, key: Option<&str>) -> Vec<Identity> {
    let mut all = Vec::new();
    match key {
        Some("resource_changes") => changes(values, &mut all),
        Some(key) => {
            let root = values.get("root_module");
            root.into_iter().for_each(|root| module(root, &format!("{key}/root_module"), MAX_DEPTH, &mut all));
        }
        None => state(values, &mut all),
    }
    if !all.iter().any(|resource| kind_of(resource.kind).is_some()) {
        return Vec::new();
    }
    // Nothing refers to anything any more.
    let resolve = Template::default();
    let local = |named: Named<'_>| {
        let Named::InArn(name) = named else { return Vec::new() };
        let policies = all.iter().filter(|resource| resource.kind == "aws_iam_policy");
        let meant = policies.filter(|policy| in_arn(policy.body).as_deref() == Some(name));
        meant.map(|policy| document(policy, "policy", false)).collect()
    };
    let mut identities: Vec<Identity> = all.iter().filter_map(|resource| identity(resource, &local)).collect();
    for resource in &all {
        for (of, argument) in holders(resource.kind) {
            let Some(named) = resource.body.get(argument) else { continue };
            let arns = resource.body.get("policy_arn").or_else(|| resource.body.get("policy_arns"));
            each_named(&mut identities, *of, named, &resolve, &mut |identity| match arns {
                Some(arns) => identity.attach(arns, Presence::Always, &resolve, &local),
                // Where it is not known yet, it is missed when the places are looked up.
                None => identity.documents.push(document(resource, "policy", true)),
            });
        }
        join(&mut identities, resource.kind, resource.body, &resolve);
    }
    identities
}

fn module<'t>(node: NodeRef<'t>, path: &str, depth: u32, all: &mut Vec<Resource<'t>>) {
    let resources = node.get("resources").into_iter().flat_map(NodeRef::items).enumerate();
    all.extend(resources.filter_map(|(index, resource)| {
        let (kind, body) = (resource.get("type")?.as_str()?, resource.get("values")?);
        is_managed(resource).then(|| Resource { kind, body, path: format!("{path}/resources/{index}/values") })
    }));
    if depth > 0 {
        for (index, child) in node.get("child_modules").into_iter().flat_map(NodeRef::items).enumerate() {
            module(child, &format!("{path}/child_modules/{index}"), depth - 1, all);
        }
    }
}

fn changes<'t>(list: NodeRef<'t>, all: &mut Vec<Resource<'t>>) {
    all.extend(list.items().enumerate().filter_map(|(index, resource)| {
        let (kind, body) = (resource.get("type")?.as_str()?, resource.get("change")?.get("after")?);
        is_managed(resource).then(|| Resource { kind, body, path: format!("resource_changes/{index}/change/after") })
    }));
}

fn state<'t>(root: NodeRef<'t>, all: &mut Vec<Resource<'t>>) {
    for (at, resource) in root.get("resources").into_iter().flat_map(NodeRef::items).enumerate() {
        let Some(kind) = resource.get("type").and_then(NodeRef::as_str).filter(|_| is_managed(resource)) else {
            continue;
        };
        let instances = resource.get("instances").into_iter().flat_map(NodeRef::items).enumerate();
        all.extend(instances.filter_map(|(index, instance)| {
            let path = format!("resources/{at}/instances/{index}/attributes");
            Some(Resource { kind, body: instance.get("attributes")?, path })
        }));
    }
}

fn is_managed(resource: NodeRef<'_>) -> bool {
    resource.get("mode").and_then(NodeRef::as_str) == Some("managed")
}

fn text<'t>(body: NodeRef<'t>, argument: &str) -> Option<&'t str> {
    body.get(argument)?.as_str().filter(|text| !text.is_empty())
}

/// Path and name, as an ARN has them behind its kind.
fn in_arn(body: NodeRef<'_>) -> Option<String> {
    Some(path_and_name(text(body, "path"), text(body, "name")?))
}

fn document(resource: &Resource<'_>, argument: &str, own: bool) -> HeldDocument {
    HeldDocument { path: format!("{}/{argument}", resource.path).into(), own, presence: Presence::Always }
}

fn identity(resource: &Resource<'_>, local: Local<'_>) -> Option<Identity> {
    let body = resource.body;
    let name = body.get("name")?;
    let mut identity = Identity::new(kind_of(resource.kind)?, name.as_str()?, name.origin());
    identity.name = pieces(&identity.label).into();
    identity.in_arn = pieces(&in_arn(body)?).into();
    let arn = text(body, "arn").and_then(Arn::parse);
    identity.account = arn.map(|arn| arn.account.into());
    let trust = text(body, "assume_role_policy");
    identity.trust = trust.map(|_| format!("{}/assume_role_policy", resource.path).into());
    identity.bounded = text(body, "permissions_boundary").is_some();
    for (index, inline) in body.get("inline_policy").into_iter().flat_map(NodeRef::items).enumerate() {
        if text(inline, "policy").is_some() {
            identity.documents.push(document(resource, &format!("inline_policy/{index}/policy"), true));
        }
    }
    if let Some(arns) = body.get("managed_policy_arns").filter(|arns| arns.items().next().is_some()) {
        identity.attach(arns, Presence::Always, &Template::default(), local);
    }
    Some(identity)
}
