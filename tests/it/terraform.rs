//! Terraform: the files of a folder together.

use crate::lint::{lint, lint_pedantic, run_with, told, underlined};
use proptest::prelude::*;
use std::time::{Duration, Instant};
use whit::document::NodeRef;
use whit::document::hcl::parse;
use whit::engine::{self, Unit};
use whit::finding::{Confidence, Finding};
use whit::named;
use whit::settings::Settings;
use whit::source::{FileId, Overlay, RelPath, Span};

/// The findings in the first of some files; the others are only read.
fn lint_first(files: &[(&str, &str)]) -> Vec<Finding> {
    let mut sources = Overlay::default();
    for (path, text) in files {
        sources.insert(RelPath::new(path), *text);
    }
    let paths = || files.iter().map(|(path, _)| RelPath::new(path));
    let unit = Unit { report: paths().take(1).collect(), context: paths().skip(1).collect(), ..Unit::default() };
    let run = engine::join([engine::lint(&unit, &sources, &Settings::default())]);
    assert!(run.findings.iter().all(|finding| finding.path == RelPath::new(files[0].0)));
    run.findings
}

fn statement(body: &str) -> String {
    format!("data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n{body}\n  }}\n}}\n")
}

#[test]
fn blocks_are_policies_with_the_defaults_of_the_provider() {
    for (body, found) in [
        ("actions = [\"s3:*\"]\nresources = [\"*\"]", &[("service-wildcard", "\"s3:*\"")][..]),
        ("effect = \"Deny\"\nactions = [\"s3:*\"]\nresources = [\"*\"]", &[]),
        ("actions = [\"s3:*\"]\nresources = [aws_s3_bucket.b.arn, \"${aws_s3_bucket.b.arn}/*\"]", &[]),
        (
            "actions = [\"s3:*\"]\nresources = [\"arn:${data.aws_partition.p.partition}:s3:::*\"]",
            &[("service-wildcard", "\"s3:*\"")],
        ),
        ("not_actions = [\"iam:*\"]\nresources = [\"*\"]", &[("allow-not-action", "not_actions")]),
        ("actions = concat([\"s3:*\"], var.more)\nresources = [\"*\"]", &[("service-wildcard", "\"s3:*\"")]),
        ("actions = var.c ? [\"s3:*\"] : null\nresources = [\"*\"]", &[("service-wildcard", "\"s3:*\"")]),
        ("actions = local.actions\nresources = [\"*\"]", &[("service-wildcard", "local.actions")]),
        ("actions = var.actions\nresources = [\"*\"]", &[("service-wildcard", "var.actions")]),
        ("actions = [var.unknown]\nresources = [\"*\"]", &[]),
        (
            "actions = [\"s3:GetObject\"]\nresources = [\"${aws_s3_bucket.b.arn}/*\"]\nprincipals {\ntype = \"*\"\nidentifiers = [\"*\"]\n}",
            &[("public-resource", "\"*\"")],
        ),
    ] {
        let text = statement(body);
        let rest = "locals {\n  actions = [\"s3:*\"]\n}\nvariable \"actions\" {\n  default = [\"s3:*\"]\n}\nvariable \"unknown\" {}\n";
        let findings = lint_first(&[("main.tf", &text), ("rest.tf", rest)]);
        assert_eq!(told(&findings, &text), found, "{body}");
    }
}

#[test]
fn a_document_is_what_it_is_used_as() {
    let document = statement(
        "actions = [\"sts:AssumeRole\"]\nprincipals {\ntype = \"AWS\"\nidentifiers = [\"arn:aws:iam::${data.aws_caller_identity.c.account_id}:root\"]\n}",
    );
    let role = "resource \"aws_iam_role\" \"r\" {\n  assume_role_policy = data.aws_iam_policy_document.d.json\n}\n";
    let rules = |files: &[(&str, &str)]| lint_first(files).iter().map(|finding| finding.rule.0).collect::<Vec<_>>();
    assert_eq!(rules(&[("a.tf", &document), ("b.tf", role)]), ["trust-without-mfa", "root-principal"]);
    let policy = statement("actions = [\"s3:*\"]\nresources = [\"*\"]");
    let control = "resource \"aws_organizations_policy\" \"p\" {\n  content = data.aws_iam_policy_document.d.json\n}\n";
    assert_eq!(rules(&[("a.tf", &policy)]), ["service-wildcard"]);
    assert_eq!(rules(&[("a.tf", &policy), ("b.tf", control)]), [] as [&str; 0], "it only leaves room");
}

