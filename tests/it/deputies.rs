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
fn how_something_is_set_up_is_for_a_thorough_reader() {
    for (actions, harmless) in [
        (r#""kms:DescribeKey""#, true),
        (r#"["kms:Describe*", "kms:Get*Policy", "kms:List*"]"#, true),
        (r#"["s3:GetBucketAcl", "s3:ListBucket"]"#, true),
        (r#""sqs:GetQueueAttributes""#, true),
        (r#"["kms:DescribeKey", "kms:Decrypt"]"#, false),
        (r#""s3:GetObject""#, false),
        (r#""lambda:GetFunctionConfiguration""#, false),
        (r#""kms:CreateGrant""#, false),
        (r#""kms:Unknown""#, false),
        (r#""*""#, false),
    ] {
        let text = policy(&service("cloudtrail.amazonaws.com", actions, "*", ""));
        assert_eq!(of(lint("policy.json", &text)).len(), usize::from(!harmless), "{actions}");
        assert_eq!(of(lint_pedantic("policy.json", &text)).len(), 1, "{actions}");
    }
}

#[test]
fn a_service_of_a_region_that_is_not_known_is_the_service() {
    let key = |name: &str, condition: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"k\" {{\n  statement {{\n    actions = [\"kms:Decrypt\"]\n    resources = [\"*\"]\n    principals {{\n      type = \"Service\"\n      identifiers = [\"{name}\"]\n    }}\n{condition}  }}\n}}\nresource \"aws_kms_key\" \"k\" {{\n  policy = data.aws_iam_policy_document.k.json\n}}\n"
        )
    };
    let condition = "    condition {\n      test = \"ArnLike\"\n      variable = \"kms:EncryptionContext:aws:logs:arn\"\n      values = [\"arn:aws:logs:${var.region}:${var.account}:*\"]\n    }\n";
    for (name, told) in [
        ("logs.eu-west-1.amazonaws.com", 1),
        ("logs.${var.region}.amazonaws.com", 1),
        ("logs.${data.aws_region.current.name}.amazonaws.com", 1),
        ("logs.${data.aws_region.current.name}.${data.aws_partition.p.dns_suffix}", 1),
        // Nobody knows which service.
        ("${var.service}.amazonaws.com", 0),
    ] {
        let text = key(name, "");
        let found = of(lint("main.tf", &text));
        assert_eq!(found.len(), told, "{name}");
        assert!(found.iter().all(|found| underlined(found, &text).contains(name)), "{found:?}");
        assert_eq!(lint("main.tf", &text).len(), told, "no other rule speaks: {name}");
        assert_eq!(of(lint("main.tf", &key(name, condition))).len(), 0, "{name}");
    }
    let template = |name: &str| {
        format!(
            "Resources:\n  K:\n    Type: AWS::KMS::Key\n    Properties:\n      KeyPolicy:\n        Version: '2012-10-17'\n        Statement:\n          - Effect: Allow\n            Action: kms:Decrypt\n            Resource: '*'\n            Principal: {{Service: {name}}}\n"
        )
    };
    for name in ["!Sub 'logs.${AWS::Region}.amazonaws.com'", "!Sub 'logs.${AWS::Region}.${AWS::URLSuffix}'"] {
        let text = template(name);
        assert_eq!(
            lint("key.yaml", &text).iter().map(|it| it.rule.0).collect::<Vec<_>>(),
            ["confused-deputy"],
            "{name}"
        );
    }
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
