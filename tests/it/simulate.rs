//! `whit simulate`: the tutorial's story, requests in JSON, and bad input.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn simulate(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_whit"));
    command.current_dir(folder).arg("simulate").args(args).output().unwrap()
}

fn printed(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

const BUCKET: &str = "arn:aws:s3:::exrecord-test-bucket/test.txt";

#[test]
fn the_story_of_the_tutorial_read_only() {
    let folder = tempfile::tempdir().unwrap();
    for (action, resource, expected) in [
        ("s3:ListAllMyBuckets", "*", "allowed: an identity-based policy allows the s3:ListAllMyBuckets action\n"),
        ("s3:PutObject", BUCKET, "implicitly denied: no identity-based policy allows the s3:PutObject action\n"),
        (
            "ec2:DescribeInstances",
            "*",
            "implicitly denied: no identity-based policy allows the ec2:DescribeInstances action\n",
        ),
    ] {
        let args = ["--policy", "AmazonS3ReadOnlyAccess", "--action", action, "--resource", resource];
        let text = printed(&simulate(folder.path(), &args));
        assert!(text.starts_with(expected), "{text}");
        // What allows it is shown where it stands.
        assert_eq!(text.contains("AmazonS3ReadOnlyAccess:"), text.starts_with("allowed"), "{text}");
        assert_eq!(text.contains("allows it"), text.starts_with("allowed"), "{text}");
    }
}

#[test]
fn the_story_of_the_tutorial_trust_in_the_account() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, document: Value| fs::write(folder.path().join(name), document.to_string()).unwrap();
    write(
        "trust.json",
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"}]}),
    );
    let role = "arn:aws:iam::111122223333:role/reader";
    write(
        "may-assume.json",
        json!({"Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role}]}),
    );
    let asked = |principal: &str, policies: &[&str]| {
        let mut args = vec!["--action", "sts:AssumeRole", "--resource", role, "--principal", principal];
        args.extend(policies.iter().flat_map(|policy| ["--policy", policy]));
        printed(&simulate(folder.path(), &args)).lines().next().unwrap().to_owned()
    };
    let (own, foreign) = ("arn:aws:iam::111122223333:user/ann", "arn:aws:iam::444455556666:user/bob");
    assert!(asked(own, &["trust.json", "may-assume.json"]).starts_with("allowed: "));
    let denied = "implicitly denied: no identity-based policy allows the sts:AssumeRole action";
    assert_eq!(asked(own, &["trust.json"]), denied);
    let denied = "implicitly denied: no resource-based policy allows the sts:AssumeRole action";
    assert_eq!(asked(foreign, &["trust.json", "may-assume.json"]), denied);
}

#[test]
fn requests_in_json_name_the_statement() {
    let folder = tempfile::tempdir().unwrap();
    let text = "{\"Version\": \"2012-10-17\", \"Statement\": [\n  {\"Effect\": \"Allow\", \"Action\": \"s3:Get*\", \
                \"Resource\": \"*\"},\n  {\"Sid\": \"NoKeys\", \"Effect\": \"Deny\", \"Action\": \"s3:*\", \
                \"Resource\": \"*/keys\"}\n]}";
    fs::create_dir(folder.path().join("p")).unwrap();
    fs::write(folder.path().join("p/own.json"), text).unwrap();
    let request = |resource: &str| {
        let request = json!({"principal": "arn:aws:iam::111122223333:user/ann", "action": "s3:GetObject",
            "resource": resource, "resource_account": null, "context": {"aws:SourceIp": "203.0.113.7"},
            "policies": {"identity": ["own.json"]}});
        // Paths are taken from the current folder, or from the request's.
        fs::write(folder.path().join("p/req.json"), request.to_string()).unwrap();
        let output = simulate(folder.path(), &["--json", "--request", "p/req.json"]);
        serde_json::from_str::<Value>(&printed(&output)).unwrap()
    };
    let answer = request("arn:aws:s3:::docs/keys");
    assert_eq!(answer["decision"], "explicit_deny");
    let reason = &answer["reasons"][0];
    assert_eq!((&reason["policy_type"], &reason["file"]), (&json!("identity"), &json!("own.json")));
    assert_eq!((&reason["statement"], &reason["sid"]), (&json!(1), &json!("NoKeys")));
    let at = |key: &str| usize::try_from(reason["span"][key].as_u64().unwrap()).unwrap();
    assert_eq!(&text[at("start")..at("end")], text.lines().nth(2).unwrap().trim());
    let answer = request("arn:aws:s3:::docs/a");
    assert_eq!((&answer["decision"], &answer["blocked_by"]), (&json!("allowed"), &json!([])));
    assert_eq!(answer["reasons"].as_array().unwrap().len(), 1);
}

#[test]
fn what_is_odd_about_a_request_is_noted() {
    let folder = tempfile::tempdir().unwrap();
    let object = "arn:aws:s3:::b/x";
    for (action, resource, expected) in [
        ("s3:GetObject", object, None),
        ("s3:ListAllMyBuckets", "*", None),
        ("s3:PutObjekt", object, Some("did you mean `s3:PutObject`")),
        ("s4:PutObject", object, Some("AWS has no service `s4`")),
        ("s3:GetObject", "b/x", Some("`b/x` is no ARN")),
        ("s3:GetObject", "arn:aws:s3:::b/*", Some("were taken for plain text")),
        ("s3:GetObject", "arn:aws:iam::111122223333:role/x", Some("is not asked of resources such as")),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::b", Some("leave it out")),
        ("s3:GetObject", "*", Some("name its ARN")),
    ] {
        let args = ["--policy", "AdministratorAccess", "--action", action, "--resource", resource];
        let text = printed(&simulate(folder.path(), &args));
        assert!(text.starts_with("allowed: "), "{text}");
        assert_eq!(expected.is_some(), text.contains("\nnote: "), "{action} {resource}: {text}");
        assert!(text.contains(expected.unwrap_or("")), "{action} {resource}: {text}");
    }
    let text = printed(&simulate(folder.path(), &["--action", "s3:GetObject", "--resource", object]));
    assert!(text.contains("no policy was given"), "{text}");
}

#[test]
fn keys_that_no_request_has_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let mut args = vec!["--policy", "ReadOnlyAccess", "--action", "s3:GetObject", "--resource", BUCKET];
    for key in ["aws:SourceIp=203.0.113.7", "AWS:sourceip=203.0.113.8", "aws:RequestTag/team=a", "saml:aud=x"] {
        args.extend(["--context", key]);
    }
    let output = simulate(folder.path(), &args);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    for (pair, expected) in [
        ("aws:MultiFactorAuthPresnt=true", "no global condition key `aws:MultiFactorAuthPresnt`"),
        ("aws:MultiFactorAuthPresnt=true", "did you mean `aws:MultiFactorAuthPresent`"),
        ("s3:prefx=a", "did you mean `s3:prefix`"),
        ("SourceIp=203.0.113.7", "`SourceIp` is no condition key: a key is a service and a name"),
    ] {
        let output = simulate(folder.path(), &[&args[..], &["--context", pair]].concat());
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(err.starts_with("warning: ") && err.contains(expected), "{err}");
        assert!(printed(&output).starts_with("allowed: "));
    }
    let request =
        json!({"principal": "anonymous", "action": "s3:GetObject", "context": {"aws:SourceIpp": "203.0.113.7"}});
    fs::write(folder.path().join("req.json"), request.to_string()).unwrap();
    let output = simulate(folder.path(), &["--json", "--request", "req.json"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("did you mean `aws:SourceIp`"));
    assert!(serde_json::from_slice::<Value>(&output.stdout).is_ok());
}

#[test]
fn control_policies_of_aws_go_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let deny = json!({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}});
    fs::write(folder.path().join("deny.json"), deny.to_string()).unwrap();
    let asked = |limits: &[&str]| {
        let ask = ["--policy", "ReadOnlyAccess", "--action", "s3:GetObject", "--resource", BUCKET];
        printed(&simulate(folder.path(), &[&ask, limits].concat()))
    };
    let text = asked(&["--scp", "FullAWSAccess", "--rcp", "RCPFullAWSAccess"]);
    assert!(text.starts_with("allowed: "), "{text}");
    let text = asked(&["--scp", "p-FullAWSAccess", "--scp", "FullAWSAccess,deny.json"]);
    assert!(text.starts_with("explicitly denied: with an explicit deny in a service control policy"), "{text}");
    let request = json!({"principal": "arn:aws:iam::111122223333:user/ann", "action": "s3:GetObject", "resource": BUCKET,
        "policies": {"identity": ["ReadOnlyAccess"], "scp": [["FullAWSAccess"]], "rcp": [["RCPFullAWSAccess"]]}});
    fs::write(folder.path().join("req.json"), request.to_string()).unwrap();
    let text = printed(&simulate(folder.path(), &["--request", "req.json"]));
    assert!(text.starts_with("allowed: "), "{text}");
}

