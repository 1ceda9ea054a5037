//! Terraform: statements that blocks and expressions make.

use crate::lint::told;
use std::fs;
use std::process::Command;
use whit::engine::{self, Unit};
use whit::finding::{Confidence, Finding};
use whit::settings::Settings;
use whit::source::{Overlay, RelPath};

fn lint(text: &str) -> Vec<Finding> {
    let mut sources = Overlay::default();
    sources.insert(RelPath::new("main.tf"), text);
    let run = engine::join([engine::lint(&Unit::single(RelPath::new("main.tf")), &sources, &Settings::default())]);
    run.findings
}

/// The findings in a text, with their confidence.
#[track_caller]
fn assert_told(text: &str, expected: &[(&str, &str, Confidence)]) {
    let findings = lint(text);
    let confidence = findings.iter().map(|finding| finding.confidence);
    let told: Vec<_> =
        told(&findings, text).into_iter().zip(confidence).map(|((rule, mark), how)| (rule, mark, how)).collect();
    assert_eq!(told, expected, "{text}");
}

fn document(body: &str) -> String {
    format!("data \"aws_iam_policy_document\" \"d\" {{\n{body}\n}}\n")
}

fn dynamic(collection: &str, content: &str) -> String {
    document(&format!(
        "  dynamic \"statement\" {{\n    for_each = {collection}\n    content {{\n{content}\n    }}\n  }}"
    ))
}

const ALL_OF_S3: &str = "actions = [\"s3:*\"]\nresources = [\"*\"]";

#[test]
fn the_content_of_a_dynamic_block_is_a_statement() {
    let found = |how| [("service-wildcard", "\"s3:*\"", how)];
    for collection in ["[\"a\", \"b\"]", "toset([\"a\"])", "{ a = 1 }", "concat(var.x, [\"a\"])"] {
        let certain = !collection.contains("var.");
        let how = if certain { Confidence::High } else { Confidence::Medium };
        assert_told(&dynamic(collection, ALL_OF_S3), &found(how));
    }
    for collection in ["var.x", "var.x ? [1] : []", "local.unknown"] {
        assert_told(&dynamic(collection, ALL_OF_S3), &found(Confidence::Medium));
    }
    assert_told(&dynamic("[]", ALL_OF_S3), &[]);
    let local = format!("{}locals {{\n  list = [\"a\"]\n}}\n", dynamic("local.list", ALL_OF_S3));
    assert_told(&local, &found(Confidence::High));
}

#[test]
fn an_item_of_a_written_collection_is_one_of_its_values() {
    let text = dynamic("[\"s3:*\"]", "actions = [statement.value]\nresources = [\"*\"]");
    assert_told(&text, &[("service-wildcard", "statement.value", Confidence::High)]);
    let text = dynamic("{ \"*\" = [\"s3:*\"] }", "actions = statement.value\nresources = [statement.key]");
    assert_told(&text, &[("service-wildcard", "statement.value", Confidence::High)]);
    let text = dynamic(
        "[{ actions = [\"s3:*\"], on = \"*\" }]",
        "actions = statement.value.actions\nresources = [\"${statement.value.on}\"]",
    );
    assert_told(&text, &[("service-wildcard", "statement.value.actions", Confidence::High)]);
    // What only deployment knows is not claimed, and neither is what one of several items says.
    assert_told(&dynamic("var.x", "actions = [statement.value]\nresources = [\"*\"]"), &[]);
    let narrow = "actions = [\"s3:GetObject\"]\nresources = [\"arn:aws:s3:::${statement.value}/*\"]";
    assert_told(&dynamic("[\"a\", \"b\"]", narrow), &[]);
}

#[test]
fn dynamic_principals_and_conditions_count() {
    let public = |group: &str, condition: &str| {
        document(&format!(
            "  statement {{\n    actions = [\"s3:GetObject\"]\n    resources = [\"arn:aws:s3:::b/*\"]\n{group}\n{condition}\n  }}"
        ))
    };
    let group = |collection: &str| {
        format!(
            "    dynamic \"principals\" {{\n      for_each = {collection}\n      content {{\n        type = \"*\"\n        identifiers = [\"*\"]\n      }}\n    }}"
        )
    };
    let condition = |collection: &str| {
        format!(
            "    dynamic \"condition\" {{\n      for_each = {collection}\n      content {{\n        test = \"StringEquals\"\n        variable = \"aws:PrincipalOrgID\"\n        values = [\"o-abcdefghij\"]\n      }}\n    }}"
        )
    };
    assert_told(&public(&group("[1]"), ""), &[("public-resource", "\"*\"", Confidence::High)]);
    assert_told(&public(&group("var.x"), ""), &[("public-resource", "\"*\"", Confidence::Medium)]);
    assert_told(&public(&group("[]"), ""), &[]);
    assert_told(&public(&group("[1]"), &condition("[1]")), &[]);
}

