//! How large a document is, as AWS counts it.

use crate::document::{NodeKind, NodeRef};

/// Bytes up to which a document is far from every limit, whatever it is written in.
pub(super) const FAR: usize = 1500;

/// Characters of a value in JSON without white space. What is filled in later counts as it is written.
pub(super) fn of(node: NodeRef<'_>) -> usize {
    let text = |node: NodeRef<'_>| {
        let text = node.as_str().unwrap_or_else(|| node.raw());
        if text.is_ascii() { text.len() } else { text.chars().count() }
    };
    let commas = |count: usize| count.saturating_sub(1);
    match node.kind() {
        NodeKind::Map => {
            let entries = node.entries().map(|(key, value)| text(key) + 3 + of(value));
            let (count, sum) = entries.fold((0, 0), |(count, sum), size| (count + 1, sum + size));
            2 + sum + commas(count)
        }
        NodeKind::Seq => {
            let (count, sum) = node.items().map(of).fold((0, 0), |(count, sum), size| (count + 1, sum + size));
            2 + sum + commas(count)
        }
        NodeKind::String => 2 + text(node),
        _ => text(node),
    }
}
