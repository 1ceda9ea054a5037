//! Ways to more rights, joined with the roles of templates in JSON, of modules of Terraform, and of an account as the AWS CLI
//! prints it.

use crate::escalation_ends::{labels, told, ways};
use whit::engine::{self, Unit};
use whit::finding::Finding;
use whit::settings::Settings;
use whit::source::{Overlay, RelPath};

#[test]
fn templates_in_json() {
    let text = |trusted: &str, rights: &str| {
        format!(
            r#"{{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {{
  "Deployer": {{"Type": "AWS::IAM::Role", "Properties": {{
    "AssumeRolePolicyDocument": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {{"Service": "codebuild.amazonaws.com"}}, "Action": "sts:AssumeRole"}}]}},
    "Policies": [{{"PolicyName": "deploy", "PolicyDocument": {{"Version": "2012-10-17", "Statement": [
      {{"Effect": "Allow", "Action": "cloudformation:CreateStack", "Resource": "*"}},
      {{"Effect": "Allow", "Action": "iam:PassRole", "Resource": {{"Fn::GetAtt": ["Stack", "Arn"]}}}}]}}}}]}}}},
  "Stack": {{"Type": "AWS::IAM::Role", "Properties": {{
    "AssumeRolePolicyDocument": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {{"Service": "{trusted}"}}, "Action": "sts:AssumeRole"}}]}},
    "ManagedPolicyArns": [{rights}]}}}}}}}}"#
        )
    };
    let admin = r#""arn:aws:iam::aws:policy/AdministratorAccess""#;
    let (plain, _) = told("template.json", &text("cloudformation.amazonaws.com", admin));
    assert!(plain.len() == 1 && plain[0].message.ends_with("role `Stack`, an administrator"), "{plain:?}");
    for (trusted, rights, found) in [
        ("ec2.amazonaws.com", admin, 0),
        ("cloudformation.amazonaws.com", "", 0),
        ("cloudformation.amazonaws.com", r#"{"Fn::ImportValue": "policy"}"#, 1),
        (
            "cloudformation.amazonaws.com",
            r#"{"Fn::If": ["Admin", "arn:aws:iam::aws:policy/AdministratorAccess", {"Ref": "AWS::NoValue"}]}"#,
            1,
        ),
    ] {
        let (plain, all) = told("template.json", &text(trusted, rights));
        assert_eq!((plain.len(), all.len()), (0, found), "{trusted} {rights}: {all:?}");
    }
}

/// The ways that the files of a module tell of, by pedantic and by default run.
fn module(files: &[(&str, &str)], pedantic: bool) -> Vec<Finding> {
    let mut sources = Overlay::default();
    for (path, text) in files {
        sources.insert(RelPath::new(path), *text);
    }
    let unit = Unit { report: files.iter().map(|(path, _)| RelPath::new(path)).collect(), ..Unit::default() };
    ways(engine::join([engine::lint(&unit, &sources, &Settings { pedantic, ..Settings::default() })]).findings)
}

const PASSES: &str = r#"data "aws_iam_policy_document" "ci" {
  statement {
    actions   = ["lambda:CreateFunction"]
    resources = ["*"]
  }
  statement {
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.work.arn]
  }
}

resource "aws_iam_policy" "ci" {
  name   = "ci"
  policy = data.aws_iam_policy_document.ci.json
}
"#;

fn terraform_role(service: &str, arguments: &str) -> String {
    format!(
        r#"data "aws_iam_policy_document" "trust" {{
  statement {{
    actions = ["sts:AssumeRole"]
    principals {{
      type        = "Service"
      identifiers = ["{service}"]
    }}
  }}
}}

resource "aws_iam_role" "work" {{
  name               = "work"
  assume_role_policy = data.aws_iam_policy_document.trust.json
{arguments}}}
"#
    )
}

