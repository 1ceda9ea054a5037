//! The JSON reader against serde_json: equal trees where the text is JSON, errors where it is not.
//!
//! Where the two differ by design: several documents one after the other, nesting deeper than serde_json's 128, numbers
//! beyond an `f64`.

use crate::corpus::corpus;
use proptest::prelude::*;
use serde_json::{Map, Value};
use std::borrow::Cow;
use walkdir::WalkDir;
use whit::document::json::{SyntaxError, parse, string_map};
use whit::document::{NodeKind, NodeRef, Tree};
use whit::source::{FileId, Span};

pub(crate) fn read(text: &str) -> (Tree<'_>, Vec<SyntaxError>) {
    parse(FileId(0), Cow::Borrowed(text), None)
}

/// A node as serde_json would have it; an error and a missing value are `"<error>"`.
fn value(node: NodeRef<'_>) -> Value {
    match node.kind() {
        NodeKind::Map => {
            let entry = |(key, of): (NodeRef<'_>, NodeRef<'_>)| (key.as_str().unwrap_or("").to_owned(), value(of));
            Value::Object(node.entries().map(entry).collect::<Map<_, _>>())
        }
        NodeKind::Seq => Value::Array(node.items().map(value).collect()),
        NodeKind::String => Value::String(node.as_str().unwrap_or("").to_owned()),
        NodeKind::Number | NodeKind::Bool | NodeKind::Null => {
            serde_json::from_str(node.raw()).unwrap_or_else(|error| panic!("`{}`: {error}", node.raw()))
        }
        NodeKind::Error => Value::String("<error>".to_owned()),
        NodeKind::Key => panic!("a key stands in the place of a value"),
        NodeKind::Call | NodeKind::Path | NodeKind::Either | NodeKind::Opaque => panic!("JSON has no expressions"),
    }
}

pub(crate) fn values(text: &str) -> Vec<Value> {
    read(text).0.roots().map(value).collect()
}

/// What holds for every text: nodes in order, inside their parents, on the bounds of characters; keys and values alternate;
/// errors in order.
pub(crate) fn check_shape(text: &str) {
    fn check(node: NodeRef<'_>, within: Span, from: &mut u32) {
        let span = node.span();
        assert!(within.contains(span) && *from <= span.start, "{node:?} in {within:?} from {from}");
        assert!(node.tree().text().get(span.range()).is_some(), "{node:?}");
        *from = span.start;
        for (key, value) in node.entries() {
            assert_eq!(key.kind(), NodeKind::Key, "{key:?}");
            assert!(key.as_str().is_some());
            check(key, span, from);
            check(value, span, from);
        }
        for item in node.items() {
            assert_ne!(item.kind(), NodeKind::Key, "{item:?}");
            check(item, span, from);
        }
        assert_eq!(node.kind() == NodeKind::String, node.as_str().is_some() && node.kind() != NodeKind::Key);
        *from = span.end;
    }
    let (tree, errors) = read(text);
    let mut from = 0;
    for root in tree.roots() {
        check(root, Span::new(0, text.len()), &mut from);
    }
    assert!(errors.iter().all(|error| text.get(error.span.range()).is_some()), "{errors:?}");
    assert!(errors.is_sorted_by_key(|error| error.span.start), "{errors:?}");
}

/// True if a text is one that the two readers judge alike.
fn comparable(text: &str) -> bool {
    let several = read(text).0.roots().nth(1).is_some();
    let beyond = |error: &serde_json::Error| {
        let text = error.to_string();
        text.starts_with("number out of range") || text.starts_with("recursion limit")
    };
    !several && !serde_json::from_str::<Value>(text).is_err_and(|error| beyond(&error))
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::String),
        "[a-z:*\\\\\"/\t]{0,12}".prop_map(Value::String),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// A policy, compact or not: what mutations start from.
