//! Roles that are written nowhere: SAM makes one for each function and state machine, the Serverless Framework one for all functions
//! of a service.

use super::{HeldDocument, Identity, Local, Presence};
use crate::document::{NodeKind, NodeRef};
use crate::extract::resolve::Template;
use crate::policy::HolderKind;

/// What the Serverless Framework calls the role of a service.
const ROLE_OF_SERVICE: &str = "IamRoleLambdaExecution";

/// The role that SAM makes for a resource with policies; none where it is given one.
pub(super) fn role_of(
    key: NodeRef<'_>,
    resource: NodeRef<'_>,
    root: NodeRef<'_>,
    template: &Template<'_>,
    prefix: &str,
    local: Local<'_>,
) -> Option<Identity> {
    let label = key.as_str()?;
    let properties = resource.get("Properties")?;
    let policies = properties.get("Policies")?;
    let of_all = |name: &str| root.get("Globals")?.get("Function")?.get(name);
    if properties.get("Role").or_else(|| of_all("Role")).is_some() {
        return None;
    }
    let mut role = Identity::new(HolderKind::Role, &format!("{label}Role"), key.origin());
    role.bounded = properties.get("PermissionsBoundary").or_else(|| of_all("PermissionsBoundary")).is_some();
    let path = format!("{prefix}/{label}/Properties/Policies");
    let mut take = |node: NodeRef<'_>, path: &str| {
        if node.kind() != NodeKind::Map || node.get("Ref").is_some() {
            return role.attach(node, Presence::Always, template, local);
        }
        let own = |path| HeldDocument { path, own: true, presence: Presence::Always };
        if node.get("Statement").is_some() {
            role.documents.push(own(path.into()));
        } else {
            // The names of templates; a function is none.
            let templates = node.entries().filter_map(|(name, _)| name.as_str());
            role.documents.extend(templates.map(|name| own(format!("{path}/{name}").into())));
        }
    };
    match policies.kind() {
        NodeKind::Seq => {
            policies.items().enumerate().for_each(|(index, item)| take(item, &format!("{path}/{index}")));
        }
        _ => take(policies, &path),
    }
    Some(role)
}

/// The role that the Serverless Framework makes for the functions of a service.
pub(super) fn role_of_service(root: NodeRef<'_>, template: &Template<'_>, local: Local<'_>) -> Option<Identity> {
    let provider = root.get("provider").filter(|provider| provider.get("role").is_none())?;
    let role = provider.get("iam").and_then(|iam| iam.get("role"));
    let (statements, path) = match role {
        Some(role) => (role.get("statements"), "provider/iam/role/statements"),
        None => (provider.get("iamRoleStatements"), "provider/iamRoleStatements"),
    };
    let managed = role.and_then(|role| role.get("managedPolicies")).or_else(|| provider.get("iamManagedPolicies"));
    let at = statements.or(managed)?.origin();
    let mut made = Identity::new(HolderKind::Role, ROLE_OF_SERVICE, at);
    let boundary = ["permissionsBoundary", "permissionBoundary"];
    made.bounded = boundary.iter().any(|name| role.is_some_and(|role| role.get(name).is_some()))
        || provider.get("rolePermissionsBoundary").is_some();
    if statements.is_some() {
        made.documents.push(HeldDocument { path: path.into(), own: true, presence: Presence::Always });
    }
    if let Some(managed) = managed {
        made.attach(managed, Presence::Always, template, local);
    }
    Some(made)
}
