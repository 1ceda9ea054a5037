//! Terraform: statements that stand in locals, defaults and `for` expressions, and values that stand beside the module.

use crate::lint::{told, underlined};
use whit::callers;
use whit::engine::{self, Run, Unit};
use whit::finding::{Confidence, Finding};
use whit::settings::Settings;
use whit::source::{Overlay, RelPath};

/// The run over the first of some files; the others are only read.
fn run_first(files: &[(&str, &str)]) -> Run {
    let mut sources = Overlay::default();
    for (path, text) in files {
        sources.insert(RelPath::new(path), *text);
    }
    let paths = || files.iter().map(|(path, _)| RelPath::new(path));
    let unit = Unit { report: paths().take(1).collect(), context: paths().skip(1).collect(), ..Unit::default() };
    engine::join([engine::lint(&unit, &sources, &Settings::default())])
}

fn lint_first(files: &[(&str, &str)]) -> Vec<Finding> {
    run_first(files).findings
}

fn policy(statement: &str) -> String {
    format!(
        "resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{\n    Version = \"2012-10-17\"\n    Statement = {statement}\n  }})\n}}\n"
    )
}

const LOCALS: &str = r#"locals {
  wide = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }]
  one = { Effect = "Allow", Action = "s3:*", Resource = "*" }
  some = { a = { actions = ["s3:*"], on = "*" }, b = { actions = ["s3:GetObject"], on = "arn:aws:s3:::b/x" } }
  narrow = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::b/x" }]
  names = ["b", "c"]
  nested = local.wide
}
variable "wide" {
  default = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }]
}
variable "unknown" {}
"#;

#[test]
fn statements_are_found_where_locals_and_functions_put_them() {
    for (statement, found) in [
        ("local.wide", &["local.wide"][..]),
        ("local.nested", &["local.nested"]),
        ("[local.one]", &["local.one"]),
        ("local.narrow", &[]),
        ("var.wide", &["var.wide"]),
        ("concat(local.narrow, local.wide)", &["local.wide"]),
        ("flatten([local.narrow, [local.one]])", &["local.one"]),
        ("var.unknown ? local.wide : local.narrow", &["local.wide"]),
        ("[for s in local.wide : s]", &["[for s in local.wide : s]"]),
        (
            "[for k, s in local.some : { Sid = k, Effect = \"Allow\", Action = s.actions, Resource = s.on }]",
            &["s.actions"],
        ),
        ("[for s in values(local.some) : { Effect = \"Allow\", Action = s.actions, Resource = s.on }]", &["s.actions"]),
        (
            "[for n in local.names : { Effect = \"Allow\", Action = \"s3:GetObject\", Resource = \"arn:aws:s3:::${n}/x\" }]",
            &[],
        ),
        ("[merge({ Effect = \"Allow\", Action = \"s3:*\" }, { Resource = \"*\" })]", &["\"s3:*\""]),
        ("[merge(local.one, { Action = \"s3:GetObject\" })]", &[]),
        ("[merge(local.one, { Resource = \"arn:aws:s3:::b\" })]", &[]),
        ("[merge(local.one, var.unknown)]", &[]),
        (
            "[merge({ Effect = \"Allow\", Action = \"s3:*\", Resource = \"*\" }, var.unknown ? { Condition = { Bool = { a = true } } } : {})]",
            &["\"s3:*\""],
        ),
    ] {
        let text = policy(statement);
        let found: Vec<_> = found.iter().map(|at| ("service-wildcard", *at)).collect();
        let mut findings = lint_first(&[("main.tf", &text), ("locals.tf", LOCALS)]);
        findings.retain(|finding| finding.rule.0 == "service-wildcard");
        assert_eq!(told(&findings, &text), found, "{statement}");
    }
}

#[test]
fn statements_of_the_same_file_are_told_where_they_stand() {
    let text = policy("local.wide") + LOCALS;
    let findings = lint_first(&[("main.tf", &text)]);
    assert_eq!(told(&findings, &text), [("service-wildcard", "\"s3:*\"")]);
    assert!(findings[0].fix.is_none());
    let at = findings[0].primary.region.byte as usize;
    assert!(text[..at].ends_with("wide = [{ Effect = \"Allow\", Action = "), "the first of them: {}", &text[..at]);
}

