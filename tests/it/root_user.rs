//! Evidence of the root user, in every form in which it comes, and the near misses beside each.

use crate::lint::{lint, lint_pedantic, told, underlined};
use std::fs;
use std::path::Path;
use whit::finding::{Confidence, Finding};

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/root-user").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn findings(name: &str) -> (Vec<Finding>, String) {
    let text = read(name);
    (lint(name, &text), text)
}

/// Asserts rule and underlined text of all findings in a file.
fn assert_told(name: &str, expected: &[(&str, &str)]) {
    let (found, text) = findings(name);
    assert_eq!(told(&found, &text), expected, "{name}");
}

#[test]
fn credential_reports_are_read_by_the_names_of_their_columns() {
    assert_told(
        "two-keys.csv",
        &[("recent-root-use", "2026-10-28T07:55:40+00:00"), ("root-without-mfa", "false"), ("root-access-key", "true")],
    );
    assert_told("from-a-spreadsheet.csv", &[("root-without-mfa", "\"FALSE\"")]);
    assert_told("other-columns.csv", &[("root-access-key", "true")]);
    assert_told("used-90-days-ago.csv", &[("recent-root-use", "2026-08-03T06:12:30+00:00")]);
    for quiet in ["unused.csv", "no-credentials.csv", "about-reports.txt"] {
        assert_told(quiet, &[]);
    }
}

#[test]
fn one_finding_names_both_keys_and_both_uses() {
    let (found, text) = findings("two-keys.csv");
    let labels = |rule: &str| -> Vec<&str> {
        let finding = found.iter().find(|finding| finding.rule.0 == rule);
        let labels = finding.map_or(&[][..], |finding| &finding.labels);
        let cut = |region: whit::source::lines::Region| &text[region.byte as usize..][..region.byte_len as usize];
        labels.iter().map(|label| cut(label.region)).collect()
    };
    assert_eq!(labels("root-access-key"), ["true"]);
    assert_eq!(labels("recent-root-use"), ["2026-10-30T10:00:00+00:00"], "the second key was used in 2022");
}

#[test]
fn the_age_of_a_use_is_certain_only_with_the_time_of_the_report() {
    let confidence = |name: &str| {
        let (found, _) = findings(name);
        found.iter().find(|finding| finding.rule.0 == "recent-root-use").map(|finding| finding.confidence)
    };
    assert_eq!(confidence("used-90-days-ago.csv"), Some(Confidence::Medium));
    assert_eq!(confidence("get-credential-report.json"), Some(Confidence::High));
}

#[test]
fn a_report_in_base64_is_underlined_at_the_characters_that_hold_the_field() {
    // Each hides a comma or its half at its ends: `,2026-10-28T07:55:40+00:00,`, `,false`, `,true,`.
    let (used, mfa, key) = ("DIwMjYtMTAtMjhUMDc6NTU6NDArMDA6MDA", "GZhbHNl", "HRydWU");
    let all = [("recent-root-use", used), ("root-without-mfa", mfa), ("root-access-key", key)];
    assert_told("get-credential-report.json", &all);
    assert_told("get-credential-report.txt", &all);
    assert_told("get-credential-report-later.json", &all[1..]);
    let (found, text) = findings("wrapped.b64");
    let unwrapped: Vec<String> = found.iter().map(|finding| underlined(finding, &text).replace('\n', "")).collect();
    assert_eq!(unwrapped, [used, mfa, key]);
}

#[test]
fn account_summaries() {
    assert_told(
        "account-summary.json",
        &[("root-without-mfa", "\"AccountMFAEnabled\": 0"), ("root-access-key", "\"AccountAccessKeysPresent\": 2")],
    );
    assert_told("account-summary-without-password.json", &[]);
    assert_told("account-summary-right.json", &[]);
}

#[test]
fn the_caller_is_the_root_user_only_by_its_arn() {
    assert_told("caller-identity.json", &[("root-caller-identity", "\"arn:aws-cn:iam::111122223333:root\"")]);
    assert_told("caller-identity-of-a-user.json", &[]);
}

#[test]
fn a_trail_tells_each_event_once() {
    let (found, text) = findings("cloudtrail.json");
    let messages: Vec<&str> = found.iter().map(|finding| &*finding.message).collect();
    assert_eq!(
        messages,
        [
            "the root user signed in to the console",
            "somebody failed to sign in as the root user (2 records; this is the first)",
            "the root user called `DeleteTrail` (3 records; this is the first)",
            "the root user called `StopLogging`",
        ]
    );
    for finding in &found {
        assert_eq!((finding.rule.0, underlined(finding, &text)), ("root-activity", "\"type\": \"Root\""));
    }
    let [_, failed, deleted, _] = &found[..] else { panic!("four findings") };
    let line_of = |needle: &str| text.lines().position(|line| line.contains(needle)).map(|at| at as u32 + 1);
    assert_eq!(Some(deleted.labels[0].region.start.line), line_of("\"DeleteTrail\""), "the first record is shown");
    assert!(failed.primary.region.start.line < deleted.primary.region.start.line);
}

