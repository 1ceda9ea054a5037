//! Terraform: what references, functions and directives leave open is neither absent nor wrong.

use crate::lint::{lint, lint_pedantic, told};
use whit::finding::{Confidence, Finding};

fn of<'t>(rule: &str, text: &'t str) -> Vec<(&'static str, &'t str)> {
    told(&lint_pedantic("main.tf", text), text).into_iter().filter(|(found, _)| *found == rule).collect()
}

fn trust(principal: &str, condition: &str) -> String {
    format!(
        "resource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = jsonencode({{\n    Version = \"2012-10-17\"\n    Statement = [{{ Effect = \"Allow\", Action = \"sts:AssumeRole\", Principal = {{ {principal} }}, Condition = {{ {condition} }} }}]\n  }})\n}}\n"
    )
}

#[test]
fn the_identity_of_another_provider_is_another_account() {
    let identity = |provider: &str| format!("data \"aws_caller_identity\" \"c\" {{{provider}}}\n");
    let root = trust("AWS = \"arn:aws:iam::${data.aws_caller_identity.c.account_id}:root\"", "");
    let message = |text: &str| -> Vec<String> {
        let found: Vec<Finding> = lint("main.tf", text);
        let found = found.into_iter().filter(|finding| finding.rule.0 == "root-principal");
        found.map(|finding| finding.message).collect()
    };
    assert_eq!(
        message(&format!("{}{root}", identity(" provider = aws.other "))),
        ["trust policy admits every principal of account `${data.aws_caller_identity.c.account_id}`"]
    );
    assert_eq!(message(&format!("{}{root}", identity(""))), ["trust policy admits every principal of its own account"]);
    let bare = trust("AWS = data.aws_caller_identity.c.account_id", "");
    assert_eq!(message(&format!("{}{bare}", identity(" provider = aws.other "))).len(), 1);
    let narrowed = trust(
        "AWS = \"arn:aws:iam::${data.aws_caller_identity.c.account_id}:root\"",
        "ArnLike = { \"aws:PrincipalArn\" = \"arn:aws:iam::${data.aws_caller_identity.c.account_id}:role/ci\" }",
    );
    assert_eq!(message(&format!("{}{narrowed}", identity(" provider = aws.other "))), [] as [&str; 0]);
}

#[test]
fn the_bare_number_of_an_account_is_the_account() {
    let told = |text: &str| -> Vec<(&'static str, String, Confidence)> {
        let found = lint("main.tf", text).into_iter();
        found.map(|finding| (finding.rule.0, finding.message, finding.confidence)).collect()
    };
    let document = |identifier: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"t\" {{\n  statement {{\n    actions = [\"sts:AssumeRole\"]\n    principals {{\n      type = \"AWS\"\n      identifiers = [{identifier}]\n    }}\n  }}\n}}\n\
             resource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = data.aws_iam_policy_document.t.json\n}}\n"
        )
    };
    let account = "arn:aws:iam::${var.trusted_account_id}:root";
    let expected = told(&trust(&format!("AWS = \"{account}\""), ""));
    assert!(expected.iter().any(|(rule, ..)| *rule == "root-principal"), "{expected:?}");
    assert_eq!(told(&document(&format!("\"{account}\""))), expected);
    for bare in ["var.trusted_account_id", "\"${var.trusted_account_id}\""] {
        assert_eq!(told(&trust(&format!("AWS = {bare}"), "")), expected, "{bare}");
        assert_eq!(told(&trust(&format!("AWS = [{bare}]"), "")), expected, "{bare}");
        assert_eq!(told(&document(bare)), expected, "{bare}");
    }
    // Lists, and what may be anything.
    for other in ["var.trusted_account_ids", "var.accounts[*].account_id", "var.principal", "var.account_id_or_arn"] {
        assert_eq!(told(&trust(&format!("AWS = {other}"), "")), [], "{other}");
    }
    let template = |principal: &str| {
        format!(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - Effect: Allow\n            Action: sts:AssumeRole\n            Principal: {{AWS: {principal}}}\n"
        )
    };
    let told = |principal: &str| {
        let found = lint("template.yaml", &template(principal)).into_iter();
        found.map(|finding| (finding.rule.0, finding.message, finding.confidence)).collect::<Vec<_>>()
    };
    let expected = told("!Sub 'arn:aws:iam::${TrustedAccountId}:root'");
    assert!(expected.iter().any(|(rule, ..)| *rule == "root-principal"), "{expected:?}");
    assert_eq!(told("!Ref TrustedAccountId"), expected);
}