/// The findings of a whole run over some files, those that modules above them name included.
fn lint_named(units: &[&[&str]], asked: &[&[&str]], files: &[(&str, &str)]) -> Vec<(String, &'static str)> {
    let mut sources = Overlay::default();
    for (path, text) in files {
        sources.insert(RelPath::new(path), *text);
    }
    let paths = |paths: &[&str]| paths.iter().map(RelPath::new).collect();
    let mut units: Vec<Unit> = units.iter().map(|report| Unit { report: paths(report), ..Unit::default() }).collect();
    let asked: Vec<Unit> = asked.iter().map(|context| Unit { context: paths(context), ..Unit::default() }).collect();
    let settings = Settings::default();
    named::tell(&mut units, &asked, &sources, &settings);
    let run = engine::join(units.iter().map(|unit| engine::lint(unit, &sources, &settings)));
    run.findings.iter().map(|finding| (finding.path.to_string(), finding.rule.0)).collect()
}

#[test]
fn a_file_is_what_the_module_uses_it_as() {
    let policy = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#;
    let path = "infra/policies/p.json";
    let found = |kind: &str, argument: &str, value: &str| {
        let module = format!("resource \"{kind}\" \"r\" {{\n  {argument} = {value}\n}}\n");
        let files = [(path, policy), ("infra/main.tf", &*module)];
        let all = lint_named(&[&["infra/main.tf"], &[path]], &[], &files);
        let alone = lint_named(&[&[path]], &[&["infra/main.tf"]], &files);
        assert_eq!(all, alone, "one file tells what the whole folder tells");
        all.len()
    };
    let names = [
        r#"file("policies/p.json")"#,
        r#"file("${path.module}/policies/p.json")"#,
        r#"file("${path.module}/../infra/./policies/p.json")"#,
        r#"templatefile("${path.module}/policies/p.json", { x = 1 })"#,
        r#""${file("${path.module}/policies/p.json")}""#,
        r#"jsonencode(jsondecode(file("policies/p.json")))"#,
    ];
    for value in names {
        assert_eq!(found("aws_organizations_policy", "content", value), 0, "{value}: a ceiling grants nothing");
        assert_eq!(found("aws_iam_policy", "policy", value), 1, "{value}");
    }
    assert_eq!(found("aws_organizations_policy", "content", r#"file("policies/other.json")"#), 1, "not this file");
}

#[test]
fn a_template_is_what_the_module_fills_in() {
    let trust = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "${who}"}, "Action": "sts:AssumeRole"}}"#;
    for name in ["trust.json", "trust.json.tftpl"] {
        let path = format!("infra/{name}");
        let of = |calls: &[&str]| {
            let role = |(at, call): (usize, &&str)| {
                format!(
                    "resource \"aws_iam_role\" \"r{at}\" {{\n  assume_role_policy = templatefile(\"${{path.module}}/{name}\", {call})\n}}\n"
                )
            };
            let module: String = calls.iter().enumerate().map(role).collect();
            let files = [(&*path, trust), ("infra/main.tf", &*module)];
            let all = lint_named(&[&["infra/main.tf"], &[&path]], &[], &files);
            let alone = lint_named(&[&[&path]], &[&["infra/main.tf"]], &files);
            assert!(all.ends_with(&alone), "one file tells what the whole folder tells of it");
            alone
        };
        let public = (path.clone(), "public-trust");
        assert_eq!(of(&["{ who = \"*\" }"]), std::slice::from_ref(&public), "{name}");
        assert_eq!(of(&["{ who = \"*\" }", "{ other = 1, who = \"*\" }"]), std::slice::from_ref(&public), "{name}");
        // Nobody knows, one fills in something else, or it is a role.
        for calls in [
            &["{ who = var.who }"][..],
            &["{}"],
            &["{ who = \"*\" }", "{ who = \"arn:aws:iam::123456789012:role/ci\" }"],
            &["{ who = \"arn:aws:iam::123456789012:role/ci\" }"],
        ] {
            assert!(!of(calls).contains(&public), "{name} {calls:?}");
        }
    }
}