#[test]
fn bad_input_ends_in_2_and_says_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("broken.json"), "{\"Version\": \"2012-10-17\", \"Statement\": [").unwrap();
    fs::write(folder.path().join("none.json"), "{\"a\": 1}").unwrap();
    fs::write(folder.path().join("req.json"), "{\"principal\": \"anonymous\", \"actions\": \"s3:GetObject\"}").unwrap();
    for (args, expected) in [
        (&["--policy", "broken.json", "--action", "s3:GetObject"][..], "`broken.json` is not JSON"),
        (&["--policy", "none.json", "--action", "s3:GetObject"], "`none.json` holds no policy document"),
        (&["--policy", "AmazonS3ReadonlyAcces", "--action", "s3:GetObject"], "did you mean `AmazonS3ReadOnlyAccess`"),
        (&["--action", "s3:GetObject", "--scp", "FullAWSAcces"], "did you mean `FullAWSAccess`"),
        (&["--action", "s3:GetObject", "--scp", "Nothing"], "or an AWS managed policy in full, as `ReadOnlyAccess`"),
        (&["--action", "s3:GetObject", "--policy", "FullAWSAccess"], "grants nothing: name it under `--scp`"),
        (&["--action", "s3:GetObject", "--scp", "RCPFullAWSAccess"], "grants nothing: name it under `--rcp`"),
        (&["--policy", "AmazonS3ReadOnlyAccess", "--action", "s3:Get*"], "`s3:Get*` is not one action"),
        (&["--action", "s3:GetObject", "--principal", "ann"], "`ann` is no principal"),
        (&["--action", "s3:GetObject", "--principal", "111122223333"], "`arn:aws:iam::111122223333:user/NAME`"),
        (&["--action", "s3:GetObject", "--resource-account", "1234"], "twelve digits"),
        (&["--action", "s3:GetObject", "--context", "aws:SourceIp"], "has no value"),
        (&["--request", "req.json"], "in `req.json`: `actions` is no part of a request"),
        (&["--request", "gone.json"], "`gone.json` cannot be read"),
    ] {
        let output = simulate(folder.path(), args);
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{args:?}");
        assert!(err.contains(expected), "{args:?}: {err}");
    }
}
