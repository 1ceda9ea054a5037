//! `whit diff`: files, folders, a history of git, and each report.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod history;
mod holders;
mod limits;
mod lists;
mod requests;
mod unread;
mod unseen;

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn diff(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_whit")).current_dir(folder).arg("diff").args(args).output().unwrap()
}

/// The exit code, and the report in JSON.
fn report(folder: &Path, args: &[&str]) -> (Option<i32>, Value) {
    let output = diff(folder, &[args, &["--json"]].concat());
    let text = String::from_utf8_lossy(&output.stdout);
    let json = serde_json::from_str(&text);
    (output.status.code(), json.unwrap_or_else(|_| json!(String::from_utf8_lossy(&output.stderr))))
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn policy(statements: &Value) -> String {
    format!("{:#}\n", json!({"Version": "2012-10-17", "Statement": statements}))
}

fn read(resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource})
}

#[test]
fn two_files_with_the_statement_that_grants() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "old.json", &policy(&json!([read("arn:aws:s3:::a/*")])));
    let pass = json!({"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::*:role/ci"});
    let new = policy(&json!([read("arn:aws:s3:::a/*"), pass]));
    write(folder, "new.json", &new);
    for args in [&["old.json", "new.json"][..], &["old.json", "new.json", "--policy-type", "identity"]] {
        let (code, json) = report(folder, args);
        assert_eq!((code, &json["result"]), (Some(1), &json!("new_access")), "{json}");
        let found = &json["new"][0];
        assert_eq!(json["new"].as_array().unwrap().len(), 1);
        assert_eq!((&found["principal"], &found["confidence"]), (&json!(null), &json!("exact")));
        assert_eq!(found["action"], "iam:PassRole");
        assert!(found["resource"].as_str().unwrap().ends_with(":role/ci"), "{found}");
        assert_eq!((&found["statement"]["file"], &found["statement"]["index"]), (&json!("new.json"), &json!(1)));
        let at = |key: &str| usize::try_from(found["statement"]["span"][key].as_u64().unwrap()).unwrap();
        let statement: Value = serde_json::from_str(&new[at("start")..at("end")]).unwrap();
        assert_eq!(statement["Action"], "iam:PassRole");
    }
    let (code, json) = report(folder, &["new.json", "old.json"]);
    assert_eq!((code, &json["result"], &json["new"]), (Some(0), &json!("none"), &json!([])));
}

#[test]
fn what_two_entries_of_a_statement_give_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let allow = json!({"Effect": "Allow", "Action": ["s3:GetObject", "s3:Get*"], "Resource": "*"});
    let deny = json!({"Effect": "Deny", "NotAction": "iam:*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}});
    write(folder, "old.json", &policy(&json!([allow, deny])));
    write(folder, "new.json", &policy(&json!([allow])));
    let (code, json) = report(folder, &["old.json", "new.json"]);
    assert_eq!((code, json["new"].as_array().unwrap().len()), (Some(1), 1), "{json}");
}

#[test]
fn an_address_is_one_that_requests_come_from() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "old.json", &policy(&json!([])));
    for (operator, key, ranges, shown) in [
        ("IpAddress", "aws:SourceIp", json!(["10.0.0.0/8", "203.0.113.7/24"]), "203.0.113.7"),
        ("IpAddress", "aws:SourceIp", json!(["fd00::/8", "203.0.113.0/24"]), "203.0.113.1"),
        ("IpAddress", "aws:SourceIp", json!("203.0.113.0/32"), "203.0.113.0"),
        ("NotIpAddress", "aws:SourceIp", json!("192.0.2.0/24"), "198.51.100.1"),
        ("NotIpAddress", "aws:SourceIp", json!("10.0.0.0/8"), "198.51.100.1"),
        ("IpAddress", "aws:VpcSourceIp", json!("10.1.0.0/16"), "10.1.0.1"),
    ] {
        // Without the key NotIpAddress holds, too.
        let condition = json!({operator: {key: ranges}, "Null": {key: "false"}});
        let allow = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": condition});
        write(folder, "new.json", &policy(&json!([allow])));
        let (code, json) = report(folder, &["old.json", "new.json"]);
        assert_eq!((code, &json["new"][0]["context"][key]), (Some(1), &json!(shown)), "{json}");
    }
}

#[test]
fn policies_of_a_resource() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let trust =
        |principal: Value| policy(&json!([{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]));
    write(folder, "old.json", &trust(json!({"AWS": "arn:aws:iam::111122223333:role/ci"})));
    write(folder, "new.json", &trust(json!({"AWS": "111122223333"})));
    let (code, json) = report(folder, &["old.json", "new.json", "--policy-type", "resource"]);
    assert_eq!((code, &json["result"]), (Some(1), &json!("new_access")), "{json}");
    assert_eq!(json["new"][0]["principal"], "arn:aws:iam::111122223333:user/someone");
    assert_eq!(report(folder, &["new.json", "old.json"]).0, Some(0));
}

/// A template with a managed policy of some statements.
fn template(statements: &Value) -> String {
    let document = json!({"Version": "2012-10-17", "Statement": statements});
    let resource = json!({"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}});
    let parameters = json!({"Buckets": {"Type": "CommaDelimitedList"}});
    json!({"Parameters": parameters, "Resources": {"P": resource}}).to_string()
}

#[test]
fn what_cannot_be_decided_ends_in_3() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "old.json", &policy(&json!([read("arn:aws:s3:::a/*")])));
    write(folder, "new.json", &template(&json!([read("arn:aws:s3:::a/*"), {"Ref": "Buckets"}])));
    let (code, json) = report(folder, &["old.json", "new.json"]);
    assert_eq!((code, &json["result"]), (Some(3), &json!("unknown")), "{json}");
    assert!(json["unknown"][0]["why"].as_str().unwrap().contains("before deployment"), "{json}");
    assert_eq!(report(folder, &["old.json", "new.json", "--unknown=allow"]).0, Some(0));
}

