//! Each question, with what answers it and what only looks like it.

use super::*;
use crate::document::json::parse;
use crate::extract::resolve::Template;
use crate::policy::lower;
use crate::source::FileId;
use Truth::{Maybe, No, Yes};
use std::borrow::Cow;

fn ask<T>(statements: &str, question: impl Fn(Grants<'_>) -> T) -> T {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    let (tree, errors) = parse(FileId(0), Cow::Borrowed(&text), None);
    assert!(errors.is_empty(), "{text}: {errors:?}");
    let policy = tree.roots().next().map(|root| lower::policy(root, &Template::default()).0);
    policy.map_or_else(|| panic!("{text}"), |policy| question(Grants::of(&policy, &policy.statements)))
}

fn allow(action: &str, resource: &str, rest: &str) -> String {
    format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}"{rest}}}"#)
}

fn deny(action: &str, resource: &str, rest: &str) -> String {
    allow(action, resource, rest).replace("Allow", "Deny")
}

#[test]
fn an_action_is_granted_if_no_deny_takes_all_of_it() {
    let star = allow("iam:*", "*", "");
    for (more, expected) in [
        (String::new(), 1),
        (deny("iam:PassRole", "*", ""), 0),
        (deny("iam:Pass*", "*", ""), 0),
        (deny("iam:PassRole", "arn:aws:iam::111122223333:role/admin", ""), 1),
        (deny("iam:PassRole", "*", r#", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}"#), 1),
        (r#"{"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}"#.to_owned(), 0),
        (allow("iam:PassRole", "*", ""), 2),
    ] {
        let statements = if more.is_empty() { star.clone() } else { format!("{star}, {more}") };
        assert_eq!(ask(&statements, |grants| grants.grants("iam:PassRole").count()), expected, "{statements}");
    }
    assert_eq!(ask(&allow("s3:*", "*", ""), |grants| grants.grants("iam:PassRole").count()), 0);
}

#[test]
fn a_context_decides_conditions() {
    let condition = r#", "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}"#;
    let to = |service: &str| {
        let context = Context::unknown().with("iam:PassedToService", service);
        ask(&allow("iam:PassRole", "*", condition), |grants| grants.in_context("iam:PassRole", &context).len())
    };
    assert_eq!((to("ec2.amazonaws.com"), to("lambda.amazonaws.com")), (1, 0));
}

#[test]
fn on_every_resource() {
    let tagged = r#", "Condition": {"StringEquals": {"aws:ResourceTag/team": "a"}}"#;
    for (statement, expected) in [
        (allow("iam:PassRole", "*", ""), Yes),
        (allow("iam:PassRole", "arn:aws:iam::111122223333:role/*", ""), Yes),
        (allow("iam:PassRole", "arn:aws:iam::111122223333:role/ci-*", ""), No),
        (allow("iam:PassRole", "*", tagged), No),
        (allow("iam:GetRole", "*", ""), No),
        (r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": {"Ref": "Role"}}"#.to_owned(), No),
        (
            r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": {"Fn::Sub": "arn:aws:iam::1:role/${A}*"}}"#
                .to_owned(),
            Maybe,
        ),
    ] {
        assert_eq!(ask(&statement, |grants| grants.on_every_resource("iam:PassRole")), expected, "{statement}");
    }
}

#[test]
fn a_condition_that_cannot_narrow_is_none() {
    for (condition, expected) in [
        (r#""StringEquals": {"aws:PrincipalTag/team": "a"}"#, No),
        (r#""StringLike": {"aws:PrincipalTag/team": "*"}"#, Yes),
        (r#""StringLike": {"aws:PrincipalTag/team": ["a", "*"]}"#, Yes),
        (r#""StringEqualsIfExists": {"ec2:InstanceType": "t3.nano"}"#, Yes),
        (r#""StringNotEquals": {"ec2:InstanceType": "t3.nano"}"#, Yes),
        (r#""StringEquals": {"ec2:InstanceType": "t3.nano"}"#, No),
        (r#""StringEqualsIfExists": {"s3:prefix": "a"}"#, Yes),
        (r#""BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}"#, No),
        (r#""Null": {"ec2:InstanceType": "true"}"#, No),
    ] {
        let statement = allow("s3:GetObject", "*", &format!(r#", "Condition": {{{condition}}}"#));
        let answer = ask(&statement, |grants| grants.unconditionally("s3:GetObject"));
        assert_eq!(answer, expected, "{condition}");
    }
    // Requests for this one carry the key.
    let prefix = r#", "Condition": {"StringEqualsIfExists": {"s3:prefix": "a"}}"#;
    assert_eq!(ask(&allow("s3:ListBucket", "*", prefix), |grants| grants.unconditionally("s3:ListBucket")), No);
}

#[test]
fn without_mfa() {
    let asked = r#", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}"#;
    let guard = deny("*", "*", r#", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}"#);
    let open = allow("iam:CreateUser", "*", "");
    for (statements, expected) in [
        (open.clone(), Yes),
        (allow("iam:CreateUser", "*", asked), No),
        (format!("{open}, {guard}"), No),
        (format!("{}, {open}", allow("iam:CreateUser", "*", asked)), Yes),
    ] {
        assert_eq!(ask(&statements, |grants| grants.without_mfa("iam:CreateUser")), expected, "{statements}");
    }
}

#[test]
fn to_anyone_and_outside_the_account() {
    let own = |account: &str| account == "111122223333";
    let to = |principal: &str, rest: &str| {
        format!(
            r#"{{"Effect": "Allow", "Principal": {principal}, "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::b/*"{rest}}}"#
        )
    };
    let organization = r#", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#;
    let everyone = r#", {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}"#;
    for (statements, anyone, outside) in [
        (to(r#""*""#, ""), Yes, Yes),
        (to(r#""*""#, organization), No, No),
        (to(r#"{"AWS": "*"}"#, "") + everyone, No, No),
        (to(r#"{"AWS": "444455556666"}"#, ""), No, Yes),
        (to(r#"{"AWS": "arn:aws:iam::111122223333:role/r"}"#, ""), No, No),
        (to(r#"{"AWS": {"Ref": "Role"}}"#, ""), No, Maybe),
    ] {
        assert_eq!(ask(&statements, |grants| grants.to_anyone("s3:GetObject")), anyone, "{statements}");
        assert_eq!(ask(&statements, |grants| grants.outside_account("s3:GetObject", own)), outside, "{statements}");
        assert_eq!(ask(&statements, |grants| grants.to_anyone("s3:PutObject")), No);
    }
}
