//! Whether one policy allows more than another: named pairs, brute force over a tiny language, the AWS managed policies.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use proptest::prelude::*;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use whit::access::compare::{Comparison, Kind, new_access};
use whit::access::evaluate::Document;
use whit::catalog;
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

/// Compares both ways, each in less than 10 ms (several times that in a build for debugging).
fn both(kind: Kind, one: &[Value], other: &[Value]) -> (&'static str, &'static str) {
    let (one, other) = ([policy(one)], [policy(other)]);
    let since = Instant::now();
    let forth = new_access(&one, &other, kind);
    let back = new_access(&other, &one, kind);
    assert!(since.elapsed() < Duration::from_millis(20), "{:?}", since.elapsed());
    assert!(new_access(&one, &one, kind).new.is_empty());
    (word(&forth), word(&back))
}

fn s3(resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource})
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
    assert_eq!(identity(s3("arn:aws:s3:::*a*c*"), s3("arn:aws:s3:::*a*b*c*d*")), ("none", "new"));
    assert_eq!(identity(s3("*"), s3("arn:aws:s3:::b/*")), ("none", "new"));
}

#[test]
fn question_marks_and_letter_case() {
    assert_eq!(identity(s3("arn:aws:s3:::b/*"), s3("arn:aws:s3:::b/?")), ("none", "new"));
    assert_eq!(identity(s3("arn:aws:s3:::B/*"), s3("arn:aws:s3:::b/*")), ("new", "new"));
    let action = |text: &str| json!({"Effect": "Allow", "Action": text, "Resource": "*"});
    assert_eq!(identity(action("s3:getobject"), action("S3:GetObject")), ("none", "none"));
    assert_eq!(identity(action("s3:Get*"), action("s3:GetObj?ct")), ("none", "new"));
}

