//! On what the actions of a set are granted: an action on several kinds of resource needs each of them, and what the holder makes
//! under a pattern is any target.

use crate::escalation_ends::RULES;
use crate::lint::{lint, lint_pedantic};
use std::collections::BTreeSet;

/// Which of the two rules a default run tells of, for statements of (actions, resources, condition).
fn told(statements: &[(&str, &str, &str)]) -> BTreeSet<&'static str> {
    let found = lint("policy.json", &document(statements));
    found.iter().map(|finding| finding.rule.0).filter(|rule| RULES.contains(rule)).collect()
}

/// How many findings of the two rules a pedantic run has.
fn told_pedantically(statements: &[(&str, &str, &str)]) -> usize {
    let found = lint_pedantic("policy.json", &document(statements));
    found.iter().filter(|finding| RULES.contains(&finding.rule.0)).count()
}

fn document(statements: &[(&str, &str, &str)]) -> String {
    let list = |text: &str| text.split(' ').map(|one| format!("{one:?}")).collect::<Vec<_>>().join(", ");
    let statement = |(actions, resources, condition): &(&str, &str, &str)| {
        let effect = if actions.starts_with('!') { "Deny" } else { "Allow" };
        let (actions, resources) = (list(actions.trim_start_matches('!')), list(resources));
        let condition = if condition.is_empty() { String::new() } else { format!(", \"Condition\": {{{condition}}}") };
        format!(r#"{{"Effect": "{effect}", "Action": [{actions}], "Resource": [{resources}]{condition}}}"#)
    };
    let all: Vec<String> = statements.iter().map(statement).collect();
    format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, all.join(", "))
}

const EXISTING: &str = "escalation-through-existing";
const RAISES: &str = "privilege-escalation";

const JOBS: &str = "arn:aws:batch:*:111122223333:job/*";
const DEFINITIONS: &str = "arn:aws:batch:*:111122223333:job-definition/*";
const DEFINITION: &str = "arn:aws:batch:*:111122223333:job-definition/report:*";
const QUEUE: &str = "arn:aws:batch:*:111122223333:job-queue/low";
const SHELL: &str = "arn:aws:ssm:*::document/AWS-RunShellScript";
const DOCUMENTS: &str = "arn:aws:ssm:*:*:document/*";
const OWN_DOCUMENT: &str = "arn:aws:ssm:*:111122223333:document/restart-app";
const MACHINES: &str = "arn:aws:ec2:*:111122223333:instance/*";
const MACHINE: &str = "arn:aws:ec2:eu-west-1:111122223333:instance/i-0abcdef1234567890";
const GROUPS: &str = "arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/*";
const TAGGED: &str = r#""StringEquals": {"ssm:resourceTag/team": "web"}"#;

#[test]
fn an_action_needs_a_resource_of_each_kind() {
    let submit = "batch:SubmitJob";
    let send = "ssm:SendCommand";
    for (statements, expected) in [
        (vec![(submit, JOBS, "")], None),
        (vec![(submit, "arn:aws:batch:*:*:job/* arn:aws:batch:*:*:job-queue/*", "")], None),
        (vec![(submit, DEFINITIONS, "")], None),
        (vec![(submit, DEFINITIONS, ""), (submit, QUEUE, "")], Some(EXISTING)),
        (vec![(submit, DEFINITION, ""), (submit, QUEUE, "")], None),
        (vec![(submit, "arn:aws:batch:*:111122223333:*", "")], Some(EXISTING)),
        (vec![(send, DOCUMENTS, "")], None),
        (vec![(send, MACHINES, "")], None),
        (vec![(send, DOCUMENTS, ""), (send, MACHINES, "")], Some(EXISTING)),
        (vec![(send, SHELL, ""), (send, MACHINES, "")], Some(EXISTING)),
        (vec![(send, "arn:aws:ssm:*:*:document/AWS-* arn:aws:ec2:*:*:instance/*", "")], Some(EXISTING)),
        (vec![(send, OWN_DOCUMENT, ""), (send, MACHINES, "")], None),
        (vec![(send, DOCUMENTS, ""), (send, MACHINE, "")], None),
        (vec![(send, DOCUMENTS, ""), (send, MACHINES, TAGGED)], None),
        (vec![(send, DOCUMENTS, ""), (send, MACHINES, ""), ("!ssm:SendCommand", MACHINES, "")], None),
        (vec![("ssm:StartSession", DOCUMENTS, "")], None),
        (vec![("ssm:StartSession", MACHINES, "")], Some(EXISTING)),
        (vec![("autoscaling:CreateAutoScalingGroup", GROUPS, "")], Some(EXISTING)),
        (vec![("autoscaling:CreateAutoScalingGroup", "arn:aws:s3:::logs/*", "")], None),
        (vec![("autoscaling:CreateAutoScalingGroup", "arn:aws:autoscaling:*:*:launchConfiguration:*", "")], None),
        (vec![("ecs:ExecuteCommand ecs:DescribeTasks", "arn:aws:ecs:*:*:cluster/*", "")], None),
        (
            vec![("ecs:ExecuteCommand ecs:DescribeTasks", "arn:aws:ecs:*:*:cluster/* arn:aws:ecs:*:*:task/*", "")],
            Some(EXISTING),
        ),
        (
            vec![(
                "sso:PutInlinePolicyToPermissionSet",
                "arn:aws:sso:::instance/ssoins-1 arn:aws:sso:::permissionSet/*",
                "",
            )],
            Some(EXISTING),
        ),
        (vec![("sso:PutInlinePolicyToPermissionSet", "arn:aws:sso:::instance/*", "")], None),
    ] {
        assert_eq!(told(&statements), expected.into_iter().collect(), "{statements:?}");
    }
}