#[test]
fn a_resource_that_deployment_chooses_is_possibly_new() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "old.json", &policy(&json!([read("arn:aws:s3:::a/*")])));
    write(
        folder,
        "new.json",
        &template(&json!([
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": {"Ref": "Buckets"}}])),
    );
    let (code, json) = report(folder, &["old.json", "new.json"]);
    assert_eq!((code, &json["result"]), (Some(1), &json!("new_access")), "{json}");
    let found = &json["new"][0];
    assert_eq!((&found["resource"], &found["confidence"]), (&json!("${Buckets}"), &json!("possible")), "{json}");
}

#[test]
fn a_history_and_the_working_tree() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let git = |args: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"];
        let output = Command::new("git").current_dir(folder).args(identity).args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "-q"]);
    let commit = |name: &str, text: &str| {
        write(folder, name, text);
        git(&["add", "-A"]);
        git(&["commit", "-q", "-m", name]);
    };
    let role = |actions: &str, attached: &str| {
        format!(
            "resource \"aws_iam_role\" \"ci\" {{\n  name = \"ci\"\n  assume_role_policy = jsonencode({{ Version = \
             \"2012-10-17\", Statement = [{{ Effect = \"Allow\", Principal = {{ Service = \"ec2.amazonaws.com\" }}, \
             Action = \"sts:AssumeRole\" }}] }})\n}}\n\nresource \"aws_iam_role_policy\" \"ci\" {{\n  role = \
             aws_iam_role.ci.name\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \
             \"Allow\", Action = {actions}, Resource = \"*\" }}] }})\n}}\n{attached}"
        )
    };
    commit("policies/reader.json", &policy(&json!([read("arn:aws:s3:::a/*")])));
    commit("main.tf", &role("[\"s3:ListAllMyBuckets\"]", ""));
    let (code, json) = report(folder, &["HEAD~1..HEAD"]);
    assert_eq!((code, json["new"].as_array().unwrap().len()), (Some(1), 2), "{json}");
    // A document that moves grants nothing new.
    git(&["mv", "policies/reader.json", "policies/readers.json"]);
    git(&["commit", "-q", "-m", "moved"]);
    assert_eq!(report(folder, &["HEAD~1..HEAD"]).0, Some(0));
    commit("main.tf", &role("[\"s3:ListAllMyBuckets\", \"s3:DeleteBucket\"]", ""));
    let (code, json) = report(folder, &["HEAD~1..HEAD"]);
    assert_eq!((code, &json["new"][0]["action"]), (Some(1), &json!("s3:DeleteBucket")), "{json}");
    assert_eq!(json["new"].as_array().unwrap().len(), 1, "{json}");
    // What AWS manages counts where it is attached.
    let attached = "\nresource \"aws_iam_role_policy_attachment\" \"ci\" {\n  role = aws_iam_role.ci.name\n  policy_arn = \
                    \"arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess\"\n}\n";
    write(folder, "main.tf", &role("[\"s3:ListAllMyBuckets\", \"s3:DeleteBucket\"]", attached));
    let (code, json) = report(folder, &["HEAD"]);
    assert_eq!(code, Some(1), "{json}");
    let first = &json["new"][0];
    assert!(first["action"].as_str().unwrap().contains(':'), "{json}");
    assert_eq!(first["statement"]["file"], "main.tf");
    assert_eq!(report(folder, &["HEAD", "HEAD"]).0, Some(0));
    let output = diff(folder, &["nowhere"]);
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(err.contains("neither a file nor a revision of git of the name `nowhere`"), "{err}");
}

#[test]
fn each_report() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "old/p.json", &policy(&json!([read("arn:aws:s3:::a/*")])));
    write(folder, "new/p.json", &policy(&json!([read("arn:aws:s3:::a/*"), read("arn:aws:s3:::b/*")])));
    let print = |format: &str| {
        let output = diff(folder, &["old", "new", "--format", format]);
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let text = print("text");
    assert!(
        text.starts_with("new access: whoever holds the policy can do `s3:GetObject` to `arn:aws:s3:::b/"),
        "{text}"
    );
    assert!(text.contains("p.json:") && text.contains("grants it"), "{text}");
    let markdown = print("markdown");
    assert!(markdown.contains("this change grants new access") && markdown.contains("`p.json:8`"), "{markdown}");
    let sarif: Value = serde_json::from_str(&print("sarif")).unwrap();
    let typed: serde_sarif::sarif::Sarif = serde_json::from_value(sarif).unwrap();
    let result = &typed.runs[0].results.as_ref().unwrap()[0];
    assert_eq!(result.rule_id.as_deref(), Some("new-access"));
    let place = result.locations.as_ref().unwrap()[0].physical_location.as_ref().unwrap();
    assert_eq!(place.region.as_ref().unwrap().start_line, Some(8));
    let same = diff(folder, &["old", "old"]);
    assert_eq!((same.status.code(), &*String::from_utf8_lossy(&same.stdout)), (Some(0), "no new access\n"));
}
