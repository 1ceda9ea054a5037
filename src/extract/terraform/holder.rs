//! Who holds the policies of a resource.

use super::kinds;
use crate::document::{NodeKind, NodeRef};
use crate::extract::resolve::{Module, reference};
use crate::policy::Holder;

/// Who holds the policies of a resource. What has no name of its own goes by its address.
pub(super) fn holder(resource: &str, label: &str, body: NodeRef<'_>, module: &Module<'_>) -> Option<Holder> {
    let (kind, argument) = kinds::holder_of(resource)?;
    let address = || format!("{resource}.{label}").into();
    let named = |name: NodeRef<'_>| match module.text(name) {
        Some(text) => text,
        None => reference(name).map_or_else(|| name.raw().into(), addressed),
    };
    let given = body.get(argument).filter(|name| name.kind() != NodeKind::Null);
    let own = argument == "name";
    Some(Holder { kind, name: given.map(named).filter(|name| !name.is_empty()).or_else(|| own.then(address))? })
}

/// The address of the resource that a reference names an attribute of: `aws_iam_role.r` of `aws_iam_role.r.name`.
fn addressed(path: &str) -> Box<str> {
    let address = ["name", "id", "arn"].iter().find_map(|it| path.strip_suffix(it)?.strip_suffix('.'));
    address.filter(|address| address.starts_with("aws_iam_")).unwrap_or(path).into()
}