#[test]
fn what_is_new_is_made_of_all_that_it_needs() {
    let pass = ("iam:PassRole", "arn:aws:iam::111122223333:role/*", "");
    let run = "ec2:RunInstances";
    let all = "arn:aws:ec2:*::image/* arn:aws:ec2:*:*:instance/* arn:aws:ec2:*:*:network-interface/* arn:aws:ec2:*:*:security-group/* arn:aws:ec2:*:*:subnet/*";
    let without_image = "arn:aws:ec2:*:*:instance/* arn:aws:ec2:*:*:network-interface/* arn:aws:ec2:*:*:security-group/* arn:aws:ec2:*:*:subnet/*";
    for (statements, expected) in [
        (vec![pass, (run, "*", "")], Some(RAISES)),
        (vec![pass, (run, all, "")], Some(RAISES)),
        (vec![pass, (run, without_image, "")], None),
        (vec![pass, (run, without_image, ""), (run, "arn:aws:ec2:eu-west-1::image/ami-0abc", "")], Some(RAISES)),
        (vec![pass, (run, "arn:aws:ec2:*:*:instance/*", "")], None),
        (vec![pass, ("lambda:CreateFunction", "arn:aws:lambda:*:*:function:app-*", "")], Some(RAISES)),
    ] {
        assert_eq!(told(&statements), expected.into_iter().collect(), "{statements:?}");
    }
}

const ROLES: &str = "arn:aws:iam::111122223333:role/app/*";
const ROLE: &str = "arn:aws:iam::111122223333:role/app/worker";
const USERS: &str = "arn:aws:iam::111122223333:user/app/*";
const BOUNDARY: &str = r#""StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/edge"}"#;
const POLICY: &str = r#""ArnEquals": {"iam:PolicyARN": "arn:aws:iam::111122223333:policy/app-worker"}"#;

#[test]
fn what_the_holder_makes_under_a_pattern_is_any_target() {
    for (statements, expected) in [
        (vec![("iam:CreateRole iam:AttachRolePolicy", ROLES, "")], Some(RAISES)),
        (vec![("iam:CreateRole iam:PutRolePolicy", ROLES, "")], Some(RAISES)),
        (vec![("iam:CreateRole iam:PutRolePolicy sts:AssumeRole", ROLES, "")], Some(RAISES)),
        (vec![("iam:CreateRole", ROLES, ""), ("iam:PutRolePolicy", ROLES, "")], Some(RAISES)),
        (vec![("iam:CreateRole", "*", ""), ("iam:PutRolePolicy", ROLES, "")], Some(RAISES)),
        // Not the same roles.
        (vec![("iam:CreateRole", ROLES, ""), ("iam:PutRolePolicy", "arn:aws:iam::111122223333:role/ci/*", "")], None),
        // It is there already, or nothing can be made there.
        (vec![("iam:CreateRole iam:AttachRolePolicy", ROLE, "")], None),
        (vec![("iam:AttachRolePolicy", ROLES, "")], None),
        (vec![("iam:CreateRole iam:AttachRolePolicy", ROLES, BOUNDARY)], None),
        (vec![("iam:CreateRole", ROLES, BOUNDARY), ("iam:AttachRolePolicy", ROLES, "")], None),
        (vec![("iam:CreateRole", ROLES, ""), ("iam:AttachRolePolicy", ROLES, POLICY)], None),
        (vec![("iam:CreateRole iam:AttachRolePolicy", ROLES, ""), ("!iam:CreateRole", "*", "")], None),
        // A user is of use to whoever has a key or a password of it.
        (vec![("iam:CreateUser iam:AttachUserPolicy", USERS, "")], None),
        (vec![("iam:CreateUser iam:AttachUserPolicy iam:CreateAccessKey", USERS, "")], Some(RAISES)),
        (vec![("iam:CreateUser iam:PutUserPolicy iam:CreateLoginProfile", USERS, "")], Some(RAISES)),
        // It must be attached first to something that the holder has.
        (vec![("iam:CreatePolicyVersion", "arn:aws:iam::111122223333:policy/app/*", "")], None),
    ] {
        assert_eq!(told(&statements), expected.into_iter().collect(), "{statements:?}");
    }
    // What is told openly is not told once more in part.
    assert_eq!(told_pedantically(&[("iam:CreateRole iam:AttachRolePolicy", ROLES, "")]), 1);
}

#[test]
fn one_target_that_gets_any_right_and_lets_one_in_is_enough() {
    for (statements, expected) in [
        (vec![("iam:PutRolePolicy iam:UpdateAssumeRolePolicy", ROLE, "")], Some(RAISES)),
        (vec![("iam:AttachRolePolicy iam:UpdateAssumeRolePolicy", ROLES, "")], Some(RAISES)),
        (vec![("iam:PutRolePolicy", ROLE, ""), ("iam:UpdateAssumeRolePolicy", ROLES, "")], Some(RAISES)),
        (
            vec![
                ("iam:PutRolePolicy", ROLE, ""),
                ("iam:UpdateAssumeRolePolicy", "arn:aws:iam::111122223333:role/app/other", ""),
            ],
            None,
        ),
        (vec![("iam:AttachUserPolicy iam:CreateAccessKey", USERS, "")], Some(RAISES)),
        // Whether it lets one in is not known.
        (vec![("iam:PutRolePolicy sts:AssumeRole", ROLE, "")], None),
        (vec![("iam:PutRolePolicy", ROLE, "")], None),
        (vec![("iam:UpdateAssumeRolePolicy", ROLE, "")], None),
    ] {
        assert_eq!(told(&statements), expected.into_iter().collect(), "{statements:?}");
    }
}
