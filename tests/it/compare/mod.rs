//! Whether one policy allows more than another: named pairs, brute force over a tiny language, the AWS managed policies.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod brute_force;
mod catalogue;
mod deployment;
mod managed;

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use whit::access::compare::{Comparison, Kind, new_access};
use whit::access::evaluate::Document;
use whit::extract::{self, Fact};
use whit::source::{FileId, RelPath, SourceFile};

fn document(text: &str) -> Document {
    let file = SourceFile::new(FileId(0), RelPath::new("policy.json"), text.as_bytes().into());
    let policy = extract::facts(&file).facts.into_iter().find_map(|fact| match fact {
        Fact::Policy(site) => Some(site.policy),
        _ => None,
    });
    Document { file: "policy.json".into(), policy: policy.unwrap_or_else(|| panic!("no policy in {text}")) }
}

fn policy(statements: &[Value]) -> Document {
    document(&json!({"Version": "2012-10-17", "Statement": statements}).to_string())
}

/// `none`, `new`, `possible` or `unknown`.
fn word(comparison: &Comparison) -> &'static str {
    match (comparison.new.first(), comparison.unknown.is_empty()) {
        (None, true) => "none",
        (Some(new), _) if new.certain => "new",
        (Some(_), _) => "possible",
        (None, false) => "unknown",
    }
}

/// Compares both ways, each in less than 10 ms.
fn both(kind: Kind, one: &[Value], other: &[Value]) -> (&'static str, &'static str) {
    let (one, other) = ([policy(one)], [policy(other)]);
    assert_eq!(timed(&one, &one, kind), "none");
    (timed(&one, &other, kind), timed(&other, &one, kind))
}

/// The machine may have other things to do: the best of a few tries counts.
fn timed(base: &[Document], head: &[Document], kind: Kind) -> &'static str {
    for attempt in 0.. {
        let since = Instant::now();
        let found = new_access(base, head, kind);
        let took = since.elapsed();
        if took < Duration::from_millis(10) {
            return word(&found);
        }
        assert!(attempt < 5, "{took:?}");
    }
    unreachable!("the last attempt returns or fails")
}

fn s3(resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource})
}

fn action(name: &str) -> Value {
    json!({"Effect": "Allow", "Action": name, "Resource": "*"})
}

fn under(condition: Value) -> Value {
    json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": condition})
}

fn trust(principal: Value) -> Value {
    json!({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})
}

fn identity(one: Value, other: Value) -> (&'static str, &'static str) {
    both(Kind::Identity, &[one], &[other])
}

#[test]
fn an_infix_star_within_a_wider_one() {
    assert_eq!(identity(s3("arn:aws:s3:::*/x/*"), s3("arn:aws:s3:::a/*/x/*")), ("none", "new"));
}

#[test]
fn several_stars_within_fewer() {
    assert_eq!(identity(s3("arn:aws:s3:::*a*c*"), s3("arn:aws:s3:::*a*b*c*d*")), ("none", "new"));
    assert_eq!(identity(s3("*"), s3("arn:aws:s3:::b/*")), ("none", "new"));
}

#[test]
fn question_marks() {
    assert_eq!(identity(s3("arn:aws:s3:::b/*"), s3("arn:aws:s3:::b/?")), ("none", "new"));
    assert_eq!(identity(action("s3:Get*"), action("s3:GetObj?ct")), ("none", "new"));
}

#[test]
fn letter_case() {
    assert_eq!(identity(s3("arn:aws:s3:::B/*"), s3("arn:aws:s3:::b/*")), ("new", "new"));
    assert_eq!(identity(action("s3:getobject"), action("S3:GetObject")), ("none", "none"));
    let key = |name: &str| under(json!({"StringEquals": {name: "a"}}));
    assert_eq!(identity(key("aws:PrincipalTag/Team"), key("AWS:principaltag/team")), ("none", "none"));
}

#[test]
fn not_action() {
    let but = |actions: Value| json!({"Effect": "Allow", "NotAction": actions, "Resource": "*"});
    assert_eq!(identity(but(json!(["iam:*"])), but(json!(["iam:*", "ec2:*"]))), ("none", "new"));
    assert_eq!(identity(but(json!(["iam:*"])), s3("arn:aws:s3:::b/*")), ("none", "new"));
}