fn policy() -> impl Strategy<Value = String> {
    let value = serde_json::json!({"Version": "2012-10-17", "Statement": [
        {"Sid": "a\"\\\u{1F512}é", "Effect": "Allow", "Action": ["s3:GetObject", "*"], "Resource": "arn:aws:s3:::b/${aws:username}/*"},
        {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*", "Condition": {"Bool": {"x": false, "y": [1, -2.5e3, null, true]}}},
    ]});
    let pretty = format!("{value:#}");
    prop_oneof![Just(value.to_string()), Just(pretty.replace("  ", "\t")), Just(pretty)]
}

/// Bytes put in place of others, as typing mistakes do.
fn mutated() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "", "{", "}", "[", "]", ",", ":", "\"", "\\", "'", "//", "/*", "*/", "#", "=", "\n", "\r\n", "\t", " ", "\0",
        "0", "-", "1.", "e", "true", "nul", "{{", "}}", "${", "<%", "%>", "{%", "\\u", "\\ud800", "\u{a0}", "é", "😀",
        "word",
    ];
    let edit = (any::<prop::sample::Index>(), 0..4_usize, prop::sample::select(PIECES));
    (policy(), prop::collection::vec(edit, 1..5)).prop_map(|(text, edits)| {
        let mut chars: Vec<char> = text.chars().collect();
        for (at, len, piece) in edits {
            let start = at.index(chars.len() + 1);
            let end = (start + len).min(chars.len());
            chars.splice(start..end, piece.chars());
        }
        chars.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_is_read_as_serde_json_reads_it(value in any_value()) {
        for text in [value.to_string(), format!("{value:#}"), format!("\r\n\t {value:#}\n")] {
            prop_assert_eq!(read(&text).1, vec![], "{}", text);
            // Read back by serde_json too: a float may not be written as it was.
            prop_assert_eq!(values(&text), vec![serde_json::from_str::<Value>(&text)?], "{}", text);
            check_shape(&text);
        }
    }

    #[test]
    fn a_text_has_errors_where_serde_json_has_one(text in mutated()) {
        check_shape(&text);
        if comparable(&text) {
            let (ours, theirs) = (read(&text).1, serde_json::from_str::<Value>(&text));
            prop_assert_eq!(ours.is_empty(), theirs.is_ok(), "{}\n{:?}\n{:?}", text, ours, theirs);
            if let Ok(theirs) = theirs {
                prop_assert_eq!(values(&text), vec![theirs]);
            }
        }
    }

    #[test]
    fn any_text_gives_a_tree(text: String, pieces in "[\\[\\]{}:,\"'\\\\/*#\n a1é$%<>=.-]{0,60}") {
        check_shape(&text);
        check_shape(&pieces);
    }

    /// A string in a string leads back to the bytes that it was written as, however its characters are escaped.
    #[test]
    fn every_character_of_a_string_leads_back(chars: Vec<(char, bool)>) {
        let (mut token, mut wanted, mut places) = ("\"".to_owned(), String::new(), Vec::new());
        for (character, escape) in chars {
            let (start, from) = (wanted.len(), token.len());
            wanted.push(character);
            if escape || character < ' ' || matches!(character, '"' | '\\') {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    token.push_str(&format!("\\u{unit:04x}"));
                }
            } else {
                token.push(character);
            }
            places.push((Span::new(start, wanted.len()), Span::new(from + 7, token.len() + 7)));
        }
        token.push('"');
        let map = string_map(&token, 7);
        prop_assert_eq!(values(&token), vec![Value::String(wanted)]);
        for (span, place) in places {
            prop_assert_eq!(map.to_file(span), place);
        }
    }

    /// What a document in a string in a string says stands at the bytes that say it; some of the strings URL-encoded.
    #[test]
    fn a_document_in_a_string_leads_back(name in "[a-z\"\\\\é\t]{1,8}", encodings in prop::collection::vec(any::<bool>(), 1..4)) {
        let mut text = serde_json::json!({"k": &name}).to_string();
        let innermost = text.clone();
        for percent in encodings.iter().rev() {
            text = serde_json::json!([if *percent { percent_encoded(&text) } else { text }]).to_string();
        }
        let (mut inner, mut map) = (text.clone(), None);
        for _ in &encodings {
            let (tree, _) = parse(FileId(0), Cow::Owned(inner), map);
            let string = tree.roots().next().and_then(|list| list.items().next());
            let Some((decoded, way)) = string.and_then(NodeRef::embedded) else { panic!("{text}") };
            (inner, map) = (decoded, Some(way));
        }
        prop_assert_eq!(&inner, &innermost);
        let (tree, errors) = parse(FileId(0), Cow::Owned(inner), map);
        prop_assert_eq!(errors, vec![]);
        let Some(value) = tree.roots().next().and_then(|root| root.get("k")) else { panic!("{text}") };
        prop_assert_eq!(value.as_str(), Some(&*name));
        // The bytes of the file, decoded as the document was, are the value again.
        let mut written = text[value.loc().span.range()].to_owned();
        for percent in encodings {
            written = serde_json::from_str(&format!("\"{written}\""))?;
            if percent {
                written = percent_decoded(&written);
            }
        }
        prop_assert_eq!(serde_json::from_str::<String>(&written)?, name);
    }
}

fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The text of which [`percent_encoded`] made this.
fn percent_decoded(text: &str) -> String {
    let digits = text.split('%').skip(1).map(|digits| u8::from_str_radix(digits, 16).unwrap_or(b'?'));
    String::from_utf8_lossy(&digits.collect::<Vec<u8>>()).into_owned()
}

#[test]
fn the_corpus_is_read_as_serde_json_reads_it() {
    let Some(folder) = corpus("") else { return };
    let mut compared = 0;
    for entry in WalkDir::new(&folder).into_iter().filter_map(Result::ok) {
        if entry.path().extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
        check_shape(&text);
        if comparable(&text) {
            let theirs = serde_json::from_str::<Value>(&text);
            assert_eq!(read(&text).1.is_empty(), theirs.is_ok(), "{}", entry.path().display());
            if let Ok(theirs) = theirs {
                assert!(values(&text) == [theirs], "{}", entry.path().display());
                compared += 1;
            }
        }
    }
    assert!(compared > 1500, "only {compared} files");
}
