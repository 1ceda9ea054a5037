//! A Deny that gets narrower, or goes: what it kept out may be allowed by others.

use super::{policy, read, report, write};
use serde_json::{Value, json};

/// Compares two states of some files: the exit code, and the report.
pub(super) fn states(old: &[(&str, &str)], new: &[(&str, &str)]) -> (Option<i32>, Value) {
    let folder = tempfile::tempdir().unwrap();
    for (side, files) in [("old", old), ("new", new)] {
        std::fs::create_dir_all(folder.path().join(side)).unwrap();
        for (name, text) in files {
            write(folder.path(), &format!("{side}/{name}"), text);
        }
    }
    report(folder.path(), &["old", "new"])
}

fn outside_europe() -> Value {
    json!({"Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}})
}

fn deny(action: &str) -> Value {
    json!({"Effect": "Deny", "Action": action, "Resource": "*"})
}

fn everybody(mut statement: Value) -> Value {
    statement["Principal"] = json!("*");
    statement
}

/// `aws_organizations_policy` with some statements.
fn organization(statements: &Value) -> String {
    let document = policy(statements);
    format!("resource \"aws_organizations_policy\" \"p\" {{\n  content = <<EOT\n{document}EOT\n}}\n")
}

const KINDS: &str = "[[policy]]\nkind = \"scp\"\npaths = [\"org/**\"]\n";

#[test]
fn a_deny_that_gets_narrower_leaves_room() {
    let (old, new) = (json!([outside_europe()]), json!([deny("s3:DeleteBucket")]));
    let bucket = |action: &str, when: Value| {
        let deny = json!({"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "arn:aws:s3:::b/*", "Condition": when});
        policy(&json!([deny]))
    };
    let tls = json!({"Bool": {"aws:SecureTransport": "false"}});
    for (name, was, is) in [
        ("scp/p.json", policy(&old), policy(&new)),
        (
            "rcp/p.json",
            policy(&json!([everybody(outside_europe())])),
            policy(&json!([everybody(deny("s3:DeleteBucket"))])),
        ),
        ("boundary/p.json", policy(&old), policy(&new)),
        ("main.tf", organization(&old), organization(&new)),
        ("bucket.json", bucket("s3:*", tls.clone()), bucket("s3:PutObject", tls)),
        // Attached to somebody, beside others.
        ("p.json", policy(&old), policy(&new)),
    ] {
        let (code, json) = states(&[(name, &was)], &[(name, &is)]);
        assert_eq!((code, &json["new"][0]["confidence"]), (Some(1), &json!("possible")), "{name}: {json}");
        assert_eq!(json["new"][0]["statement"]["file"], name, "{json}");
        assert_eq!(json["new"].as_array().unwrap().len(), 1, "{json}");
        assert_eq!(states(&[(name, &was)], &[(name, &was)]).0, Some(0), "{name}");
        // Narrower all the same: the other way round is wider in nothing but the bucket.
        assert_eq!(states(&[(name, &is)], &[(name, &was)]).0, Some(i32::from(name != "bucket.json")), "{name}");
    }
}

#[test]
fn policies_that_aws_manages_go_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "own.json", &policy(&json!([outside_europe()])));
    let everything = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    write(folder, "limit.json", &policy(&json!([everything, outside_europe()])));
    // What stands beside a control policy is one.
    let (code, json) = report(folder, &["FullAWSAccess", "limit.json"]);
    assert_eq!((code, &json["result"]), (Some(0), &json!("none")), "{json}");
    let (code, json) = report(folder, &["limit.json", "FullAWSAccess"]);
    assert_eq!((code, &json["new"][0]["confidence"]), (Some(1), &json!("possible")), "{json}");
    let (code, json) = report(folder, &["AmazonS3FullAccess", "AmazonS3ReadOnlyAccess"]);
    assert_eq!(code, Some(0), "{json}");
    let (code, json) = report(folder, &["AmazonS3ReadOnlyAccess", "AmazonS3FullAccess"]);
    assert_eq!((code, &json["new"][0]["confidence"]), (Some(1), &json!("exact")), "{json}");
    assert_eq!(json["new"][0]["statement"]["file"], "AmazonS3FullAccess.json");
}

#[test]
fn the_config_says_what_a_file_is_for() {
    let (old, new) = (policy(&json!([outside_europe()])), policy(&json!([deny("s3:DeleteBucket")])));
    let (code, json) =
        states(&[("org/p.json", &old), ("whit.toml", KINDS)], &[("org/p.json", &new), ("whit.toml", KINDS)]);
    assert_eq!(code, Some(1), "{json}");
    // A limit more gives nothing, whatever it allows.
    let all = policy(&json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}]));
    let (code, json) = states(&[("whit.toml", KINDS)], &[("org/all.json", &all), ("whit.toml", KINDS)]);
    assert_eq!(code, Some(0), "{json}");
    let (code, json) = states(
        &[("org/all.json", &all), ("org/deny.json", &old), ("whit.toml", KINDS)],
        &[("org/all.json", &all), ("whit.toml", KINDS)],
    );
    assert_eq!((code, &json["unknown"][0]["file"]), (Some(3), &json!("org/deny.json")), "{json}");
}

#[test]
fn a_deny_that_goes_with_its_file() {
    let allow = policy(&json!([read("arn:aws:s3:::a/*")]));
    let bucket =
        policy(&json!([everybody(json!({"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*"}))]));
    for gone in [&policy(&json!([outside_europe()])), &bucket] {
        let (code, json) = states(&[("a.json", &allow), ("d.json", gone)], &[("a.json", &allow)]);
        assert_eq!((code, &json["unknown"][0]["file"]), (Some(3), &json!("d.json")), "{json}");
    }
    assert_eq!(states(&[("a.json", &allow), ("d.json", &allow)], &[("a.json", &allow)]).0, Some(0));
}

#[test]
fn a_deny_that_is_written_otherwise_keeps_out_as_much() {
    let one = json!([{"Effect": "Deny", "Action": ["iam:*", "s3:DeleteBucket"], "Resource": "*"}]);
    let two = json!([deny("s3:Delete*"), deny("IAM:*")]);
    let (code, json) = states(&[("scp/p.json", &policy(&one))], &[("scp/p.json", &policy(&two))]);
    assert_eq!(code, Some(0), "{json}");
}