#[test]
fn a_list_that_is_filled_in_stands_where_no_quotes_are() {
    let policy = |value: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": {value}, "Resource": "*"}}]}}"#
        )
    };
    for name in ["p.json", "p.json.tpl", "p.json.tftpl"] {
        let path = format!("infra/{name}");
        let of = |value: &str, filled: &str| {
            let module = format!(
                "locals {{\n  wide = [\"s3:*\", \"s3:ListAllMyBuckets\"]\n}}\nresource \"aws_iam_policy\" \"p\" {{\n  policy = templatefile(\"${{path.module}}/{name}\", {{ actions = {filled} }})\n}}\n"
            );
            let (text, module) = (policy(value), module.as_str());
            let files = [(&*path, &*text), ("infra/main.tf", module)];
            let all = lint_named(&[&["infra/main.tf"], &[&path]], &[], &files);
            let alone = lint_named(&[&[&path]], &[&["infra/main.tf"]], &files);
            assert!(all.ends_with(&alone), "one file tells what the whole folder tells of it");
            alone.into_iter().map(|(_, rule)| rule).collect::<Vec<_>>()
        };
        let found = vec!["service-wildcard"];
        for filled in ["jsonencode([\"s3:*\"])", "jsonencode(local.wide)", "jsonencode(\"s3:*\")"] {
            assert_eq!(of("${actions}", filled), found, "{name} {filled}");
        }
        for filled in ["[\"s3:*\", \"s3:ListAllMyBuckets\"]", "local.wide", "\"s3:*\""] {
            assert_eq!(of("${jsonencode(actions)}", filled), found, "{name} {filled}");
        }
        for filled in ["jsonencode([\"s3:ListAllMyBuckets\"])", "jsonencode(var.actions)", "var.actions"] {
            assert_eq!(of("${actions}", filled), [] as [&str; 0], "{name} {filled}");
        }
        assert_eq!(of("[\"s3:ListAllMyBuckets\", ${other}]", "jsonencode([\"s3:*\"])"), [] as [&str; 0], "{name}");
    }
}

#[test]
fn documents_that_are_merged_bind_each_other() {
    let allow = "actions = [\"iam:*\"]\nresources = [\"*\"]";
    let deny = "effect = \"Deny\"\nactions = [\"iam:*\"]\nresources = [\"*\"]\ncondition {\ntest = \"BoolIfExists\"\nvariable = \"aws:MultiFactorAuthPresent\"\nvalues = [\"false\"]\n}";
    let document = |name: &str, merged: &str, body: &str| {
        format!("data \"aws_iam_policy_document\" \"{name}\" {{\n{merged}  statement {{\n{body}\n  }}\n}}\n")
    };
    let merged = "  source_policy_documents = [data.aws_iam_policy_document.mfa.json]\n";
    let group = "resource \"aws_iam_group_policy\" \"g\" {\n  group = \"ops\"\n  policy = data.aws_iam_policy_document.d.json\n}\n";
    let rules = |files: &[(&str, &str)]| lint_first(files).iter().map(|finding| finding.rule.0).collect::<Vec<_>>();
    let with_mfa = document("mfa", "", deny) + group;
    let whole = document("d", merged, allow);
    let alone = document("d", "", allow);
    assert_eq!(rules(&[("a.tf", &alone), ("b.tf", &with_mfa)]), ["iam-wildcard", "sensitive-access-without-mfa"]);
    assert_eq!(rules(&[("a.tf", &whole), ("b.tf", &with_mfa)]), ["iam-wildcard"], "the merged Deny asks for MFA");
    // The other way round: what is merged is used as the whole is.
    let trust =
        document("mfa", "", "actions = [\"sts:AssumeRole\"]\nprincipals {\ntype = \"AWS\"\nidentifiers = [\"*\"]\n}");
    let queue = "resource \"aws_sqs_queue\" \"q\" {\n  policy = data.aws_iam_policy_document.d.json\n}\n";
    assert_eq!(rules(&[("a.tf", &trust)]), ["public-trust"]);
    assert_eq!(
        rules(&[("a.tf", &trust), ("b.tf", &(whole + queue))]),
        ["wrong-resource-policy", "public-resource"],
        "it is a queue's"
    );
}