#[test]
fn the_id_of_an_organization_is_fixed() {
    for (condition, open) in [
        (
            "\"ForAnyValue:StringLike\" = { \"aws:PrincipalOrgPaths\" = [\"${data.aws_organizations_organization.o.id}/*/ou-ab12-11111111/*\"] }",
            false,
        ),
        (
            "\"ForAnyValue:StringLike\" = { \"aws:PrincipalOrgPaths\" = \"${aws_organizations_organization.o.id}/r-ab12/*\" }",
            false,
        ),
        (
            "\"ForAnyValue:StringLike\" = { \"aws:PrincipalOrgPaths\" = [\"${data.aws_organizations_organization.o.id}/*/${local.unit}/*\"] }",
            false,
        ),
        ("\"ForAnyValue:StringLike\" = { \"aws:PrincipalOrgPaths\" = [\"${local.organization}/*\"] }", true),
        ("StringEquals = { \"aws:PrincipalOrgID\" = data.aws_organizations_organization.o.id }", false),
        ("StringEqualsIfExists = { \"aws:PrincipalOrgID\" = data.aws_organizations_organization.o.id }", true),
    ] {
        let found = |rule| !of(rule, &trust("AWS = \"*\"", condition)).is_empty();
        assert_eq!(found("public-trust") || found("possibly-public-trust"), open, "{condition}");
    }
}

#[test]
fn a_list_that_is_not_known_is_not_absent() {
    for value in [
        "aws_rolesanywhere_trust_anchor.this[*].arn",
        "concat(aws_rolesanywhere_trust_anchor.this[*].arn, var.more)",
        "[for anchor in var.anchors : anchor.arn]",
        "var.anchors",
    ] {
        let condition = format!("ArnEquals = {{ \"aws:SourceArn\" = {value} }}");
        let text = trust("Service = \"rolesanywhere.amazonaws.com\"", &condition);
        let found = lint_pedantic("main.tf", &text);
        let found: Vec<_> = found.iter().filter(|finding| finding.rule.0 == "any-certificate").collect();
        assert!(lint("main.tf", &text).iter().all(|finding| finding.rule.0 != "any-certificate"), "{value}");
        assert!(
            found.iter().all(|finding| !format!("{finding:?}").contains("no condition says")),
            "{value}: {found:?}"
        );
        let text = trust("AWS = \"*\"", &condition);
        assert!(lint("main.tf", &text).iter().all(|finding| finding.rule.0 != "public-trust"), "{value}");
    }
    let open = trust("Service = \"rolesanywhere.amazonaws.com\"", "");
    assert_eq!(of("any-certificate", &open), [("any-certificate", "\"rolesanywhere.amazonaws.com\"")]);
}

#[test]
fn compact_leaves_out_what_is_empty() {
    let document = |actions: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = {actions}\n    resources = [\"arn:aws:sqs:eu-west-1:111122223333:q\"]\n  }}\n}}\n"
        )
    };
    let text = document("compact([var.x ? \"sqs:SendMessage\" : \"\", \"sqs:ReceiveMessage\"])");
    assert_eq!(told(&lint_pedantic("main.tf", &text), &text), []);
    let text = document("local.actions")
        + "locals {\n  actions = compact(concat([var.x ? \"sqs:SendMessage\" : \"\"], [\"\"]))\n}\n";
    assert_eq!(told(&lint_pedantic("main.tf", &text), &text), []);
    let text = document("[var.x ? \"sqs:SendMessage\" : \"\"]");
    assert_eq!(told(&lint("main.tf", &text), &text), [("unknown-action", "\"\"")]);
}

