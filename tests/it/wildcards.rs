//! The wildcard family: which statement gets which finding, at which bytes.

use crate::lint::{lint, lint_pedantic, lint_with, told, underlined};
use std::fmt::Write as _;
use whit::finding::{Confidence, Finding};
use whit::policy::PolicyKind;
use whit::settings::Settings;

/// The rules of the family: what other rules find in these policies is not asked here.
const FAMILY: [&str; 6] = [
    "administrator-access",
    "allow-not-action",
    "iam-wildcard",
    "service-wildcard",
    "wildcard-action",
    "write-wildcard",
];

fn family(findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().filter(|finding| FAMILY.contains(&finding.rule.0)).collect()
}

/// A policy of these statements, each an object without its braces.
fn policy(statements: &[&str]) -> String {
    let list: Vec<String> = statements.iter().map(|statement| format!("{{{statement}}}")).collect();
    format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, list.join(", "))
}

/// A statement that allows, of the rest of its text.
fn allow(rest: &str) -> String {
    format!(r#""Effect": "Allow", {rest}"#)
}

type Row = (&'static str, &'static [(&'static str, &'static str)]);

/// Lints a policy of one Allow statement for each row, and says which rows differ.
fn assert_rows(rows: &[Row], pedantic: bool) {
    let mut wrong = String::new();
    for (rest, expected) in rows {
        let text = policy(&[&allow(rest)]);
        let findings = family(if pedantic { lint_pedantic("p.json", &text) } else { lint("p.json", &text) });
        let found = told(&findings, &text);
        if found != *expected {
            let _ = writeln!(wrong, "{rest}\n  expected {expected:?}\n  found    {found:?}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_action() {
    assert_rows(
        &[
            (r#""Action": "*", "Resource": "*""#, &[("administrator-access", r#""*""#)]),
            (r#""Action": ["s3:*", "*:*"], "Resource": "*""#, &[("administrator-access", r#""*:*""#)]),
            (r#""Action": "*", "Resource": ["arn:aws:s3:::b", "arn:aws:*"]"#, &[("administrator-access", r#""*""#)]),
            (r#""Action": "*", "Resource": "arn:aws:s3:::b/*""#, &[("wildcard-action", r#""*""#)]),
            (r#""Action": "*", "Resource": {"Ref": "Where"}"#, &[("wildcard-action", r#""*""#)]),
            (r#""Action": "*", "NotResource": "arn:aws:s3:::b/*""#, &[("wildcard-action", r#""*""#)]),
            // On who calls: still an administrator. On what is reached: less.
            (
                r#""Action": "*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}"#,
                &[("administrator-access", r#""*""#)],
            ),
            (
                r#""Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}"#,
                &[("wildcard-action", r#""*""#)],
            ),
            // Conditions that narrow nothing: a negated operator, an absent key let through, a star.
            (
                r#""Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:ResourceTag/a": "b"}}"#,
                &[("administrator-access", r#""*""#)],
            ),
            (
                r#""Action": "*", "Resource": "*", "Condition": {"StringEqualsIfExists": {"aws:ResourceTag/a": "b"}}"#,
                &[("administrator-access", r#""*""#)],
            ),
            (
                r#""Action": "*", "Resource": "*", "Condition": {"StringLike": {"aws:ResourceTag/a": ["b", "*"]}}"#,
                // The tag has to be there.
                &[("wildcard-action", r#""*""#)],
            ),
            // Every action of the few that MCP servers have.
            (r#""Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:IsMcpServiceAction": "true"}}"#, &[]),
            (
                r#""Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:IsMcpServiceAction": "false"}}"#,
                &[("administrator-access", r#""*""#)],
            ),
            (
                r#""Action": "*", "Resource": "*", "Condition": {"Null": {"aws:ResourceTag/team": "false"}}"#,
                &[("wildcard-action", r#""*""#)],
            ),
            (r#""Action": "iam:PassRole", "Resource": "*""#, &[]),
        ],
        false,
    );
}

#[test]
fn an_administrator_is_told_once() {
    let admin = allow(r#""Action": "*", "Resource": "*""#);
    let gated =
        allow(r#""Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}"#);
    let wide = allow(r#""Action": ["iam:*", "s3:*", "ec2:*Instances"], "Resource": "*""#);
    let rest = allow(r#""NotAction": "s3:*", "Resource": "*""#);
    let rules = |statements: &[&str]| {
        let findings = family(lint_pedantic("p.json", &policy(statements)));
        findings.iter().map(|finding| finding.rule.0).collect::<Vec<_>>()
    };
    assert_eq!(rules(&[&wide, &rest, &admin]), ["administrator-access"]);
    // Behind MFA only: what the other statements allow without it is news.
    assert_eq!(rules(&[&gated, &wide]), ["administrator-access", "iam-wildcard", "service-wildcard", "write-wildcard"]);
}

#[test]
fn a_deny_of_iam_leaves_less_than_an_administrator() {
    let admin = allow(r#""Action": "*", "Resource": "*""#);
    let rules = |deny: &str| {
        let findings = family(lint("p.json", &policy(&[&admin, &format!(r#""Effect": "Deny", {deny}"#)])));
        findings.iter().map(|finding| finding.rule.0).collect::<Vec<_>>()
    };
    assert_eq!(rules(r#""Action": ["iam:*", "organizations:*"], "Resource": "*""#), ["wildcard-action"]);
    assert_eq!(rules(r#""NotAction": "s3:*", "Resource": "*""#), ["wildcard-action"]);
    assert_eq!(rules(r#""NotAction": ["s3:*", "iam:Get*"], "Resource": "*""#), ["administrator-access"]);
    assert_eq!(rules(r#""Action": "iam:Delete*", "Resource": "*""#), ["administrator-access"]);
    assert_eq!(rules(r#""Action": "iam:*", "Resource": "arn:aws:iam::*:role/a""#), ["administrator-access"]);
    assert_eq!(
        rules(r#""Action": "iam:*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}"#),
        ["administrator-access"]
    );
}

#[test]
fn wildcards_over_identity() {
    assert_rows(
        &[
            (r#""Action": "iam:*", "Resource": "*""#, &[("iam-wildcard", r#""iam:*""#)]),
            (r#""Action": "IAM:put*", "Resource": "*""#, &[("iam-wildcard", r#""IAM:put*""#)]),
            (r#""Action": "iam:*Policy", "Resource": "*""#, &[("iam-wildcard", r#""iam:*Policy""#)]),
            (r#""Action": "iam:*", "Resource": "arn:aws:iam::*:role/app/*""#, &[("iam-wildcard", r#""iam:*""#)]),
            (r#""Action": ["sso:*", "sso-directory:*"], "Resource": "*""#, &[("iam-wildcard", r#""sso:*""#)]),
            (r#""Action": "*:Put*", "Resource": "*""#, &[("iam-wildcard", r#""*:Put*""#)]),
            (r#""Action": ["iam:Get*", "iam:List*", "iam:Generate*", "iam:Tag*"], "Resource": "*""#, &[]),
            (r#""Action": ["organizations:Describe*", "sts:Get*"], "Resource": "*""#, &[]),
            (r#""Action": "sts:AssumeRole*", "Resource": "*""#, &[("iam-wildcard", r#""sts:AssumeRole*""#)]),
            // `unrestricted-assume-root` says what is worst about it.
            (r#""Action": "sts:*", "Resource": "*""#, &[]),
            (r#""Action": "sts:*", "Resource": "arn:aws:iam::111122223333:role/reader""#, &[]),
            // One's own keys are one's own business, one's own rights are not.
            (r#""Action": "iam:*AccessKey*", "Resource": "arn:aws:iam::*:user/${aws:username}""#, &[]),
            (
                r#""Action": "iam:*UserPolicy", "Resource": "arn:aws:iam::*:user/${aws:username}""#,
                &[("iam-wildcard", r#""iam:*UserPolicy""#)],
            ),
        ],
        false,
    );
}

#[test]
fn wildcards_over_a_service() {
    assert_rows(
        &[
            (r#""Action": ["s3:*", "s3:PutObject", "s3:Put*"], "Resource": "*""#, &[("service-wildcard", r#""s3:*""#)]),
            (r#""Action": ["s3:Put*", "S3:*", "s3:*"], "Resource": "*""#, &[("service-wildcard", r#""S3:*""#)]),
            (r#""Action": ["s3:*", "ec2:*"], "Resource": "*""#, &[("service-wildcard", r#""s3:*""#)]),
            (r#""Action": "iot*:*", "Resource": "*""#, &[("service-wildcard", r#""iot*:*""#)]),
            (
                r#""Action": "dynamodb:*", "Resource": "arn:aws:dynamodb:*:*:table/*""#,
                &[("service-wildcard", r#""dynamodb:*""#)],
            ),
            (r#""Action": "dynamodb:*", "Resource": "arn:aws:dynamodb:*:*:table/orders""#, &[]),
            // The bucket narrows the one, nothing the other.
            (
                r#""Action": ["s3:*", "sns:*"], "Resource": ["arn:aws:s3:::b/*", "arn:aws:sns:*:*:*"]"#,
                &[("service-wildcard", r#""sns:*""#)],
            ),
            // Some prefixes work on ARNs of another service.
            (
                r#""Action": "kafka-cluster:*", "Resource": "arn:aws:kafka:*:*:*""#,
                &[("service-wildcard", r#""kafka-cluster:*""#)],
            ),
            (r#""Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"s3:prefix": "a/"}}"#, &[]),
            (
                r#""Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}"#,
                &[("service-wildcard", r#""s3:*""#)],
            ),
            (r#""Action": ["pricing:*", "execute-api:*"], "Resource": "*""#, &[]),
            // `unknown-action` tells of it.
            (r#""Action": "newservice:*", "Resource": "*""#, &[]),
            (r#""Action": ["newservice:*", "sqs:*"], "Resource": "*""#, &[("service-wildcard", r#""sqs:*""#)]),
            // No access at all.
            (r#""Action": ["sqs:*", "iam:*"], "Resource": "arn:aws:s3:::b/*""#, &[]),
        ],
        false,
    );
}

#[test]
fn wildcards_over_writes() {
    assert_rows(
        &[
            (r#""Action": "ec2:*Instances", "Resource": "*""#, &[("write-wildcard", r#""ec2:*Instances""#)]),
            (
                r#""Action": ["s3:Get*", "s3:Put*", "s3:Delete*"], "Resource": "*""#,
                &[("write-wildcard", r#""s3:Put*""#)],
            ),
            (r#""Action": "s?:Put*", "Resource": "*""#, &[("write-wildcard", r#""s?:Put*""#)]),
            (r#""Action": ["ec2:Describe*", "*:Get*", "glue:Get*", "ec2:*Tags"], "Resource": "*""#, &[]),
            // Two permissions are enough, four writes are not.
            (r#""Action": "s3:PutObject*", "Resource": "*""#, &[("write-wildcard", r#""s3:PutObject*""#)]),
            (r#""Action": ["kms:GenerateDataKey*", "kms:ReEncrypt*", "sqs:SendMessage*"], "Resource": "*""#, &[]),
            (r#""Action": "s3:Put*", "Resource": "arn:aws:s3:::b/*""#, &[]),
            (r#""Action": "s3:Put*", "NotResource": "arn:aws:s3:::b/*""#, &[("write-wildcard", r#""s3:Put*""#)]),
            (r#""Action": "s3:NoSuch*", "Resource": "*""#, &[]),
            (r#""Action": "newservice:Put*", "Resource": "*""#, &[]),
        ],
        false,
    );
    assert_rows(
        &[
            (r#""Action": "s3:Put*", "Resource": "arn:aws:s3:::b/*""#, &[("write-wildcard", r#""s3:Put*""#)]),
            (r#""Action": "kms:ReEncrypt*", "Resource": "*""#, &[("write-wildcard", r#""kms:ReEncrypt*""#)]),
            (r#""Action": "newservice:Put*", "Resource": "*""#, &[]),
            (r#""Action": "newservice:Get*", "Resource": "*""#, &[]),
        ],
        true,
    );
}

#[test]
fn all_but_some() {
    assert_rows(
        &[
            (r#""NotAction": "iam:*", "Resource": "*""#, &[("allow-not-action", r#""NotAction""#)]),
            (r#""NotAction": "iam:*", "NotResource": "arn:aws:s3:::b""#, &[("allow-not-action", r#""NotAction""#)]),
            (r#""NotAction": "s3:Delete*", "Resource": "arn:aws:s3:::b/*""#, &[]),
            (r#""NotAction": "*", "Resource": "*""#, &[]),
            (
                r#""NotAction": "iam:*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}"#,
                &[],
            ),
        ],
        false,
    );
}

/// Whoever has all of IAM has the rest when they want it.
#[test]
fn administrators_in_disguise() {
    let letters = |all: &str| {
        let entries: Vec<String> = all.chars().map(|letter| format!(r#""{letter}*:*""#)).collect();
        format!(r#""Action": [{}], "Resource": "*""#, entries.join(", "))
    };
    let (all, some) = (letters("abcdefghijklmnopqrstuvwxyz"), letters("abcdefghi"));
    let told = |statements: &[&str]| {
        let text = policy(
            &statements
                .iter()
                .map(|statement| allow(statement))
                .collect::<Vec<_>>()
                .iter()
                .map(|it| &**it)
                .collect::<Vec<_>>(),
        );
        let findings = family(lint("p.json", &text));
        let mut told: Vec<_> = findings.iter().map(|it| (it.rule.0, underlined(it, &text).to_owned())).collect();
        told.retain(|(rule, _)| *rule == "administrator-access");
        told
    };
    let administrator = |at: &str| vec![("administrator-access", at.to_owned())];
    let iam = r#""Action": "iam:*", "Resource": "*""#;
    let others = letters("abcdefghjklmnopqrstuvwxyz");
    assert_eq!(told(&[&all]), administrator(r#""i*:*""#));
    assert_eq!(told(&[&some]), []);
    assert_eq!(told(&[&others]), [], "without IAM");
    assert_eq!(told(&[&others, iam]), administrator(r#""iam:*""#), "over two statements");
    assert_eq!(told(&[r#""NotAction": "s3:*", "Resource": "*""#]), administrator(r#""NotAction""#));
    assert_eq!(told(&[r#""NotAction": ["s3:*", "IAM:Pass*"], "Resource": "*""#]), []);
    assert_eq!(told(&[r#""NotAction": "*Role*", "Resource": "*""#]), []);
    assert_eq!(told(&[r#""NotAction": "s3:*", "Resource": "arn:aws:s3:::b/*""#]), []);
    assert_eq!(
        told(&[r#""NotAction": "s3:*", "Resource": "*""#, r#""Action": "*", "Resource": "*""#]),
        administrator(r#""*""#)
    );
}

#[test]
fn one_finding_names_all_wildcards_of_a_statement() {
    let services =
        ["s3", "ec2", "sqs", "sns", "rds", "ecs", "ecr", "eks", "glue", "athena", "batch", "kinesis", "lambda"];
    let actions: Vec<String> = services.iter().map(|service| format!(r#""{service}:*""#)).collect();
    let text = policy(&[&allow(&format!(r#""Action": [{}], "Resource": "*""#, actions.join(", ")))]);
    let findings = family(lint("p.json", &text));
    assert_eq!(told(&findings, &text), [("service-wildcard", r#""s3:*""#)]);
    let [finding] = &findings[..] else { return };
    assert_eq!(finding.labels.len(), 10);
    assert_eq!(finding.message, "statement allows every action of `s3`, and 2 more such places");
    assert_eq!(finding.labels[0].text, "and of `ec2`");
}

#[test]
fn only_grants_are_judged() {
    let text =
        policy(&[&allow(r#""Action": "*", "Resource": "*""#), &allow(r#""NotAction": "s3:*", "Resource": "*""#)]);
    let everywhere = || globset::Glob::new("**").map(|glob| glob.compile_matcher());
    for kind in ["scp", "rcp", "boundary", "session", "endpoint"] {
        let kind = PolicyKind::from_name(kind);
        let kinds = everywhere().into_iter().zip(kind).collect::<Vec<_>>();
        assert_eq!(kinds.len(), 1);
        let settings = Settings { kinds, pedantic: true, ..Settings::default() };
        assert_eq!(told(&family(lint_with("p.json", text.as_bytes(), &settings)), &text), []);
    }
    let deny = policy(&[r#""Effect": "Deny", "Action": ["*", "iam:*", "s3:Put*"], "Resource": "*""#]);
    assert_eq!(told(&family(lint_pedantic("p.json", &deny)), &deny), []);
}

#[test]
fn resource_based_policies_are_about_one_resource() {
    let of = |rest: &str| {
        let text = policy(&[&allow(rest)]);
        let rules = |findings: Vec<Finding>| family(findings).iter().map(|finding| finding.rule.0).collect::<Vec<_>>();
        (rules(lint("p.json", &text)), rules(lint_pedantic("p.json", &text)))
    };
    let role = r#""Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}"#;
    let root = r#""Principal": {"AWS": "arn:aws:iam::111122223333:root"}"#;
    let bucket = r#""Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]"#;
    assert_eq!(of(&format!(r#"{role}, "Action": "s3:*", {bucket}"#)), (vec![], vec!["service-wildcard"]));
    assert_eq!(of(&format!(r#"{role}, "Action": "s3:Put*", {bucket}"#)), (vec![], vec!["write-wildcard"]));
    assert_eq!(of(&format!(r#"{role}, "Action": "*", {bucket}"#)).0, ["wildcard-action"]);
    assert_eq!(of(&format!(r#"{role}, "NotAction": "s3:Delete*", {bucket}"#)).0, ["allow-not-action"]);
    assert_eq!(of(&format!(r#"{role}, "Action": "kms:*", "Resource": "*""#)), (vec![], vec!["service-wildcard"]));
    // AWS's default: the account decides.
    assert_eq!(of(&format!(r#"{root}, "Action": "kms:*", "Resource": "*""#)), (vec![], vec![]));
}

#[test]
fn trust_policies_are_not_asked_for_the_scope_of_their_wildcards() {
    let text = policy(&[&allow(r#""Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:*""#)]);
    assert_eq!(told(&family(lint_pedantic("p.json", &text)), &text), []);
}

#[test]
fn the_unknown_lowers_confidence() {
    let confidence = |rest: &str| {
        let findings = family(lint_pedantic("p.json", &policy(&[&allow(rest)])));
        findings.iter().map(|finding| finding.confidence).collect::<Vec<_>>()
    };
    assert_eq!(confidence(r#""Action": "s3:*", "Resource": "*""#), [Confidence::High]);
    assert_eq!(confidence(r#""Action": "s3:*", "Resource": {"Ref": "Where"}"#), [Confidence::Medium]);
    assert_eq!(confidence(r#""Action": {"Ref": "What"}, "Resource": "*""#), []);
}

#[test]
fn a_role_of_any_account_is_one_that_no_condition_keeps_at_home() {
    let told = |resource: &str, more: &str| {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Resource": {resource}{more}}}}}"#
        );
        let shown = lint("policy.json", &text).len();
        (shown, lint_pedantic("policy.json", &text).iter().map(|finding| finding.rule.0).collect::<Vec<_>>())
    };
    let any = "assume-role-of-any-account";
    assert_eq!(told(r#""arn:aws:iam::*:role/admin""#, ""), (0, vec![any]));
    assert_eq!(told(r#"["arn:aws:iam::*:role/a", "arn:aws:iam::*:role/ops/b"]"#, ""), (0, vec![any]));
    assert_eq!(told(r#""arn:aws:iam::*:role/*""#, "").1, ["assume-any-role"]);
    assert_eq!(told(r#""arn:aws:iam::111122223333:role/admin""#, ""), (0, vec![]));
    assert_eq!(told(r#"{"Fn::Sub": "arn:aws:iam::${Account}:role/admin"}"#, ""), (0, vec![]));
    for condition in [r#"{"aws:ResourceOrgID": "o-exampleorg1"}"#, r#"{"aws:ResourceAccount": "111122223333"}"#] {
        let more = format!(r#", "Condition": {{"StringEquals": {condition}}}"#);
        assert_eq!(told(r#""arn:aws:iam::*:role/admin""#, &more), (0, vec![]), "{condition}");
    }
}
