//! Documents of a module that are merged into others.

use super::resources;
use super::uses::{Uses, added, document_name, overriding};
use crate::document::{NodeKind, NodeRef, Tree};
use crate::extract::resolve::Module;
use std::collections::HashSet;

/// Documents are merged into documents so deep at the most.
const MAX_DEPTH: u32 = 8;

/// A policy that consists of several documents.
#[derive(Clone, Debug)]
pub struct MergedPolicy {
    /// What references in the module call it.
    pub label: Box<str>,
    /// Where the documents stand ([`PolicySite::path`](crate::extract::PolicySite)).
    pub documents: Vec<Box<str>>,
}

/// The managed policies of a file into which several documents are merged, where these are all known.
pub(super) fn policies<'t>(tree: &'t Tree<'t>, module: &Module<'t>, uses: &Uses<'t>) -> Vec<MergedPolicy> {
    let managed = resources(tree).filter(|(kind, name, _)| *kind == "aws_iam_policy" && !uses.is_boundary(kind, name));
    let merged = managed.filter_map(|(kind, name, body)| {
        let documents = documents(body.get("policy")?, module)??.into_iter().map(|document| path_of(&document));
        let documents: Vec<_> = documents.collect();
        (documents.len() > 1).then(|| MergedPolicy { label: format!("{kind}.{name}").into(), documents })
    });
    merged.collect()
}

/// Where a document of the module stands.
pub(super) fn path_of(document: &str) -> Box<str> {
    format!("data/aws_iam_policy_document/{document}").into()
}

/// The names of the documents of which a value consists, if it is one of the module: it and what is merged into it. The inner value
/// is none where not all of it is known, or where one of them may replace statements of another.
pub(super) fn documents(node: NodeRef<'_>, module: &Module<'_>) -> Option<Option<Vec<Box<str>>>> {
    let name = document_name(module.followed(node))?;
    let mut all = Vec::new();
    Some(collect(name, module, MAX_DEPTH, &mut all).map(|()| all))
}

fn collect(name: &str, module: &Module<'_>, depth: u32, all: &mut Vec<Box<str>>) -> Option<()> {
    // What several merge is gone through once, not by every way that leads to it.
    if all.iter().any(|known| **known == *name) {
        return Some(());
    }
    let body = module.document(name).filter(|_| depth > 0)?;
    all.push(name.into());
    let merged = |arguments: Vec<NodeRef<'_>>| {
        let mut names = Vec::new();
        arguments.into_iter().try_for_each(|argument| each(argument, module, &mut names)).map(|()| names)
    };
    let (below, above) = (merged(added(body))?, merged(overriding(body))?);
    if !above.is_empty() {
        // Terraform replaces a statement by one of the same `sid`.
        let (replaced, replacing) = (sids_of(&below, Some(body), module)?, sids_of(&above, None, module)?);
        if above.len() > 1 && !replacing.is_empty() || !replacing.is_disjoint(&replaced) {
            return None;
        }
    }
    below.iter().chain(&above).try_for_each(|name| collect(name, module, depth - 1, all))
}

/// Takes the names of the documents of a list, or of one.
fn each(node: NodeRef<'_>, module: &Module<'_>, names: &mut Vec<Box<str>>) -> Option<()> {
    let node = module.followed(node);
    if let Some(name) = document_name(node) {
        names.push(name.into());
        return Some(());
    }
    let gathers = node.kind() == NodeKind::Call && matches!(node.as_str(), Some("concat" | "compact" | "flatten"));
    match node.kind() {
        NodeKind::Null => Some(()),
        NodeKind::Seq => node.items().try_for_each(|item| each(item, module, names)),
        NodeKind::Call if gathers => node.arguments().try_for_each(|item| each(item, module, names)),
        _ => None,
    }
}

/// What the statements of documents, and of one more, are called; none where that is not known, or where more is merged into one of
/// the documents.
fn sids_of(names: &[Box<str>], own: Option<NodeRef<'_>>, module: &Module<'_>) -> Option<HashSet<Box<str>>> {
    let mut bodies: Vec<NodeRef<'_>> = own.into_iter().collect();
    for name in names {
        bodies.push(module.document(name).filter(|body| added(*body).is_empty() && overriding(*body).is_empty())?);
    }
    if bodies.iter().any(|body| body.get("dynamic").is_some()) {
        return None;
    }
    let statements = bodies.into_iter().flat_map(NodeRef::entries).filter(|(key, _)| key.as_str() == Some("statement"));
    let blocks = statements
        .flat_map(|(_, block)| if block.kind() == NodeKind::Seq { block.items().collect() } else { vec![block] });
    blocks.filter_map(|block| block.get("sid")).map(|sid| module.text(sid)).collect()
}