#[test]
fn policy_variables_and_references_are_told_apart() {
    for (resource, confidence) in [
        ("arn:aws:s3:::home/&{aws:username}/*", Confidence::High),
        ("arn:aws:s3:::home/$${aws:username}/*", Confidence::High),
        ("arn:aws:s3:::${var.bucket}/*", Confidence::Medium),
        ("arn:aws:s3:::home/${var.user}*", Confidence::Medium),
        ("${var.arn}", Confidence::Medium),
    ] {
        let text = statement(&format!("actions = [\"s3:*\"]\nresources = [\"{resource}\"]"));
        // Nobody wrote a `*` that is for all.
        assert!(lint_first(&[("main.tf", &text)]).is_empty(), "{resource}");
        let mut found = lint_pedantic("main.tf", &text);
        found.retain(|finding| finding.rule.0 == "service-wildcard");
        let found: Vec<Confidence> = found.iter().map(|finding| finding.confidence).collect();
        assert_eq!(found, [confidence], "{resource}");
    }
}

#[test]
fn attachments_are_found_wherever_they_are_written() {
    let admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    for (text, underlined) in [
        (format!("resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role = \"r\"\n  policy_arn = \"{admin}\"\n}}\n"), format!("\"{admin}\"")),
        (
            format!("resource \"aws_iam_user_policy_attachment\" \"a\" {{\n  for_each = toset([\"{admin}\"])\n  policy_arn = each.value\n}}\n"),
            format!("\"{admin}\""),
        ),
        (format!("resource \"aws_iam_role\" \"a\" {{\n  managed_policy_arns = [\"{admin}\"]\n}}\n"), format!("\"{admin}\"")),
        (
            "data \"aws_iam_policy\" \"a\" {\n  name = \"AdministratorAccess\"\n}\nresource \"aws_iam_group_policy_attachment\" \"a\" {\n  \
             policy_arn = data.aws_iam_policy.a.arn\n}\n"
                .to_owned(),
            "data.aws_iam_policy.a.arn".to_owned(),
        ),
    ] {
        let found = lint_first(&[("main.tf", &text)]);
        let told: Vec<&str> = found.iter().map(|finding| self::underlined(finding, &text)).collect();
        assert_eq!(told, [underlined], "{text}");
    }
}

#[test]
fn a_broken_block_costs_only_itself() {
    let text =
        "variable \"x\" {\n  default = [\n}\n\n".to_owned() + &statement("actions = [\"s3:*\"]\nresources = [\"*\"]");
    let (tree, errors) = parse(FileId(0), &text);
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(tree.roots().flat_map(NodeRef::entries).count(), 1);
    let found = [("invalid-hcl", "}"), ("service-wildcard", "\"s3:*\"")];
    assert_eq!(told(&lint_first(&[("main.tf", &text)]), &text), found);
    let twice = "resource \"aws_iam_policy\" \"p\" {\n  tags = {\n    a = 1\n    a = 2\n  }\n}\n";
    assert_eq!(told(&lint_first(&[("main.tf", twice)]), twice), [], "Terraform reads it");
}

