//! What policies of buckets open, leave unencrypted, and shut for good.

use crate::lint::{lint, lint_pedantic, underlined};

/// The findings of one rule in a file: what they underline.
pub(crate) fn of(rule: &str, path: &str, text: &str) -> Vec<String> {
    let found = lint_pedantic(path, text);
    found.iter().filter(|finding| finding.rule.0 == rule).map(|finding| underlined(finding, text).to_owned()).collect()
}

/// A document with these statements, as JSON, and as YAML and HCL that hold a policy of a bucket.
fn bucket_policies(statements: &str) -> [(&'static str, String); 3] {
    let document = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    [
        ("policy.json", document.clone()),
        (
            "template.yaml",
            format!(
                "Resources:\n  P:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      PolicyDocument: {document}\n"
            ),
        ),
        ("main.tf", format!("resource \"aws_s3_bucket_policy\" \"p\" {{\n  policy = jsonencode({document})\n}}\n")),
    ]
}

#[test]
fn whatever_of_a_bucket_is_open_to_everyone_is_told() {
    for action in ["GetObject", "PutObject", "ListBucket", "DeleteObject", "RestoreObject"] {
        for (principal, told) in [(r#""*""#, 1), (r#"{"AWS": "arn:aws:iam::111122223333:role/r"}"#, 0)] {
            let resource = if action == "ListBucket" { "arn:aws:s3:::b" } else { "arn:aws:s3:::b/*" };
            let statement = format!(
                r#"{{"Effect": "Allow", "Principal": {principal}, "Action": "s3:{action}", "Resource": "{resource}"}}"#
            );
            for (path, text) in bucket_policies(&statement) {
                assert_eq!(of("public-resource", path, &text).len(), told, "{text}");
            }
        }
    }
}

#[test]
fn a_policy_that_lets_plain_http_through_is_told_to_thorough_readers() {
    let allow = r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/r"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"CONDITION}"#;
    let deny = |more: &str| format!(r#"{{"Effect": "Deny", "Principal": "*", "Resource": "*", {more}}}"#);
    let plain = r#""Condition": {"Bool": {"aws:SecureTransport": "false"}}"#;
    let open = allow.replace("CONDITION", "");
    for (statements, told) in [
        (open.clone(), true),
        (format!("{open}, {}", deny(&format!(r#""Action": "s3:*", {plain}"#))), false),
        (format!("{open}, {}", deny(&format!(r#""Action": "*", {}"#, plain.replace("\"false\"", "false")))), false),
        (format!("{open}, {}", deny(&format!(r#""NotAction": "s3:GetBucketTagging", {plain}"#))), false),
        // The list of the names is left: by the action, or since the bucket's own ARN is not there.
        (format!("{open}, {}", deny(&format!(r#""NotAction": "s3:ListBucket", {plain}"#))), true),
        (
            format!(
                "{open}, {}",
                deny(&format!(r#""Action": "s3:*", {plain}"#))
                    .replace(r#""Resource": "*""#, r#""Resource": "arn:aws:s3:::b/*""#)
            ),
            true,
        ),
        (
            format!(
                "{open}, {}",
                deny(&format!(r#""Action": "s3:*", {plain}"#))
                    .replace(r#""Resource": "*""#, r#""Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]"#)
            ),
            false,
        ),
        // The writes are left.
        (format!("{open}, {}", deny(&format!(r#""Action": "s3:GetObject", {plain}"#))), true),
        // The wrong way round.
        (format!("{open}, {}", deny(&format!(r#""Action": "s3:*", {}"#, plain.replace("false", "true")))), true),
        // Only some are stopped.
        (
            format!(
                "{open}, {}",
                deny(&format!(r#""Action": "s3:*", {plain}"#))
                    .replace(r#""*", "Res"#, r#"{"AWS": "arn:aws:iam::111122223333:role/r"}, "Res"#)
            ),
            true,
        ),
        (allow.replace("CONDITION", r#", "Condition": {"Bool": {"aws:SecureTransport": "true"}}"#), false),
    ] {
        for (path, text) in bucket_policies(&statements) {
            assert_eq!(of("plain-http", path, &text).len(), usize::from(told), "{text}");
            assert!(lint(path, &text).iter().all(|finding| finding.rule.0 != "plain-http"));
        }
    }
}

#[test]
fn a_bucket_that_nobody_can_open_again_is_told() {
    let deny = |principal: &str, action: &str, resource: &str, more: &str| {
        format!(
            r#"{{"Effect": "Deny", "Principal": {principal}, "Action": "{action}", "Resource": "{resource}"{more}}}"#
        )
    };
    let (all, bucket) = (r#""*""#, "arn:aws:s3:::b");
    for (statement, told) in [
        (deny(all, "s3:*", bucket, ""), true),
        (deny(r#"{"AWS": "*"}"#, "s3:*", "arn:aws:s3:::*", ""), true),
        (deny(all, "s3:PutBucketPolicy", bucket, ""), true),
        (deny(all, "s3:DeleteBucket", bucket, ""), false),
        (deny(all, "s3:*", "arn:aws:s3:::b/*", ""), false),
        (deny(r#"{"AWS": "arn:aws:iam::111122223333:role/r"}"#, "s3:*", bucket, ""), false),
        (
            deny(
                all,
                "s3:*",
                bucket,
                r#", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-0a1b2c3d4e5f60718"}}"#,
            ),
            false,
        ),
    ] {
        for (path, text) in bucket_policies(&statement) {
            assert_eq!(of("bucket-lockout", path, &text).len(), usize::from(told), "{text}");
        }
    }
    let text = bucket_policies(&deny(all, "s3:PutBucketPolicy", bucket, "")).into_iter().next().unwrap_or_default().1;
    let shown = lint("policy.json", &text);
    assert!(shown.iter().all(|finding| finding.rule.0 != "bucket-lockout"), "who can delete it can write a new one");
}