#[test]
fn the_files_of_a_module_are_joined() {
    let attach = |arn: &str| {
        format!(
            "resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role       = aws_iam_role.work.name\n  policy_arn = {arn}\n}}\n"
        )
    };
    let own = "resource \"aws_iam_role_policy\" \"a\" {\n  role   = aws_iam_role.work.id\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    Statement = [{ Effect = \"Allow\", Action = \"ACTION\", Resource = \"*\" }]\n  })\n}\n";
    let local = "resource \"aws_iam_policy\" \"p\" {\n  name = \"p\"\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    Statement = [{ Effect = \"Allow\", Action = \"*\", Resource = \"*\" }]\n  })\n}\n";
    let lambda = "lambda.amazonaws.com";
    let admin = "\"arn:aws:iam::aws:policy/AdministratorAccess\"";
    let partition =
        "\"arn:${data.aws_partition.p.partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole\"";
    for (service, arguments, rest, plain, pedantic) in [
        (lambda, "", attach(admin), 1, 1),
        (lambda, "  managed_policy_arns = [\"arn:aws:iam::aws:policy/AdministratorAccess\"]\n", String::new(), 1, 1),
        (lambda, "", own.replace("ACTION", "*"), 1, 1),
        (lambda, "", local.to_owned() + &attach("aws_iam_policy.p.arn"), 1, 1),
        (lambda, "", own.replace("ACTION", "logs:PutLogEvents"), 0, 0),
        (lambda, "", attach(partition), 0, 0),
        (lambda, "", String::new(), 0, 0),
        ("ec2.amazonaws.com", "", attach(admin), 0, 0),
        // What is attached is not known, or to which role.
        (lambda, "", attach("var.policy"), 0, 1),
        (lambda, "", attach(admin).replace("aws_iam_role.work.name", "var.role"), 0, 1),
        (lambda, "", attach(admin).replace("aws_iam_role.work.name", "aws_iam_role.other.name"), 0, 0),
        (lambda, "  inline_policy {\n    name   = \"a\"\n    policy = var.policy\n  }\n", String::new(), 0, 1),
        (
            lambda,
            "  dynamic \"inline_policy\" {\n    for_each = var.policies\n    content {\n      policy = inline_policy.value\n    }\n  }\n",
            String::new(),
            0,
            1,
        ),
        (lambda, "", "output \"name\" {\n  value = aws_iam_role.work.name\n}\n".to_owned(), 0, 1),
        (lambda, "", "module \"m\" {\n  source = \"./m\"\n  role   = aws_iam_role.work.name\n}\n".to_owned(), 0, 1),
        (lambda, "", "output \"arn\" {\n  value = aws_iam_role.work.arn\n}\n".to_owned(), 0, 0),
    ] {
        let role = terraform_role(service, arguments);
        let files = [("m/ci.tf", PASSES), ("m/role.tf", &role), ("m/rest.tf", &rest)];
        let (shown, all) = (module(&files, false), module(&files, true));
        assert_eq!((shown.len(), all.len()), (plain, pedantic), "{role}\n{rest}\n{all:?}");
        if plain == 1 {
            assert!(
                shown[0].message.contains("role `aws_iam_role.work` in `role.tf`, an administrator"),
                "{}",
                shown[0].message
            );
        }
        // In one file, and in whatever order.
        let one = format!("{rest}{PASSES}{role}");
        let (shown, all) = (module(&[("main.tf", &one)], false), module(&[("main.tf", &one)], true));
        assert_eq!((shown.len(), all.len()), (plain, pedantic), "{one}");
        if plain == 1 {
            let label = labels(&shown[0], &one);
            assert!(label.iter().any(|(marked, _)| *marked == "\"work\""), "{label:?}");
        }
    }
    // A role that is only looked up is another one.
    let found = PASSES.replace("aws_iam_role.work.arn", "data.aws_iam_role.work.arn");
    let role = terraform_role("ec2.amazonaws.com", "");
    assert_eq!(module(&[("ci.tf", &found), ("role.tf", &role)], true).len(), 1);
}

#[test]
fn a_file_of_a_module_alone_tells_the_same() {
    let role = terraform_role(
        "lambda.amazonaws.com",
        "  managed_policy_arns = [\"arn:aws:iam::aws:policy/AdministratorAccess\"]\n",
    );
    let mut sources = Overlay::default();
    sources.insert(RelPath::new("m/ci.tf"), PASSES);
    sources.insert(RelPath::new("m/role.tf"), &*role);
    let whole = Unit { report: vec![RelPath::new("m/ci.tf"), RelPath::new("m/role.tf")], ..Unit::default() };
    let alone =
        Unit { report: vec![RelPath::new("m/ci.tf")], context: vec![RelPath::new("m/role.tf")], ..Unit::default() };
    let run = |unit: &Unit| ways(engine::join([engine::lint(unit, &sources, &Settings::default())]).findings);
    assert_eq!(run(&whole), run(&alone));
    assert_eq!(run(&alone).len(), 1);
}

