//! Fixes: the file becomes right, everything else in it stays to the byte, and applied twice they change nothing more.

mod written;

use crate::lint::lint_with;
use crate::pages::{examples, pages};
use proptest::prelude::*;
use whit::example::Role;
use whit::finding::Finding;
use whit::fix::{Choice, apply};
use whit::settings::Settings;

fn pedantic() -> Settings {
    Settings { pedantic: true, ..Settings::default() }
}

/// The text after all rounds of fixes.
fn fixed(path: &str, text: &str, choice: Choice, settings: &Settings) -> String {
    let mut text = text.to_owned();
    for _ in 0..10 {
        let findings = lint_with(path, text.as_bytes(), settings);
        match apply(text.as_bytes(), &findings, choice) {
            Some(fixed) => text = String::from_utf8(fixed.bytes).unwrap_or_else(|error| panic!("{path}: {error}")),
            None => return text,
        }
    }
    panic!("{path} does not come to rest:\n{text}");
}

fn policy(body: &str) -> String {
    format!("{{\r\n  \"Version\": \"2012-10-17\",\r\n\t\"Statement\": {{ {body} }}\r\n}}")
}

#[test]
fn each_fix_writes_what_it_says() {
    for (before, after, safe) in [
        (
            r#""Effect": "Allow", "Action": "s3:GetObjects", "Resource": "arn:aws:s3:::b/*""#,
            r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#,
            false,
        ),
        (
            r#""Effect": "Allow", "Action": "dyanmodb:GetItem", "Resource": "arn:aws:dynamodb:*:*:table/t""#,
            r#""Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:*:*:table/t""#,
            false,
        ),
        (
            r#""Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/a*"}}"#,
            r#""Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/a*"}}"#,
            false,
        ),
        (
            r#""Effect": "Allow", "Action": "iam:PassRoles", "Resource": "arn:aws:iam::111122223333:role/r""#,
            r#""Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/r""#,
            false,
        ),
        (
            r#""effect": "Allow", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/*""#,
            r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#,
            true,
        ),
        (
            r#""effect": "allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#,
            r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#,
            true,
        ),
        (
            r#""Effect": "Allow", "Action": ["s3:Get*", "s3:GetObject" , "s3:ListBucket"], "Resource": "*""#,
            r#""Effect": "Allow", "Action": ["s3:Get*" , "s3:ListBucket"], "Resource": "*""#,
            true,
        ),
        (
            r#""Effect": "Allow", "Action": ["s3:GetObject", "s3:Get*"], "Resource": "*""#,
            r#""Effect": "Allow", "Action": ["s3:Get*"], "Resource": "*""#,
            true,
        ),
        (
            r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.9/24"}}"#,
            r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#,
            true,
        ),
        (
            r#""Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringEquals": {"s3:prefix": "a/*"}}"#,
            r#""Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringLike": {"s3:prefix": "a/*"}}"#,
            false,
        ),
    ] {
        let (before, after) = (policy(before), policy(after));
        assert_eq!(fixed("p.json", &before, Choice::All, &pedantic()), after);
        let safe_only = fixed("p.json", &before, Choice::Safe, &pedantic());
        assert_eq!(safe_only, if safe { after } else { before });
    }
}

