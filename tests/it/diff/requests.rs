//! A request that is shown is one that AWS gets: `whit simulate` allows it after the change, and not before.

use super::limits::states;
use super::{policy, report, write};
use serde_json::{Value, json};
use std::process::Command;

/// What `whit simulate` decides of a request, by some policies.
fn simulate(request: &Value, identity: &str) -> String {
    let caller = "arn:aws:iam::111122223333:user/someone";
    let statements: Value = serde_json::from_str(identity).unwrap();
    let names = statements["Statement"].as_array().unwrap().iter().any(|it| it.get("Principal").is_some());
    let kind = if names { "resource" } else { "identity" };
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "p.json", identity);
    let policies = if names { json!({"resource": ["p.json"]}) } else { json!({"identity": ["p.json"]}) };
    let principal = request["principal"].as_str().unwrap_or(caller);
    let asked = json!({"principal": principal, "action": request["action"], "resource": request["resource"],
        "resource_account": "111122223333", "context": request["context"], "policies": policies});
    write(folder.path(), "request.json", &asked.to_string());
    let mut whit = Command::new(env!("CARGO_BIN_EXE_whit"));
    let output = whit.current_dir(folder.path()).args(["simulate", "--json", "--request", "request.json"]).output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    let answer: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{kind}: {asked}"));
    answer["decision"].as_str().unwrap().to_owned()
}

/// What is new, each shown by a request that is one.
fn new(old: &Value, new: &Value) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (policy(old), policy(new));
    write(folder.path(), "old.json", &old);
    write(folder.path(), "new.json", &new);
    let (_, json) = report(folder.path(), &["old.json", "new.json"]);
    assert_eq!(json["unknown"], json!([]), "{json}");
    let found = json["new"].as_array().unwrap().clone();
    for request in &found {
        assert_eq!(request["confidence"], "exact", "{request}");
        assert_eq!(simulate(request, &new), "allowed", "{request}");
        assert_ne!(simulate(request, &old), "allowed", "{request}");
    }
    found
}

fn allow(action: &str, resource: &str) -> Value {
    json!([{"Effect": "Allow", "Action": action, "Resource": resource}])
}

#[test]
fn policy_variables_have_a_value() {
    let old = allow("s3:ListAllMyBuckets", "*");
    let found = new(&old, &allow("s3:GetObject", "arn:aws:s3:::b/${aws:PrincipalTag/team}/*"));
    assert_eq!(found[0]["resource"], "arn:aws:s3:::b/x/x");
    assert_eq!(found[0]["context"], json!({"aws:PrincipalTag/team": "x"}));
    let found = new(&old, &allow("*", "arn:aws:s3:::b/${aws:username}/*"));
    assert_eq!(found[0]["action"], "s3:PutObject");
    new(&old, &allow("s3:GetObject", "arn:aws:s3:::b/${aws:PrincipalTag/team, 'none'}/*"));
    // One that a Deny reached, of which only the value of the variable shows it.
    let reached = json!([{"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b/x"}, allow("s3:GetObject", "arn:aws:s3:::b/${aws:username}")[0]]);
    let without = json!([reached[1]]);
    new(&reached, &without);
    let elsewhere = json!([{"Effect": "Allow", "Action": "s3:PutObject", "NotResource": "arn:aws:s3:::b/${aws:PrincipalTag/t, 'x'}"}]);
    new(&old, &elsewhere);
    // The value is not one that is denied.
    let mut but = allow("s3:GetObject", "arn:aws:s3:::b/${aws:username}/*");
    let deny = json!({"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b/x/*"});
    but.as_array_mut().unwrap().push(deny);
    assert_eq!(new(&old, &but)[0]["resource"], "arn:aws:s3:::b/other-x/x");
}

