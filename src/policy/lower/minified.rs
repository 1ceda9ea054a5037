//! A document as AWS counts it, and as copies of it are known: JSON without white space.

use crate::document::{NodeKind, NodeRef};

/// A value in JSON without white space. What is filled in later stands there as it is written, and texts as they are
/// decoded: without escapes.
pub(super) fn minified(node: NodeRef<'_>) -> String {
    let mut out = String::with_capacity(node.span().len());
    write(node, &mut out);
    out
}

fn write(node: NodeRef<'_>, out: &mut String) {
    match node.kind() {
        NodeKind::Map => {
            out.push('{');
            for (at, (key, value)) in node.entries().enumerate() {
                comma(at, out);
                quoted(key, out);
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
        NodeKind::Seq => {
            out.push('[');
            for (at, item) in node.items().enumerate() {
                comma(at, out);
                write(item, out);
            }
            out.push(']');
        }
        NodeKind::String => quoted(node, out),
        _ => out.push_str(text(node)),
    }
}

fn comma(at: usize, out: &mut String) {
    if at > 0 {
        out.push(',');
    }
}

fn quoted(node: NodeRef<'_>, out: &mut String) {
    // Most are written just so.
    if let Some(written) = node.in_double_quotes() {
        out.push_str(written);
        return;
    }
    out.push('"');
    out.push_str(text(node));
    out.push('"');
}

fn text(node: NodeRef<'_>) -> &str {
    node.as_str().unwrap_or_else(|| node.raw())
}