#[test]
fn no_text_takes_long_or_too_deep() {
    for text in [
        "a = ".to_owned() + &"[".repeat(100_000),
        "a {\n".repeat(50_000),
        "a = \"${".repeat(20_000),
        "x = 1 +".repeat(20_000),
    ] {
        let since = Instant::now();
        let (_, errors) = parse(FileId(0), &text);
        assert!(!errors.is_empty());
        assert!(since.elapsed() < Duration::from_secs(2), "{:?} for {}", since.elapsed(), &text[..8]);
    }
}

/// Spans lie in the text on character boundaries, inside their parents and in order.
fn check(node: NodeRef<'_>, inside: Span, text: &str) {
    let span = node.span();
    assert!(text.get(span.range()).is_some(), "{span:?} cuts a character of {text:?}");
    assert!(inside.contains(span), "{node:?} is not inside {inside:?} in {text:?}");
    let mut from = span.start;
    let children = node.items().chain(node.arguments()).chain(node.entries().flat_map(|(key, value)| [key, value]));
    for child in children {
        assert!(from <= child.span().start, "{child:?} stands before its neighbour in {text:?}");
        check(child, span, text);
        from = child.span().end;
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "é",
        " = ",
        "\n",
        "\r\n",
        " ",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        ",",
        "\"",
        "\"x\"",
        "\\",
        "${",
        "}",
        "%{",
        "$${",
        "<<EOT\n",
        "EOT\n",
        "<<-EOT\n",
        "resource \"a\" \"b\" {\n",
        "}\n",
        "x = ",
        "f(",
        "var.x",
        "[0]",
        "? 1 : 2",
        "#",
        "//",
        "/*",
        "*/",
        "😀",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in pieces()) {
        let (tree, errors) = parse(FileId(0), &text);
        for root in tree.roots() {
            check(root, Span::new(0, text.len()), &text);
        }
        for error in errors {
            prop_assert!(text.get(error.span.range()).is_some());
        }
    }
}

#[test]
fn of_two_equal_keys_of_an_object_the_last_one_counts() {
    let module = r#"
locals {
  settings = { name = "a", name = "b" }
}
resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = { Effect = "Allow", Action = "*", Resource = "*" }
  })
}
"#;
    let run = run_with("main.tf", module.as_bytes(), &Settings::default());
    assert_eq!(told(&run.findings, module), [("administrator-access", r#""*""#)]);
    assert!(run.skipped.is_empty(), "Terraform reads it: {:?}", run.skipped);
    // Two arguments of one name it does not read.
    let twice = module.replace("policy = jsonencode", "name = 1\n  name = 2\n  policy = jsonencode");
    let run = run_with("main.tf", twice.as_bytes(), &Settings::default());
    assert!(run.findings.iter().any(|finding| finding.rule.0 == "invalid-hcl"), "{:?}", run.findings);
}

#[test]
fn documents_that_are_written_where_they_are_merged_are_read() {
    let module = |merged: &str, deny: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  {merged} = [jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", \
             Action = \"*\", Resource = \"*\" }}] }})]\n{deny}}}\nresource \"aws_iam_role_policy\" \"p\" {{\n  role = \"r\"\n  policy = \
             data.aws_iam_policy_document.d.json\n}}\n"
        )
    };
    for merged in ["source_policy_documents", "override_policy_documents"] {
        let text = module(merged, "");
        assert_eq!(told(&lint("main.tf", &text), &text), [("administrator-access", "\"*\"")], "{merged}");
    }
    // The document into which it is merged binds it.
    let deny = "  statement {\n    effect = \"Deny\"\n    actions = [\"*\"]\n    resources = [\"*\"]\n    condition {\n      test = \"BoolIfExists\"\n      \
                variable = \"aws:MultiFactorAuthPresent\"\n      values = [\"false\"]\n    }\n  }\n";
    for (deny, asked) in [("", true), (deny, false)] {
        let text = module("source_policy_documents", deny)
            .replace("aws_iam_role_policy", "aws_iam_group_policy")
            .replace("role =", "group =");
        let text = text.replace("Action = \"*\"", "Action = \"iam:*\"");
        let told = lint("main.tf", &text).iter().any(|finding| finding.rule.0 == "sensitive-access-without-mfa");
        assert_eq!(told, asked, "{text}");
    }
}