#[test]
fn not_resource() {
    let outside = |resource: &str| json!({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": resource});
    assert_eq!(identity(outside("arn:aws:s3:::a/*"), outside("arn:aws:s3:::*")), ("none", "new"));
    assert_eq!(identity(outside("arn:aws:s3:::a/*"), s3("arn:aws:s3:::a/b")), ("new", "new"));
}

#[test]
fn not_principal() {
    let user = "arn:aws:iam::111122223333:user/ann";
    let but = |who: &str| json!({"Effect": "Allow", "NotPrincipal": {"AWS": who}, "Action": "sts:AssumeRole"});
    let pair = |one: Value, other: Value| both(Kind::Resource, &[one], &[other]);
    assert_eq!(pair(but(user), trust(json!({"AWS": "444455556666"}))), ("none", "new"));
    assert_eq!(pair(but("arn:aws:iam::111122223333:user/bob"), trust(json!({"AWS": user}))), ("none", "new"));
    assert_eq!(pair(but(user), trust(json!({"AWS": user}))), ("new", "new"));
}

#[test]
fn a_deny_that_goes_and_one_that_stays() {
    let deny = json!({"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/secret/*"});
    let wide = json!({"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*"});
    let (with, without) = ([s3("*"), deny.clone()], [s3("*")]);
    assert_eq!(both(Kind::Identity, &with, &without), ("new", "none"));
    assert_eq!(both(Kind::Identity, &with, &[s3("*"), wide]), ("none", "new"));
    // What is denied all the same is not granted.
    assert_eq!(
        both(Kind::Identity, std::slice::from_ref(&deny), &[deny.clone(), s3("arn:aws:s3:::b/secret/*")]),
        ("none", "none")
    );
}

fn team(operator: &str, value: Value) -> Value {
    under(json!({operator: {"aws:PrincipalTag/team": value}}))
}

#[test]
fn texts_of_conditions() {
    let eq = |value: Value| team("StringEquals", value);
    assert_eq!(identity(eq(json!(["a", "b"])), eq(json!("a"))), ("none", "new"));
    assert_eq!(identity(s3("arn:aws:s3:::b/*"), eq(json!("a"))), ("none", "new"));
    assert_eq!(identity(team("StringLike", json!("a*")), eq(json!("abc"))), ("none", "new"));
    assert_eq!(identity(team("StringNotEquals", json!("x")), eq(json!("abc"))), ("none", "new"));
}

#[test]
fn if_exists() {
    assert_eq!(identity(team("StringEqualsIfExists", json!("a")), team("StringEquals", json!("a"))), ("none", "new"));
    let mfa = |operator: &str| under(json!({operator: {"aws:MultiFactorAuthPresent": "true"}}));
    assert_eq!(identity(mfa("BoolIfExists"), mfa("Bool")), ("none", "new"));
    let present = under(json!({"Null": {"aws:MultiFactorAuthPresent": "false"}}));
    assert_eq!(identity(present, mfa("Bool")), ("none", "new"));
}

#[test]
fn dates() {
    let until = |date: &str| under(json!({"DateLessThan": {"aws:CurrentTime": date}}));
    assert_eq!(identity(until("2026-06-01T00:00:00Z"), until("2026-01-01")), ("none", "new"));
    // The same moment.
    assert_eq!(identity(until("2026-01-01T00:00:00Z"), until("1767225600")), ("none", "none"));
}

#[test]
fn numbers() {
    let age = |most: &str| under(json!({"NumericLessThanEquals": {"aws:MultiFactorAuthAge": most}}));
    assert_eq!(identity(age("3600"), age("3599.5")), ("none", "new"));
}

#[test]
fn addresses() {
    let from = |range: &str| under(json!({"IpAddress": {"aws:SourceIp": range}}));
    assert_eq!(identity(from("10.0.0.0/8"), from("10.1.0.0/16")), ("none", "new"));
    assert_eq!(identity(from("203.0.113.0/25"), from("203.0.113.0/24")), ("new", "none"));
    assert_eq!(identity(from("10.0.0.0/8"), from("2001:db8::/32")), ("new", "new"));
}

#[test]
fn multivalued_keys() {
    let keys = |operator: &str, values: Value| under(json!({operator: {"aws:TagKeys": values}}));
    let all = "ForAllValues:StringEquals";
    let any = "ForAnyValue:StringEquals";
    assert_eq!(identity(keys(all, json!(["a", "b"])), keys(all, json!(["a"]))), ("none", "new"));
    assert_eq!(identity(keys(any, json!(["a", "b"])), keys(any, json!(["a"]))), ("none", "new"));
    // An empty set passes the one and fails the other, and two values the other way round.
    assert_eq!(identity(keys(all, json!(["a"])), keys(any, json!(["a"]))), ("new", "new"));
}

#[test]
fn variables_cancel_where_the_same_text_stands() {
    let home = s3("arn:aws:s3:::b/${aws:username}/x");
    assert_eq!(identity(s3("arn:aws:s3:::b/${aws:username}/*"), home.clone()), ("none", "new"));
    assert_eq!(identity(s3("arn:aws:s3:::b/*"), home.clone()), ("none", "new"));
    assert_ne!(identity(s3("arn:aws:s3:::b/${aws:userid}/x"), home).0, "none");
    let own = under(json!({"StringEquals": {"aws:ResourceTag/owner": "${aws:username}"}}));
    assert_eq!(identity(own.clone(), own.clone()), ("none", "none"));
    // New all the same: without the tag the condition does not hold.
    assert_eq!(identity(s3("arn:aws:s3:::b/*"), own), ("none", "new"));
    let any = under(json!({"StringLike": {"aws:ResourceTag/owner": "*"}}));
    let own = under(json!({"StringLike": {"aws:ResourceTag/owner": "${aws:username}*"}}));
    // Some tag begins otherwise.
    assert_eq!(identity(own, any).0, "new");
}

#[test]
fn principals_of_every_kind() {
    let aws = |text: &str| trust(json!({"AWS": text}));
    let pair = |one: Value, other: Value| both(Kind::Resource, &[one], &[other]);
    let user = "arn:aws:iam::111122223333:user/ann";
    assert_eq!(pair(aws("111122223333"), aws(user)), ("none", "new"));
    assert_eq!(pair(trust(json!("*")), aws("111122223333")), ("none", "new"));
    assert_eq!(pair(aws("arn:aws:iam::111122223333:root"), aws("111122223333")), ("none", "none"));
    assert_eq!(pair(aws(user), trust(json!({"Service": "ec2.amazonaws.com"}))), ("new", "new"));
    let but = json!({"Effect": "Allow", "NotPrincipal": {"AWS": user}, "Action": "sts:AssumeRole"});
    assert_eq!(pair(but, aws("444455556666")), ("none", "new"));
    // The same account in two spellings: the condition excludes all others.
    let own = json!({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}});
    assert_eq!(pair(aws("111122223333"), own).0, "none");
}

#[test]
fn conditions_on_the_principal_and_the_principal_go_together() {
    let everyone = |condition: Value| json!({"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Condition": condition});
    let account = |id: &str| everyone(json!({"StringEquals": {"aws:PrincipalAccount": id}}));
    let like = |arn: &str| everyone(json!({"ArnLike": {"aws:PrincipalArn": arn}}));
    let aws = |text: &str| trust(json!({"AWS": text}));
    let pair = |one: Value, other: Value| both(Kind::Resource, &[one], &[other]);
    // An account that only the condition names.
    assert_eq!(pair(aws("111122223333"), account("444455556666")), ("new", "new"));
    let roles = "arn:aws:iam::111122223333:role/ci-*";
    assert_eq!(pair(like(roles), aws("arn:aws:iam::111122223333:role/ci-build")), ("none", "new"));
    assert_eq!(pair(like(roles), aws("arn:aws:sts::111122223333:assumed-role/ci-build/x")), ("none", "new"));
    assert_eq!(pair(like(roles), aws("arn:aws:iam::111122223333:role/admin")), ("new", "new"));
    assert_eq!(pair(like(roles), like("arn:aws:iam::111122223333:role/c*")), ("new", "none"));
    assert_eq!(pair(like("arn:aws:iam::*:role/ci-*"), like(roles)), ("none", "new"));
    assert_eq!(pair(account("111122223333"), like(roles)), ("none", "new"));
    assert_eq!(pair(account("111122223333"), like("arn:aws:iam::*:role/ci-*")), ("new", "new"));
    // A service carries neither key.
    let service = trust(json!({"Service": "ec2.amazonaws.com"}));
    assert_eq!(pair(account("111122223333"), service), ("new", "new"));
    // Whose policy it is, a condition may say of an identity, too.
    let held = |id: &str| under(json!({"StringEquals": {"aws:PrincipalAccount": id}}));
    assert_eq!(identity(held("111122223333"), held("444455556666")), ("new", "new"));
}

#[test]
fn what_is_found_names_the_statement() {
    let base = [policy(&[s3("arn:aws:s3:::b/*")])];
    let head =
        [policy(&[s3("arn:aws:s3:::b/*"), json!({"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"})])];
    let found = new_access(&base, &head, Kind::Identity);
    assert_eq!((found.new.len(), found.unknown.len()), (1, 0));
    let new = &found.new[0];
    assert_eq!((new.statement, new.certain, &*new.witness.action), (1, true, "iam:PassRole"));
    assert!(new.witness.resource.starts_with("arn:aws:iam::111122223333:role/"), "{}", new.witness.resource);
}