#[test]
fn what_a_default_gives_is_not_certain() {
    let text = policy("var.wide");
    let findings = lint_first(&[("main.tf", &text), ("locals.tf", LOCALS)]);
    assert_eq!(findings.iter().map(|finding| finding.confidence).collect::<Vec<_>>(), [Confidence::Medium]);
}

/// Rules and confidence of the findings of the first file that tell of more than it should grant.
fn graded(files: &[(&str, &str)]) -> Vec<(&'static str, Confidence)> {
    let rules = ["administrator-access", "service-wildcard", "public-trust", "invalid-arn", "redundant-entry"];
    let findings = lint_first(files).into_iter().filter(|finding| rules.contains(&finding.rule.0));
    findings.map(|finding| (finding.rule.0, finding.confidence)).collect()
}

#[test]
fn what_deployment_may_replace_is_not_certain() {
    let variables =
        "variable \"wide\" {\n  default = \"s3:*\"\n}\nlocals {\n  wide = \"s3:*\"\n  given = var.wide\n}\n";
    let statement = |actions: &str, resources: &str| {
        format!(
            "{variables}data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = {actions}\n    resources = {resources}\n  }}\n}}\n"
        )
    };
    let everywhere = "[\"*\"]";
    for (actions, confidence) in [
        ("[local.wide]", Confidence::High),
        ("[coalesce(local.wide, \"\")]", Confidence::High),
        ("[var.wide]", Confidence::Medium),
        ("[local.given]", Confidence::Medium),
        ("[try(var.other, \"s3:*\")]", Confidence::Medium),
        ("try(var.others, [\"s3:*\"])", Confidence::Medium),
        ("coalescelist(var.others, [\"s3:*\"])", Confidence::Medium),
        ("concat([coalesce(var.other, \"s3:*\")], [\"s3:GetObject\"])", Confidence::Medium),
        ("var.any ? [\"s3:*\"] : [\"s3:GetObject\"]", Confidence::Medium),
    ] {
        assert_eq!(
            graded(&[("main.tf", &statement(actions, everywhere))]),
            [("service-wildcard", confidence)],
            "{actions}"
        );
    }
    let text = statement("[var.wide]", everywhere);
    let given = graded(&[("main.tf", &text), ("terraform.tfvars", "wide = \"s3:*\"\n")]);
    assert_eq!(given, [("service-wildcard", Confidence::High)]);
    // What stands there so that something does is no flaw.
    for resource in ["try(aws_s3_bucket.b[0].arn, \"none\")", "var.any ? aws_s3_bucket.b.arn : \"none\""] {
        assert_eq!(
            graded(&[("main.tf", &statement("[\"s3:GetObject\"]", &format!("[{resource}]")))]),
            [],
            "{resource}"
        );
    }
    assert_eq!(
        graded(&[("main.tf", &statement("[\"s3:GetObject\"]", "[\"none\"]"))]),
        [("invalid-arn", Confidence::High)]
    );
}

