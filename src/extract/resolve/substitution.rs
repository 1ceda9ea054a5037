//! The text of `Fn::Sub`: `${Name}`, `${Resource.Attribute}`, and `${!name}`, which stays `${name}`.

use crate::policy::{Piece, pieces};

/// The pieces of a text, with what `reference` makes of the name between `${` and `}`. A `${` that is never closed is text.
pub(super) fn substitute(text: &str, mut reference: impl FnMut(&str) -> Vec<Piece>) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else { break };
        out.extend(pieces(before));
        match name.strip_prefix('!') {
            Some(variable) => out.push(Piece::PolicyVar(variable.into())),
            None => out.extend(reference(name.trim())),
        }
        rest = behind;
    }
    out.extend(pieces(rest));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn references_variables_and_text_are_told_apart() {
        let hole = |name: &str| vec![Piece::Hole(Arc::from(name))];
        let lit = |text: &str| Piece::Lit(text.into());
        assert_eq!(
            substitute("a${B}c*${!aws:username}$${open", hole),
            [
                lit("a"),
                Piece::Hole(Arc::from("B")),
                lit("c"),
                Piece::Star,
                Piece::PolicyVar("aws:username".into()),
                lit("$${open"),
            ]
        );
    }
}
