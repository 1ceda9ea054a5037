//! What principals get by reference: policies of the repository, groups; and what a boundary no longer keeps out.

use super::limits::states;
use serde_json::{Value, json};

fn document(action: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})
}

fn template(resources: Value) -> String {
    format!("{:#}", json!({"Resources": resources}))
}

fn role(properties: Value) -> Value {
    let mut role = json!({"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument":
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}}});
    for (key, value) in properties.as_object().unwrap() {
        role["Properties"][key] = value.clone();
    }
    role
}

fn managed(action: &str) -> Value {
    json!({"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document(action)}})
}

/// What is new, of files that change from one text to another: actions that begin so, with the confidence.
fn is_new(name: &str, old: &str, new: &str, begin: &str) {
    let (code, json) = states(&[(name, old)], &[(name, new)]);
    let first = &json["new"][0];
    assert_eq!((code, &first["confidence"]), (Some(1), &json!("exact")), "{json}");
    assert!(first["action"].as_str().unwrap().starts_with(begin), "{json}");
    assert_eq!(json["new"].as_array().unwrap().len(), 1, "{json}");
    assert_eq!(states(&[(name, new)], &[(name, new)]).0, Some(0));
    let (code, json) = states(&[(name, new)], &[(name, old)]);
    assert_eq!(code, Some(0), "the other way round: {json}");
}

#[test]
fn a_policy_of_the_template_is_attached() {
    let with =
        |attached: Value| template(json!({"R": role(json!({"ManagedPolicyArns": attached})), "P": managed("iam:*")}));
    is_new("t.json", &with(json!([])), &with(json!([{"Ref": "P"}])), "iam:");
    let named = |roles: Value| {
        let mut policy = managed("iam:*");
        policy["Properties"]["Roles"] = roles;
        template(json!({"R": role(json!({})), "S": role(json!({})), "P": policy}))
    };
    is_new("t.json", &named(json!([])), &named(json!([{"Ref": "R"}])), "iam:");
    // What the one could do excuses nothing of the other.
    is_new("t.json", &named(json!([{"Ref": "R"}])), &named(json!([{"Ref": "R"}, {"Ref": "S"}])), "iam:");
}

#[test]
fn roles_that_files_call_alike_are_different_ones() {
    let with = |action: &str| {
        let inline = json!([{"PolicyName": "p", "PolicyDocument": document(action)}]);
        template(json!({"R": role(json!({"Policies": inline}))}))
    };
    let (narrow, wide) = (with("s3:GetObject"), with("iam:*"));
    let (code, json) = states(&[("a.json", &wide), ("b.json", &narrow)], &[("a.json", &wide), ("b.json", &wide)]);
    assert_eq!((code, &json["new"][0]["statement"]["file"]), (Some(1), &json!("b.json")), "{json}");
    // One that moves with its file is the same.
    let (code, json) = states(&[("a.json", &wide)], &[("stacks/b.json", &wide)]);
    assert_eq!(code, Some(0), "{json}");
}

/// A module with a role, a policy, and more.
fn module(more: &str) -> String {
    format!(
        "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = [\"iam:*\"]\n    resources = [\"*\"]\n  }}\n}}\n\
         resource \"aws_iam_role\" \"ci\" {{\n  name = \"ci\"\n  assume_role_policy = jsonencode({{ Version = \"2012-10-17\", \
         Statement = [{{ Effect = \"Allow\", Principal = {{ Service = \"ec2.amazonaws.com\" }}, Action = \"sts:AssumeRole\" }}] }})\n}}\n\
         resource \"aws_iam_policy\" \"p\" {{\n  policy = data.aws_iam_policy_document.d.json\n}}\n{more}"
    )
}

fn attachment(arn: &str) -> String {
    format!(
        "resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role = aws_iam_role.ci.name\n  policy_arn = {arn}\n}}\n"
    )
}

#[test]
fn a_policy_of_the_module_is_attached() {
    let without = module("");
    for arn in ["aws_iam_policy.p.arn", "aws_iam_policy.p[0].arn", "\"${aws_iam_policy.p.arn}\""] {
        is_new("main.tf", &without, &module(&attachment(arn)), "iam:");
    }
    let everyone = "resource \"aws_iam_policy_attachment\" \"a\" {\n  name = \"a\"\n  roles = [aws_iam_role.ci.name]\n  policy_arn = aws_iam_policy.p.arn\n}\n";
    is_new("main.tf", &without, &module(everyone), "iam:");
    let each = "resource \"aws_iam_role_policy_attachment\" \"a\" {\n  for_each = toset([aws_iam_policy.p.arn])\n  role = \"ci\"\n  policy_arn = each.value\n}\n";
    is_new("main.tf", &without, &module(each), "iam:");
    // One that grants more than it did is told of the role, once.
    let attached = module(&attachment("aws_iam_policy.p.arn"));
    is_new("main.tf", &attached.replace("iam:*", "iam:Get*"), &attached, "iam:");
}

#[test]
fn a_user_joins_a_group() {
    let inline = json!([{"PolicyName": "p", "PolicyDocument": document("iam:*")}]);
    let with = |groups: Value| {
        template(json!({"U": {"Type": "AWS::IAM::User", "Properties": {"Groups": groups}},
            "G": {"Type": "AWS::IAM::Group", "Properties": {"Policies": inline}}}))
    };
    is_new("t.json", &with(json!([])), &with(json!([{"Ref": "G"}])), "iam:");
    let module = |groups: &str| {
        format!(
            "resource \"aws_iam_user\" \"u\" {{\n  name = \"u\"\n}}\nresource \"aws_iam_group\" \"g\" {{\n  name = \"g\"\n}}\n\
             resource \"aws_iam_group_policy_attachment\" \"a\" {{\n  group = aws_iam_group.g.name\n  policy_arn = \
             \"arn:aws:iam::aws:policy/IAMFullAccess\"\n}}\n\
             resource \"aws_iam_user_group_membership\" \"m\" {{\n  user = aws_iam_user.u.name\n  groups = {groups}\n}}\n"
        )
    };
    let (code, json) = states(&[("main.tf", &module("[]"))], &[("main.tf", &module("[aws_iam_group.g.name]"))]);
    assert_eq!(code, Some(1), "{json}");
    let (code, json) = states(&[("main.tf", &module("[]"))], &[("main.tf", &module("[\"admins\"]"))]);
    assert_eq!(code, Some(3), "{json}");
}

#[test]
fn a_boundary_goes() {
    let admin = json!(["arn:aws:iam::aws:policy/AdministratorAccess"]);
    let with = |boundary: Option<Value>| {
        let mut bounded = json!({"ManagedPolicyArns": admin});
        if let Some(boundary) = boundary {
            bounded["PermissionsBoundary"] = boundary;
        }
        template(json!({"R": role(bounded), "Boundary": managed("s3:Get*")}))
    };
    let free = with(None);
    for boundary in [json!("arn:aws:iam::aws:policy/ReadOnlyAccess"), json!({"Ref": "Boundary"})] {
        is_new("t.json", &with(Some(boundary)), &free, "");
    }
    let (code, json) =
        states(&[("t.json", &with(Some(json!("arn:aws:iam::111122223333:policy/x"))))], &[("t.json", &free)]);
    assert_eq!(code, Some(3), "{json}");
    let module = |bound: &str| {
        module(&attachment("\"arn:aws:iam::aws:policy/AdministratorAccess\"")).replacen(
            "name = \"ci\"",
            &format!("name = \"ci\"\n{bound}"),
            1,
        )
    };
    let bound = "permissions_boundary = \"arn:aws:iam::aws:policy/ReadOnlyAccess\"";
    is_new("main.tf", &module(bound), &module(""), "");
}
