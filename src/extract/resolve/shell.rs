//! Shell: variables stand for what only the run knows.

use super::cloudformation::Template;
use crate::document::{NodeKind, NodeRef};
use crate::policy::lower::{Resolve, Stands};
use crate::policy::{Piece, Value, pieces};
use std::sync::Arc;

/// The variables of a shell in the strings of a document. `${aws:username}` is none of them: their names have no colon.
pub(crate) struct Shell;

impl Resolve for Shell {
    fn stands<'n>(&self, node: NodeRef<'n>) -> Stands<'n> {
        match node.as_str().filter(|text| node.kind() == NodeKind::String && text.contains('$')) {
            Some(text) => Stands::Texts(vec![Value::from(filled(text))]),
            None => Template::default().stands(node),
        }
    }

    fn in_strings(&self) -> bool {
        true
    }
}

/// The pieces of a text, with holes for `$NAME` and `${NAME}`.
fn filled(text: &str) -> Vec<Piece> {
    let name = |text: &str| text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let mut out = Vec::new();
    let (mut plain, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('$') {
        plain.push_str(before);
        let braced = after.strip_prefix('{');
        let inner = braced.unwrap_or(after);
        let length = name(inner);
        let closed = braced.is_none() || inner.get(length..).is_some_and(|rest| rest.starts_with('}'));
        if length == 0 || !closed || inner.starts_with(|c: char| c.is_ascii_digit()) {
            plain.push('$');
            rest = after;
            continue;
        }
        out.extend(pieces(&plain));
        plain.clear();
        out.push(Piece::Hole(Arc::from(&inner[..length])));
        rest = &inner[length + usize::from(braced.is_some())..];
    }
    plain.push_str(rest);
    out.extend(pieces(&plain));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_holes_and_policy_variables_are_not() {
        let lit = |text: &str| Piece::Lit(text.into());
        let hole = |name: &str| Piece::Hole(Arc::from(name));
        assert_eq!(filled("arn:${ACCOUNT}:$b/x"), [lit("arn:"), hole("ACCOUNT"), lit(":"), hole("b"), lit("/x")]);
        assert_eq!(filled("${aws:username}/*"), [lit("${aws:username}/"), Piece::Star]);
        assert_eq!(filled("5$ and ${open"), [lit("5$ and ${open")]);
    }
}
