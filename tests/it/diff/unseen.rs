//! What only the deployment knows: never "no new access", unless the same text stood there before.

use super::limits::states;
use serde_json::{Value, json};

/// Not decided, at a place, and no change where the same stood before.
fn is_open(name: &str, old: &str, new: &str) {
    let (code, json) = states(&[(name, old)], &[(name, new)]);
    assert_eq!((code, &json["result"]), (Some(3), &json!("unknown")), "{new}: {json}");
    let unknown = json["unknown"].as_array().unwrap();
    assert!(unknown.iter().all(|it| it["file"] == name), "{json}");
    assert!(unknown.iter().any(|it| it["span"]["start"].is_u64()), "{json}");
    let (code, json) = states(&[(name, new)], &[(name, new)]);
    assert_eq!((code, &json["result"]), (Some(0), &json!("none")), "{new}: {json}");
    // In another file it is the same.
    let moved = format!("moved/{name}");
    let (code, json) = states(&[(name, new)], &[(&moved, new)]);
    assert_eq!(code, Some(0), "{new}: {json}");
}

const ROLE: &str = "resource \"aws_iam_role\" \"ci\" {\n  name = \"ci\"\n}\n";

#[test]
fn attachments_of_a_module() {
    for arn in [
        "var.arn",
        "data.aws_iam_policy.x.arn",
        "\"arn:aws:iam::aws:policy/${var.p}\"",
        "\"arn:aws:iam::111122223333:policy/team\"",
        "\"arn:aws:iam::aws:policy/OfTomorrow\"",
        "module.x.policy_arn",
        "aws_iam_policy.elsewhere.arn",
    ] {
        let new = format!(
            "{ROLE}resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role = aws_iam_role.ci.name\n  policy_arn = {arn}\n}}\n"
        );
        is_open("main.tf", ROLE, &new);
    }
    let each = format!(
        "{ROLE}resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  for_each = toset(var.arns)\n  role = aws_iam_role.ci.name\n  policy_arn = each.value\n}}\n"
    );
    is_open("main.tf", ROLE, &each);
    is_open("main.tf", ROLE, &ROLE.replace("\n}", "\n  managed_policy_arns = var.arns\n}"));
}

#[test]
fn attachments_of_a_template() {
    let with = |attached: Value| {
        let role = json!({"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": attached}});
        json!({"Parameters": {"Arn": {"Type": "String"}, "Arns": {"Type": "CommaDelimitedList"}}, "Resources": {"R": role}}).to_string()
    };
    for attached in [
        json!([{"Ref": "Arn"}]),
        json!({"Ref": "Arns"}),
        json!([{"Fn::Sub": "arn:aws:iam::aws:policy/${Arn}"}]),
        json!([{"Fn::ImportValue": "x"}]),
        json!([{"Fn::If": ["C", {"Ref": "Arn"}, {"Ref": "AWS::NoValue"}]}]),
        json!(["arn:aws:iam::111122223333:policy/team"]),
    ] {
        is_open("t.json", &with(json!([])), &with(attached));
    }
}

#[test]
fn documents_of_a_module() {
    let old =
        "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [] })\n}\n";
    for value in [
        "var.policy",
        "module.x.policy",
        "file(\"missing.json\")",
        "data.http.x.response_body",
        "jsonencode(yamldecode(file(\"p.yaml\")))",
        "jsonencode(merge(local.a, var.b))",
        "data.aws_iam_policy_document.elsewhere.json",
        "var.x ? var.y : jsonencode({ Version = \"2012-10-17\", Statement = [] })",
    ] {
        is_open("main.tf", old, &format!("resource \"aws_iam_policy\" \"p\" {{\n  policy = {value}\n}}\n"));
    }
    let inline = "resource \"aws_iam_role\" \"r\" {\n  name = \"r\"\n  inline_policy {\n    name = \"p\"\n    policy = var.policy\n  }\n}\n";
    is_open("main.tf", "resource \"aws_iam_role\" \"r\" {\n  name = \"r\"\n}\n", inline);
    // What is known is not open: a queue's other settings, another language, a file that is there.
    let known = "resource \"aws_sqs_queue\" \"q\" {\n  redrive_policy = var.x\n}\nresource \"aws_ecr_lifecycle_policy\" \"l\" {\n  policy = var.x\n}\n";
    assert_eq!(states(&[], &[("main.tf", known)]).0, Some(0));
    let file = "resource \"aws_iam_policy\" \"p\" {\n  policy = file(\"${path.module}/p.json\")\n}\n";
    let (code, json) =
        states(&[("p.json", &super::policy(&json!([])))], &[("main.tf", file), ("p.json", &super::policy(&json!([])))]);
    assert_eq!(code, Some(0), "{json}");
}