#[test]
fn directives_in_a_heredoc_choose() {
    let policy = |inside: &str| {
        format!(
            "resource \"aws_iam_policy\" \"p\" {{\n  policy = <<EOF\n{{\"Version\": \"2012-10-17\", \"Statement\": [\n{inside}\n]}}\nEOF\n}}\n"
        )
    };
    let send =
        r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:111122223333:q"}"#;
    let admin = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let text = policy(&format!(
        "{send},\n%{{ if var.x == \"y\" }}\n{send},\n%{{ else }}\n%{{ for a in b ~}}\n{send},\n%{{ endfor }}\n%{{ endif }}\n{send}"
    ));
    assert_eq!(told(&lint("main.tf", &text), &text), []);
    let text = policy(&format!("{send}%{{ if var.x }},\n{admin}\n%{{ endif }}"));
    assert_eq!(told(&lint("main.tf", &text), &text), [("administrator-access", "\"*\"")]);
    let text = policy(
        r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:111122223333:%{ if var.x == "y" }q%{ endif }"}"#,
    );
    assert_eq!(told(&lint("main.tf", &text), &text), []);
    let text = policy(r#"{"Effect": "Allow", "Actoin": "sqs:SendMessage", "Resource": "*"}"#);
    assert!(lint("main.tf", &text).iter().any(|finding| finding.rule.0 == "unknown-element"));
}

#[test]
fn the_subjects_that_an_expression_gives_are_known_by_their_shape() {
    for values in [
        "[for r in var.repositories : format(\"repo:%s/%s:*\", var.owner, r)]",
        "[for r in var.repositories : r.branch == \"\" ? format(\"repo:%s/%s:*\", r.owner, r.name) : format(\"repo:%s/%s:ref:refs/heads/%s\", r.owner, r.name, r.branch)]",
        "[\"repo:${var.owner}/app:*\"]",
    ] {
        let text = format!(
            "locals {{\n  subjects = {values}\n}}\ndata \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = [\"sts:AssumeRoleWithWebIdentity\"]\n    principals {{\n      type = \"Federated\"\n      identifiers = [var.provider]\n    }}\n    condition {{\n      test = \"StringLike\"\n      variable = \"token.actions.githubusercontent.com:sub\"\n      values = local.subjects\n    }}\n  }}\n}}\n"
        );
        assert_eq!(of("oidc-any-branch", &text), [("oidc-any-branch", "local.subjects")], "{values}");
    }
}

#[test]
fn what_a_statement_for_a_module_lacks_the_module_may_give() {
    let trust = |principals: &str| {
        format!(
            "module \"m\" {{\n  source = \"terraform-aws-modules/iam/aws//modules/iam-role\"\n  trust_policy_permissions = {{\n    T = {{\n      actions = [\"sts:AssumeRole\"]\n      {principals}\n    }}\n  }}\n}}\n"
        )
    };
    let world = "{ type = \"AWS\", identifiers = [\"*\"] }";
    // What an expression gives is seen where it stands there.
    for principals in [format!("principals = concat([{world}], [])"), format!("principals = flatten([[{world}]])")] {
        let text = trust(&principals);
        assert_eq!(told(&lint("main.tf", &text), &text), [("public-trust", "\"*\"")], "{principals}");
    }
    for principals in [
        "principals = concat([{ type = \"Service\", identifiers = [\"s3.amazonaws.com\"] }], var.others)",
        "principals = var.whom",
        "principals = concat([{ type = \"Service\", identifiers = [\"ec2.amazonaws.com\"] }])",
        "",
    ] {
        let text = trust(principals);
        assert_eq!(told(&lint("main.tf", &text), &text), [], "{principals}");
    }
    let condition = |condition: &str| trust(&format!("principals = [{world}]\n      condition = {condition}"));
    let narrow = "{ test = \"StringEquals\", variable = \"aws:PrincipalOrgID\", values = [\"o-exampleorg1\"] }";
    let text = condition(&format!("concat([{narrow}])"));
    assert_eq!(told(&lint("main.tf", &text), &text), []);
    // What may limit it is not claimed to do so, nor the contrary.
    let text = condition("var.conditions");
    assert!(lint("main.tf", &text).iter().all(|finding| finding.confidence != Confidence::High));
    // A module for a bucket names the bucket by itself.
    let text = "locals {\n  bucket_policy = [{\n    effect = \"Allow\"\n    actions = [\"s3:GetObject\"]\n    principals = { type = \"AWS\", identifiers = [\"arn:aws:iam::111122223333:role/reader\"] }\n  }]\n}\n";
    assert_eq!(told(&lint("main.tf", text), text), []);
}

#[test]
fn the_statements_that_a_module_takes_are_a_policy() {
    let module = |argument: &str| {
        format!("module \"m\" {{\n  source = \"terraform-aws-modules/iam/aws//modules/iam-role\"\n  {argument}\n}}\n")
    };
    for argument in [
        "trust_policy_permissions = {\n    T = {\n      actions = [\"sts:AssumeRole\"]\n      principals = [{ type = \"AWS\", identifiers = [\"*\"] }]\n    }\n  }",
        "assume_role_policy_statements = {\n    a = { effect = \"Allow\", actions = [\"sts:AssumeRole\"], principals = { p = { type = \"AWS\", identifiers = [\"*\"] } } }\n  }",
        "assume_role_policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Principal = { AWS = \"*\" }, Action = \"sts:AssumeRole\" }] })",
        "anything = <<EOF\n{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"*\"}, \"Action\": \"sts:AssumeRole\"}]}\nEOF\n",
    ] {
        let text = module(argument);
        assert_eq!(told(&lint("main.tf", &text), &text), [("public-trust", "\"*\"")], "{argument}");
    }
    let text = module(
        "trust_policy_permissions = {\n    T = {\n      actions = [\"sts:AssumeRole\"]\n      principals = [{ type = \"AWS\", identifiers = [\"*\"] }]\n      condition = [{ test = \"StringEquals\", variable = \"aws:PrincipalOrgID\", values = [\"o-exampleorg1\"] }]\n    }\n  }",
    );
    assert_eq!(told(&lint("main.tf", &text), &text), []);
    let text =
        module("policy_statements = {\n    a = { effect = \"Allow\", actions = [\"s3:*\"], resources = [\"*\"] }\n  }");
    assert_eq!(told(&lint("main.tf", &text), &text), [("service-wildcard", "\"s3:*\"")]);
}
