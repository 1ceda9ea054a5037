//! How large a document is, as AWS counts it when it has been filled in.

use super::Lower;
use super::stands::Stands;
use crate::document::{NodeKind, NodeRef};
use crate::policy::{Piece, Value};

/// The smallest quota that AWS has for a policy, in characters: below it nobody asks how large a document is.
const SMALLEST_QUOTA: usize = 2_048;

impl Lower<'_> {
    /// The characters of a document, of which `minified` is the text: where it is larger than some quota, those that it has at
    /// the least when deployment has filled it in.
    pub(super) fn size(&self, node: NodeRef<'_>, minified: &str) -> usize {
        let written = minified.chars().count();
        let filled_in = written > SMALLEST_QUOTA && !self.resolve.is_literal(minified);
        if filled_in { self.least(node) } else { written }
    }

    fn least(&self, node: NodeRef<'_>) -> usize {
        match self.stands(node) {
            Stands::Plain => match node.kind() {
                NodeKind::Map => {
                    let entries = node.entries().map(|(key, value)| quoted(key) + 1 + self.least(value));
                    between(entries)
                }
                NodeKind::Seq => between(node.items().map(|item| self.least(item))),
                NodeKind::String => quoted(node),
                NodeKind::Number | NodeKind::Bool | NodeKind::Null => node.raw().chars().count(),
                _ => 0,
            },
            Stands::Texts(texts) => {
                let items = texts.iter().map(|text| 2 + least_of(text));
                items.sum::<usize>() + texts.len().saturating_sub(1)
            }
            Stands::OneOf(arms) => arms.into_iter().map(|arm| self.least(arm)).min().unwrap_or(0),
            Stands::AllOf(parts) => parts.into_iter().map(|part| self.least(part)).sum(),
            Stands::Filled(_) | Stands::Elsewhere | Stands::Unknown => 0,
        }
    }
}

/// The brackets, what stands between them, and the commas.
fn between(items: impl Iterator<Item = usize>) -> usize {
    let (count, characters) = items.fold((0_usize, 0), |(count, sum), item| (count + 1, sum + item));
    2 + characters + count.saturating_sub(1)
}

fn quoted(node: NodeRef<'_>) -> usize {
    2 + node.as_str().map_or(0, |text| text.chars().count())
}

fn least_of(text: &Value<Box<str>>) -> usize {
    match text {
        Value::Known(text) => text.chars().count(),
        Value::Partly(pieces) => pieces.iter().map(least_of_piece).sum(),
        Value::Either(arms) => arms.iter().map(least_of).min().unwrap_or(0),
        Value::Unknown(_) => 0,
    }
}

fn least_of_piece(piece: &Piece) -> usize {
    match piece {
        Piece::Lit(text) => text.chars().count(),
        Piece::Star | Piece::Any => 1,
        Piece::PolicyVar(name) => name.chars().count() + "${}".len(),
        Piece::Hole(_) => 0,
        Piece::Assigned(name) => match &**name {
            "AWS::AccountId" => 12,
            "AWS::Region" => "us-east-1".len(),
            _ => 1,
        },
    }
}
