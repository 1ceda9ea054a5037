//! Privilege escalation: each set of the catalogue by its minimal policy, and what is no way any more.

use crate::lint;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use whit::catalog::{self, Escalation, EscalationKind, escalations};
use whit::finding::Confidence;

const RULES: [&str; 2] = ["privilege-escalation", "escalation-through-existing"];

/// Findings of a default run.
fn findings(text: &str) -> Vec<whit::finding::Finding> {
    lint::lint("policy.json", text)
}

fn rules_of(text: &str) -> BTreeSet<&'static str> {
    findings(text).iter().map(|finding| finding.rule.0).collect()
}

fn document(statements: &Value) -> String {
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

fn allow(actions: &[&str]) -> Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": "*"})
}

/// The actions that findings of the two rules name, in their messages and labels.
fn named(statements: &Value) -> Vec<String> {
    let all = findings(&document(statements));
    let ours = all.iter().filter(|finding| RULES.contains(&finding.rule.0));
    let texts = ours.flat_map(|finding| {
        let labels = finding.labels.iter().map(|label| label.text.clone());
        [finding.message.clone(), finding.primary.text.clone()].into_iter().chain(labels)
    });
    texts.collect()
}

fn sets() -> impl Iterator<Item = &'static Escalation> {
    escalations().iter().filter(|set| set.kind != EscalationKind::Doubtful)
}

/// True if another set is within a set.
fn subset(set: &Escalation) -> bool {
    let within = |other: &&Escalation| {
        other.actions.len() < set.actions.len() && other.actions.iter().all(|action| set.actions.contains(action))
    };
    sets().any(|other| within(&other))
}

#[test]
fn every_action_of_the_sets_is_known() {
    for set in escalations() {
        for action in &set.actions {
            // AWS has closed CodeStar.
            assert!(catalog::action(action).is_some() || action.starts_with("codestar:"), "{action}");
        }
        assert!(!set.yields.is_empty() && !set.names.is_empty(), "{set:?}");
        let passes = set.actions.contains(&"iam:PassRole");
        assert_eq!(passes, !set.services.is_empty(), "{set:?}");
        assert!(set.services.iter().all(|service| service.ends_with(".amazonaws.com")), "{:?}", set.services);
    }
    assert_eq!((escalations().len(), sets().count()), (138, 135));
}

#[test]
fn every_set_is_found_by_its_minimal_policy_and_by_nothing_less() {
    for set in sets() {
        let found = rules_of(&document(&json!([allow(&set.actions)])));
        let ours = found.iter().filter(|rule| RULES.contains(rule)).count();
        // To assume every role is wrong in itself: the other rule yields to that.
        let expected = usize::from(set.actions != ["sts:AssumeRole"]);
        assert_eq!(ours, expected, "{:?}: {found:?}", set.actions);
        assert!(expected == 1 || found.contains("assume-any-role"), "{found:?}");
        if set.kind != EscalationKind::Existing && !subset(set) {
            assert!(found.contains("privilege-escalation"), "{:?}: {found:?}", set.actions);
        }
        let others =
            |without: &str| -> Vec<&str> { set.actions.iter().copied().filter(|action| *action != without).collect() };
        for action in &set.actions {
            let holds = |actions: &[&str]| sets().any(|other| other.actions.iter().all(|it| actions.contains(it)));
            if holds(&others(action)) {
                continue;
            }
            let removed = json!([allow(&others(action))]);
            assert_eq!(named(&removed), Vec::<String>::new(), "{:?} without {action}", set.actions);
            let denied = json!([allow(&set.actions), {"Effect": "Deny", "Action": action, "Resource": "*"}]);
            assert_eq!(named(&denied), Vec::<String>::new(), "{:?} with {action} denied", set.actions);
        }
    }
}

#[test]
fn a_role_that_goes_to_another_service_leads_nowhere() {
    for set in sets().filter(|set| !set.services.is_empty()) {
        let own: Vec<&str> = set.actions.iter().copied().filter(|action| *action != "iam:PassRole").collect();
        let holds = sets().any(|other| other.actions.iter().all(|it| own.contains(it)));
        let to = |service: &str| {
            let mut pass = allow(&["iam:PassRole"]);
            pass["Condition"] = json!({"StringEquals": {"iam:PassedToService": service}});
            !named(&json!([allow(&own), pass])).is_empty()
        };
        assert!(set.services.iter().all(|service| to(service)), "{:?}", set.actions);
        assert!(holds || !to("transfer.amazonaws.com"), "{:?}", set.actions);
    }
}

