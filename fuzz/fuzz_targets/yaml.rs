//! Any text as YAML: spans on the bounds of characters, inside their parents and in order; what aliases stand for is bounded.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::borrow::Cow;
use whit::document::{NodeRef, yaml};
use whit::source::{FileId, Span};

fn check(node: NodeRef<'_>, inside: Span, text: &str, nodes: &mut u64) {
    *nodes += 1;
    assert!(*nodes < 1_000_000 + text.len() as u64, "aliases stand for too much");
    let span = node.span();
    assert!(text.get(span.range()).is_some());
    let direct = node.origin().via.is_none();
    assert!(!direct || inside.contains(span));
    let mut from = span.start;
    let children = node.items().chain(node.entries().flat_map(|(key, value)| [key, value]));
    for child in children {
        if direct && child.origin().via.is_none() {
            assert!(from <= child.span().start);
            from = child.span().end;
        }
        check(child, span, text, nodes);
    }
}

fuzz_target!(|text: &str| {
    let (tree, _) = yaml::parse(FileId(0), Cow::Borrowed(text), None);
    let mut nodes = 0;
    tree.roots().for_each(|root| check(root, Span::new(0, text.len()), text, &mut nodes));
    for node in tree.roots().flat_map(NodeRef::entries) {
        node.1.embedded();
    }
});