#[test]
fn lookup_takes_an_entry_or_the_default() {
    let maps = r#"locals {
  map = { wide = "s3:*", narrow = "s3:GetObject", many = ["s3:*"] }
  name = "wide"
  circle = lookup(local.map, local.circle, "s3:GetObject")
  circles = { a = lookup(local.circles, "a", "s3:GetObject") }
}
variable "map" {
  default = { wide = "s3:*" }
}
variable "name" {
  default = "wide"
}
"#;
    for (actions, confidence) in [
        ("[lookup(local.map, \"wide\")]", Some(Confidence::High)),
        ("[lookup(local.map, \"wide\", \"s3:GetObject\")]", Some(Confidence::High)),
        ("lookup(local.map, \"many\", [])", Some(Confidence::High)),
        ("[lookup(local.map, local.name, \"s3:GetObject\")]", Some(Confidence::High)),
        ("[lookup({ a = \"s3:*\" }, \"a\", \"s3:GetObject\")]", Some(Confidence::High)),
        ("[lookup(local.map, \"none\", \"s3:*\")]", Some(Confidence::High)),
        ("[lookup(local.map, \"narrow\", \"s3:*\")]", None),
        ("[lookup(local.map, \"none\")]", None),
        // A key that is not known, a map that is not, and defaults of variables.
        ("[lookup(local.map, each.key, \"s3:GetObject\")]", Some(Confidence::Medium)),
        ("[lookup(local.map, var.name, \"s3:GetObject\")]", Some(Confidence::Medium)),
        ("[lookup(var.map, \"wide\", \"s3:GetObject\")]", Some(Confidence::Medium)),
        ("[lookup(var.map, \"none\", \"s3:*\")]", Some(Confidence::Medium)),
        ("[lookup(var.unknown, \"wide\", \"s3:*\")]", Some(Confidence::Medium)),
        ("lookup(each.value, \"actions\", [\"s3:*\"])", Some(Confidence::Medium)),
        ("lookup(each.value, \"actions\", [\"s3:GetObject\"])", None),
        ("lookup(each.value, \"actions\", null)", None),
        ("lookup(each.value, \"actions\")", None),
        // What leads in a circle ends somewhere.
        ("[local.circle, lookup(local.circles, \"a\", \"s3:GetObject\")]", None),
        ("concat(lookup(each.value, \"actions\", [\"s3:*\"]), [\"s3:GetObject\"])", Some(Confidence::Medium)),
    ] {
        let text = format!(
            "{maps}data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = {actions}\n    resources = [\"*\"]\n  }}\n}}\n"
        );
        let expected: Vec<_> = confidence.into_iter().map(|how| ("service-wildcard", how)).collect();
        assert_eq!(graded(&[("main.tf", &text)]), expected, "{actions}");
    }
}

#[test]
fn steps_lead_into_what_is_written_out() {
    let declared = r#"locals {
  map  = { wide = ["s3:*"], narrow = ["s3:ListAllMyBuckets"], "a.b" = "s3:*" }
  deep = { read = { actions = ["s3:*"] } }
  list = ["s3:ListAllMyBuckets", "s3:*"]
  own  = local.map
}
variable "map" {
  default = { wide = ["s3:*"], empty = [] }
}
"#;
    for (actions, confidence) in [
        ("local.map.wide", Some(Confidence::High)),
        ("local.map[\"wide\"]", Some(Confidence::High)),
        ("local.deep.read.actions", Some(Confidence::High)),
        ("local.deep[\"read\"].actions", Some(Confidence::High)),
        ("[local.list[1]]", Some(Confidence::High)),
        ("[\"${local.list[1]}\"]", Some(Confidence::High)),
        ("var.map.wide", Some(Confidence::Medium)),
        ("local.map.narrow", None),
        ("[local.list[0]]", None),
        // What leads nowhere, or further than is looked, is not known.
        ("local.map.other", None),
        ("local.map[each.key]", None),
        ("[local.list[7]]", None),
        ("local.own.wide", None),
        ("local.map.*.wide", None),
        ("var.map.empty", None),
    ] {
        let text = format!(
            "{declared}data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = {actions}\n    resources = [\"*\"]\n  }}\n}}\n"
        );
        let expected: Vec<_> = confidence.into_iter().map(|how| ("service-wildcard", how)).collect();
        assert_eq!(graded(&[("main.tf", &text)]), expected, "{actions}");
    }
    let statements = "locals {\n  of = { a = { Effect = \"Allow\", Action = \"s3:*\", Resource = \"*\" } }\n}\n";
    assert_eq!(
        graded(&[("main.tf", &(policy("[local.of.a]") + statements))]),
        [("service-wildcard", Confidence::High)]
    );
}

