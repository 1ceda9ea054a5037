//! Policies that name no holder and are for roles all the same: no MFA is asked there, not even with `--pedantic`.

use super::of_family;
use crate::lint::{lint_pedantic, told};
use whit::catalog;

fn said<'t>(path: &str, text: &'t str) -> Vec<(&'static str, &'t str)> {
    of_family(told(&lint_pedantic(path, text), text))
}

const ASKED: [(&str, &str); 1] = [("sensitive-access-without-mfa", "\"iam:PutRolePolicy\"")];

#[test]
fn a_policy_of_terraform_is_for_whom_it_is_attached_to() {
    let document = "data \"aws_iam_policy_document\" \"p\" {\n  statement {\n    actions   = [\"iam:PutRolePolicy\"]\n    resources = [\"*\"]\n  }\n}\n";
    let policy = "resource \"aws_iam_policy\" \"p\" {\n  policy = data.aws_iam_policy_document.p.json\n}\n";
    let encoded = "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"iam:PutRolePolicy\", Resource = \"*\" }] })\n}\n";
    let attached = |kind: &str| {
        format!(
            "resource \"aws_iam_{kind}_policy_attachment\" \"a\" {{\n  {kind} = \"x\"\n  policy_arn = aws_iam_policy.p.arn\n}}\n"
        )
    };
    for made in [&format!("{document}{policy}"), encoded] {
        let with = |rest: &str| format!("{made}{rest}");
        let role = attached("role");
        assert_eq!(said("main.tf", &with("")), ASKED);
        assert_eq!(said("main.tf", &with(&role)), []);
        assert_eq!(said("main.tf", &with(&attached("user"))), ASKED);
        assert_eq!(said("main.tf", &with(&(role + &attached("group")))), ASKED);
    }
    let inline =
        "resource \"aws_iam_role_policy\" \"q\" {\n  role = \"x\"\n  policy = data.aws_iam_policy_document.p.json\n}\n";
    let text = [document, policy, inline, &attached("role")].concat();
    assert_eq!(said("main.tf", &text), []);
    let user = inline.replace("role", "user");
    let text = [document, policy, &user, &attached("role")].concat();
    assert_eq!(said("main.tf", &text), ASKED);
}

#[test]
fn the_role_that_a_framework_makes_is_one() {
    let statement = "Statement:\n            - Effect: Allow\n              Action: iam:PutRolePolicy\n              Resource: '*'\n";
    let of = |kind: &str, key: &str| {
        format!(
            "Resources:\n  F:\n    Type: {kind}\n    Properties:\n      {key}:\n        - Version: '2012-10-17'\n          {statement}"
        )
    };
    assert_eq!(said("t.yaml", &of("AWS::Serverless::Function", "Policies")), []);
    assert_eq!(said("t.yaml", &of("AWS::Serverless::StateMachine", "Policies")), []);
    assert_eq!(said("t.yaml", &of("Custom::Thing", "Policies")).len(), 1);
    let statements = "- Effect: Allow\n          Action: iam:PutRolePolicy\n          Resource: '*'\n";
    for above in ["iam:\n    role:\n      statements:", "iamRoleStatements:"] {
        let text = format!("service: x\nprovider:\n  name: aws\n  {above}\n        {statements}");
        assert_eq!(said("serverless.yml", &text), [], "{above}");
    }
}

#[test]
fn a_managed_policy_of_a_template_is_for_whom_it_is_attached_to() {
    let template = |holder: &str| {
        format!(
            "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - Effect: Allow\n            Action: iam:PutRolePolicy\n            Resource: '*'\n{holder}"
        )
    };
    let holds = |kind: &str| {
        format!("  {kind}:\n    Type: AWS::IAM::{kind}\n    Properties:\n      ManagedPolicyArns: [!Ref P]\n")
    };
    assert_eq!(said("t.yaml", &template("")).len(), 1);
    assert_eq!(said("t.yaml", &template(&holds("Role"))), []);
    let function = "  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies: [!Ref P]\n";
    assert_eq!(said("t.yaml", &template(function)), []);
    assert_eq!(said("t.yaml", &template(&(holds("Role") + &holds("Group")))).len(), 1);
}

#[test]
fn nothing_is_asked_of_the_documents_of_aws() {
    let document = catalog::managed_policy("IAMFullAccess").map(|policy| policy.document()).unwrap_or_default();
    assert!(document.contains("iam:*"));
    let spaced = document.replace(',', ",\n  ");
    for text in [&document, &spaced] {
        assert_eq!(said("IAMFullAccess.json", text), []);
        assert_eq!(said("copy.json", text), []);
    }
    // Whoever gives a user a copy of one decides about it.
    let held = format!("{{\"UserName\": \"ann\", \"PolicyName\": \"iam\", \"PolicyDocument\": {document}}}");
    assert_eq!(said("get-user-policy.json", &held).len(), 1);
    let more = document.replace("\"iam:*\"", "\"iam:*\",\"s3:*\"");
    assert_eq!(said("IAMFullAccess.json", &more).len(), 1);
}