#[test]
fn no_request_is_without_what_all_carry() {
    let allow = |when: Value| {
        json!({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/x"}, "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::b/*", "Condition": when})
    };
    let tls = |value: &str| json!({"Bool": {"aws:SecureTransport": value}});
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*", "Condition": tls("false")});
    let (old, written) = (json!([allow(tls("true"))]), json!([allow(json!({})), deny]));
    assert!(new(&old, &written).is_empty());
    let found = new(&written, &json!([allow(json!({}))]));
    assert_eq!(found[0]["context"], json!({"aws:SecureTransport": "false"}));
    // A condition that all requests meet is none.
    for when in [
        json!({"Null": {"aws:CurrentTime": "false"}}),
        json!({"StringLike": {"aws:RequestedRegion": "*"}}),
        json!({"Bool": {"aws:SecureTransport": ["true", "false"]}}),
    ] {
        assert!(new(&json!([allow(when)]), &json!([allow(json!({}))])).is_empty());
    }
    let until = |day: &str| json!([allow(json!({"DateLessThan": {"aws:CurrentTime": day}}))]);
    assert_eq!(new(&until("2030-01-01"), &until("2031-01-01")).len(), 1);
    // MFA is one that requests may be without.
    let mfa = |operator: &str| json!([allow(json!({operator: {"aws:MultiFactorAuthPresent": "true"}}))]);
    assert_eq!(new(&mfa("Bool"), &mfa("BoolIfExists")).len(), 1);
}

#[test]
fn whoever_holds_a_policy_has_an_account() {
    let of = |when: Value| json!([{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": when}]);
    let any = of(json!({"StringLike": {"aws:PrincipalAccount": "*"}}));
    assert!(new(&any, &of(json!({}))).is_empty());
}

/// A module with a role that has a policy of AWS, and more.
fn module(policy: &str, more: &str) -> String {
    format!(
        "resource \"aws_iam_role\" \"a\" {{\n  name = \"a\"\n{more}}}\n\
         resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role = aws_iam_role.a.name\n  policy_arn = \
         \"arn:aws:iam::aws:policy/{policy}\"\n}}\n"
    )
}

#[test]
fn a_boundary_that_comes_with_the_policy_counts() {
    let only_read = "  permissions_boundary = \"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess\"\n";
    let bounded = module("AmazonS3FullAccess", only_read);
    let free = module("AmazonS3FullAccess", "");
    let narrow = module("AmazonS3ReadOnlyAccess", "");
    let change = |old: &str, new: &str| states(&[("m.tf", old)], &[("m.tf", new)]);
    assert_eq!(change(&narrow, &bounded).0, Some(0), "{}", change(&narrow, &bounded).1);
    assert_eq!(change(&narrow, &free).0, Some(1));
    assert_eq!(change(&bounded, &free).0, Some(1));
    // One that was there, too.
    assert_eq!(change(&module("AmazonS3ReadOnlyAccess", only_read), &bounded).0, Some(0));
    let (code, json) = change(&module("AmazonSQSReadOnlyAccess", only_read), &bounded);
    assert_eq!((code, &json["new"][0]["confidence"]), (Some(1), &json!("exact")), "{json}");
    assert!(json["new"].as_array().unwrap().iter().all(|it| !it["action"].as_str().unwrap().contains("Put")), "{json}");
    // One that cannot be seen may leave room for it, or not.
    let (code, json) = change(&narrow, &module("AmazonS3FullAccess", "  permissions_boundary = var.boundary\n"));
    assert_eq!((code, &json["new"][0]["confidence"]), (Some(1), &json!("possible")), "{json}");
    // Another boundary, which leaves room for what the first kept out.
    let wider =
        module("AmazonS3FullAccess", "  permissions_boundary = \"arn:aws:iam::aws:policy/AmazonS3FullAccess\"\n");
    let (code, json) = change(&bounded, &wider);
    assert_eq!((code, &json["new"][0]["confidence"]), (Some(1), &json!("exact")), "{json}");
    assert_eq!(change(&wider, &bounded).0, Some(0));
}

#[test]
fn a_template_of_sam_is_worked_out() {
    let of = |policies: Value| {
        json!({"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Table": {"Type": "AWS::DynamoDB::Table"},
            "Fn": {"Type": "AWS::Serverless::Function", "Properties": {"Policies": policies}}}})
        .to_string()
    };
    let table = |name: &str| json!([{name: {"TableName": {"Ref": "Table"}}}]);
    let (crud, read) = (of(table("DynamoDBCrudPolicy")), of(table("DynamoDBReadPolicy")));
    let (code, json) = states(&[("t.json", &crud)], &[("t.json", &read)]);
    assert_eq!((code, &json["result"]), (Some(0), &json!("none")), "{json}");
    let (code, json) = states(&[("t.json", &read)], &[("t.json", &crud)]);
    assert_eq!((code, &json["unknown"]), (Some(1), &json!([])), "{json}");
    // Neither a name that SAM does not know, nor a reference.
    for entry in [json!({"NoSuchPolicy": {}}), json!({"Ref": "Table"})] {
        assert_eq!(states(&[("t.json", &read)], &[("t.json", &of(json!([entry])))]).0, Some(3));
    }
}

#[test]
fn a_policy_of_a_resource_names_somebody() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.json", &policy(&allow("s3:GetObject", "*")));
    write(folder.path(), "b.json", &policy(&allow("iam:*", "*")));
    let (code, json) = report(folder.path(), &["a.json", "b.json", "--policy-type", "resource"]);
    assert_eq!(code, Some(3), "{json}");
    assert!(json["unknown"][0]["why"].as_str().unwrap().contains("names a principal"), "{json}");
}

#[test]
fn a_trust_is_told_of_the_role_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let of = |service: &str| {
        let trust = json!([{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]);
        json!({"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "ci",
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": trust}}}}})
    };
    write(folder.path(), "old/t.json", &of("ec2.amazonaws.com").to_string());
    write(folder.path(), "new/t.json", &of("lambda.amazonaws.com").to_string());
    let text = String::from_utf8(super::diff(folder.path(), &["old", "new"]).stdout).unwrap();
    let phrase = "new access: `lambda.amazonaws.com` can do `sts:AssumeRole` to the role `ci`\n";
    assert!(text.starts_with(phrase), "{text}");
}
