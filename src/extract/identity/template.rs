//! Roles, users and groups of CloudFormation templates.

use super::{HeldDocument, Identity, Local, Named, Presence, each_named, give_function, path_and_name, serverless};
use crate::document::{NodeKind, NodeRef};
use crate::extract::resolve::Template;
use crate::policy::HolderKind;

/// The identities of a template, whose resources stand below `prefix`.
pub(in crate::extract) fn identities(root: NodeRef<'_>, template: &Template<'_>, prefix: &str) -> Vec<Identity> {
    let resources = || template.resources().into_iter().flat_map(NodeRef::entries);
    let named = resources().filter_map(|(key, resource)| Some((key.as_str()?, resource)));
    let managed: Vec<(&str, NodeRef<'_>)> = named.filter(|(_, it)| type_of(*it) == "AWS::IAM::ManagedPolicy").collect();
    let local = |named: Named<'_>| {
        let is_meant = |(label, resource): &&(&str, NodeRef<'_>)| match named {
            Named::Label(meant) => *label == meant,
            Named::InArn(meant) => is_called(*resource, meant, template),
        };
        let found = managed.iter().find(is_meant).map(|(label, resource)| {
            let path = format!("{prefix}/{label}/Properties/PolicyDocument").into();
            HeldDocument { path, own: false, presence: presence(*resource) }
        });
        found.into_iter().collect()
    };
    let mut identities: Vec<Identity> = resources()
        .filter_map(|(key, resource)| match type_of(resource) {
            "AWS::Serverless::Function" | "AWS::Serverless::StateMachine" => {
                serverless::role_of(key, resource, root, template, prefix, &local)
            }
            kind => made(kind_of(kind)?, key, resource, template, prefix, &local),
        })
        .collect();
    identities.extend(serverless::role_of_service(root, template, &local));
    if identities.is_empty() {
        return identities;
    }
    for (key, resource) in resources() {
        let (Some(name), Some(properties)) = (key.as_str(), resource.get("Properties")) else { continue };
        let kind = type_of(resource);
        match kind {
            "AWS::IAM::Policy"
            | "AWS::IAM::ManagedPolicy"
            | "AWS::IAM::RolePolicy"
            | "AWS::IAM::UserPolicy"
            | "AWS::IAM::GroupPolicy" => give(&mut identities, (kind, name), resource, properties, template, prefix),
            "AWS::IAM::User" => {
                if let Some(groups) = properties.get("Groups") {
                    let labels = labels_of(&mut identities, groups, template);
                    if let Some(user) = identities.iter_mut().find(|identity| *identity.label == *name) {
                        user.groups.extend(labels);
                    }
                }
            }
            "AWS::IAM::UserToGroupAddition" => {
                let Some((group, users)) = properties.get("GroupName").zip(properties.get("Users")) else { continue };
                let labels = labels_of(&mut identities, group, template);
                each_named(&mut identities, HolderKind::User, users, template, &mut |user| {
                    user.groups.extend(labels.iter().cloned());
                });
            }
            "AWS::Lambda::Function" | "AWS::Serverless::Function" => {
                if let Some(role) = properties.get("Role") {
                    give_function(&mut identities, name, properties.get("FunctionName"), role, template);
                }
            }
            _ if hands_on(kind) => mentions(properties, &mut identities),
            _ => {}
        }
    }
    let own = |label: &str| Some(presence(template.resources()?.get(label)?));
    for identity in &mut identities {
        if let Some(presence) = own(&identity.label) {
            identity.settle(&presence);
        }
    }
    if let Some(outputs) = template.outputs() {
        mentions(outputs, &mut identities);
    }
    identities
}

fn type_of<'t>(resource: NodeRef<'t>) -> &'t str {
    resource.get("Type").and_then(NodeRef::as_str).unwrap_or("")
}

/// The kind of the identities of a type.
fn kind_of(resource: &str) -> Option<HolderKind> {
    Some(match resource {
        "AWS::IAM::Role" => HolderKind::Role,
        "AWS::IAM::User" => HolderKind::User,
        "AWS::IAM::Group" => HolderKind::Group,
        _ => return None,
    })
}

/// Whether there is a resource.
fn presence(resource: NodeRef<'_>) -> Presence {
    match resource.get("Condition") {
        Some(condition) => condition.as_str().map_or(Presence::Perhaps, |name| Presence::If(name.into())),
        None => Presence::Always,
    }
}

/// True for a managed policy of this path and name.
fn is_called(policy: NodeRef<'_>, meant: &str, template: &Template<'_>) -> bool {
    let text = |name: &str| template.text(policy.get("Properties")?.get(name)?);
    text("ManagedPolicyName").is_some_and(|name| path_and_name(text("Path").as_deref(), &name) == meant)
}