#[test]
fn lookup_in_the_items_of_a_collection_takes_what_they_have() {
    let wide = "lookup(statement.value, \"actions\", [\"s3:*\"])";
    let narrow = "lookup(statement.value, \"actions\", [\"s3:GetObject\"])";
    for (items, actions, confidence) in [
        ("[{ actions = [\"s3:GetObject\"] }]", wide, None),
        ("[{ actions = [\"s3:*\"] }]", narrow, Some(Confidence::High)),
        ("[{ other = true }]", wide, Some(Confidence::High)),
        ("[{ other = true }]", narrow, None),
        ("[{ actions = [\"s3:GetObject\"] }, {}]", wide, Some(Confidence::Medium)),
        ("var.unknown", wide, Some(Confidence::Medium)),
    ] {
        let text = format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  dynamic \"statement\" {{\n    for_each = {items}\n    content {{\n      actions = {actions}\n      resources = [\"*\"]\n    }}\n  }}\n}}\n"
        );
        let expected: Vec<_> = confidence.into_iter().map(|how| ("service-wildcard", how)).collect();
        assert_eq!(graded(&[("main.tf", &text)]), expected, "{items} {actions}");
    }
    let of_turns = |of: &str, default: &str| {
        policy(&format!(
            "[for s in [{of}] : {{ Effect = \"Allow\", Action = lookup(s, \"actions\", {default}), Resource = \"*\" }}]"
        ))
    };
    let found = [("service-wildcard", Confidence::High)];
    assert_eq!(graded(&[("main.tf", &of_turns("{ actions = \"s3:*\" }", "\"s3:GetObject\""))]), found);
    assert_eq!(graded(&[("main.tf", &of_turns("{}", "\"s3:*\""))]), found);
    assert_eq!(graded(&[("main.tf", &of_turns("{ actions = \"s3:GetObject\" }", "\"s3:*\""))]), []);
}

#[test]
fn what_is_attached_by_default_is_not_certain() {
    let admin = "\"arn:aws:iam::aws:policy/AdministratorAccess\"";
    let variable = format!("variable \"arn\" {{\n  default = {admin}\n}}\n");
    for (arn, confidence) in [
        (admin.to_owned(), Confidence::High),
        ("var.arn".to_owned(), Confidence::Medium),
        (format!("coalesce(var.other, {admin})"), Confidence::Medium),
        (format!("var.any ? {admin} : \"arn:aws:iam::aws:policy/ReadOnlyAccess\""), Confidence::Medium),
    ] {
        let text = format!(
            "{variable}resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role = \"r\"\n  policy_arn = {arn}\n}}\n"
        );
        assert_eq!(graded(&[("main.tf", &text)]), [("administrator-access", confidence)], "{arn}");
    }
}

#[test]
fn what_is_not_seen_is_said() {
    for (statement, unseen) in [
        ("var.unknown", &["var.unknown"][..]),
        ("[var.unknown, local.one]", &["var.unknown"]),
        ("concat(local.wide, var.unknown)", &["var.unknown"]),
        ("[merge(local.one, var.unknown)]", &["merge(local.one, var.unknown)"]),
        ("local.wide", &[]),
    ] {
        let text = policy(statement);
        let run = run_first(&[("main.tf", &text), ("locals.tf", LOCALS)]);
        let told: Vec<&str> = run.unseen.iter().flat_map(|it| it.stands_for.iter().map(|it| &**it)).collect();
        assert_eq!(told, unseen, "{statement}");
    }
    let document = "data \"aws_iam_policy_document\" \"d\" {\n  source_policy_documents = var.more\n  statement {\n    actions = [\"s3:GetObject\"]\n    resources = [\"arn:aws:s3:::b/x\"]\n  }\n}\n";
    let run = run_first(&[("main.tf", document)]);
    assert_eq!(run.unseen.iter().map(|it| it.line).collect::<Vec<_>>(), [1]);
}

#[test]
fn files_of_values_give_the_variables_of_a_module() {
    let text = "variable \"actions\" {\n  default = [\"s3:GetObject\"]\n}\n".to_owned()
        + &policy("[{ Effect = \"Allow\", Action = var.actions, Resource = \"*\" }]");
    let wide = "actions = [\"s3:*\"]\n";
    let found = |values: &[(&str, &str)]| {
        let files: Vec<(&str, &str)> = [("m/main.tf", &*text)].into_iter().chain(values.iter().copied()).collect();
        let findings = lint_first(&files);
        findings
            .iter()
            .filter(|it| it.rule.0 == "service-wildcard")
            .map(|it| underlined(it, &text).to_owned())
            .collect::<Vec<_>>()
    };
    let none: Vec<String> = Vec::new();
    assert_eq!(found(&[]), none);
    assert_eq!(found(&[("m/terraform.tfvars", wide)]), ["var.actions"]);
    assert_eq!(found(&[("m/terraform.tfvars.json", "{\"actions\": [\"s3:*\"]}")]), ["var.actions"]);
    assert_eq!(found(&[("m/terraform.tfvars", wide), ("m/z.auto.tfvars", "actions = [\"s3:GetObject\"]\n")]), none);
}

