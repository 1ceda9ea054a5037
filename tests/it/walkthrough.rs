//! `testdata/walkthrough/`: the files of an IAM tutorial. What is wrong in each is named, at the right bytes, and nothing
//! else.

use crate::lint::{lint, told};
use std::fs;
use std::path::Path;

/// Rule and underlined text of all findings in a file of the walkthrough.
fn findings(name: &str) -> Vec<(&'static str, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/walkthrough").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let found = lint(&format!("testdata/walkthrough/{name}"), &text);
    told(&found, &text).into_iter().map(|(rule, text)| (rule, text.to_owned())).collect()
}

fn expected(rows: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    rows.iter().map(|(rule, text)| (*rule, (*text).to_owned())).collect()
}

#[test]
fn the_trust_policy_lets_the_whole_account_in_without_mfa() {
    let rows = expected(&[
        ("root-principal", "\"arn:aws:iam::111122223333:root\""),
        ("trust-without-mfa", "\"sts:AssumeRole\""),
    ]);
    assert_eq!(findings("trust-policy.json"), rows);
    assert_eq!(findings("create-role.json"), rows, "the response repeats the policy");
}

#[test]
fn the_administrator_policy_is_one() {
    assert_eq!(findings("admin-policy.json"), expected(&[("administrator-access", "\"*\"")]));
}

#[test]
fn the_bucket_is_open_where_the_condition_lets_the_absent_key_through() {
    assert_eq!(findings("bucket-policy.json"), expected(&[("public-resource", "\"*\"")]));
}

#[test]
fn the_root_user_has_a_key_no_mfa_and_was_used() {
    let rows = expected(&[
        ("recent-root-use", "2026-10-28T07:55:40+00:00"),
        ("root-without-mfa", "false"),
        ("root-access-key", "true"),
    ]);
    assert_eq!(findings("credential-report.csv"), rows);
}

#[test]
fn the_tutorial_shows_its_trust_policy_twice_and_leaves_credentials() {
    let rows = expected(&[
        ("root-principal", "\"arn:aws:iam::111122223333:root\""),
        ("trust-without-mfa", "\"sts:AssumeRole\""),
        ("root-principal", "\"arn:aws:iam::111122223333:root\""),
        ("trust-without-mfa", "\"sts:AssumeRole\""),
        ("temporary-credentials", "ASIAQ3EGUB5KTWLXN7RM"),
        ("temporary-credentials", "ASIAQ3EGUB5KTWLXN7RM"),
    ]);
    assert_eq!(findings("tutorial.md"), rows);
}
