//! Values that deployment fills in: what could stand there, to ask the keys about.

use crate::policy::{Piece, pieces};
use std::sync::Arc;

/// An account's number; as good a name as any, where a name stands.
const SOME: &str = "111122223333";

/// A text of which nothing is open but what AWS chooses at deployment: one that AWS could choose, as good as any other.
pub(super) fn sample(pieces: &[Piece]) -> Option<String> {
    let text = |piece: &Piece| match piece {
        Piece::Lit(text) => Some(text.to_string()),
        Piece::Star => Some("*".to_owned()),
        Piece::Any => Some("?".to_owned()),
        Piece::Assigned(name) => Some(chosen(name).to_owned()),
        Piece::PolicyVar(_) | Piece::Hole(_) => None,
    };
    pieces.iter().map(text).collect()
}

/// What stands before the first piece that is not known, with a wildcard for the rest.
pub(super) fn beginning(pieces: &[Piece]) -> Option<String> {
    let known = pieces.iter().position(|piece| matches!(piece, Piece::Hole(_)))?;
    sample(pieces.get(..known)?).map(|text| text + "*")
}

/// What AWS could choose for this name of a template's or a module's.
fn chosen(name: &str) -> &'static str {
    match name {
        "AWS::AccountId" => SOME,
        name if name.ends_with("account_id") => SOME,
        name if name.contains("aws_organizations_organization.") => "o-exampleorg1",
        _ => "chosen",
    }
}

/// The text with a name in each hole; none where a hole is not a whole part of it, behind a colon or a slash: what stands
/// there may be a part of a name, and what a text begins with may be more than one.
pub(super) fn filled(pieces: &[Piece]) -> Option<String> {
    let is_part = |at: usize| {
        let behind = |piece: &Piece| matches!(piece, Piece::Lit(text) if text.ends_with([':', '/']));
        let before = |piece: &Piece| matches!(piece, Piece::Lit(text) if text.starts_with([':', '/']));
        at > 0 && behind(&pieces[at - 1]) && pieces.get(at + 1).is_none_or(before)
    };
    let named = pieces.iter().enumerate().map(|(at, piece)| match piece {
        Piece::Hole(_) => is_part(at).then(|| Piece::Lit(SOME.into())),
        other => Some(other.clone()),
    });
    sample(&named.collect::<Option<Vec<_>>>()?)
}

/// The pieces of a text in which `${name}` marks what another program fills in.
pub(super) fn marked(text: &str) -> Vec<Piece> {
    let mut parts = text.split("${");
    let mut out = pieces(parts.next().unwrap_or(""));
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        out.push(Piece::Hole(Arc::from(name)));
        out.extend(pieces(rest));
    }
    out
}

/// What stands between `${` and `}`.
pub(super) fn braces(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(inner, _)| inner)
}