#[test]
fn what_the_aws_cli_prints_of_an_account() {
    let text = |service: &str, attached: &str, resource: &str| {
        format!(
            r#"{{"UserDetailList": [{{"UserName": "ann", "Arn": "arn:aws:iam::111122223333:user/ann", "GroupList": [], "AttachedManagedPolicies": [],
  "UserPolicyList": [{{"PolicyName": "p", "PolicyDocument": {{"Version": "2012-10-17", "Statement": [
    {{"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"}},
    {{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "{resource}"}}]}}}}]}}],
 "RoleDetailList": [{{"RoleName": "web", "Path": "/", "Arn": "arn:aws:iam::111122223333:role/web",
  "AssumeRolePolicyDocument": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {{"Service": "{service}"}}, "Action": "sts:AssumeRole"}}]}},
  "RolePolicyList": [], "AttachedManagedPolicies": [{attached}]}}],
 "Policies": [{{"PolicyName": "own", "Arn": "arn:aws:iam::111122223333:policy/own", "PolicyVersionList": [
  {{"VersionId": "v2", "IsDefaultVersion": true, "Document": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "*", "Resource": "*"}}]}}}},
  {{"VersionId": "v1", "IsDefaultVersion": false, "Document": {{"Version": "2012-10-17", "Statement": []}}}}]}}]}}"#
        )
    };
    let attached = |arn: &str| format!(r#"{{"PolicyName": "a", "PolicyArn": "{arn}"}}"#);
    let (own, admin) = ("arn:aws:iam::111122223333:policy/own", "arn:aws:iam::aws:policy/AdministratorAccess");
    let web = "arn:aws:iam::111122223333:role/web";
    for (service, policies, resource, plain, pedantic) in [
        ("ec2.amazonaws.com", attached(admin), web, 1, 1),
        ("ec2.amazonaws.com", attached(own), web, 1, 1),
        ("ec2.amazonaws.com", attached(own), "*", 1, 1),
        ("lambda.amazonaws.com", attached(own), web, 0, 0),
        ("ec2.amazonaws.com", String::new(), web, 0, 0),
        ("ec2.amazonaws.com", attached("arn:aws:iam::111122223333:policy/elsewhere"), web, 0, 1),
        ("ec2.amazonaws.com", attached(own), "arn:aws:iam::111122223333:role/other", 0, 1),
    ] {
        let (shown, all) = told("account.json", &text(service, &policies, resource));
        assert_eq!((shown.len(), all.len()), (plain, pedantic), "{service} {policies} {resource}: {all:?}");
        assert!(plain == 0 || shown[0].message.contains("role `web`, an administrator"), "{shown:?}");
    }
}

#[test]
fn a_function_of_a_module_has_a_role() {
    let module_of = |resource: &str| {
        let policy =
            PASSES.replace("lambda:CreateFunction", "lambda:UpdateFunctionCode").replacen("[\"*\"]", resource, 1);
        let policy = policy.replace("iam:PassRole", "s3:GetObject");
        let role = terraform_role(
            "lambda.amazonaws.com",
            "  managed_policy_arns = [\"arn:aws:iam::aws:policy/AdministratorAccess\"]\n",
        );
        let function = "resource \"aws_lambda_function\" \"fn\" {\n  function_name = \"report\"\n  role = aws_iam_role.work.arn\n}\n";
        module(&[("ci.tf", &policy), ("role.tf", &role), ("fn.tf", function)], false).len()
    };
    assert_eq!((module_of("[aws_lambda_function.fn.arn]"), module_of("[aws_lambda_function.other.arn]")), (1, 0));
}

#[test]
fn one_of_several_roles_may_have_more_than_another() {
    let of = |many: &str, index: &str| {
        let role = terraform_role("lambda.amazonaws.com", many);
        let policy = format!(
            "resource \"aws_iam_role_policy\" \"ci\" {{\n  role = aws_iam_role.work{index}.name\n  policy = jsonencode({{\n    Version = \"2012-10-17\"\n    \
             Statement = [{{ Effect = \"Allow\", Action = \"lambda:CreateFunction\", Resource = \"*\" }},\n      {{ Effect = \"Allow\", Action = \
             \"iam:PassRole\", Resource = aws_iam_role.work{index}.arn }}]\n  }})\n}}\n\
             resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role = aws_iam_role.work{index}.name\n  policy_arn = var.more\n}}\n"
        );
        module(&[("role.tf", &role), ("ci.tf", &policy)], true).len()
    };
    assert_eq!((of("", ""), of("  for_each = var.names\n", "[each.key]")), (0, 1));
}
