//! Missing MFA: every spelling of a requirement, right and wrong, judged in whole policies.

mod access;
mod devices;
mod roles;
mod spellings;

use crate::lint::{lint, lint_pedantic, told};

/// The rules of this family.
const FAMILY: [&str; 6] = [
    "ineffective-mfa-condition",
    "mfa-lockout",
    "sensitive-access-without-mfa",
    "trust-without-mfa",
    "unmeetable-mfa-condition",
    "unsafe-mfa-exemption",
];

/// What the family says of a text: rule and underlined bytes.
fn said(text: &str) -> Vec<(&'static str, &str)> {
    of_family(told(&lint("policy.json", text), text))
}

fn said_pedantic(text: &str) -> Vec<(&'static str, &str)> {
    of_family(told(&lint_pedantic("policy.json", text), text))
}

fn of_family<'t>(all: Vec<(&'static str, &'t str)>) -> Vec<(&'static str, &'t str)> {
    all.into_iter().filter(|(rule, _)| FAMILY.contains(rule)).collect()
}

fn policy(statements: &[String]) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
}

/// A policy of the user `ann`, as `get-user-policy` prints it.
fn of_user(statements: &[String]) -> String {
    format!(r#"{{"UserName":"ann","PolicyName":"p","PolicyDocument":{}}}"#, policy(statements))
}

fn of_role(statements: &[String]) -> String {
    format!(r#"{{"RoleName":"r","PolicyName":"p","PolicyDocument":{}}}"#, policy(statements))
}

fn statement(effect: &str, actions: &str, condition: &str) -> String {
    let condition = if condition.is_empty() { String::new() } else { format!(r#","Condition":{{{condition}}}"#) };
    format!(r#"{{"Effect":"{effect}",{actions},"Resource":"*"{condition}}}"#)
}

fn trust(principal: &str, condition: &str) -> String {
    let condition = if condition.is_empty() { String::new() } else { format!(r#","Condition":{{{condition}}}"#) };
    policy(&[format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRole"{condition}}}"#)])
}

const USER: &str = r#"{"AWS":"arn:aws:iam::111122223333:user/ann"}"#;
const WORK: &str = r#""Action":"iam:PutUserPolicy""#;
const PRESENT: &str = r#""aws:MultiFactorAuthPresent""#;
const AGE: &str = r#""aws:MultiFactorAuthAge""#;

/// `operator` on a key with a value, without the braces of `Condition`.
fn condition(operator: &str, key: &str, value: &str) -> String {
    format!(r#""{operator}":{{{key}:{value}}}"#)
}

/// The bytes of the condition that a finding underlines.
fn written(key: &str, value: &str) -> String {
    format!("{key}:{value}")
}
