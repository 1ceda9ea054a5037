//! What is wrong with documents: each kind of flaw is one rule's, and each row asserts what is underlined.

use crate::lint::{lint, run_with, told};
use whit::extract::FlawKind;
use whit::rules;
use whit::settings::Settings;

#[test]
fn every_kind_of_flaw_is_claimed_by_one_rule() {
    for kind in [
        FlawKind::JsonSyntax,
        FlawKind::YamlSyntax,
        FlawKind::HclSyntax,
        FlawKind::JsonExtension,
        FlawKind::DuplicateKey,
        FlawKind::UnknownElement,
        FlawKind::Structure,
    ] {
        // A kind that is added must be added to the list above.
        match kind {
            FlawKind::JsonSyntax
            | FlawKind::YamlSyntax
            | FlawKind::HclSyntax
            | FlawKind::JsonExtension
            | FlawKind::DuplicateKey
            | FlawKind::UnknownElement
            | FlawKind::Structure => {}
        }
        let claimants: Vec<&str> =
            rules::all().iter().filter(|entry| entry.rule.claims().contains(&kind)).map(|entry| entry.doc.id).collect();
        assert_eq!(claimants.len(), 1, "{kind:?} is claimed by {claimants:?}");
    }
}

/// A statement that nothing is wrong with, with something added to it.
fn with(added: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"{added}}}]}}"#
    )
}

#[test]
fn flaws_are_underlined_where_they_stand() {
    for (text, found) in [
        (with(""), &[][..]),
        (with(r#","Sid":"a""#), &[]),
        (with(r#","Comment":"x""#), &[("unknown-element", r#""Comment""#)]),
        // All keys together are one thing wrong.
        (
            with("").replace("Version", "version").replace("Statement", "statement"),
            &[("unknown-element", r#""version""#)],
        ),
        // What is written in the wrong letter case is there.
        (with("").replace("Statement", "statement"), &[("unknown-element", r#""statement""#)]),
        (with(r#","resource":"x""#), &[("unknown-element", r#""resource""#)]),
        (with(r#","Action":"s3:GetObject""#), &[("duplicate-key", r#""Action""#)]),
        (with(r#","NotAction":"s3:GetObject""#), &[("malformed-policy", r#""NotAction""#)]),
        (with(r#","Sid":7"#), &[("malformed-policy", "7")]),
        (with(r#","Sid":"a","#), &[("json-extension", ",")]),
        (with(" /* x */"), &[("json-extension", "/* x */")]),
        (with("# x\n# y\n"), &[("json-extension", "# x")]),
        (with(r#" "Sid":"a""#), &[("invalid-json", r#""arn:aws:s3:::b/*""#)]),
        (with(r#","Sid":"a" // x"#).replace("// x", "// x\n"), &[("json-extension", "// x")]),
        (with("").replace("]}", "}"), &[("invalid-json", "[")]),
        (with("").replace("\"Allow\"", "Allow"), &[("invalid-json", "Allow")]),
    ] {
        assert_eq!(told(&lint("a.json", &text), &text), found, "{text}");
    }
}

#[test]
fn a_flaw_of_a_document_in_a_string_is_underlined_in_the_string() {
    let document = with(r#","Comment":"x""#).replace('"', "\\\"");
    let text = format!(r#"{{"PolicyDocument":"{document}"}}"#);
    assert_eq!(told(&lint("a.json", &text), &text), [("unknown-element", r#"\"Comment\""#)]);
    let text = format!(r#"{{"PolicyDocument":"{}"}}"#, document.replace("[{", "[,{"));
    assert!(told(&lint("a.json", &text), &text).contains(&("invalid-json", ",")), "{text}");
}

#[test]
fn what_looks_like_no_policy_may_be_broken() {
    for text in ["{\"a\": 1,}", "{\"a\" 1}", "// Statement\n{}", "not JSON at all"] {
        let run = run_with("a.json", text.as_bytes(), &Settings { pedantic: true, scan: false, ..Settings::default() });
        assert_eq!((run.findings.len(), run.skipped.len()), (0, 0), "{text}: {run:?}");
    }
}

#[test]
fn a_lost_value_is_no_missing_element() {
    // The reader says what is wrong; that an element is then missing or unknown follows from it.
    for text in [
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":,"Resource":"*"}]}"#,
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"},{"Eff"#,
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","#,
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action: "s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#,
    ] {
        let findings = lint("a.json", text);
        let rules: Vec<&str> = findings.iter().map(|finding| finding.rule.0).collect();
        assert_eq!(rules, ["invalid-json"], "{text}: {findings:#?}");
    }
    let template = r#"{"Version":"2012-10-17","Statement":[{"Effect":{{ effect }},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#;
    assert!(lint("a.json", template).is_empty(), "another program fills it in");
}

#[test]
fn a_message_quotes_what_stands_there() {
    let policy = |action: &str| {
        format!(r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"*"}}]}}"#)
    };
    for (action, quoted) in [
        ("S3:getobject", "`S3:getobject`"),
        ("s3:GetObjec?", "`s3:GetObject`"),
        ("S3:putbucketpolicy", "`S3:putbucketpolicy`"),
    ] {
        let found = lint("a.json", &policy(action));
        let said = found.iter().map(|finding| &*finding.message).collect::<Vec<_>>();
        assert!(said.iter().any(|message| message.contains(quoted)), "{action}: {said:?}");
    }
}
