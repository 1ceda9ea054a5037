//! What is not known before deployment.

use super::{document, s3, word};
use serde_json::{Value, json};
use whit::access::compare::{Kind, new_access};
use whit::access::evaluate::Document;

fn document_of(json: &Value) -> Document {
    document(&json.to_string())
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
    let other = of(json!([s3("*"), {"Ref": "Others"}]));
    assert_eq!(word(&new_access(&unseen, &other, Kind::Identity)), "unknown");
    // What cannot be seen may have allowed it, or denies it.
    let more = of(json!([s3("*"), {"Ref": "More"}, {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}]));
    assert_eq!(word(&new_access(&unseen, &more, Kind::Identity)), "possible");
    assert_eq!(word(&new_access(&more, &unseen, Kind::Identity)), "none");
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
