//! What is wrong with the blocks of an `aws_iam_policy_document`.
//!
//! Source: the schema of the data source in the AWS provider: Terraform refuses to plan what does not follow it. That a
//! statement has actions is asked by AWS.

use super::dynamic::Block;
use crate::document::{NodeKind, NodeRef};
use crate::extract::{Flaw, FlawKind, Remedy};
use crate::spelling::nearest;

/// The arguments that take nothing but a list.
const LISTS: [&str; 6] = ["actions", "not_actions", "resources", "not_resources", "identifiers", "values"];

/// What a statement may hold.
const STATEMENT: [&str; 10] = [
    "sid",
    "effect",
    "actions",
    "not_actions",
    "resources",
    "not_resources",
    "principals",
    "not_principals",
    "condition",
    "dynamic",
];

/// The mistakes of a statement.
pub(super) fn of(block: &Block<'_>) -> Vec<Flaw> {
    let unlisted = unlisted(block);
    unlisted.into_iter().chain(effect(block)).chain(unknown(block)).chain(without_actions(block)).collect()
}

/// Arguments that have to be lists and are one string. What is an expression may be a list.
fn unlisted(block: &Block<'_>) -> Vec<Flaw> {
    let kinds = ["principals", "not_principals", "condition"];
    let groups = kinds.into_iter().flat_map(|kind| block.scope.blocks(block.body, kind)).map(|group| group.body);
    let arguments = std::iter::once(block.body).chain(groups).flat_map(NodeRef::entries);
    let wrong = arguments.filter_map(|(key, value)| {
        let name = key.as_str().filter(|name| LISTS.contains(name))?;
        literal(value).filter(|text| !text.is_empty())?;
        Some(flaw(value, format!("`{name}` is a list of strings"), Some(Remedy::List)))
    });
    wrong.collect()
}

/// An effect that is none.
fn effect(block: &Block<'_>) -> Option<Flaw> {
    const EFFECTS: [&str; 2] = ["Allow", "Deny"];
    let value = block.body.get("effect")?;
    let word = literal(value).filter(|word| !EFFECTS.contains(word))?;
    let right = EFFECTS.into_iter().find(|effect| effect.eq_ignore_ascii_case(word));
    let detail = format!("`{word}` is no effect: write `Allow` or `Deny`");
    Some(flaw(value, detail, right.map(|right| Remedy::Spelling(right.into()))))
}

/// Arguments and blocks that statements do not have.
fn unknown<'b>(block: &Block<'b>) -> impl Iterator<Item = Flaw> + use<'b> {
    let written = block.body.entries().filter_map(|(key, _)| Some((key, key.as_str()?)));
    written.filter(|(_, name)| !STATEMENT.contains(name)).map(|(key, name)| {
        let near = nearest(name, STATEMENT);
        let meant = near.first().map_or(String::new(), |near| format!(": write `{near}`"));
        flaw(key, format!("a statement has no `{name}`{meant}"), None)
    })
}

/// Says so where neither kind of actions is there, nor anything that may be meant for it.
fn without_actions(block: &Block<'_>) -> Option<Flaw> {
    let named = |name: &str| STATEMENT.contains(&name) && !name.ends_with("actions");
    let names = || block.body.entries().map(|(key, _)| key.as_str().unwrap_or(""));
    let lacks = block.sure && names().next().is_some() && names().all(named);
    lacks.then(|| flaw(block.body, "the statement has neither `actions` nor `not_actions`".to_owned(), None))
}

/// The text of a string that is written out.
fn literal(value: NodeRef<'_>) -> Option<&str> {
    value.as_str().filter(|text| value.kind() == NodeKind::String && !text.contains("${") && !text.contains("%{"))
}

fn flaw(at: NodeRef<'_>, detail: String, remedy: Option<Remedy>) -> Flaw {
    Flaw { kind: FlawKind::Structure, at: at.origin(), detail, remedy }
}
