//! Ways to more rights in plans and states of Terraform: roles, users and groups are told by what they will have.

use crate::escalation_ends::told;
use crate::lint::lint_pedantic;
use serde_json::{Value, json};

const ACCOUNT: &str = "arn:aws:iam::123456789012";

fn document(actions: &str, resource: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": resource}]})
        .to_string()
}

fn role(name: &str, service: &str) -> (&'static str, Value) {
    let principal = json!({"Service": format!("{service}.amazonaws.com")});
    let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]});
    let arn = format!("{ACCOUNT}:role/{name}");
    ("aws_iam_role", json!({"name": name, "path": "/", "arn": arn, "assume_role_policy": trust.to_string()}))
}

fn inline(of: &str, name: &str, document: &str) -> (&'static str, Value) {
    let kind = match of {
        "role" => "aws_iam_role_policy",
        "user" => "aws_iam_user_policy",
        _ => "aws_iam_group_policy",
    };
    (kind, json!({"name": "p", of: name, "policy": document}))
}

/// The resources in the forms in which Terraform prints them, with the names of the files.
fn forms(resources: &[(&str, Value)]) -> [(&'static str, String); 5] {
    let with = |key: &str, inner: fn(&Value) -> Value| {
        let each = resources.iter().map(
            |(kind, values)| json!({"address": "a", "mode": "managed", "type": kind, "name": "n", key: inner(values)}),
        );
        Value::Array(each.collect())
    };
    let values = with("values", Value::clone);
    let after = with("change", |values| json!({"actions": ["create"], "after": values}));
    let instances = with("instances", |values| json!([{"schema_version": 0, "attributes": values}]));
    let shown = |key: &str, root: Value| {
        json!({"format_version": "1.2", "terraform_version": "1.9.0", key: {"root_module": root}}).to_string()
    };
    [
        ("plan.json", shown("planned_values", json!({"resources": values}))),
        ("show.json", shown("values", json!({"resources": values}))),
        (
            "child.json",
            shown("planned_values", json!({"child_modules": [{"address": "module.m", "resources": values}]})),
        ),
        (
            "changes.json",
            json!({"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": after}).to_string(),
        ),
        (
            "terraform.tfstate",
            json!({"version": 4, "terraform_version": "1.9.0", "serial": 1, "resources": instances}).to_string(),
        ),
    ]
}

/// The only message of a way in each of the forms, in a default run.
fn only(resources: &[(&str, Value)]) -> Vec<String> {
    let messages = forms(resources).map(|(path, text)| {
        let (mut plain, all) = told(path, &text);
        assert_eq!((plain.len(), all.len()), (1, 1), "{path}: {text}\n{all:?}");
        plain.remove(0).message
    });
    messages.into()
}

fn silent(resources: &[(&str, Value)]) {
    for (path, text) in forms(resources) {
        let (_, all) = told(path, &text);
        assert!(all.is_empty(), "{path}: {text}\n{all:?}");
    }
}

#[test]
fn a_way_ends_in_the_role_that_it_leads_to() {
    let passes = |service: &str| {
        let create = json!({"Effect": "Allow", "Action": "lambda:CreateFunction", "Resource": "*"});
        let pass = json!({"Effect": "Allow", "Action": "iam:PassRole", "Resource": format!("{ACCOUNT}:role/worker")});
        let both = json!({"Version": "2012-10-17", "Statement": [pass, create]}).to_string();
        [
            role("ci", "codebuild"),
            inline("role", "ci", &both),
            role("worker", service),
            inline("role", "worker", &document("*", "*")),
        ]
    };
    for message in only(&passes("lambda")) {
        assert!(message.ends_with("it ends in role `worker`, an administrator"), "{message}");
    }
    silent(&passes("ec2"));
}

#[test]
fn policies_of_one_identity_are_told_together() {
    let (passes, creates) = (document("iam:PassRole", "*"), document("lambda:CreateFunction", "*"));
    let entity = |of: &str| match of {
        "role" => role("ci", "codebuild"),
        "user" => ("aws_iam_user", json!({"name": "ci", "path": "/"})),
        _ => ("aws_iam_group", json!({"name": "ci", "path": "/"})),
    };
    for of in ["role", "user", "group"] {
        let own = [entity(of), inline(of, "ci", &passes), inline(of, "ci", &creates)];
        let begin = format!("the policies of {of} `ci` together let the holder raise their own rights");
        assert!(only(&own).iter().all(|message| message.starts_with(&begin)));
        silent(&[entity(of), inline(of, "ci", &passes), inline(of, "cd", &creates)]);
        // Attached by its ARN, of which it is found by path and name.
        let managed = ("aws_iam_policy", json!({"name": "make", "path": "/team/", "policy": creates}));
        let attach = |name: &str| {
            let kind =
                ["aws_iam_role_policy_attachment", "aws_iam_user_policy_attachment", "aws_iam_group_policy_attachment"];
            let kind = kind.into_iter().find(|kind| kind.contains(of)).unwrap();
            (kind, json!({of: "ci", "policy_arn": format!("{ACCOUNT}:policy/{name}")}))
        };
        only(&[entity(of), inline(of, "ci", &passes), managed.clone(), attach("team/make")]);
        silent(&[entity(of), inline(of, "ci", &passes), managed, attach("make")]);
    }
    let user = [("aws_iam_user", json!({"name": "ann"})), inline("user", "ann", &passes)];
    let group = [("aws_iam_group", json!({"name": "dev"})), inline("group", "dev", &creates)];
    let member = ("aws_iam_user_group_membership", json!({"user": "ann", "groups": ["dev"]}));
    let both = [&user[..], &group].concat();
    only(&[&both[..], &[member]].concat());
    silent(&both);
}

#[test]
fn the_arguments_of_a_document_are_no_policy() {
    let json = document("*", "*");
    let statement = json!({"actions": ["*"], "effect": "Allow", "resources": ["*"], "principals": [], "condition": [], "not_actions": null, "sid": ""});
    let attributes =
        json!({"id": "1", "json": json, "version": "2012-10-17", "policy_id": null, "statement": [statement]});
    let state = json!({"version": 4, "terraform_version": "1.9.0", "serial": 1, "resources": [{"mode": "data", "type": "aws_iam_policy_document",
        "name": "d", "instances": [{"schema_version": 0, "attributes": attributes}]}]});
    let text = serde_json::to_string_pretty(&state).unwrap();
    let rules: Vec<&str> = lint_pedantic("terraform.tfstate", &text).iter().map(|finding| finding.rule.0).collect();
    assert!(rules.contains(&"administrator-access") && !rules.contains(&"unknown-element"), "{rules:?}");
    assert!(!rules.contains(&"malformed-policy"), "{rules:?}");
}
