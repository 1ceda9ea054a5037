//! The YAML reader: the same tree as JSON's, with the bytes of every key and value.

use proptest::prelude::*;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use whit::document::yaml::parse;
use whit::document::{NodeKind, NodeRef, SyntaxError, Tree};
use whit::source::{FileId, Span};

fn read(text: &str) -> (Tree<'_>, Vec<SyntaxError>) {
    parse(FileId(0), Cow::Borrowed(text), None)
}

/// A node as compact JSON, with `‹›` round what its span says where that is not the value itself.
fn shown(node: NodeRef<'_>) -> String {
    let mut out = String::new();
    match node.kind() {
        NodeKind::Map => {
            let entries: Vec<String> = node.entries().map(|(k, v)| format!("{}: {}", shown(k), shown(v))).collect();
            let _ = write!(out, "{{{}}}", entries.join(", "));
        }
        NodeKind::Seq => {
            let items: Vec<String> = node.items().map(shown).collect();
            let _ = write!(out, "[{}]", items.join(", "));
        }
        NodeKind::String | NodeKind::Key => {
            let text = node.as_str().unwrap_or("");
            let _ = write!(out, "{text:?}");
            if node.raw() != text {
                let _ = write!(out, "‹{}›", node.raw());
            }
        }
        NodeKind::Error => out.push_str("error"),
        _ => out.push_str(node.raw()),
    }
    out
}

fn all(text: &str) -> String {
    let (tree, errors) = read(text);
    let mut lines: Vec<String> = tree.roots().map(shown).collect();
    lines.extend(errors.iter().map(|error| format!("at {}: {}", error.span.start, error.message)));
    lines.join("\n")
}