#[test]
fn not_action_and_not_resource() {
    let but = |actions: Value| json!({"Effect": "Allow", "NotAction": actions, "Resource": "*"});
    assert_eq!(identity(but(json!(["iam:*"])), but(json!(["iam:*", "ec2:*"]))), ("none", "new"));
    assert_eq!(identity(but(json!(["iam:*"])), s3("arn:aws:s3:::b/*")), ("none", "new"));
    let outside = |resource: &str| json!({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": resource});
    assert_eq!(identity(outside("arn:aws:s3:::a/*"), outside("arn:aws:s3:::*")), ("none", "new"));
    assert_eq!(identity(outside("arn:aws:s3:::a/*"), s3("arn:aws:s3:::a/b")), ("new", "new"));
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

#[test]
fn conditions_of_each_kind() {
    let eq = |value: Value| under(json!({"StringEquals": {"aws:PrincipalTag/team": value}}));
    assert_eq!(identity(eq(json!(["a", "b"])), eq(json!("a"))), ("none", "new"));
    assert_eq!(identity(s3("arn:aws:s3:::b/*"), eq(json!("a"))), ("none", "new"));
    let like = under(json!({"StringLike": {"aws:PrincipalTag/team": "a*"}}));
    assert_eq!(identity(like, eq(json!("abc"))), ("none", "new"));
    let unless = under(json!({"StringNotEquals": {"aws:PrincipalTag/team": "x"}}));
    assert_eq!(identity(unless, eq(json!("abc"))), ("none", "new"));
    let exists = under(json!({"StringEqualsIfExists": {"aws:PrincipalTag/team": "a"}}));
    assert_eq!(identity(exists, eq(json!("a"))), ("none", "new"));
    let mfa = |operator: &str| under(json!({operator: {"aws:MultiFactorAuthPresent": "true"}}));
    assert_eq!(identity(mfa("BoolIfExists"), mfa("Bool")), ("none", "new"));
    let present = under(json!({"Null": {"aws:MultiFactorAuthPresent": "false"}}));
    assert_eq!(identity(present, mfa("Bool")), ("none", "new"));
}

#[test]
fn dates_numbers_and_addresses() {
    let until = |date: &str| under(json!({"DateLessThan": {"aws:CurrentTime": date}}));
    assert_eq!(identity(until("2026-06-01T00:00:00Z"), until("2026-01-01")), ("none", "new"));
    let age = |most: &str| under(json!({"NumericLessThanEquals": {"aws:MultiFactorAuthAge": most}}));
    assert_eq!(identity(age("3600"), age("3599.5")), ("none", "new"));
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
fn what_deployment_fills_in_makes_new_access_possible() {
    let of = |resource: Value| {
        let document = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource}});
        let resource = json!({"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}});
        [document_of(&json!({"Parameters": {"Bucket": {"Type": "String"}}, "Resources": {"P": resource}}))]
    };
    let hole = |end: &str| of(json!({"Fn::Sub": format!("arn:aws:s3:::${{Bucket}}/{end}")}));
    let fixed = of(json!("arn:aws:s3:::b/*"));
    let word = |base: &[Document], head: &[Document]| word(&new_access(base, head, Kind::Identity));
    assert_eq!(word(&fixed, &hole("*")), "possible");
    assert_eq!(word(&hole("*"), &hole("*")), "none");
    assert_eq!(word(&hole("*"), &hole("x")), "none");
    assert_ne!(word(&hole("*"), &fixed), "none");
    assert_eq!(word(&of(json!("*")), &hole("*")), "none");
    // What is not known at all may be anything, and several; the same text is the same.
    let whole = || of(json!({"Ref": "Bucket"}));
    assert_eq!(word(&fixed, &whole()), "possible");
    assert_eq!(word(&whole(), &fixed), "possible");
    assert_eq!(word(&whole(), &whole()), "none");
    assert_eq!(word(&whole(), &of(json!([{"Ref": "Bucket"}, "arn:aws:s3:::b/*"]))), "possible");
    assert_eq!(word(&of(json!([{"Ref": "Bucket"}, "arn:aws:s3:::b/*"])), &whole()), "none");
    assert_eq!(word(&of(json!("*")), &whole()), "none");
    assert_eq!(word(&of(json!({"Ref": "Other"})), &whole()), "possible");
    let found = new_access(&fixed, &whole(), Kind::Identity);
    assert_eq!(found.new[0].witness.resource, "${Bucket}");
}

#[test]
fn what_is_not_known_may_be_what_not_action_leaves_out() {
    let of = |statement: Value| {
        let document = json!({"Version": "2012-10-17", "Statement": statement});
        let resource = json!({"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}});
        [document_of(&json!({"Parameters": {"X": {"Type": "String"}}, "Resources": {"P": resource}}))]
    };
    let word = |base: &Value, head: Value| word(&new_access(&of(base.clone()), &of(head), Kind::Identity));
    let but = json!({"Effect": "Allow", "NotAction": "s3:DeleteObject", "Resource": "*"});
    let allow = |action: Value| json!({"Effect": "Allow", "Action": action, "Resource": "*"});
    assert_eq!(word(&but, allow(json!({"Ref": "X"}))), "possible");
    assert_eq!(word(&but, allow(json!({"Fn::Sub": "ec2:${X}"}))), "none");
    assert_eq!(word(&but, but.clone()), "none");
    let elsewhere = json!({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::secret/*"});
    let on = |resource: Value| json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource});
    assert_eq!(word(&elsewhere, on(json!({"Fn::Sub": "arn:aws:s3:::${X}/*"}))), "possible");
    assert_eq!(word(&elsewhere, on(json!({"Fn::Sub": "arn:aws:s3:::open/${X}"}))), "none");
}

#[test]
fn what_is_not_known_may_be_what_a_deny_kept_out() {
    let of = |statements: Value| {
        let document = json!({"Version": "2012-10-17", "Statement": statements});
        let resource = json!({"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}});
        [document_of(&json!({"Parameters": {"Bucket": {"Type": "String"}}, "Resources": {"P": resource}}))]
    };
    let deny = json!({"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::secret/finance/*"});
    let elsewhere = json!({"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"});
    for (resource, expected) in [
        (json!({"Fn::Sub": "arn:aws:s3:::${Bucket}/*"}), "possible"),
        (json!({"Ref": "Bucket"}), "possible"),
        (json!("arn:aws:s3:::secret/${aws:username}/*"), "possible"),
        (json!({"Fn::Sub": "arn:aws:s3:::b/${Bucket}/*"}), "none"),
        (json!("arn:aws:s3:::b/${aws:username}/*"), "none"),
    ] {
        let allow = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource});
        let (with, without) = (of(json!([allow, deny])), of(json!([allow])));
        assert_eq!(word(&new_access(&with, &without, Kind::Identity)), expected, "{resource}");
        // Nothing is lifted: another Deny that the allow meets stays.
        let (with, without) = (of(json!([allow, deny, elsewhere])), of(json!([allow, elsewhere, deny])));
        assert_eq!(word(&new_access(&with, &without, Kind::Identity)), "none", "{resource}");
    }
}

#[test]
fn statements_that_cannot_be_seen_are_not_decided() {
    let of = |statements: Value| {
        let document = json!({"Version": "2012-10-17", "Statement": statements});
        let resource = json!({"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}});
        [document_of(&json!({"Parameters": {"More": {"Type": "String"}}, "Resources": {"P": resource}}))]
    };
    let (seen, unseen) = (of(json!([s3("*")])), of(json!([s3("*"), {"Ref": "More"}])));
    assert_eq!(word(&new_access(&seen, &unseen, Kind::Identity)), "unknown");
    assert_eq!(word(&new_access(&unseen, &unseen, Kind::Identity)), "none");
}

fn document_of(json: &Value) -> Document {
    document(&json.to_string())
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
fn a_value_that_is_not_known_is_there_all_the_same() {
    let condition = |value: Value| {
        let statement = json!({"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "sts:AssumeRole",
            "Condition": value});
        let document = json!({"Version": "2012-10-17", "Statement": statement});
        let role = json!({"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": document}});
        [document_of(&json!({"Parameters": {"Id": {"Type": "String"}}, "Resources": {"R": role}}))]
    };
    let present = condition(json!({"Null": {"sts:ExternalId": "false"}}));
    let hole = |operator: &str| condition(json!({operator: {"sts:ExternalId": {"Ref": "Id"}}}));
    let word = |base: &[Document], head: &[Document]| word(&new_access(base, head, Kind::Resource));
    assert_eq!(word(&present, &hole("StringEquals")), "none");
    assert_eq!(word(&present, &hole("StringEqualsIfExists")), "new");
    assert_eq!(word(&condition(json!({"StringEquals": {"sts:ExternalId": "a"}})), &hole("StringEquals")), "possible");
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

#[test]
fn managed_policies_against_themselves_and_a_copy_with_more() {
    let mut times = Vec::new();
    // Every third, in a build for debugging; the bench has them all.
    for managed in catalog::managed_policies().step_by(3) {
        let text = managed.document();
        let own = [document(&text)];
        let mut more: Value = serde_json::from_str(&text).unwrap();
        let added = json!({"Effect": "Allow", "Action": "account:CloseAccount", "Resource": "*"});
        match &mut more["Statement"] {
            Value::Array(all) => all.push(added),
            one => *one = json!([one.clone(), added]),
        }
        let more = [document(&more.to_string())];
        let since = Instant::now();
        assert_eq!(word(&new_access(&own, &own, Kind::Identity)), "none", "{}", managed.name());
        assert_eq!(word(&new_access(&more, &own, Kind::Identity)), "none", "{}", managed.name());
        let added = new_access(&own, &more, Kind::Identity);
        times.push((since.elapsed(), managed.name()));
        assert!(added.unknown.is_empty(), "{}: {:?}", managed.name(), added.unknown);
        let may_already = text.contains("\"*\"") && word(&added) == "none";
        assert!(word(&added) == "new" || may_already, "{}: {}", managed.name(), word(&added));
    }
    times.sort_unstable();
    let worst = times.last().unwrap();
    assert!(worst.0 < Duration::from_secs(2), "{worst:?}");
}

/// A glob by definition: tries every split.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|at| glob(rest, &text[at..])),
        Some((b'?', rest)) => !text.is_empty() && glob(rest, &text[1..]),
        Some((byte, rest)) => text.first() == Some(byte) && glob(rest, &text[1..]),
    }
}

const HEAD: &str = "arn:aws:q:::";

/// Whether a policy allows a request, by the words of the guide.
fn allows(statements: &[Value], action: &str, resource: &str, tag: Option<&str>) -> bool {
    let hit = |statement: &Value| {
        let element = |plain: &str, not: &str, text: &str| {
            let matches = |patterns: &Value| glob(patterns.as_str().unwrap().as_bytes(), text.as_bytes());
            statement.get(plain).map_or_else(|| !matches(&statement[not]), matches)
        };
        let condition = statement.get("Condition").is_none_or(|all| {
            let (operator, wanted) = all.as_object().unwrap().iter().next().unwrap();
            let wanted = wanted["k:t"].as_str().unwrap();
            match operator.as_str() {
                "StringLike" => tag.is_some_and(|tag| glob(wanted.as_bytes(), tag.as_bytes())),
                "StringNotEquals" => tag != Some(wanted),
                "StringEqualsIfExists" => tag.is_none_or(|tag| tag == wanted),
                _ => panic!("no such operator is made"),
            }
        });
        element("Action", "NotAction", action) && element("Resource", "NotResource", resource) && condition
    };
    let of = |effect: &str| statements.iter().any(|statement| statement["Effect"] == effect && hit(statement));
    of("Allow") && !of("Deny")
}

fn statement() -> impl Strategy<Value = Value> {
    let condition = prop::option::weighted(
        0.4,
        (prop::sample::select(vec!["StringLike", "StringNotEquals", "StringEqualsIfExists"]), "[xy*]"),
    );
    (any::<bool>(), any::<(bool, bool)>(), "q:[xy*?]{1,2}", "[xy*?]{1,3}", condition).prop_map(
        |(allow, (not_action, not_resource), action, resource, condition)| {
            let mut statement = json!({"Effect": if allow { "Allow" } else { "Deny" }});
            statement[if not_action { "NotAction" } else { "Action" }] = json!(action);
            statement[if not_resource { "NotResource" } else { "Resource" }] = json!(format!("{HEAD}{resource}"));
            if let Some((operator, value)) = condition {
                statement["Condition"] = json!({operator: {"k:t": value}});
            }
            statement
        },
    )
}

fn texts(length: usize) -> Vec<String> {
    let (mut all, mut last) = (Vec::new(), vec![String::new()]);
    for _ in 0..length {
        last = last.iter().flat_map(|text| ["x", "y", "z"].map(|letter| format!("{text}{letter}"))).collect();
        all.extend(last.iter().cloned());
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn as_brute_force_has_it(one in prop::collection::vec(statement(), 1..4), other in prop::collection::vec(statement(), 1..4)) {
        let found = new_access(&[policy(&one)], &[policy(&other)], Kind::Identity);
        prop_assert!(found.unknown.is_empty(), "{:?}", found.unknown);
        let tags = [None, Some("x"), Some("y"), Some("z")];
        let actions: Vec<String> = texts(3).iter().map(|name| format!("q:{name}")).collect();
        let resources: Vec<String> = texts(4).iter().map(|name| format!("{HEAD}{name}")).collect();
        let new = actions.iter().any(|action| resources.iter().any(|resource| tags.iter().any(|tag| {
            allows(&other, action, resource, *tag) && !allows(&one, action, resource, *tag)
        })));
        // Another service's actions and resources stand for what the alphabet has not.
        let elsewhere = [("r:x", format!("{HEAD}x")), ("r:x", "arn:aws:r:::x".to_owned()), ("q:x", "arn:aws:r:::x".to_owned())];
        let new = new || elsewhere.iter().any(|(action, resource)| tags.iter().any(|tag| {
            allows(&other, action, resource, *tag) && !allows(&one, action, resource, *tag)
        }));
        if new {
            prop_assert!(!found.new.is_empty(), "missed: {} {}", json!(one), json!(other));
        }
        for access in &found.new {
            let witness = &access.witness;
            let tag = match witness.context.get("k:t") {
                Some(whit::access::compare::Values::One(tag)) => Some(tag.as_str()),
                _ => None,
            };
            let action = witness.action.to_ascii_lowercase();
            prop_assert!(allows(&other, &action, &witness.resource, tag), "{witness:?} {}", json!(other));
            prop_assert!(!allows(&one, &action, &witness.resource, tag), "{witness:?} {}", json!(one));
        }
    }

    #[test]
    fn an_allow_takes_nothing_and_a_deny_gives_nothing(
        all in prop::collection::vec(statement(), 1..4),
        mut more in statement(),
    ) {
        let same = policy(&all);
        prop_assert_eq!(word(&new_access(std::slice::from_ref(&same), std::slice::from_ref(&same), Kind::Identity)), "none");
        more["Effect"] = json!("Allow");
        let wider = policy(&[&all[..], &[more.clone()]].concat());
        prop_assert_eq!(word(&new_access(&[wider], std::slice::from_ref(&same), Kind::Identity)), "none");
        more["Effect"] = json!("Deny");
        let narrower = policy(&[&all[..], &[more]].concat());
        prop_assert_eq!(word(&new_access(&[same], &[narrower], Kind::Identity)), "none");
    }
}