#[test]
fn sessions_of_assume_root_are_pedantic_and_what_aws_does_is_nothing() {
    let text = read("cloudtrail.json");
    let found = lint_pedantic("cloudtrail.json", &text);
    let last = found.last().map(|finding| &*finding.message);
    assert_eq!((found.len(), last), (5, Some("a session of `sts:AssumeRoot` called `PutBucketPolicy`")));
    let text = read("cloudtrail-of-aws.json");
    assert_eq!(told(&lint_pedantic("cloudtrail-of-aws.json", &text), &text), []);
}

#[test]
fn records_in_every_form() {
    let escaped = r#"\"type\":\"Root\""#;
    assert_told("lookup-events.json", &[("root-activity", escaped), ("root-activity", escaped)]);
    let (found, _) = findings("lookup-events.json");
    assert_eq!(found[0].message, "the root user signed in to the console (2 records; this is the first)");
    let plain = r#""type": "Root""#;
    assert_told("eventbridge.json", &[("root-activity", plain)]);
    assert_told("one-record.json", &[("root-activity", plain)]);
    assert_told("trail.jsonl", &[("root-activity", plain)]);
    let (found, _) = findings("trail.jsonl");
    assert_eq!(found[0].message, "the root user called `DeleteTrail` (2 records; this is the first)");
}

#[test]
fn the_device_counts_where_somebody_signs_in_with_it() {
    let device = "arn:aws:iam::111122223333:mfa/root-account-mfa-device";
    let quoted = format!("\"{device}\"");
    assert_told("aws-config", &[("root-mfa-serial", device)]);
    let (found, _) = findings("aws-config");
    assert_eq!(found[0].primary.region.start.line, 11, "not the comment in line 6");
    assert_told("session.sh", &[("root-mfa-serial", "arn:aws:iam::${ACCOUNT}:mfa/root-account-mfa-device")]);
    assert_told("settings.env", &[("root-mfa-serial", "arn:aws-cn:iam::111122223333:mfa/root-account-mfa-device")]);
    assert_told("session.py", &[("root-mfa-serial", device)]);
    assert_told("settings.json", &[("root-mfa-serial", &quoted), ("root-mfa-serial", device)]);
    for quiet in ["mfa-devices.json", "role.yaml"] {
        assert_told(quiet, &[]);
    }
}

/// A policy with one statement.
fn policy(statement: &str) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": [{statement}]}}"#)
}

/// What one rule underlines in a policy.
fn of_rule(rule: &str, path: &str, text: &str) -> Vec<String> {
    let found = lint(path, text);
    told(&found, text).into_iter().filter(|(id, _)| *id == rule).map(|(_, at)| at.to_owned()).collect()
}

#[test]
fn an_allow_that_singles_out_the_root_user() {
    let statement = |effect: &str, condition: &str| {
        policy(&format!(
            r#"{{"Effect": "{effect}", "Action": "s3:GetObject", "Resource": "*", "Condition": {condition}}}"#
        ))
    };
    let root = r#"{"ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::111122223333:role/a", "arn:aws:iam::*:root"]}}"#;
    let account = r#"{"StringEquals": {"aws:PrincipalType": "Account"}}"#;
    let others = r#"{"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}"#;
    for (path, effect, condition, expected) in [
        ("p.json", "Allow", root, Some("\"arn:aws:iam::*:root\"")),
        ("p.json", "Allow", account, Some("\"Account\"")),
        ("p.json", "Allow", others, None),
        ("p.json", "Deny", root, None),
        ("scp/p.json", "Deny", root, None),
        ("scp/p.json", "Allow", root, None),
    ] {
        let text = statement(effect, condition);
        let found = of_rule("root-user-allowed", path, &text);
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{path} {text}");
    }
}

#[test]
fn assume_root_without_a_task() {
    let allow = |action: &str, rest: &str| format!(r#"{{"Effect": "Allow", "Action": "{action}", {rest}}}"#);
    let anywhere = r#""Resource": "*""#;
    let one_task = r#""Resource": "*", "Condition": {"ArnEquals": {"sts:taskpolicyarn": "arn:aws:iam::aws:policy/root-task/SQSUnlockQueuePolicy"}}"#;
    let every_task =
        r#""Resource": "*", "Condition": {"ArnLike": {"sts:TaskPolicyArn": "arn:aws:iam::aws:policy/root-task/*"}}"#;
    let role = r#""Resource": "arn:aws:iam::111122223333:role/a""#;
    let deny = r#", {"Effect": "Deny", "Action": "sts:AssumeRoot", "Resource": "*"}"#;
    for (path, statements, expected) in [
        ("p.json", allow("sts:AssumeRoot", anywhere), true),
        ("p.json", allow("sts:AssumeRoot", every_task), true),
        ("p.json", allow("STS:assumeroot", r#""Resource": "arn:aws:iam::111122223333:root""#), true),
        ("p.json", allow("sts:AssumeRoot", one_task), false),
        ("p.json", allow("sts:AssumeRoot", role), false),
        ("p.json", allow("sts:AssumeRole*", anywhere), false),
        ("p.json", allow("sts:AssumeRoot", anywhere) + deny, false),
        ("scp.json", allow("sts:AssumeRoot", anywhere), false),
    ] {
        let text = policy(&statements);
        assert_eq!(of_rule("unrestricted-assume-root", path, &text).len() == 1, expected, "{path} {text}");
    }
}
