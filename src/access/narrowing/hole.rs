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
        Piece::Assigned(name) if &**name == "AWS::AccountId" => Some(SOME.to_owned()),
        Piece::Assigned(_) => Some("chosen".to_owned()),
        Piece::PolicyVar(_) | Piece::Hole(_) => None,
    };
    pieces.iter().map(text).collect()
}

/// The text with a name in each hole; none where a hole is not a whole part of it, between colons and slashes: what stands
/// there may be a part of a name.
pub(super) fn filled(pieces: &[Piece]) -> Option<String> {
    let ends = |piece: &Piece, at_its_end: bool| match piece {
        Piece::Lit(text) if at_its_end => text.ends_with([':', '/']),
        Piece::Lit(text) => text.starts_with([':', '/']),
        _ => false,
    };
    let named = pieces.iter().enumerate().map(|(at, piece)| match piece {
        Piece::Hole(_) => {
            let whole =
                (at == 0 || ends(&pieces[at - 1], true)) && pieces.get(at + 1).is_none_or(|next| ends(next, false));
            whole.then(|| Piece::Lit(SOME.into()))
        }
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
