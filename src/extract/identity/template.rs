//! Roles of CloudFormation templates.

use super::{HeldDocument, Identity, Presence, each_named, give_function};
use crate::document::{NodeKind, NodeRef};
use crate::extract::resolve::Template;

/// The roles of a template, whose resources stand below `prefix`.
pub(in crate::extract) fn identities(template: &Template<'_>, prefix: &str) -> Vec<Identity> {
    let resources = || template.resources().into_iter().flat_map(NodeRef::entries);
    let of_type = |wanted: &'static str| {
        resources().filter(move |(_, resource)| resource.get("Type").and_then(NodeRef::as_str) == Some(wanted))
    };
    let presence = |resource: NodeRef<'_>| match resource.get("Condition") {
        Some(condition) => condition.as_str().map_or(Presence::Perhaps, |name| Presence::If(name.into())),
        None => Presence::Always,
    };
    let local = |label: &str| {
        let (_, managed) = of_type("AWS::IAM::ManagedPolicy").find(|(name, _)| name.as_str() == Some(label))?;
        let path = format!("{prefix}/{label}/Properties/PolicyDocument").into();
        Some(HeldDocument { path, own: false, presence: presence(managed) })
    };
    let mut roles: Vec<Identity> = of_type("AWS::IAM::Role")
        .filter_map(|(key, resource)| {
            let label = key.as_str()?;
            let mut role = Identity::new(label, key.origin());
            let Some(properties) = resource.get("Properties") else { return Some(role) };
            let path = format!("{prefix}/{label}/Properties");
            role.named(properties.get("Path"), properties.get("RoleName"), template);
            role.trust =
                properties.get("AssumeRolePolicyDocument").map(|_| format!("{path}/AssumeRolePolicyDocument").into());
            role.bounded = properties.get("PermissionsBoundary").is_some();
            // A macro puts in what it likes.
            role.open = properties.get("Fn::Transform").is_some();
            if let Some(arns) = properties.get("ManagedPolicyArns") {
                role.attach(arns, Presence::Always, template, &local);
            }
            if let Some(policies) = properties.get("Policies") {
                role.open |= policies.kind() != NodeKind::Seq;
                // What is no document there is missed when the places are looked up.
                role.documents.extend(policies.items().enumerate().map(|(index, _)| HeldDocument {
                    path: format!("{path}/Policies/{index}/PolicyDocument").into(),
                    own: true,
                    presence: Presence::Always,
                }));
            }
            Some(role)
        })
        .collect();
    if roles.is_empty() {
        return roles;
    }
    for (key, resource) in resources() {
        let (Some(name), Some(properties)) = (key.as_str(), resource.get("Properties")) else { continue };
        let kind = resource.get("Type").and_then(NodeRef::as_str).unwrap_or("");
        let named = match kind {
            "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => properties.get("Roles"),
            "AWS::IAM::RolePolicy" => properties.get("RoleName"),
            "AWS::Lambda::Function" | "AWS::Serverless::Function" => {
                if let Some(role) = properties.get("Role") {
                    give_function(&mut roles, name, properties.get("FunctionName"), role, template);
                }
                continue;
            }
            _ => {
                if hands_on(kind) {
                    mentions(properties, &mut roles);
                }
                continue;
            }
        };
        let Some(named) = named else { continue };
        let one = named.kind() != NodeKind::Seq || named.items().nth(1).is_none();
        let alone = one && ["Users", "Groups"].iter().all(|others| properties.get(others).is_none());
        let document = HeldDocument {
            path: format!("{prefix}/{name}/Properties/PolicyDocument").into(),
            own: alone && kind != "AWS::IAM::ManagedPolicy",
            presence: presence(resource),
        };
        each_named(&mut roles, named, template, &mut |role| role.documents.push(document.clone()));
    }
    for (role, (_, resource)) in roles.iter_mut().zip(of_type("AWS::IAM::Role")) {
        role.settle(&presence(resource));
    }
    if let Some(outputs) = template.outputs() {
        mentions(outputs, &mut roles);
    }
    roles
}

/// True for resources that can attach policies to a role whose name they are given.
fn hands_on(kind: &str) -> bool {
    kind.starts_with("Custom::")
        || matches!(
            kind,
            "AWS::CloudFormation::Stack"
                | "AWS::CloudFormation::CustomResource"
                | "AWS::Serverless::Application"
                | "AWS::SSM::Parameter"
        )
}

/// The roles whose names stand below a node may get policies elsewhere.
fn mentions(node: NodeRef<'_>, roles: &mut [Identity]) {
    let mut pending = vec![node];
    while let Some(node) = pending.pop() {
        for (key, value) in node.entries() {
            if key.as_str() == Some("Ref") {
                roles.iter_mut().filter(|role| value.as_str() == Some(&role.label)).for_each(|role| role.open = true);
            }
            pending.push(value);
        }
        pending.extend(node.items());
        if let Some(text) = node.as_str().filter(|text| text.contains("${")) {
            roles
                .iter_mut()
                .filter(|role| text.contains(&format!("${{{}}}", role.label)))
                .for_each(|role| role.open = true);
        }
    }
}