#[test]
fn arguments_reach_the_module_below() {
    let module = "variable \"actions\" {\n  default = [\"s3:GetObject\"]\n}\n".to_owned()
        + &policy("[{ Effect = \"Allow\", Action = var.actions, Resource = \"*\" }]");
    let found = |callers: &str| {
        let mut sources = Overlay::default();
        sources.insert(RelPath::new("main.tf"), callers);
        sources.insert(RelPath::new("modules/role/main.tf"), &*module);
        let unit = |path: &str| Unit { report: vec![RelPath::new(path)], ..Unit::default() };
        let all = |mut units: Vec<Unit>, asked: &[Unit]| {
            let settings = Settings::default();
            callers::tell(&mut units, asked, &sources, &settings);
            let run = engine::join(units.iter().map(|unit| engine::lint(unit, &sources, &settings)));
            let wide = run.findings.iter().filter(|it| it.rule.0 == "service-wildcard");
            wide.map(|it| it.path.to_string()).collect::<Vec<_>>()
        };
        let together = all(vec![unit("main.tf"), unit("modules/role/main.tf")], &[]);
        let above = Unit { context: vec![RelPath::new("main.tf")], ..Unit::default() };
        let alone = all(vec![unit("modules/role/main.tf")], &[above]);
        assert_eq!(together, alone, "one file tells what the whole folder tells");
        together
    };
    let call = |name: &str, actions: &str| {
        format!("module \"{name}\" {{\n  source = \"./modules/role\"\n  actions = {actions}\n}}\n")
    };
    let wide = "locals {\n  wide = [\"s3:*\"]\n}\n".to_owned();
    let none: Vec<String> = Vec::new();
    assert_eq!(found(""), none);
    assert_eq!(found(&call("a", "[\"s3:*\"]")), ["modules/role/main.tf"]);
    assert_eq!(found(&(wide + &call("a", "local.wide"))), ["modules/role/main.tf"]);
    assert_eq!(found(&(call("a", "[\"s3:*\"]") + &call("b", "[\"s3:*\"]"))), ["modules/role/main.tf"]);
    assert_eq!(found(&(call("a", "[\"s3:*\"]") + &call("b", "[\"s3:GetObject\"]"))), none, "they differ");
    assert_eq!(found(&call("a", "var.given")), none, "nobody knows");
}

#[test]
fn the_modules_of_the_community_say_whom_they_trust() {
    let found = |submodule: &str, arguments: &str| {
        let text = format!(
            "module \"m\" {{\n  source = \"terraform-aws-modules/iam/aws//modules/{submodule}\"\n{arguments}\n}}\n"
        );
        let findings = lint_first(&[("main.tf", &text)]);
        told(&findings, &text).into_iter().map(|(rule, at)| format!("{rule} {at}")).collect::<Vec<_>>()
    };
    let wild = "oidc-wildcard-subject \"acme/*\"";
    assert_eq!(found("iam-github-oidc-role", "  subjects = [\"acme/*\"]"), [wild]);
    assert_eq!(found("iam-role", "  enable_github_oidc = true\n  oidc_wildcard_subjects = [\"acme/*\"]"), [wild]);
    let exact = "\"acme/app:ref:refs/heads/main\"";
    assert!(found("iam-github-oidc-role", &format!("  subjects = [{exact}]")).is_empty());
    assert!(found("iam-role", &format!("  enable_github_oidc = true\n  oidc_subjects = [{exact}]")).is_empty());
    let everyone = found("iam-assumable-role", "  trusted_role_arns = [\"*\"]\n  role_requires_mfa = false");
    assert_eq!(everyone, ["public-trust \"*\""]);
    let role = "  trusted_role_arns = [data.aws_caller_identity.c.account_id]";
    assert!(found("iam-assumable-role", role).is_empty(), "it asks for MFA by default");
}