#[test]
fn a_service_that_is_not_known_makes_a_way_uncertain() {
    for (condition, confidence) in [
        (json!({"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}), Confidence::High),
        (json!({"StringLike": {"iam:PassedToService": "lambda.*"}}), Confidence::High),
        (json!({"StringEquals": {"iam:PassedToService": "${aws:PrincipalTag/service}"}}), Confidence::Medium),
        // Who calls says nothing of the service.
        (json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}), Confidence::High),
    ] {
        let mut pass = allow(&["iam:PassRole"]);
        pass["Condition"] = condition.clone();
        let text = document(&json!([allow(&["lambda:CreateFunction", "lambda:InvokeFunction"]), pass]));
        let found = findings(&text);
        let way = found.iter().find(|finding| finding.rule.0 == "privilege-escalation");
        assert_eq!(way.map(|way| way.confidence), Some(confidence), "{condition}");
    }
}

#[test]
fn a_pass_of_any_role_is_told_once() {
    let text = |actions: &[&str]| document(&json!([allow(actions)]));
    let way = text(&["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]);
    assert_eq!(rules_of(&way), BTreeSet::from(["privilege-escalation"]));
    let all = lint::lint_pedantic("policy.json", &way);
    assert!(all.iter().any(|finding| finding.rule.0 == "pass-any-role"), "{all:?}");
    assert_eq!(rules_of(&text(&["iam:PassRole", "lambda:GetFunction"])), BTreeSet::from(["pass-any-role"]));
}

#[test]
fn every_role_of_one_account_is_not_every_role() {
    for (resource, reach) in [
        ("*", "all of them, in every account"),
        ("arn:aws:iam::*:role/*", "all of them, in every account"),
        ("arn:aws:iam::111122223333:role/*", "all of them, in this account"),
    ] {
        let text = document(&json!([{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": resource}]));
        let found = findings(&text);
        let told = found.iter().find(|finding| finding.rule.0 == "assume-any-role");
        let labels: Vec<&str> = told.iter().flat_map(|told| &told.labels).map(|label| &*label.text).collect();
        assert_eq!(labels, [reach], "{resource}");
    }
}

#[test]
fn what_narrows_a_set_and_what_does_not() {
    let shown = |statements: Value| rules_of(&document(&statements)).contains("privilege-escalation");
    let with = |action: &str, resource: &str, condition: Value| json!([{"Effect": "Allow", "Action": action, "Resource": resource, "Condition": condition}]);
    let boundary = "arn:aws:iam::111122223333:policy/b";
    let policy = "arn:aws:iam::111122223333:policy/team-*";
    let myself = "arn:aws:iam::111122223333:user/${aws:username}";
    let none = || json!({});
    for (expected, statements) in [
        (true, with("iam:PutRolePolicy", "*", none())),
        (true, with("iam:PutRolePolicy", "arn:aws:iam::*:role/*", none())),
        (false, with("iam:PutRolePolicy", "arn:aws:iam::111122223333:role/app", none())),
        (false, with("iam:PutRolePolicy", "*", json!({"StringEquals": {"iam:PermissionsBoundary": boundary}}))),
        (true, with("iam:PutRolePolicy", "*", json!({"StringEqualsIfExists": {"iam:PermissionsBoundary": boundary}}))),
        (false, with("iam:AttachRolePolicy", "*", json!({"ArnLike": {"iam:PolicyARN": policy}}))),
        (true, with("iam:AttachRolePolicy", "*", json!({"ArnLike": {"iam:PolicyARN": "arn:aws:iam::aws:policy/*"}}))),
        (true, with("iam:CreateAccessKey", "*", none())),
        (false, with("iam:CreateAccessKey", myself, none())),
        (true, with("iam:AttachUserPolicy", myself, none())),
        (false, with("iam:AttachRolePolicy", "*", json!({"StringEquals": {"aws:ResourceTag/team": "a"}}))),
        // Whoever meets it has all of it.
        (true, with("iam:PutRolePolicy", "*", json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}))),
    ] {
        assert_eq!(shown(statements.clone()), expected, "{statements}");
    }
    let guarded = json!([allow(&["iam:PutRolePolicy"]), {"Effect": "Deny", "Action": "iam:PutRolePolicy", "Resource": "*",
        "Condition": {"StringNotEquals": {"iam:PermissionsBoundary": boundary}}}]);
    assert!(!shown(guarded));
}

#[test]
fn one_finding_lists_all_ways_and_an_administrator_has_none() {
    let many = json!([allow(&[
        "iam:PassRole",
        "lambda:CreateFunction",
        "ec2:RunInstances",
        "glue:CreateJob",
        "glue:StartJobRun",
        "lambda:InvokeFunction"
    ])]);
    let all = findings(&document(&many));
    let ours: Vec<_> = all.iter().filter(|finding| finding.rule.0 == RULES[0]).collect();
    assert_eq!(ours.len(), 1, "{ours:?}");
    let texts = named(&many).join("\n");
    assert!(texts.contains("and 2 more ways"), "{texts}");
    for text in ["a new function runs", "a new instance runs", "a job of Glue runs", "passes the role"] {
        assert!(texts.contains(text), "{text}: {texts}");
    }
    assert!(named(&json!([allow(&["*"])])).is_empty());
    // What others list as sets of their own.
    for pattern in ["iam:Put*", "iam:*"] {
        assert!(rules_of(&document(&json!([allow(&[pattern])]))).contains("iam-wildcard"), "{pattern}");
    }
}

/// What the policy grants openly, wins by an ACL, or takes away again is not told.
#[test]
fn rights_through_a_resource_policy_are_those_that_the_policy_withholds() {
    let told_of = |statements: &str| {
        let text = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statements}]}}");
        let found = lint::lint_pedantic("policy.json", &text);
        found.iter().filter(|finding| finding.rule.0 == "rights-through-resource-policy").count()
    };
    let queue = "arn:aws:sqs:eu-west-1:111122223333:orders";
    let allow = |actions: &str| format!(r#"{{"Effect": "Allow", "Action": [{actions}], "Resource": "{queue}"}}"#);
    assert_eq!(told_of(&allow("\"sqs:AddPermission\"")), 1);
    assert_eq!(told_of(&allow("\"sqs:AddPermission\", \"sqs:Receive*\"")), 0);
    let deny = format!(r#"{{"Effect": "Deny", "Action": "sqs:AddPermission", "Resource": "{queue}"}}"#);
    assert_eq!(told_of(&format!("{}, {deny}", allow("\"sqs:AddPermission\""))), 0);
    let object = r#"{"Effect": "Allow", "Action": "s3:PutObjectAcl", "Resource": "arn:aws:s3:::exrecord-invoices/*"}"#;
    assert_eq!(told_of(object), 0);
}