#[test]
fn documents_of_a_template() {
    let with = |properties: Value| {
        let policy = json!({"Type": "AWS::IAM::ManagedPolicy", "Properties": properties});
        json!({"Parameters": {"Doc": {"Type": "String"}}, "Resources": {"P": policy}}).to_string()
    };
    let old = with(json!({"PolicyDocument": {"Version": "2012-10-17", "Statement": []}}));
    let insert = json!({"Name": "AWS::Include", "Parameters": {"Location": "s3://b/p.json"}});
    for properties in [
        json!({"PolicyDocument": {"Ref": "Doc"}}),
        json!({"PolicyDocument": {"Fn::Transform": insert}}),
        json!({"Fn::Transform": insert}),
    ] {
        is_open("t.json", &old, &with(properties));
    }
    let bucket = "Resources:\n  B:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: b\n";
    is_open("t.yaml", bucket, &format!("{bucket}      PolicyDocument: !Ref Doc\n"));
    let role = |policies: Value| {
        json!({"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"Policies": policies}}}}).to_string()
    };
    is_open("t.json", &role(json!([])), &role(json!({"Fn::Transform": insert})));
    is_open("t.json", &role(json!([])), &role(json!([{"PolicyName": "p", "PolicyDocument": {"Ref": "Doc"}}])));
}

#[test]
fn statements_that_a_function_makes() {
    let with = |statement: &str| {
        format!(
            "resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = {statement} }})\n}}\n"
        )
    };
    let (code, json) = states(
        &[("main.tf", &with("[]"))],
        &[("main.tf", &with("flatten([[{ Effect = \"Allow\", Action = \"iam:*\", Resource = \"*\" }]])"))],
    );
    assert!(matches!(code, Some(1 | 3)), "{json}");
    is_open("main.tf", &with("[]"), &with("var.statements"));
}

#[test]
fn an_effect_that_deployment_chooses() {
    let with = |effect: Value| {
        let statement = json!({"Effect": effect, "Action": "iam:*", "Resource": "*"});
        let policy = json!({"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}});
        json!({"Parameters": {"E": {"Type": "String"}}, "Resources": {"P": policy}}).to_string()
    };
    let chosen = with(json!({"Ref": "E"}));
    for old in [json!({"Resources": {}}).to_string(), with(json!("Deny"))] {
        let (code, json) = states(&[("t.json", &old)], &[("t.json", &chosen)]);
        assert_eq!((code, &json["new"][0]["confidence"]), (Some(1), &json!("possible")), "{json}");
    }
    // It may have been allowed before.
    let (code, json) = states(&[("t.json", &chosen)], &[("t.json", &with(json!("Allow")))]);
    assert_eq!((code, &json["new"][0]["confidence"]), (Some(1), &json!("possible")), "{json}");
    assert_eq!(json["unknown"], json!([]), "{json}");
    assert_eq!(states(&[("t.json", &chosen)], &[("t.json", &chosen)]).0, Some(0));
}

#[test]
fn an_action_that_is_an_expression() {
    let folder = tempfile::tempdir().unwrap();
    let old =
        "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [] })\n}\n";
    let statement = "{ Effect = \"Allow\", Action = var.actions, Resource = \"*\" }";
    super::write(folder.path(), "old/main.tf", old);
    super::write(folder.path(), "new/main.tf", &old.replace("[]", &format!("[{statement}]")));
    let output = super::diff(folder.path(), &["old", "new"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.starts_with("possibly new access: whoever holds the policy can do what `var.actions` turns out to be to"),
        "{text}"
    );
}
