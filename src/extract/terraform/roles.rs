//! Roles of a module of Terraform.

use super::resources;
use super::uses::{document_name, is_merged};
use crate::document::{NodeKind, NodeRef, Tree};
use crate::extract::identity::{HeldDocument, Identity, Local, Presence, each_named, give_function, refers};
use crate::extract::resolve::{Module, reference};

/// The roles that the files of a module make, for each of the files.
pub(super) fn roles<'t>(trees: &[&'t Tree<'t>], module: &Module<'t>) -> Vec<Vec<Identity>> {
    let all = || trees.iter().flat_map(|tree| resources(tree));
    let local = |label: &str| {
        let name = label.strip_prefix("aws_iam_policy.")?;
        let (_, _, body) = all().find(|(kind, other, _)| *kind == "aws_iam_policy" && *other == name)?;
        let path = document(body, "policy", &format!("resource/aws_iam_policy/{name}"), module)?;
        Some(HeldDocument { path, own: false, presence: presence(body) })
    };
    let mut counts = Vec::with_capacity(trees.len());
    let mut roles: Vec<Identity> = Vec::new();
    for tree in trees {
        let before = roles.len();
        let blocks = tree.roots().flat_map(NodeRef::entries).filter(|(key, _)| key.as_str() == Some("resource"));
        let kinds =
            blocks.flat_map(|(_, kinds)| kinds.entries()).filter(|(kind, _)| kind.as_str() == Some("aws_iam_role"));
        let made = kinds.flat_map(|(_, names)| names.entries());
        roles.extend(made.filter_map(|(name, body)| role(name, body, module, &local)));
        counts.push(roles.len() - before);
    }
    if roles.is_empty() {
        return Vec::new();
    }
    for (kind, name, body) in all() {
        let named = body.get(if kind == "aws_iam_policy_attachment" { "roles" } else { "role" });
        let place = format!("resource/{kind}/{name}");
        match (kind, named) {
            ("aws_iam_role_policy", Some(named)) => {
                let document = document(body, "policy", &place, module);
                each_named(&mut roles, named, module, &mut |role| match &document {
                    Some(path) => {
                        let (path, presence) = (path.clone(), presence(body));
                        role.documents.push(HeldDocument { path, own: true, presence });
                    }
                    None => role.open = true,
                });
            }
            ("aws_iam_role_policy_attachment" | "aws_iam_policy_attachment", Some(named)) => {
                each_named(&mut roles, named, module, &mut |role| match body.get("policy_arn") {
                    Some(arn) => role.attach(items_of(arn, body), presence(body), module, &local),
                    None => role.open = true,
                });
            }
            ("aws_lambda_function", Some(named)) => {
                give_function(&mut roles, &format!("{kind}.{name}"), body.get("function_name"), named, module);
            }
            _ => {}
        }
    }
    let handed_on = trees.iter().flat_map(|tree| tree.roots()).flat_map(NodeRef::entries);
    for (_, block) in handed_on.filter(|(key, _)| matches!(key.as_str(), Some("output" | "module" | "locals"))) {
        // Others may attach to them what they like.
        roles.iter_mut().filter(|role| names(block.raw(), &role.label)).for_each(|role| role.open = true);
    }
    // One of several has what the others need not have.
    let several = all().filter(|(kind, _, body)| *kind == "aws_iam_role" && is_several(*body));
    for (kind, name, body) in several {
        for role in roles.iter_mut().filter(|role| refers(&role.label, &format!("{kind}.{name}"))) {
            role.documents.iter_mut().for_each(|document| document.own = false);
            role.settle(&presence(body));
        }
    }
    let mut rest = roles.into_iter();
    counts.into_iter().map(|count| rest.by_ref().take(count).collect()).collect()
}

/// The role of a block: its second label, and what stands in it.
fn role(label: NodeRef<'_>, body: NodeRef<'_>, module: &Module<'_>, local: Local<'_>) -> Option<Identity> {
    let name = label.as_str()?;
    let place = format!("resource/aws_iam_role/{name}");
    let mut role = Identity::new(&format!("aws_iam_role.{name}"), label.origin());
    role.named(body.get("path"), body.get("name"), module);
    role.trust = document(body, "assume_role_policy", &place, module);
    role.bounded = body.get("permissions_boundary").is_some();
    role.several = is_several(body) && !is_one_or_none(body);
    if let Some(arns) = body.get("managed_policy_arns") {
        role.attach(arns, Presence::Always, module, local);
    }
    role.open |= body.get("dynamic").is_some();
    for (_, block) in body.entries().filter(|(key, _)| key.as_str() == Some("inline_policy")) {
        let blocks = if block.kind() == NodeKind::Seq { block.items().collect() } else { vec![block] };
        for block in blocks.into_iter().filter(|block| block.entries().next().is_some()) {
            match document(block, "policy", &format!("{place}/inline_policy"), module) {
                Some(path) => role.documents.push(HeldDocument { path, own: true, presence: Presence::Always }),
                None => role.open = true,
            }
        }
    }
    Some(role)
}

/// Where the document stands that an argument of a resource takes: in the resource, or as a data source of the module. None
/// where that is not known, or where others are merged into it.
fn document(body: NodeRef<'_>, argument: &str, place: &str, module: &Module<'_>) -> Option<Box<str>> {
    let written = body.get(argument)?;
    let node = module.followed(written);
    if let Some(name) = document_name(node) {
        let merged = is_merged(module.document(name)?);
        return (!merged).then(|| format!("data/aws_iam_policy_document/{name}").into());
    }
    // What a local holds stands elsewhere.
    (reference(written).is_none()).then(|| format!("{place}/{argument}").into())
}

/// True if a resource stands for several.
fn is_several(body: NodeRef<'_>) -> bool {
    body.get("for_each").is_some() || body.get("count").is_some()
}

/// True if there is one of a resource, or none.
fn is_one_or_none(body: NodeRef<'_>) -> bool {
    let is_few = |count: NodeRef<'_>| matches!(count.raw(), "0" | "1");
    let chosen = body.get("count").filter(|count| count.kind() == NodeKind::Either);
    let mut counts = chosen.into_iter().flat_map(NodeRef::arguments).peekable();
    counts.peek().is_some() && counts.all(is_few)
}

/// Whether there is a resource.
fn presence(body: NodeRef<'_>) -> Presence {
    match body.get("count").filter(|count| count.kind() != NodeKind::Number) {
        Some(count) => Presence::If(count.raw().into()),
        None => Presence::Always,
    }
}

/// The items of `for_each` where an argument is `each.value` or `each.key`.
fn items_of<'t>(node: NodeRef<'t>, body: NodeRef<'t>) -> NodeRef<'t> {
    let each = reference(node).is_some_and(|path| matches!(path, "each.value" | "each.key"));
    let items = body.get("for_each").filter(|items| each && items.kind() != NodeKind::Map);
    items.unwrap_or(node)
}

/// True if a text names a role, and not only its ARN: by its name policies are attached to it.
fn names(text: &str, label: &str) -> bool {
    text.match_indices(label).any(|(at, _)| {
        let (before, from) = text.split_at(at);
        let behind = from.get(label.len()..).unwrap_or("");
        let behind =
            behind.strip_prefix('[').map_or(behind, |index| index.split_once(']').map_or("", |(_, rest)| rest));
        let another = behind.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        let only_arn = [".arn", ".*.arn", ".unique_id"].iter().any(|end| behind.starts_with(end));
        !before.ends_with("data.") && !another && !only_arn
    })
}
