//! Any text as HCL: spans on the bounds of characters, inside their parents and in order.

#![no_main]

use libfuzzer_sys::fuzz_target;
use whit::document::{NodeRef, hcl};
use whit::source::{FileId, Span};

fn check(node: NodeRef<'_>, inside: Span, text: &str) {
    let span = node.span();
    assert!(text.get(span.range()).is_some());
    assert!(inside.contains(span));
    let mut from = span.start;
    for child in node.items().chain(node.arguments()).chain(node.entries().flat_map(|(key, value)| [key, value])) {
        assert!(from <= child.span().start);
        check(child, span, text);
        from = child.span().end;
    }
}

fuzz_target!(|text: &str| {
    let (tree, errors) = hcl::parse(FileId(0), text);
    tree.roots().for_each(|root| check(root, Span::new(0, text.len()), text));
    assert!(errors.iter().all(|error| text.get(error.span.range()).is_some()));
});
