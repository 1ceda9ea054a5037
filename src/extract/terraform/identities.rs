//! Roles, users and groups of a module of Terraform.

use super::merging::{documents, path_of};
use super::resources;
use crate::document::{NodeKind, NodeRef, Tree};
use crate::extract::identity::provider::{holders, join, kind_of};
use crate::extract::identity::{
    HeldDocument, Identity, Local, Named, Presence, each_named, give_function, path_and_name, refers,
};
use crate::extract::resolve::{Module, reference};
use crate::policy::HolderKind;

/// The identities that the files of a module make, for each of the files.
pub(super) fn identities<'t>(trees: &[&'t Tree<'t>], module: &Module<'t>) -> Vec<Vec<Identity>> {
    let all = || trees.iter().flat_map(|tree| resources(tree));
    let local = |named: Named<'_>| {
        let is_meant = |name: &str, body: NodeRef<'_>| match named {
            Named::Label(label) => label.strip_prefix("aws_iam_policy.") == Some(name),
            Named::InArn(meant) => is_called(body, meant, module),
        };
        let found = all().find(|(kind, name, body)| *kind == "aws_iam_policy" && is_meant(name, *body));
        let Some((_, name, body)) = found else { return Vec::new() };
        held(body, &format!("resource/aws_iam_policy/{name}"), module, false, presence(body)).unwrap_or_default()
    };
    let mut counts = Vec::with_capacity(trees.len());
    let mut identities: Vec<Identity> = Vec::new();
    for tree in trees {
        let before = identities.len();
        let blocks = tree.roots().flat_map(NodeRef::entries).filter(|(key, _)| key.as_str() == Some("resource"));
        let kinds = blocks.flat_map(|(_, kinds)| kinds.entries());
        let kinds = kinds.filter_map(|(kind, names)| Some((kind.as_str()?, kind_of(kind.as_str()?)?, names)));
        let made =
            kinds.flat_map(|(name, kind, names)| names.entries().map(move |(label, body)| (name, kind, label, body)));
        identities
            .extend(made.filter_map(|(name, kind, label, body)| identity((name, kind), label, body, module, &local)));
        counts.push(identities.len() - before);
    }
    if identities.is_empty() {
        return Vec::new();
    }
    for (kind, name, body) in all() {
        if kind == "aws_lambda_function" {
            if let Some(role) = body.get("role") {
                let label = format!("{kind}.{name}");
                give_function(&mut identities, &label, body.get("function_name"), role, module);
            }
            continue;
        }
        for (of, argument) in holders(kind) {
            let Some(named) = body.get(argument) else { continue };
            give(&mut identities, *of, named, (kind, name), body, module, &local);
        }
        join(&mut identities, kind, body, module);
    }
    let handed_on = trees.iter().flat_map(|tree| tree.roots()).flat_map(NodeRef::entries);
    for (_, block) in handed_on.filter(|(key, _)| matches!(key.as_str(), Some("output" | "module" | "locals"))) {
        // Others may attach to them what they like.
        let named = identities.iter_mut().filter(|identity| names(block.raw(), &identity.label));
        named.for_each(|identity| identity.open = true);
    }
    // One of several has what the others need not have.
    let several = all().filter(|(kind, _, body)| kind_of(kind).is_some() && is_several(*body));
    for (kind, name, body) in several {
        for identity in identities.iter_mut().filter(|identity| refers(&identity.label, &format!("{kind}.{name}"))) {
            identity.documents.iter_mut().for_each(|document| document.own = false);
            identity.settle(&presence(body));
        }
    }
    let mut rest = identities.into_iter();
    counts.into_iter().map(|count| rest.by_ref().take(count).collect()).collect()
}

/// Gives whoever is named the policy of a resource, by its type and name: a document of its own, or what it attaches.
fn give(
    identities: &mut [Identity],
    of: HolderKind,
    named: NodeRef<'_>,
    (kind, name): (&str, &str),
    body: NodeRef<'_>,
    module: &Module<'_>,
    local: Local<'_>,
) {
    if kind.ends_with("_policy") {
        let held = held(body, &format!("resource/{kind}/{name}"), module, true, presence(body));
        return each_named(identities, of, named, module, &mut |identity| match &held {
            Some(documents) => identity.documents.extend(documents.iter().cloned()),
            None => identity.open = true,
        });
    }
    let arns = body.get("policy_arn").or_else(|| body.get("policy_arns"));
    each_named(identities, of, named, module, &mut |identity| match arns {
        Some(arns) => identity.attach(items_of(arns, body), presence(body), module, local),
        None => identity.open = true,
    });
}

/// The identity of a block: its type, its second label, and what stands in it.
fn identity(
    (resource, kind): (&str, HolderKind),
    label: NodeRef<'_>,
    body: NodeRef<'_>,
    module: &Module<'_>,
    local: Local<'_>,
) -> Option<Identity> {
    let name = label.as_str()?;
    let place = format!("resource/{resource}/{name}");
    let mut identity = Identity::new(kind, &format!("{resource}.{name}"), label.origin());
    identity.named(body.get("path"), body.get("name"), module);
    let trust = paths(body, "assume_role_policy", &place, module).unwrap_or_default();
    if let Ok([trust]) = <[Box<str>; 1]>::try_from(trust) {
        identity.trust = Some(trust);
    }
    identity.bounded = body.get("permissions_boundary").is_some();
    identity.several = is_several(body) && !is_one_or_none(body);
    if let Some(arns) = body.get("managed_policy_arns") {
        identity.attach(arns, Presence::Always, module, local);
    }
    identity.open |= body.get("dynamic").is_some();
    for (_, block) in body.entries().filter(|(key, _)| key.as_str() == Some("inline_policy")) {
        let blocks = if block.kind() == NodeKind::Seq { block.items().collect() } else { vec![block] };
        for block in blocks.into_iter().filter(|block| block.entries().next().is_some()) {
            match held(block, &format!("{place}/inline_policy"), module, true, Presence::Always) {
                Some(documents) => identity.documents.extend(documents),
                None => identity.open = true,
            }
        }
    }
    Some(identity)
}

/// The documents of the policy of a resource; none if they are not all known. What is merged of several is nobody's alone.
fn held(
    body: NodeRef<'_>,
    place: &str,
    module: &Module<'_>,
    own: bool,
    presence: Presence,
) -> Option<Vec<HeldDocument>> {
    let paths = paths(body, "policy", place, module)?;
    let own = own && paths.len() == 1;
    Some(paths.into_iter().map(|path| HeldDocument { path, own, presence: presence.clone() }).collect())
}

/// Where the documents stand that an argument of a resource takes: in the resource, or as data sources of the module, of which one
/// may merge others. None where that is not known.
fn paths(body: NodeRef<'_>, argument: &str, place: &str, module: &Module<'_>) -> Option<Vec<Box<str>>> {
    let written = body.get(argument)?;
    if let Some(names) = documents(written, module) {
        return Some(names?.iter().map(|name| path_of(name)).collect());
    }
    // What a local holds stands elsewhere.
    (reference(written).is_none()).then(|| vec![format!("{place}/{argument}").into()])
}

/// True for a policy of this path and name.
fn is_called(policy: NodeRef<'_>, meant: &str, module: &Module<'_>) -> bool {
    let text = |argument: &str| module.text(policy.get(argument)?);
    text("name").is_some_and(|name| path_and_name(text("path").as_deref(), &name) == meant)
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

/// True if a text names an identity, and not only its ARN: by its name policies are attached to it.
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