/// The identity that a resource makes.
fn made(
    kind: HolderKind,
    key: NodeRef<'_>,
    resource: NodeRef<'_>,
    template: &Template<'_>,
    prefix: &str,
    local: Local<'_>,
) -> Option<Identity> {
    let label = key.as_str()?;
    let mut identity = Identity::new(kind, label, key.origin());
    let Some(properties) = resource.get("Properties") else { return Some(identity) };
    let path = format!("{prefix}/{label}/Properties");
    let name = match kind {
        HolderKind::Role => "RoleName",
        HolderKind::User => "UserName",
        HolderKind::Group => "GroupName",
    };
    identity.named(properties.get("Path"), properties.get(name), template);
    let trust = properties.get("AssumeRolePolicyDocument");
    identity.trust = trust.map(|_| format!("{path}/AssumeRolePolicyDocument").into());
    identity.bounded = properties.get("PermissionsBoundary").is_some();
    // A macro puts in what it likes.
    identity.open = properties.get("Fn::Transform").is_some();
    if let Some(arns) = properties.get("ManagedPolicyArns") {
        identity.attach(arns, Presence::Always, template, local);
    }
    if let Some(policies) = properties.get("Policies") {
        identity.open |= policies.kind() != NodeKind::Seq;
        // What is no document there is missed when the places are looked up.
        identity.documents.extend(policies.items().enumerate().map(|(index, _)| HeldDocument {
            path: format!("{path}/Policies/{index}/PolicyDocument").into(),
            own: true,
            presence: Presence::Always,
        }));
    }
    Some(identity)
}

/// Gives the document of a policy, by its type and name, to whoever has it.
fn give(
    identities: &mut [Identity],
    (kind, name): (&str, &str),
    resource: NodeRef<'_>,
    properties: NodeRef<'_>,
    template: &Template<'_>,
    prefix: &str,
) {
    use HolderKind::{Group, Role, User};
    let lists: &[(HolderKind, &str)] = match kind {
        "AWS::IAM::RolePolicy" => &[(Role, "RoleName")],
        "AWS::IAM::UserPolicy" => &[(User, "UserName")],
        "AWS::IAM::GroupPolicy" => &[(Group, "GroupName")],
        _ => &[(Role, "Roles"), (User, "Users"), (Group, "Groups")],
    };
    let given = || lists.iter().filter_map(|(kind, list)| Some((*kind, properties.get(list)?)));
    let is_one = |list: NodeRef<'_>| list.kind() != NodeKind::Seq || list.items().nth(1).is_none();
    let alone = given().nth(1).is_none() && given().all(|(_, list)| is_one(list));
    let document = HeldDocument {
        path: format!("{prefix}/{name}/Properties/PolicyDocument").into(),
        own: alone && kind != "AWS::IAM::ManagedPolicy",
        presence: presence(resource),
    };
    for (kind, list) in given() {
        each_named(identities, kind, list, template, &mut |identity| identity.documents.push(document.clone()));
    }
}

/// The labels of the groups that a list names.
fn labels_of(identities: &mut [Identity], groups: NodeRef<'_>, template: &Template<'_>) -> Vec<Box<str>> {
    let mut labels = Vec::new();
    each_named(identities, HolderKind::Group, groups, template, &mut |group| labels.push(group.label.clone()));
    labels
}

/// True for resources that can attach policies to a role whose name they are given.
fn hands_on(kind: &str) -> bool {
    let others = ["AWS::CloudFormation::Stack", "AWS::Serverless::Application", "AWS::SSM::Parameter"];
    is_custom(kind) || others.contains(&kind)
}

/// True for resources that a function of the template's author makes.
pub(in crate::extract) fn is_custom(kind: &str) -> bool {
    kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource"
}

/// The identities whose names stand below a node may get policies elsewhere.
fn mentions(node: NodeRef<'_>, identities: &mut [Identity]) {
    let mut pending = vec![node];
    while let Some(node) = pending.pop() {
        for (key, value) in node.entries() {
            if key.as_str() == Some("Ref") {
                let named = identities.iter_mut().filter(|identity| value.as_str() == Some(&identity.label));
                named.for_each(|identity| identity.open = true);
            }
            pending.push(value);
        }
        pending.extend(node.items());
        if let Some(text) = node.as_str().filter(|text| text.contains("${")) {
            identities
                .iter_mut()
                .filter(|identity| text.contains(&format!("${{{}}}", identity.label)))
                .for_each(|identity| identity.open = true);
        }
    }
}
