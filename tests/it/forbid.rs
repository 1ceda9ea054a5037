//! `whit check --forbid`: fails when a policy grants a named action.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use serde_json::{Value, json};
use std::fs;
use std::process::Command;

/// Checks one policy; the messages of `forbidden-access`, and the exit code.
fn check(statements: &Value, args: &[&str]) -> (Vec<String>, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    let document = json!({"Version": "2012-10-17", "Statement": statements});
    fs::write(folder.path().join("p.json"), document.to_string()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_whit"))
        .current_dir(folder.path())
        .args(["check", "--select", "forbidden-access", "--format", "json"])
        .args(args)
        .output()
        .unwrap();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let messages = json["findings"].as_array().into_iter().flatten();
    (messages.map(|finding| finding["message"].as_str().unwrap().to_owned()).collect(), output.status.code())
}

fn allow(action: &str, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

#[test]
fn what_is_granted_and_forbidden_fails() {
    let deny = json!({"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*"});
    let key = "arn:aws:kms:eu-west-1:111122223333:key/a";
    for (statements, args, expected) in [
        (json!([allow("kms:*", key)]), &["--forbid", "iam:*,kms:Decrypt"][..], vec!["kms:Decrypt"]),
        (json!([allow("kms:*", key)]), &["--forbid", "iam:*"], vec![]),
        (json!([allow("kms:*", key), deny]), &["--forbid", "kms:Decrypt"], vec![]),
        (json!([allow("*", "*")]), &["--forbid", "kms:Decrypt"], vec!["kms:Decrypt"]),
        (json!([allow("kms:Decrypt", key)]), &["--forbid", "kms:Decrypt", "--on", "arn:aws:kms:*:*:key/b"], vec![]),
        (
            json!([allow("kms:Decrypt", "*")]),
            &["--forbid", "kms:Decrypt", "--on", "arn:aws:kms:*:*:key/b"],
            vec!["kms:Decrypt"],
        ),
        (json!([allow("kms:*", key)]), &[], vec![]),
    ] {
        let (messages, code) = check(&statements, args);
        let expected: Vec<String> =
            expected.iter().map(|it| format!("`{it}` is granted, which this run forbids")).collect();
        assert_eq!(
            (messages, code),
            (expected.clone(), Some(i32::from(!expected.is_empty()))),
            "{statements} {args:?}"
        );
    }
}

#[test]
fn what_is_no_action_is_refused() {
    assert_eq!(check(&json!([allow("s3:*", "*")]), &["--forbid", "decrypt"]).1, Some(2));
    assert_eq!(check(&json!([allow("s3:*", "*")]), &["--on", "*"]).1, Some(2));
    assert_eq!(check(&json!([allow("s3:*", "*")]), &["--forbid", "s3:GetObject", "--on", "bucket"]).1, Some(2));
}

#[test]
fn the_general_public_is_forbidden_or_not() {
    let to_all = |rest: Value| {
        let mut statement = json!({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::b/*"});
        for (key, value) in rest.as_object().unwrap() {
            statement[key] = value.clone();
        }
        statement
    };
    let open = to_all(json!({}));
    let said = "`s3:GetObject` is allowed to the general public, which this run forbids";
    let organization = json!({"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}});
    let weak = json!({"Condition": {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}});
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"});
    let all_but_one = json!({"Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:user/x"}, "Action": "s3:GetObject", "Resource": "*"});
    let flag = &["--forbid-public"][..];
    for (statements, args, expected) in [
        (json!([open]), flag, vec![said]),
        (json!([all_but_one]), flag, vec![said]),
        (json!([open]), &[], vec![]),
        (json!([to_all(organization)]), flag, vec![]),
        (json!([to_all(weak)]), flag, vec![said]),
        (json!([open, deny]), flag, vec![]),
        (json!([to_all(json!({"Principal": {"AWS": "444455556666"}}))]), flag, vec![]),
        (json!([allow("*", "*")]), flag, vec![]),
    ] {
        let (messages, code) = check(&statements, args);
        assert_eq!(messages, expected, "{statements} {args:?}");
        assert_eq!(code, Some(i32::from(!expected.is_empty())), "{statements} {args:?}");
    }
}

#[test]
fn what_is_shown_is_a_request_that_there_is() {
    for (statements, forbidden, expected) in [
        (json!([allow("*", "*")]), "iam:*", "`iam:CreateUser` is granted, which this run forbids"),
        (json!([allow("*", "*")]), "s3:*", "`s3:PutObject` is granted, which this run forbids"),
    ] {
        assert_eq!(check(&statements, &["--forbid", forbidden]).0, [expected]);
    }
    let (messages, _) = check(&json!([allow("*:Get*", "*")]), &["--forbid", "iam:*"]);
    let action = messages[0].strip_prefix('`').unwrap().split('`').next().unwrap();
    assert!(action.starts_with("iam:Get") && whit::catalog::action(action).is_some(), "{messages:?}");
    assert!(messages[0].contains("is granted"), "{messages:?}");
}

#[test]
fn what_aws_manages_counts_where_it_is_attached() {
    let folder = tempfile::tempdir().unwrap();
    let arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess";
    let deny =
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}]});
    for (inline, expected) in [(json!([]), vec![arn]), (json!([{"PolicyName": "d", "PolicyDocument": deny}]), vec![])] {
        let role = json!({"Type": "AWS::IAM::Role", "Properties": {"RoleName": "ci", "ManagedPolicyArns": [arn], "Policies": inline}});
        let text = json!({"Resources": {"R": role}}).to_string();
        fs::write(folder.path().join("t.json"), &text).unwrap();
        let own = "[[rule]]\nid = \"no-deletes\"\ntitle = \"Bucket deleted\"\nseverity = \"high\"\nforbid = [\"s3:DeleteBucket\"]\n";
        fs::write(folder.path().join("whit.toml"), own).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_whit"))
            .current_dir(folder.path())
            .args([
                "check",
                "--select",
                "forbidden-access",
                "--select",
                "no-deletes",
                "--forbid",
                "s3:DeleteBucket",
                "--format",
                "json",
            ])
            .output()
            .unwrap();
        assert_eq!(
            output.status.code(),
            Some(i32::from(!expected.is_empty())),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        for rule in ["forbidden-access", "no-deletes"] {
            let findings = json["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule);
            let marked: Vec<&str> = findings
                .map(|finding| {
                    let at = |key: &str| usize::try_from(finding["region"][key].as_u64().unwrap()).unwrap();
                    text[at("byte")..at("byte") + at("byteLength")].trim_matches('"')
                })
                .collect();
            assert_eq!(marked, expected, "{rule}: {json}");
        }
    }
}

#[test]
fn what_deployment_assigns_is_said_in_the_language_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let module = "data \"aws_caller_identity\" \"current\" {}\nresource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({Version = \"2012-10-17\", \
         Statement = [{Effect = \"Allow\", Action = \"iam:PassRole\", \
         Resource = \"arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/x\"}]})\n}\n";
    fs::create_dir(folder.path().join("old")).unwrap();
    fs::create_dir(folder.path().join("new")).unwrap();
    fs::write(folder.path().join("new/main.tf"), module).unwrap();
    for args in [&["check", "--forbid", "iam:PassRole", "new"][..], &["diff", "old", "new"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_whit")).current_dir(folder.path()).args(args).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).replace(['\n', ' '], "");
        let shown = text.matches("arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/x").count();
        assert!(shown > 0 && !text.contains("AWS::"), "{args:?}: {text}");
    }
}
