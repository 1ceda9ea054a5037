//! What the JSON reader makes of text that is no JSON, or not only.

use crate::json_oracle::{check_shape, read, values};
use serde_json::Value;
use std::time::{Duration, Instant};
use whit::document::NodeRef;
use whit::document::json::SyntaxErrorKind;
use whit::source::Span;

fn messages(text: &str) -> Vec<(&str, String)> {
    read(text).1.into_iter().map(|error| (&text[error.span.range()], error.message)).collect()
}

#[test]
fn recovery_keeps_what_can_be_made_out() {
    for (text, tree, errors) in [
        (r#"{"a": 1 "b": 2}"#, r#"[{"a": 1, "b": 2}]"#, &[("1", "there is no comma after this")][..]),
        (r#"["a" "b"]"#, r#"[["a", "b"]]"#, &[("\"a\"", "there is no comma after this")]),
        (r#"{"a" 1}"#, r#"[{"a": 1}]"#, &[("\"a\"", "there is no `:` after this key")]),
        (r#"{"a": , "b": 2}"#, r#"[{"a": "<error>", "b": 2}]"#, &[("\"a\"", "this key has no value")]),
        (r#"{"a", "b": 2}"#, r#"[{"a": "<error>", "b": 2}]"#, &[("\"a\"", "this key has no value")]),
        (r#"{"a": "b": 2}"#, r#"[{"a": "<error>", "b": 2}]"#, &[("\"a\"", "this key has no value")]),
        (r#"{"a": }"#, r#"[{"a": "<error>"}]"#, &[("\"a\"", "this key has no value")]),
        (r#"{: 1}"#, r#"[{"": 1}]"#, &[(":", "there is no key before this")]),
        (r#"{"a" = 1}"#, r#"[{"a": 1}]"#, &[("=", "a value stands after `:`, not after `=`")]),
        (r#"[1,, 2]"#, "[[1, 2]]", &[(",", "there is nothing before this comma")]),
        (r#"[, 1]"#, "[[1]]", &[(",", "there is nothing before this comma")]),
        (r#"[1, 2"#, "[[1, 2]]", &[("[", "this `[` is never closed")]),
        (r#"{"a": [1, 2}"#, r#"[{"a": [1, 2]}]"#, &[("[", "this `[` is never closed")]),
        (r#"[{"a": 1, {"b": 2}]"#, r#"[[{"a": 1}, {"b": 2}]]"#, &[("{", "this `{` is never closed")]),
        (r#"{"a": 1]}"#, r#"[{"a": 1}]"#, &[("]", "no bracket is open that this one closes")]),
        (
            r#"{"a": 1}}"#,
            r#"[{"a": 1}]"#,
            &[
                ("}", "this stands right behind the end of the document"),
                ("}", "no bracket is open that this one closes"),
            ],
        ),
        (
            r#"{'a': 'it\'s'}"#,
            r#"[{"a": "it's"}]"#,
            &[
                ("'a'", "strings stand in double quotes, not in single ones"),
                (r"'it\'s'", "strings stand in double quotes, not in single ones"),
            ],
        ),
        (r#"{a: 1}"#, r#"[{"a": 1}]"#, &[("a", "`a` is not JSON: a key stands in double quotes")]),
        (r#"[Allow, 1]"#, r#"[["<error>", 1]]"#, &[("Allow", "`Allow` is not JSON: a string stands in double quotes")]),
        (r#"[True]"#, r#"[["<error>"]]"#, &[("True", "`True` is written `true`")]),
        (
            r#"[01, +1, .5]"#,
            r#"[["<error>", "<error>", "<error>"]]"#,
            &[("01", "`01` is no number"), ("+1", "`+1` is no number"), (".5", "`.5` is no number")],
        ),
        ("[\"a\tb\"]", r#"[["a\tb"]]"#, &[("\t", "a tab in a string is written `\\t`")]),
        ("[\"a\nb\"]", r#"[["a\nb"]]"#, &[("\n", "a line break in a string is written `\\n`")]),
        ("{\"a\": \"b,\n\"c\": 1}", r#"[{"a": "<error>", "c": 1}]"#, &[("\"b", "this string is never closed")]),
        (r#"["\x"]"#, r#"[["x"]]"#, &[("\\x", "JSON has no such escape; a backslash itself is written `\\\\`")]),
        (r#"["\ud800"]"#, "[[\"\u{FFFD}\"]]", &[("\\ud800", "this is half of a surrogate pair, no character")]),
        ("[\u{a0}1]", "[[1]]", &[("\u{a0}", "this looks like white space and is none for JSON")]),
        (
            r#"[{{ x }}, 1]"#,
            r#"[["<error>", 1]]"#,
            &[("{{ x }}", "`{{ x }}` is a placeholder, and no JSON before it is filled in")],
        ),
        (
            r#"{"a": ${x}, {{ more }}, "b": 1}"#,
            r#"[{"a": "<error>", "b": 1}]"#,
            &[
                ("${x}", "`${x}` is a placeholder, and no JSON before it is filled in"),
                ("{{ more }}", "`{{ more }}` is a placeholder, and no JSON before it is filled in"),
            ],
        ),
        (
            r#"[1, {% if x %} 2, <% end %> 3, %{ if x } 4]"#,
            "[[1, 2, 3, 4]]",
            &[
                ("{% if x %}", "this is a tag of a template, not JSON"),
                ("<% end %>", "this is a tag of a template, not JSON"),
                ("%{ if x }", "this is a tag of a template, not JSON"),
            ],
        ),
        ("", "[]", &[("", "there is no value in this text")]),
        (" \n", "[]", &[(" \n", "there is no value in this text")]),
        ("1 /* x", "[1]", &[("/*", "this comment is never closed")]),
    ] {
        let wanted: Vec<Value> = serde_json::from_str(tree).unwrap_or_else(|error| panic!("{tree}: {error}"));
        assert_eq!(values(text), wanted, "{text}");
        let found = messages(text);
        let found: Vec<(&str, &str)> = found.iter().map(|(at, message)| (*at, &**message)).collect();
        assert_eq!(found, errors, "{text}");
        let filled_in = |message: &str| message.contains("placeholder") || message.contains("template");
        for error in read(text).1 {
            let expected =
                if filled_in(&error.message) { SyntaxErrorKind::Placeholder } else { SyntaxErrorKind::Broken };
            assert_eq!(error.kind, expected, "{text}");
        }
        check_shape(text);
    }
}

#[test]
fn comments_and_trailing_commas_are_told_as_such() {
    let text = "// a\n{\"a\": [1, /* b */ 2,], # c\r\n \"b\": \"// no comment\",}\n";
    assert_eq!(values(text), [serde_json::json!({"a": [1, 2], "b": "// no comment"})]);
    let errors: Vec<_> = read(text).1.into_iter().map(|error| (error.kind, &text[error.span.range()])).collect();
    assert_eq!(
        errors,
        [
            (SyntaxErrorKind::Comment, "// a"),
            (SyntaxErrorKind::Comment, "/* b */"),
            (SyntaxErrorKind::TrailingComma, ","),
            (SyntaxErrorKind::Comment, "# c"),
            (SyntaxErrorKind::TrailingComma, ","),
        ]
    );
}

#[test]
fn duplicate_keys_are_kept_and_the_last_one_counts() {
    let (tree, errors) = read(r#"{"a": 1, "b": 2, "a": 3}"#);
    assert_eq!(errors, []);
    let Some(root) = tree.roots().next() else { panic!("no value") };
    let keys: Vec<_> = root.entries().map(|(key, value)| (key.as_str(), value.raw())).collect();
    assert_eq!(keys, [(Some("a"), "1"), (Some("b"), "2"), (Some("a"), "3")]);
    assert_eq!(root.get("a").map(NodeRef::raw), Some("3"));
}

#[test]
fn several_documents_may_follow_one_another() {
    let text = "{\"a\": 1}\n{\"b\": 2}\n\n[3] \"x\" 4";
    assert_eq!(read(text).1, []);
    assert_eq!(values(text).len(), 5);
    assert_eq!(messages("{}{}"), [("{", "this stands right behind the end of the document".to_owned())]);
    assert_eq!(values("{}{}").len(), 2);
}

#[test]
fn nesting_has_a_limit_and_what_follows_is_read() {
    let deep = |levels: usize, after: &str| format!("{}{}{after}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(read(&deep(512, "")).1, []);
    let text = format!("[{}, 7]", deep(100_000, ""));
    let (tree, errors) = read(&text);
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!((errors[0].kind, errors[0].span), (SyntaxErrorKind::Broken, Span::new(512, 513)));
    let last = tree.roots().next().and_then(|root| root.items().last());
    assert_eq!(last.map(NodeRef::raw), Some("7"));
    for open in ["[", "{\"a\":", "[{\"a\":"] {
        assert_eq!(read(&open.repeat(100_000)).1.iter().filter(|error| error.message.contains("deep")).count(), 1);
    }
}

#[test]
fn errors_have_an_end() {
    let text = "[x, 1, // c\n".repeat(1000);
    let (_, errors) = read(&text);
    let of = |kind| errors.iter().filter(|error| error.kind == kind).count();
    assert_eq!((of(SyntaxErrorKind::Broken), of(SyntaxErrorKind::Comment)), (100, 99));
}

/// Texts that would take for ever if anything were read again and again: each of a megabyte, each well below a second even
/// without optimisation.
#[test]
fn time_is_linear() {
    let size = 1 << 20;
    for piece in [
        "[",
        "]",
        "{\"a\":",
        "\"",
        "\"\n",
        "\\",
        "\"\\\n",
        "'",
        "'\\',",
        "//",
        "/*",
        "#",
        "{{",
        "${",
        "{%",
        "<%",
        "a ",
        "a\n",
        ":",
        ",",
        "\u{a0}",
        "\"a\" ",
        "[\"a\", ",
        "{\"a\" \"b\" ",
        "{} ",
        "[] ",
        "\"\\\"\n",
        "{{ x }} ",
        "- ",
        "[{",
        "]}",
        "\n",
        " ",
    ] {
        let text = piece.repeat(size / piece.len());
        let started = Instant::now();
        drop(read(&text));
        assert!(started.elapsed() < Duration::from_secs(2), "`{piece}` took {:?}", started.elapsed());
    }
}
