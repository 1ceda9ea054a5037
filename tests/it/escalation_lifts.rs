//! Ways to more rights that a condition bars, to whoever cannot get round it.

use crate::escalation_ends::{labels, told};

const BOUNDARY: &str = r#""StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/b"}"#;

/// A policy that allows one action under a condition, and others.
fn policy(action: &str, condition: &str, others: &[&str]) -> String {
    let others: String = others.iter().map(|other| format!(",\n  {other}")).collect();
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [
  {{"Effect": "Allow", "Action": "{action}", "Resource": "*", "Condition": {{{condition}}}}}{others}]}}"#
    )
}

fn allow(action: &str) -> String {
    format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "*"}}"#)
}

/// How many ways a default run tells of, and what the labels of the first say.
fn told_of(text: &str) -> (usize, Vec<(&str, String)>) {
    let (plain, _) = told("policy.json", text);
    (plain.len(), plain.first().map(|finding| labels(finding, text)).unwrap_or_default())
}

#[test]
fn a_tag_that_the_holder_sets_is_no_limit() {
    let tagged = r#""StringEquals": {"aws:ResourceTag/team": "a"}"#;
    for (action, condition, tags) in [
        ("iam:AttachRolePolicy", tagged, "iam:TagRole"),
        ("iam:AttachRolePolicy", r#""StringLike": {"iam:ResourceTag/team": "a"}"#, "iam:TagRole"),
        ("iam:PutUserPolicy", tagged, "iam:TagUser"),
        ("iam:PutUserPolicy", tagged, "iam:Tag*"),
        ("iam:CreatePolicyVersion", tagged, "iam:TagPolicy"),
        ("lambda:UpdateFunctionCode", tagged, "lambda:TagResource"),
    ] {
        let text = policy(action, condition, &[&allow(tags)]);
        let (count, labels) = told_of(&text);
        assert_eq!(count, 1, "{text}");
        let told = (format!("\"{tags}\""), "sets the tag that the condition asks for".to_owned());
        assert!(labels.iter().any(|(at, says)| (*at, says) == (&*told.0, &told.1)), "{action}: {labels:?}");
        // Neither is there a way without the tagging, nor with that of something else.
        assert_eq!(told_of(&policy(action, condition, &[])).0, 0, "{action}");
        assert_eq!(told_of(&policy(action, condition, &[&allow("iam:TagSAMLProvider")])).0, 0, "{action}");
    }
    // Nobody sets tags of AWS itself.
    let system = r#""StringEquals": {"aws:ResourceTag/aws:cloudformation:stack-name": "a"}"#;
    assert_eq!(told_of(&policy("iam:AttachRolePolicy", system, &[&allow("iam:TagRole")])).0, 0);
    // The tag can be set where it is already, others can be set, and on the resources of one team.
    for limited in [
        r#"{"Effect": "Allow", "Action": "iam:TagRole", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "a"}}}"#,
        r#"{"Effect": "Allow", "Action": "iam:TagRole", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["cost"]}}}"#,
        r#"{"Effect": "Allow", "Action": "iam:TagRole", "Resource": "arn:aws:iam::123456789012:role/team/*"}"#,
    ] {
        assert_eq!(told_of(&policy("iam:AttachRolePolicy", tagged, &[limited])).0, 0, "{limited}");
    }
    let denied = r#"{"Effect": "Deny", "Action": "iam:TagRole", "Resource": "*"}"#;
    assert_eq!(told_of(&policy("iam:AttachRolePolicy", tagged, &[&allow("iam:Tag*"), denied])).0, 0);
}

#[test]
fn a_boundary_that_the_holder_takes_away_is_no_limit() {
    for (action, takes) in [
        ("iam:PutRolePolicy", "iam:DeleteRolePermissionsBoundary"),
        ("iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"),
        ("iam:PutUserPolicy", "iam:PutUserPermissionsBoundary"),
    ] {
        let text = policy(action, BOUNDARY, &[&allow(takes)]);
        let (count, labels) = told_of(&text);
        assert_eq!(count, 1, "{text}");
        let says = "then takes away the boundary that the condition asks for";
        assert!(labels.contains(&(&*format!("\"{takes}\""), says.to_owned())), "{labels:?}");
        assert_eq!(told_of(&policy(action, BOUNDARY, &[])).0, 0, "{action}");
        // Of the other kind, or only where the boundary stays the same.
        let other = takes.replace("Role", "Group").replace("User", "Role").replace("Group", "User");
        // One of a user is a way by itself.
        if other != "iam:DeleteUserPermissionsBoundary" {
            assert_eq!(told_of(&policy(action, BOUNDARY, &[&allow(&other)])).0, 0, "{action} {other}");
        }
        let same =
            format!(r#"{{"Effect": "Allow", "Action": "{takes}", "Resource": "*", "Condition": {{{BOUNDARY}}}}}"#);
        assert_eq!(told_of(&policy(action, BOUNDARY, &[&same])).0, 0, "{action} {takes}");
    }
}
