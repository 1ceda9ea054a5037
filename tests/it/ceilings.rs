//! What is a ceiling and grants nothing is known as such: policies of VPC endpoints and permissions boundaries, by where they stand,
//! what they are used as, what they are named and what they say.

use crate::lint::lint_pedantic;
use std::borrow::Cow;
use whit::engine::{self, Unit};
use whit::extract::{Fact, facts, terraform};
use whit::policy::PolicyKind;
use whit::settings::Settings;
use whit::source::{FileId, Overlay, RelPath, SourceFile};

/// What the policies of a file are taken for.
fn kinds(path: &str, text: &str) -> Vec<PolicyKind> {
    let file = SourceFile::new(FileId(0), RelPath::new(path), Cow::Borrowed(text.as_bytes()));
    let told = match terraform::is_terraform(path) {
        true => terraform::extract(&[file], 1).remove(0),
        false => facts(&file),
    };
    let sites = told.facts.into_iter().filter_map(|fact| match fact {
        Fact::Policy(site) => Some(site),
        _ => None,
    });
    sites.flat_map(|site| site.uses).map(|used| used.kind).collect()
}

fn everyone(action: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": "*", "Action": {action}, "Resource": "*"}}]}}"#
    )
}

fn holder(action: &str) -> String {
    everyone(action).replace(r#""Principal": "*", "#, "")
}

#[test]
fn policies_of_endpoints_are_known_by_name_and_by_what_they_allow() {
    for path in [
        "vpc-endpoint-policies/s3.json",
        "endpoint_policy.json",
        "policies/EndpointPolicies/s3.json",
        "vpc-endpoints/s3.json",
        "s3-vpce.json",
    ] {
        assert_eq!(kinds(path, &everyone(r#""s3:*""#)), [PolicyKind::Endpoint], "{path}");
    }
    // Without a principal it is somebody's.
    assert_eq!(kinds("vpc-endpoints/s3.json", &holder(r#""s3:*""#)), [PolicyKind::Identity]);
    // `api/endpoints/s3.json` may be anything.
    assert_eq!(kinds("api/endpoints/s3.json", &everyone(r#""s3:*""#)), [PolicyKind::Resource(Some("s3".into()))]);
    for action in [r#""ec2:*""#, r#"["ec2:DescribeInstances", "autoscaling:*"]"#, r#""EC2:Describe*""#] {
        assert_eq!(kinds("policy.json", &everyone(action)), [PolicyKind::Endpoint], "{action}");
    }
    for action in [r#""sqs:*""#, r#"["ec2:*", "s3:GetObject"]"#, r#""ec2*:*""#] {
        assert!(matches!(kinds("policy.json", &everyone(action))[..], [PolicyKind::Resource(_)]), "{action}");
    }
}

#[test]
fn what_looks_like_the_default_of_an_endpoint_is_for_pedants() {
    let rules = |text: &str| {
        let shown = crate::lint::lint("policy.json", text).len();
        (shown, lint_pedantic("policy.json", text).iter().map(|finding| finding.rule.0).collect::<Vec<_>>())
    };
    assert_eq!(rules(&everyone(r#""*""#)), (0, vec!["possibly-public-resource", "wildcard-action"]));
    let bucket = everyone(r#""*""#).replace(r#""Resource": "*""#, r#""Resource": "arn:aws:s3:::b/*""#);
    assert_eq!(rules(&bucket).0, 2);
}

#[test]
fn a_module_of_endpoints_takes_their_policies() {
    let module = |source: &str, policy: &str| {
        format!(
            "module \"e\" {{\n  source = \"{source}\"\n  endpoints = {{ s3 = {{ service = \"s3\"\n policy = {policy} }} }}\n}}\n\
             data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = [\"s3:GetObject\"]\n    \
             resources = [\"*\"]\n    principals {{\n      type = \"*\"\n      identifiers = [\"*\"]\n    }}\n  }}\n}}\n"
        )
    };
    let document = "data.aws_iam_policy_document.d.json";
    let of = "terraform-aws-modules/vpc/aws//modules/vpc-endpoints";
    assert_eq!(kinds("main.tf", &module(of, document)), [PolicyKind::Endpoint]);
    assert_eq!(kinds("main.tf", &module("../vpc_endpoint?ref=1", document)), [PolicyKind::Endpoint]);
    assert_eq!(kinds("main.tf", &module("../buckets", document)), [PolicyKind::Resource(Some("s3".into()))]);
    let inline = format!("jsonencode({})", everyone(r#""s3:GetObject""#));
    assert_eq!(kinds("main.tf", &module(of, &inline))[0], PolicyKind::Endpoint);
}

#[test]
fn boundaries_are_known_by_their_names() {
    for path in
        ["AppPermissionsBoundary.json", "permissions-boundary.json", "boundaries/app.json", "my_boundary_v2.json"]
    {
        assert_eq!(kinds(path, &holder(r#""s3:*""#)), [PolicyKind::Boundary], "{path}");
    }
    assert_eq!(kinds("unbounded.json", &holder(r#""s3:*""#)), [PolicyKind::Identity]);
    let template = |id: &str, name: &str, more: &str| {
        format!(
            "Resources:\n  {id}:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      ManagedPolicyName: {name}\n      \
             PolicyDocument: {}\n{more}",
            holder(r#""s3:*""#)
        )
    };
    let used = "  R:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: [!Ref AppBoundary]\n";
    for (expected, id, name, more) in [
        (PolicyKind::Boundary, "AppBoundary", "app", ""),
        (PolicyKind::Boundary, "App", "app-boundary", ""),
        (PolicyKind::Boundary, "App", "!Sub '${Stack}-PermissionsBoundary'", ""),
        (PolicyKind::Identity, "App", "app", ""),
        (PolicyKind::Identity, "AppBoundary", "app", used),
        (PolicyKind::Identity, "AppBoundary", "app", "      Roles: [!Ref R]\n"),
    ] {
        assert_eq!(kinds("template.yaml", &template(id, name, more)), [expected], "{id} {name} {more}");
    }
    let module = |label: &str, name: &str, more: &str| {
        format!(
            "resource \"aws_iam_policy\" \"{label}\" {{\n  name = {name}\n  policy = jsonencode({})\n}}\n{more}",
            holder(r#""s3:*""#)
        )
    };
    let attached = "resource \"aws_iam_role_policy_attachment\" \"a\" {\n  role = \"r\"\n  policy_arn = aws_iam_policy.boundary.arn\n}\n";
    for (expected, label, name, more) in [
        (PolicyKind::Boundary, "boundary", "\"app\"", ""),
        (PolicyKind::Boundary, "app", "\"${var.prefix}-boundary\"", ""),
        (PolicyKind::Identity, "app", "\"app\"", ""),
        (PolicyKind::Identity, "boundary", "\"app\"", attached),
    ] {
        assert_eq!(kinds("main.tf", &module(label, name, more)), [expected], "{label} {name}");
    }
}

#[test]
fn a_use_without_a_holder_does_not_beat_the_name_of_a_file() {
    let rules = |file: &str, resource: &str| {
        let mut sources = Overlay::default();
        sources.insert(RelPath::new(file), holder(r#""s3:*""#).as_bytes());
        let main =
            format!("{resource} {{\n  policy = templatefile(\"${{path.module}}/{file}\", {{}})\n  role = \"r\"\n}}\n");
        let files = [SourceFile::new(FileId(0), RelPath::new("main.tf"), Cow::Borrowed(main.as_bytes()))];
        let uses = terraform::named_files(&files).uses.into_iter().map(|(_, used)| used).collect();
        let unit = Unit { uses, ..Unit::single(RelPath::new(file)) };
        let run = engine::join([engine::lint(&unit, &sources, &Settings::default())]);
        run.findings.iter().map(|finding| finding.rule.0).collect::<Vec<_>>()
    };
    let policy = "resource \"aws_iam_policy\" \"p\"";
    assert_eq!(rules("boundary.json", policy), [""; 0]);
    assert_eq!(rules("app.json", policy), ["service-wildcard"]);
    assert_eq!(rules("boundary.json", "resource \"aws_iam_role_policy\" \"p\""), ["service-wildcard"]);
}