#[test]
fn every_language_keeps_its_quotes_and_the_rest() {
    for (path, before, after) in [
        (
            "t.yaml",
            "Statement:\n  - Effect: allow # yes\n    Action:\n      - s3:Get*\n      - s3:GetObject\n      - 's3:ListBucket'\n    Resource: '*'\nVersion: '2012-10-17'\n",
            "Statement:\n  - Effect: Allow # yes\n    Action:\n      - s3:Get*\n      - 's3:ListBucket'\n    Resource: '*'\nVersion: '2012-10-17'\n",
        ),
        (
            "t.yaml",
            "Version: 2008-10-17\nStatement: {Effect: Allow, Action: [s3:GetObject, s3:Get*], Resource: '*'}\n",
            "Version: 2012-10-17\nStatement: {Effect: Allow, Action: [s3:Get*], Resource: '*'}\n",
        ),
        (
            "main.tf",
            "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = [\n      \"s3:Get*\",\n      \"s3:GetObject\",\n    ]\n    resources = [\"*\"]\n  }\n}\n",
            "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = [\n      \"s3:Get*\",\n    ]\n    resources = [\"*\"]\n  }\n}\n",
        ),
        (
            "s.json",
            "{\"Policy\": \"{\\\"Version\\\": \\\"2008-10-17\\\", \\\"Statement\\\": {\\\"Effect\\\": \\\"Allow\\\", \\\"Action\\\": [\\\"s3:Get*\\\", \\\"s3:GetObject\\\"], \\\"Resource\\\": \\\"*\\\"}}\"}",
            "{\"Policy\": \"{\\\"Version\\\": \\\"2012-10-17\\\", \\\"Statement\\\": {\\\"Effect\\\": \\\"Allow\\\", \\\"Action\\\": [\\\"s3:Get*\\\"], \\\"Resource\\\": \\\"*\\\"}}\"}",
        ),
        (
            "no-version.json",
            "{\n  \"Statement\": {\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\"}\n}\n",
            "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": {\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\"}\n}\n",
        ),
        // A comment would be lost, and what an alias names is used elsewhere.
        (
            "c.yaml",
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action:\n      - s3:Get*\n      # one\n      - s3:GetObject\n    Resource: '*'\n",
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action:\n      - s3:Get*\n      # one\n      - s3:GetObject\n    Resource: '*'\n",
        ),
        // One behind an entry is about it.
        (
            "behind.tf",
            "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = [\n      \"s3:Get*\",\n      \"s3:GetObject\", # for reports\n    ]\n    resources = [\"*\"]\n  }\n}\n",
            "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = [\n      \"s3:Get*\",\n      \"s3:GetObject\", # for reports\n    ]\n    resources = [\"*\"]\n  }\n}\n",
        ),
    ] {
        assert_eq!(fixed(path, before, Choice::Safe, &pedantic()), after, "{path}");
        assert_eq!(fixed(path, after, Choice::Safe, &pedantic()), after, "{path} twice");
    }
    let bom =
        format!("\u{feff}{}", policy(r#""Effect": "allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::é/*""#));
    assert_eq!(fixed("p.json", &bom, Choice::Safe, &pedantic()), bom.replace("allow", "Allow"));
}

/// One value where one must be, a list where a list must be; what is an expression may be either.
#[test]
fn values_and_lists_change_places() {
    let module = |actions: &str, values: &str| {
        let condition = format!(
            "condition {{\n      test = \"StringEquals\"\n      variable = \"aws:PrincipalOrgID\"\n      values = {values}\n    }}"
        );
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = {actions} # one\n    resources = [\"arn:aws:s3:::b/*\"]\n    {condition}\n  }}\n}}\n"
        )
    };
    let yaml = |effect: &str| {
        format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect:{effect}\n    Action: s3:GetObject\n    Resource: arn:aws:s3:::b/*\n"
        )
    };
    let json = |sid: &str, effect: &str| {
        policy(&format!(
            r#""Sid": {sid}, "Effect": {effect}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#
        ))
    };
    for (path, before, after) in [
        ("main.tf", module("\"s3:GetObject\"", "\"o-1\""), module("[\"s3:GetObject\"]", "[\"o-1\"]")),
        ("p.json", json("[ \"Read\" ]", "[\"Allow\"]"), json("\"Read\"", "\"Allow\"")),
        ("p.yaml", yaml("\n      - Allow"), yaml("\n      Allow")),
        ("q.yaml", yaml(" ['Allow']"), yaml(" 'Allow'")),
        ("r.yaml", yaml("\n      # yes\n      - Allow"), yaml("\n      # yes\n      Allow")),
    ] {
        assert_eq!(fixed(path, &before, Choice::Safe, &pedantic()), after, "{path}");
        let rules = |text: &str| {
            let findings = lint_with(path, text.as_bytes(), &pedantic());
            findings.iter().map(|finding| finding.rule.0).collect::<Vec<_>>()
        };
        assert!(rules(&before).contains(&"malformed-policy"), "{path}");
        assert!(!rules(&after).contains(&"malformed-policy"), "{path}");
    }
    // A comment would be lost; and two effects are none.
    for (path, text) in
        [("c.yaml", yaml(" [ # yes\n      Allow]")), ("two.json", json("\"Read\"", "[\"Allow\", \"Deny\"]"))]
    {
        let findings = lint_with(path, text.as_bytes(), &pedantic());
        assert!(findings.iter().any(|finding| finding.rule.0 == "malformed-policy"), "{path}");
        assert_eq!(fixed(path, &text, Choice::All, &pedantic()), text, "{path}");
    }
    let open = module("\"${local.actions}\"", "var.organizations");
    assert!(
        lint_with("main.tf", open.as_bytes(), &pedantic()).iter().all(|finding| finding.rule.0 != "malformed-policy")
    );
}

/// A reference has its value from elsewhere, a function needs its arguments, and what an alias names is used twice.
#[test]
fn what_stands_for_something_else_is_left() {
    let module = "locals { act = \"s3:GetObjects\" }\nvariable \"v\" { default = \"s3:GetObject\" }\n\
                  data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = [local.act]\n    resources = [\"*\"]\n  }\n  \
                  statement {\n    actions = [var.v, \"s3:Get*\"]\n    resources = [\"*\"]\n  }\n}\n";
    let yaml = |rest: &str, actions: &str| {
        let head = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action:";
        format!("{head}{actions}\n    Resource: '*'\n{rest}")
    };
    let again = "  - Effect: Allow\n    Action: *a\n    Resource: arn:aws:s3:::b/*\n";
    for (path, text) in [
        ("main.tf", module.to_owned()),
        ("if.yaml", yaml("", " {'Fn::If': [X, s3:Get*, s3:GetObjects]}")),
        ("ref.yaml", yaml("Parameters: {A: {Type: String, Default: s3:GetObjects}}\n", " [s3:Get*, !Ref A]")),
        ("item.yaml", yaml(again, "\n      - &a s3:GetObject\n      - s3:Get*")),
        ("list.yaml", yaml(again, " &a [s3:GetObject, s3:Get*]")),
    ] {
        let findings = lint_with(path, text.as_bytes(), &pedantic());
        let rules = ["redundant-entry", "unknown-action"];
        assert!(findings.iter().any(|finding| rules.contains(&finding.rule.0)), "{path}: there is nothing to fix");
        assert_eq!(fixed(path, &text, Choice::All, &pedantic()), text, "{path}");
    }
    // What nothing names, and a list among the arguments, can be changed.
    for (path, before, after) in [
        ("own.yaml", yaml("", " &a [s3:GetObject, s3:Get*]"), yaml("", " &a [s3:Get*]")),
        (
            "arm.yaml",
            yaml("", " {'Fn::If': [X, [s3:Get*, s3:GetObjects], s3:PutObject]}"),
            yaml("", " {'Fn::If': [X, [s3:Get*, s3:GetObject], s3:PutObject]}"),
        ),
    ] {
        assert_eq!(fixed(path, &before, Choice::All, &pedantic()), after, "{path}");
    }
}

/// Of each page's bad examples: what the fixes make of them gives no finding that was not there before, and none of the rule's
/// own that could have been fixed.
#[test]
fn fixes_of_the_pages_come_to_rest_and_bring_nothing_new() {
    let mut fixable = 0;
    for (id, page) in pages() {
        for example in examples(&page).into_iter().filter(|example| example.role == Role::Bad) {
            let settings = Settings { pedantic: true, ..example.settings.clone() };
            let before = lint_with(&example.path, example.text.as_bytes(), &settings);
            if !before.iter().any(|finding| finding.fix.is_some()) {
                continue;
            }
            fixable += 1;
            let text = fixed(&example.path, &example.text, Choice::All, &settings);
            let after = lint_with(&example.path, text.as_bytes(), &settings);
            let new: Vec<&Finding> =
                after.iter().filter(|finding| !before.iter().any(|old| old.rule == finding.rule)).collect();
            assert!(new.is_empty(), "{id}: {text}\n{new:#?}");
            assert!(after.iter().all(|finding| finding.fix.is_none()), "{id}: {text}");
        }
    }
    assert!(fixable > 8, "{fixable} examples have fixes");
}

/// A finding with a fix that replaces some bytes.
fn replacing(edits: &[(usize, usize, &str)]) -> Finding {
    let text = policy(r#""Effect": "allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#);
    let mut finding = lint_with("p.json", text.as_bytes(), &Settings::default()).remove(0);
    let repair = finding.fix.as_mut().unwrap_or_else(|| panic!("no fix"));
    let one = repair.replacements[0].clone();
    repair.replacements = edits
        .iter()
        .map(|(start, length, text)| {
            let mut replacement = one.clone();
            (replacement.region.byte, replacement.region.byte_len) = (*start as u64, *length as u64);
            replacement.text = (*text).to_owned();
            replacement
        })
        .collect();
    finding
}

proptest! {
    #[test]
    fn what_is_not_replaced_stays(edits in prop::collection::vec((0_usize..40, 0_usize..6), 1..8)) {
        let text = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN";
        let findings: Vec<Finding> = edits.iter().map(|(at, length)| replacing(&[(*at, *length, "_")])).collect();
        let fixed = apply(text.as_bytes(), &findings, Choice::Safe);
        // Naively: the same choice, from the back.
        let mut taken: Vec<(usize, usize)> = Vec::new();
        for (at, length) in &edits {
            let free = |other: &(usize, usize)| *at != other.0 && (at + length <= other.0 || other.0 + other.1 <= *at);
            if at + length <= text.len() && taken.iter().all(free) {
                taken.push((*at, *length));
            }
        }
        taken.sort_unstable();
        let mut naive = text.to_owned();
        for (at, length) in taken.iter().rev() {
            naive.replace_range(*at..at + length, "_");
        }
        prop_assert_eq!(fixed.map(|fixed| (fixed.bytes, fixed.applied)), (!taken.is_empty()).then(|| (naive.into_bytes(), taken.len())));
    }
}

#[test]
fn equal_sids_are_numbered() {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let path = folder.path().join("p.json");
    let statement = |sid: &str, key: &str| {
        format!(
            r#"{{"Sid": "{sid}", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/{key}"}}"#
        )
    };
    let policy = |sids: [&str; 4]| {
        let all: Vec<String> = sids.iter().zip(["k", "l", "m", "n"]).map(|(sid, key)| statement(sid, key)).collect();
        format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, all.join(", "))
    };
    std::fs::write(&path, policy(["A", "A", "A2", "A"])).unwrap_or_else(|error| panic!("{error}"));
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_whit"));
    let output = command.current_dir(folder.path()).args(["check", "--fix", "p.json"]).output();
    assert!(output.is_ok_and(|output| output.status.code() == Some(0)));
    let fixed = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(fixed, policy(["A", "A3", "A2", "A4"]));
}
