//! On whose behalf services call: the keys that say it, what is told once, and the words for roles.

use crate::lint::{lint, lint_pedantic, underlined};
use whit::finding::Finding;

fn policy(statements: &str) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#)
}

fn service(name: &str, action: &str, resource: &str, condition: &str) -> String {
    format!(
        r#"{{"Effect": "Allow", "Principal": {{"Service": "{name}"}}, "Action": {action}, "Resource": "{resource}", "Condition": {{{condition}}}}}"#
    )
}

fn of(findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().filter(|finding| finding.rule.0 == "confused-deputy").collect()
}

#[test]
fn the_context_of_a_key_and_the_header_of_ses_say_on_whose_behalf() {
    let logs = r#""ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111122223333:*"}"#;
    for (expected, name, condition) in [
        (0, "logs.eu-west-1.amazonaws.com", logs),
        (
            1,
            "logs.eu-west-1.amazonaws.com",
            r#""ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:*:*:*"}"#,
        ),
        (1, "logs.eu-west-1.amazonaws.com", &logs.replace("ArnLike", "ArnLikeIfExists")),
        (1, "logs.eu-west-1.amazonaws.com", r#""Bool": {"aws:SecureTransport": "true"}"#),
        (
            0,
            "cloudtrail.amazonaws.com",
            r#""StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111122223333:trail/*"}"#,
        ),
        (0, "ses.amazonaws.com", r#""StringEquals": {"kms:EncryptionContext:aws:ses:source-account": "111122223333"}"#),
        (0, "ses.amazonaws.com", r#""StringEquals": {"aws:Referer": "111122223333"}"#),
        (1, "ses.amazonaws.com", r#""StringLike": {"aws:Referer": "*"}"#),
        (1, "sns.amazonaws.com", r#""StringEquals": {"aws:Referer": "111122223333"}"#),
    ] {
        let text = policy(&service(name, r#""kms:Encrypt""#, "*", condition));
        assert_eq!(of(lint("policy.json", &text)).len(), expected, "{name} {condition}");
    }
}

#[test]
fn one_service_and_one_policy_are_one_finding() {
    let acl = service("config.amazonaws.com", r#""s3:GetBucketAcl""#, "arn:aws:s3:::b", "");
    let put = service("config.amazonaws.com", r#""s3:PutObject""#, "arn:aws:s3:::b/*", "");
    let text = policy(&format!("{acl}, {put}"));
    let found = of(lint("policy.json", &text));
    assert_eq!(found.len(), 1);
    let writes = text.rfind("\"config.amazonaws.com\"");
    assert_eq!(Some(found[0].primary.region.byte as usize), writes, "the statement that writes is the first");
    assert_eq!(found[0].labels.len(), 1);
    assert_eq!(of(lint("policy.json", &policy(&acl))).len(), 0);
    assert_eq!(of(lint_pedantic("policy.json", &policy(&acl))).len(), 1);
    let other = put.replace("config", "sns");
    assert_eq!(of(lint("policy.json", &policy(&format!("{put}, {other}")))).len(), 2);
}

#[test]
fn of_roles_no_more_is_said_than_that_the_guide_asks() {
    let text =
        policy(r#"{"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}"#);
    let found = of(lint("trust.json", &text));
    assert_eq!(found.len(), 1);
    assert_eq!(underlined(&found[0], &text), "\"states.amazonaws.com\"");
    assert!(!format!("{:?}", found[0]).contains("any account"), "{found:?}");
}