#[test]
fn every_form_of_a_value_has_its_bytes() {
    for (text, expected) in [
        ("a: b\nc: [d, 'e', \"f\"]", r#"{"a": "b", "c": ["d", "e"‹'e'›, "f"‹"f"›]}"#),
        ("é: \"\\u002a\"\r\nb: 'it''s'\r\n", r#"{"é": "*"‹"\u002a"›, "b": "it's"‹'it''s'›}"#),
        ("a:\n- 1\n-\n- true\n- ~\n", r#"{"a": ["1", , true, ~]}"#),
        ("a: x\n  y\n", "{\"a\": \"x y\"‹x\n  y›}"),
        ("a: |\n\n    {\n      1 }\n\nb: 2", "{\"a\": \"\\n{\\n  1 }\\n\"‹{\n      1 }›, \"b\": \"2\"}"),
        ("a\n---\nb: c\n...\n---\n[]\n", "\"a\"\n{\"b\": \"c\"}\n[]"),
        ("? [x, {y: z}]\n: v\nk: w\n", r#"{"": "v", "k": "w"}"#),
        ("# nothing\n", ""),
    ] {
        assert_eq!(all(text), expected, "{text:?}");
    }
}

#[test]
fn tags_are_the_functions_that_they_stand_for() {
    for (text, expected) in [
        ("a: !Sub 'x${y}'", r#"{"a": {"Fn::Sub"‹!Sub›: "x${y}"‹'x${y}'›}}"#),
        ("a: !Ref b\nc: !GetAtt d.Arn", r#"{"a": {"Ref"‹!Ref›: "b"}, "c": {"Fn::GetAtt"‹!GetAtt›: "d.Arn"}}"#),
        ("a: !If\n  - b\n  - !Ref c\n  - d\n", r#"{"a": {"Fn::If"‹!If›: ["b", {"Ref"‹!Ref›: "c"}, "d"]}}"#),
        ("a: !!str 5", r#"{"a": "5"}"#),
        ("a: !Join ['', [b, c]]", r#"{"a": {"Fn::Join"‹!Join›: [""‹''›, ["b", "c"]]}}"#),
    ] {
        assert_eq!(all(text), expected, "{text:?}");
    }
}

#[test]
fn aliases_lead_to_what_they_name() {
    let (tree, errors) = read("a: &x {b: '*'}\nc: *x\nd: &y !Sub z\ne: *y\n");
    assert!(errors.is_empty(), "{errors:?}");
    let root = tree.roots().next().unwrap_or_else(|| panic!("a map"));
    let b = root.get("c").and_then(|c| c.get("b")).unwrap_or_else(|| panic!("`b` through the alias"));
    let text = tree.text();
    assert_eq!((b.as_str(), b.raw()), (Some("*"), "'*'"));
    let origin = b.origin();
    assert_eq!(origin.via.map(|via| &text[via.span.range()]), Some("*x"));
    assert!(!origin.editable, "changing the text changes `a` too");
    assert_eq!(root.get("e").map(shown).as_deref(), Some(r#"{"Fn::Sub"‹!Sub›: "z"}"#));
}

#[test]
fn merged_entries_come_after_the_own_ones() {
    let text = "base: &b {Effect: Allow, Action: x}\nother: &o {Action: y, Sid: s}\none: {<<: *b, Action: z}\n\
                two:\n  <<: [*o, *b]\n  k: v\n";
    let (tree, errors) = read(text);
    assert!(errors.is_empty(), "{errors:?}");
    let root = tree.roots().next().unwrap_or_else(|| panic!("a map"));
    assert_eq!(root.get("one").map(shown).as_deref(), Some(r#"{"Action": "z", "Effect": "Allow"}"#));
    let two = r#"{"k": "v", "Action": "y", "Sid": "s", "Effect": "Allow"}"#;
    assert_eq!(root.get("two").map(shown).as_deref(), Some(two));
}

#[test]
fn an_error_keeps_what_stands_before_it() {
    assert_eq!(
        all("a: 1\nb: [x, y\nc: 3\n"),
        "{\"a\": \"1\", \"b\": [\"x\"]}\nat 15: illegal placement of ':' indicator"
    );
    assert_eq!(all("a: *b\n"), "{\"a\": error}\nat 3: there is no anchor `&b` above this alias");
    assert_eq!(all("&a [*a]\n"), "[error]\nat 4: this alias stands inside what it names");
}

/// All nodes that a walk sees, up to a limit.
fn walked(tree: &Tree<'_>, limit: usize) -> usize {
    let mut pending: Vec<NodeRef<'_>> = tree.roots().collect();
    let mut seen = 0;
    while let Some(node) = pending.pop() {
        seen += 1;
        if seen > limit {
            break;
        }
        pending.extend(node.items());
        pending.extend(node.entries().flat_map(|(key, value)| [key, value]));
    }
    seen
}

#[test]
fn bombs_end_in_an_error_and_soon() {
    let mut aliases = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..60 {
        let item = format!("*a{},", n - 1);
        let _ = writeln!(aliases, "a{n}: &a{n} [{}]", item.repeat(9));
    }
    let mut tower = "a0: &a0 [x]\n".to_owned();
    for n in 1..2000 {
        let _ = writeln!(tower, "a{n}: &a{n} [[[[*a{}]]]]", n - 1);
    }
    let mut merges = "a0: &a0 {k: v}\n".to_owned();
    for n in 1..3000 {
        let _ = writeln!(merges, "a{n}: &a{n} {{<<: *a{}, k{n}: v}}", n - 1);
    }
    // As the statements of a document, they are not taken for none.
    let document = format!("{aliases}Version: '2012-10-17'\nStatement: *a59\n");
    let found = crate::lint::lint("p.yaml", &document);
    assert_eq!(found.iter().map(|finding| finding.rule.0).collect::<Vec<_>>(), ["invalid-yaml"]);
    let nested = "[".repeat(100_000);
    let blocks = "- ".repeat(100_000);
    let maps = "{a: ".repeat(100_000);
    for (name, text) in [
        ("aliases", &*aliases),
        ("tower", &*tower),
        ("merges", &*merges),
        ("nested", &*nested),
        ("blocks", &*blocks),
        ("maps", &*maps),
    ] {
        let since = Instant::now();
        let (tree, errors) = read(text);
        assert!(!errors.is_empty(), "{name}");
        assert!(walked(&tree, 1_000_000) <= 1_000_000, "{name}");
        assert!(since.elapsed() < Duration::from_secs(2), "{name}: {:?}", since.elapsed());
    }
}

/// Spans lie in the text on character boundaries, inside their parents and in order, but where an alias leads elsewhere.
fn check(node: NodeRef<'_>, inside: Span, text: &str) {
    let span = node.span();
    assert!(text.get(span.range()).is_some(), "{span:?} cuts a character of {text:?}");
    if node.origin().via.is_some() {
        return;
    }
    assert!(inside.contains(span), "{node:?} is not inside {inside:?} in {text:?}");
    let mut from = span.start;
    let children = node.items().chain(node.entries().flat_map(|(key, value)| [key, value]));
    for child in children.filter(|child| child.origin().via.is_none()) {
        assert!(from <= child.span().start, "{child:?} stands before its neighbour in {text:?}");
        check(child, span, text);
        from = child.span().end;
    }
}

fn check_all(text: &str) {
    let (tree, errors) = read(text);
    for root in tree.roots() {
        check(root, Span::new(0, text.len()), text);
    }
    for error in errors {
        assert!(text.get(error.span.range()).is_some(), "{error:?} in {text:?}");
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a", "é", ":", ": ", " ", "  ", "\n", "\r\n", "\n  ", "- ", "[", "]", "{", "}", ",", "'", "\"", "\\",
        "\\u002a", "|", ">", "|2", ">-", "&x ", "*x", "<<: ", "!Sub ", "!Ref ", "!!str ", "#", "---", "...", "? ",
        "\t", "%", "😀", "\u{feff}",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in pieces()) {
        check_all(&text);
    }

    #[test]
    fn no_unicode_breaks_the_reader(text: String) {
        check_all(&text);
    }
}
