//! Shell: variables stand for what only the run knows.

use super::cloudformation::Template;
use crate::document::{NodeKind, NodeRef};
use crate::extract::shell::expansion;
use crate::policy::lower::{Resolve, Stands};
use crate::policy::{Piece, Value, pieces, render};
use std::sync::Arc;

/// The variables of a shell in the strings of a document. `${aws:username}` is none of them: their names have no colon.
pub(crate) struct Shell;

impl Resolve for Shell {
    fn stands<'n>(&self, node: NodeRef<'n>) -> Stands<'n> {
        match node.as_str().filter(|text| node.kind() == NodeKind::String && text.contains(['$', '`'])) {
            Some(text) => Stands::Texts(vec![Value::from(filled(text))]),
            None => Template::default().stands(node),
        }
    }

    fn key(&self, written: &str) -> Option<Box<str>> {
        written.contains(['$', '`']).then(|| render(&filled(written)).into())
    }

    fn in_strings(&self) -> bool {
        true
    }
}

/// The pieces of a text, with holes for `$NAME`, `${NAME}` and commands.
fn filled(text: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let (mut plain, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(['$', '`']) {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let Some((name, length)) = hole(from) else {
            plain.push_str(&from[..1]);
            rest = &from[1..];
            continue;
        };
        out.extend(pieces(&plain));
        plain.clear();
        out.push(Piece::Hole(Arc::from(name)));
        rest = &from[length..];
    }
    plain.push_str(rest);
    out.extend(pieces(&plain));
    out
}

/// What the shell fills in at the beginning of a text: what it is called, and how many bytes it is written in.
fn hole(text: &str) -> Option<(&str, usize)> {
    let Some(braced) = text.strip_prefix("${") else {
        if let Some(length) = expansion(text) {
            return Some((text[..length].trim_matches(['$', '(', ')', '`']), length));
        }
        let name = name(text.strip_prefix('$')?)?;
        return Some((name, 1 + name.len()));
    };
    let name = name(braced)?;
    let behind = &braced[name.len()..];
    // `${NAME:-default}` and the like; a policy variable has a word behind its colon.
    let changes = behind.starts_with(['%', '#', '/', '^', ',', '@', '['])
        || behind
            .strip_prefix(':')
            .is_some_and(|rest| rest.starts_with(|c: char| "-=?+".contains(c) || c.is_ascii_digit()));
    let end = behind.find('}').filter(|end| *end == 0 || changes)?;
    Some((name, 2 + name.len() + end + 1))
}

/// The name of a variable that a text begins with.
fn name(text: &str) -> Option<&str> {
    let length = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    text.get(..length).filter(|name| name.starts_with(|c: char| !c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_holes_and_policy_variables_are_not() {
        let lit = |text: &str| Piece::Lit(text.into());
        let hole = |name: &str| Piece::Hole(Arc::from(name));
        assert_eq!(filled("arn:${ACCOUNT}:$b/x"), [lit("arn:"), hole("ACCOUNT"), lit(":"), hole("b"), lit("/x")]);
        assert_eq!(filled("${A:-'x'}:sub${B##*/}${C:0:2}"), [hole("A"), lit(":sub"), hole("B"), hole("C")]);
        assert_eq!(filled("${aws:username}/*"), [lit("${aws:username}/"), Piece::Star]);
        assert_eq!(filled("a/$(name 'x')/`b`*"), [lit("a/"), hole("name 'x'"), lit("/"), hole("b"), Piece::Star]);
        assert_eq!(filled("5$ and ${open"), [lit("5$ and ${open")]);
    }
}
