//! `whit grants`: what policies allow, the riskiest first.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn grants(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_whit")).current_dir(folder).arg("grants").args(args).output().unwrap()
}

fn rows(folder: &Path, path: &str) -> Vec<Value> {
    let output = grants(folder, &[path, "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    json[0]["grants"].as_array().unwrap().clone()
}

#[test]
fn the_riskiest_first_and_without_what_is_denied() {
    let folder = tempfile::tempdir().unwrap();
    let document = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["s3:ListAllMyBuckets", "sqs:*Permission"], "Resource": "*"},
        {"Effect": "Allow", "Action": "s3:DeleteBucket*", "Resource": "arn:aws:s3:::a",
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}},
        {"Effect": "Deny", "Action": "sqs:RemovePermission", "Resource": "*"},
        {"Effect": "Deny", "Action": "s3:ListAllMyBuckets", "Resource": "arn:aws:s3:::b"}]});
    fs::write(folder.path().join("p.json"), document.to_string()).unwrap();
    let rows = rows(folder.path(), "p.json");
    let short: Vec<(&str, &str, Value, Value)> = rows
        .iter()
        .map(|row| {
            let word = |key: &str| row[key].as_str().unwrap();
            (word("service"), word("level"), row["actions"].clone(), row["conditions"].clone())
        })
        .collect();
    let mfa = json!(["aws:MultiFactorAuthPresent"]);
    assert_eq!(short[0], ("sqs", "Permissions management", json!(["AddPermission"]), json!([])));
    assert_eq!((short[1].0, short[1].1, &short[1].3), ("s3", "Permissions management", &mfa));
    assert_eq!((short[2].0, short[2].1, &short[2].3), ("s3", "Write", &mfa));
    assert!(short[2].2.as_array().unwrap().contains(&json!("DeleteBucket")), "{short:?}");
    // A Deny on one resource takes nothing away for good.
    assert_eq!(short[3], ("s3", "List", json!(["ListAllMyBuckets"]), json!([])));
    assert_eq!(short.len(), 4);
}

#[test]
fn managed_policies_and_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let output = grants(folder.path(), &["AmazonS3ReadOnlyAccess"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess\n"), "{text}");
    assert!(!text.contains("Write") && text.contains("Read "), "{text}");
    let output = grants(folder.path(), &["FullAWSAccess"]);
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && err.contains("a service control policy: it leaves room"), "{err}");
    let output = grants(folder.path(), &["nothing.json"]);
    assert_eq!(output.status.code(), Some(2));
    let output = grants(folder.path(), &["AmazonS3ReadOnlyAcces"]);
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && err.contains("did you mean `AmazonS3ReadOnlyAccess`"), "{err}");
}

#[test]
fn what_a_deny_takes_of_the_same_resources() {
    let folder = tempfile::tempdir().unwrap();
    let statement =
        |effect: &str, action: Value, resource: &str| json!({"Effect": effect, "Action": action, "Resource": resource});
    for (denied, left) in
        [("arn:aws:s3:::b/*", vec!["GetObject"]), ("arn:aws:s3:::b/x/*", vec!["GetObject", "PutObject"])]
    {
        let document = json!({"Version": "2012-10-17", "Statement": [
            statement("Allow", json!(["s3:GetObject", "s3:PutObject"]), "arn:aws:s3:::b/*"),
            statement("Deny", json!("s3:PutObject"), denied)]});
        fs::write(folder.path().join("p.json"), document.to_string()).unwrap();
        let mut actions: Vec<String> = rows(folder.path(), "p.json")
            .iter()
            .flat_map(|row| {
                row["actions"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect::<Vec<_>>()
            })
            .collect();
        actions.sort();
        assert_eq!(actions, left, "{denied}");
    }
}

#[test]
fn what_a_role_has_by_reference() {
    let folder = tempfile::tempdir().unwrap();
    let document = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:CreateUser", "Resource": "*"}]});
    let template = json!({"Resources": {
        "R": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": [{"Ref": "P"}]}},
        "P": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}}});
    fs::write(folder.path().join("t.json"), template.to_string()).unwrap();
    let output = grants(folder.path(), &["t.json", "--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&json[0]["policies"], &json[0]["grants"][0]["actions"]),
        (&json!("role R"), &json!(["CreateUser"])),
        "{json}"
    );
    assert_eq!(json.as_array().unwrap().len(), 1, "{json}");
}