#[test]
fn statements_in_arguments_of_modules_are_read() {
    let module =
        |argument: &str, value: &str| format!("module \"m\" {{\n  source = \"x\"\n  {argument} = {value}\n}}\n");
    let wide = "{ effect = \"Allow\", actions = [\"s3:*\"], resources = [\"*\"] }";
    let found = [("service-wildcard", "\"s3:*\"", Confidence::High)];
    assert_told(&module("policy_statements", &format!("{{ a = {wide} }}")), &found);
    assert_told(&module("inline", &format!("[{wide}, local.more]")), &found);
    assert_told(&module("policy_statements", "[{ actions = [\"s3:*\"], resources = [\"*\"] }]"), &found);
    assert_told(&format!("locals {{\n  a = concat([{wide}], var.more)\n}}\n"), &found);
    assert_told(&module("policy_statements", &format!("[{}]", wide.replace("Allow", "Deny"))), &[]);
    // Without an effect it may be anything.
    assert_told(&module("rules", "[{ actions = [\"s3:*\"], resources = [\"*\"] }]"), &[]);
    assert_told(&module("taints", "[{ effect = \"NoSchedule\", actions = [\"*\"], resources = [\"*\"] }]"), &[]);
    let trust = "{ a = { actions = [\"sts:AssumeRole\"], principals = { p = { type = \"AWS\", identifiers = [\"*\"] } }, CONDITION } }";
    let condition = "condition = { c = { test = \"StringEquals\", variable = \"aws:PrincipalOrgID\", values = [\"o-abcdefghij\"] } }";
    let public = [("public-trust", "\"*\"", Confidence::High)];
    assert_told(&module("trust_policy_statements", &trust.replace("CONDITION", "not_actions = null")), &public);
    assert_told(&module("trust_policy_statements", &trust.replace("CONDITION", condition)), &[]);
    let listed = condition.replace("condition = { c = ", "conditions = [").replace("] } }", "] }]");
    assert_told(&module("trust_policy_statements", &trust.replace("CONDITION", &listed)), &[]);
}

/// A module that takes statements of any kind writes every element, and leaves out what it is not given.
#[test]
fn what_may_be_null_is_not_misplaced() {
    let content = "actions = statement.value.actions\nresources = statement.value.resources\ndynamic \"principals\" {\nfor_each = statement.value.principals\ncontent {\ntype = principals.value.type\nidentifiers = principals.value.identifiers\n}\n}";
    for argument in ["assume_role_policy", "permissions_boundary", "inline"] {
        let role =
            format!("resource \"aws_iam_role\" \"r\" {{\n  {argument} = data.aws_iam_policy_document.d.json\n}}\n");
        assert_told(&format!("{}{role}", dynamic("var.x", content)), &[]);
    }
    let written = content.replace("statement.value.principals", "[1]").replace("principals.value.type", "\"*\"");
    let written = written.replace("principals.value.identifiers", "[\"*\"]");
    let role = "resource \"aws_iam_role_policy\" \"r\" {\n  policy = data.aws_iam_policy_document.d.json\n}\n";
    let found = lint(&format!("{}{role}", dynamic("var.x", &written)));
    assert_eq!(found.iter().map(|finding| finding.rule.0).collect::<Vec<_>>(), ["misplaced-element"]);
}

#[test]
fn statements_that_expressions_make_are_read() {
    let role = |document: &str| {
        format!("resource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = jsonencode({document})\n}}\n")
    };
    let trust = "{ Effect = \"Allow\", Action = \"sts:AssumeRole\", Principal = { AWS = \"*\" } }";
    let public = |how| [("public-trust", "\"*\"", how)];
    let version = "Version = \"2012-10-17\"";
    for (document, how) in [
        (format!("{{ {version}, Statement = [for b in [\"a\"] : {trust}] }}"), Confidence::High),
        (format!("{{ {version}, Statement = [for b in var.x : {trust}] }}"), Confidence::Medium),
        (format!("{{ {version}, Statement = [for b in [\"a\"] : {trust} if var.x] }}"), Confidence::Medium),
        (format!("{{ {version}, Statement = flatten([[{trust}]]) }}"), Confidence::High),
        (format!("{{ {version}, Statement = flatten([[[{trust}]], var.more]) }}"), Confidence::High),
        (format!("{{ Statement = flatten([for b in [\"a\"] : [{trust}]]), {version} }}"), Confidence::High),
        (format!("{{ {version}, Statement = concat([{trust}], var.more) }}"), Confidence::High),
        (format!("{{ {version}, Statement = concat(var.more ? [{trust}] : []) }}"), Confidence::Medium),
        (format!("{{ {version}, Statement = distinct(compact([{trust}])) }}"), Confidence::High),
        (format!("merge({{ {version} }}, {{ Statement = [{trust}] }})"), Confidence::High),
        (format!("merge(local.base, {{ Statement = [{trust}] }})"), Confidence::High),
    ] {
        assert_told(&role(&document), &public(how));
    }
    // A statement behind one that deployment chooses is there all the same.
    let both = format!(
        "{{ {version}, Statement = concat(var.x ? [{{ Effect = \"Deny\", Action = \"sts:TagSession\", Principal = {{ AWS = \"*\" }} }}] : [], [{trust}]) }}"
    );
    assert_told(&role(&both), &public(Confidence::High));
    assert_told("locals {\n  base = { Version = \"2012-10-17\" }\n}\n", &[]);
    let old = role(&format!("merge({{ Version = \"2008-10-17\" }}, {{ Statement = [{trust}] }})"));
    assert_told(&old, &public(Confidence::High));
}

#[test]
fn what_cannot_be_seen_is_not_told_as_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let grants = |text: &str, json: bool| {
        fs::write(folder.path().join("main.tf"), text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_whit"));
        command.current_dir(folder.path()).args(["grants", "main.tf"]).args(json.then_some("--json"));
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let unseen = "there may be statements that cannot be seen before deployment";
    let policy = |statements: &str| {
        format!(
            "resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = {statements} }})\n}}\n"
        )
    };
    let text = grants(&policy("var.s"), false);
    assert!(text.contains(unseen) && !text.contains("nothing"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&grants(&policy("var.s"), true)).unwrap();
    assert_eq!(json[0]["complete"], false, "{json}");
    let text = grants(&dynamic("[\"a\", \"b\"]", ALL_OF_S3), false);
    assert!(text.contains("s3") && !text.contains(unseen), "{text}");
    let text = grants(&dynamic("var.x", ALL_OF_S3), false);
    assert!(text.contains("s3") && text.contains(unseen) && text.contains("perhaps"), "{text}");
}
