//! Each row of "what narrows who, under `Principal: *`", and what only looks like it.

use super::*;
use crate::document::json::parse;
use crate::extract::resolve::Template;
use crate::policy::lower;
use crate::source::FileId;
use Truth::{Maybe, No, Yes};
use std::borrow::Cow;

fn ask(statements: &str, question: fn(&Policy, &Statement) -> Truth) -> Truth {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    let (tree, errors) = parse(FileId(0), Cow::Borrowed(&text), None);
    assert!(errors.is_empty(), "{text}: {errors:?}");
    let policy = tree.roots().next().map(|root| lower::policy(root, &Template::default()).0);
    let first = policy.as_ref().and_then(|policy| Some((policy, policy.statements.first()?)));
    first.map_or_else(|| panic!("{text}"), |(policy, statement)| question(policy, statement))
}

fn allow(condition: &str) -> String {
    format!(
        r#"{{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
        "Condition": {{{condition}}}}}"#
    )
}

fn rows(question: fn(&Policy, &Statement) -> Truth, rows: &[(Truth, &str)]) {
    for (expected, condition) in rows {
        assert_eq!(ask(&allow(condition), question), *expected, "{condition}");
    }
}

#[test]
fn each_key_narrows_by_fixed_values() {
    rows(
        of_everyone,
        &[
            (Yes, r#""StringEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}"#),
            (Yes, r#""stringequals": {"AWS:principalorgid": ["o-exampleorg1", "o-exampleorg2"]}"#),
            (Yes, r#""ForAnyValue:StringEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}"#),
            (Yes, r#""StringLike": {"aws:PrincipalOrgID": "o-exampleorg1*"}"#),
            (Yes, r#""ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-exampleorg1/r-ab12/*"}"#),
            (Yes, r#""StringEquals": {"aws:PrincipalAccount": "111122223333"}"#),
            (Yes, r#""StringLike": {"aws:PrincipalAccount": "111122223333"}"#),
            (Yes, r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}"#),
            (Yes, r#""ArnLike": {"aws:PrincipalArn": "arn:*:iam::111122223333:*"}"#),
            (Yes, r#""StringLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:*"}"#),
            (Yes, r#""StringEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:user/ann"}"#),
            (
                Yes,
                r#""StringLike": {"aws:userid": ["AROAEXAMPLEROLEID0001:*", "AIDAEXAMPLEUSERID00001", "111122223333"]}"#,
            ),
            (Yes, r#""StringEquals": {"aws:SourceVpc": "vpc-0example000000001"}"#),
            (Yes, r#""StringEquals": {"aws:SourceVpce": "vpce-0example000000001"}"#),
            (Yes, r#""StringLike": {"aws:SourceVpce": "vpce-0example000000001"}"#),
            (Yes, r#""IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.7", "2001:db8::/32"]}"#),
            (Yes, r#""StringEquals": {"aws:SourceAccount": "111122223333"}"#),
            (Yes, r#""StringEquals": {"AWS:SourceOwner": "111122223333"}"#),
            (Yes, r#""StringEquals": {"aws:SourceOrgID": "o-exampleorg1"}"#),
            (Yes, r#""ArnLike": {"aws:SourceArn": "arn:aws:sns:*:111122223333:*"}"#),
            (Yes, r#""ArnEquals": {"aws:SourceArn": "arn:aws:s3:::exrecords-reports"}"#),
            (Yes, r#""ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:exrecords-reports"}"#),
            (Yes, r#""ArnEquals": {"aws:SourceArn": "arn:aws:apigateway:eu-west-1::/restapis/a1b2c3d4e5"}"#),
            (
                Yes,
                r#""StringEquals": {"kms:CallerAccount": "111122223333", "kms:ViaService": "s3.eu-west-1.amazonaws.com"}"#,
            ),
            (Yes, r#""StringEquals": {"s3:DataAccessPointAccount": "111122223333"}"#),
            (Yes, r#""StringLike": {"s3:DataAccessPointArn": "arn:aws:s3:us-west-2:111122223333:accesspoint/*"}"#),
            (Yes, r#""StringEquals": {"aws:PrincipalServiceName": "cloudtrail.amazonaws.com"}"#),
        ],
    );
}

#[test]
fn what_never_narrows_alone() {
    rows(
        of_everyone,
        &[
            (No, r#""StringEquals": {"sts:ExternalId": "example-1"}"#),
            (No, r#""StringEquals": {"aws:PrincipalTag/team": "blue"}"#),
            (No, r#""StringEquals": {"aws:PrincipalType": "User"}"#),
            (No, r#""Bool": {"aws:PrincipalIsAWSService": "true"}"#),
            (No, r#""Bool": {"aws:ViaAWSService": "true"}"#),
            (No, r#""StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}"#),
            (No, r#""Bool": {"aws:SecureTransport": "true"}"#),
            (No, r#""StringEquals": {"aws:UserAgent": "curl"}"#),
            (No, r#""StringLike": {"aws:Referer": "https://www.example.com/*"}"#),
            (No, r#""Bool": {"aws:MultiFactorAuthPresent": "true"}"#),
            (No, r#""NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}"#),
            (No, r#""StringEquals": {"aws:RequestedRegion": "eu-west-1"}"#),
            (No, r#""StringEquals": {"aws:ResourceTag/team": "blue"}"#),
            (No, r#""StringEquals": {"aws:ResourceAccount": "111122223333"}"#),
            (No, r#""DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}"#),
            (No, r#""IpAddress": {"aws:VpcSourceIp": "10.0.0.0/16"}"#),
            (No, r#""StringEquals": {"aws:username": "ann"}"#),
        ],
    );
}

#[test]
fn operators_that_let_the_absent_key_through_do_not_narrow() {
    rows(
        of_everyone,
        &[
            (No, r#""StringEqualsIfExists": {"aws:PrincipalOrgID": "o-exampleorg1"}"#),
            (No, r#""ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-exampleorg1/*"}"#),
            (No, r#""StringNotEquals": {"aws:PrincipalAccount": "111122223333"}"#),
            (No, r#""ForAnyValue:StringNotEquals": {"aws:PrincipalOrgPaths": "o-exampleorg1/r-ab12/"}"#),
            (No, r#""NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}"#),
            (No, r#""Null": {"aws:PrincipalOrgID": "false"}"#),
            (
                No,
                r#""Null": {"aws:PrincipalOrgID": "true"}, "StringEqualsIfExists": {"aws:PrincipalOrgID": "o-exampleorg1"}"#,
            ),
            // The absent key is refused elsewhere.
            (
                Yes,
                r#""Null": {"aws:PrincipalOrgID": false}, "StringEqualsIfExists": {"aws:PrincipalOrgID": "o-exampleorg1"}"#,
            ),
            (
                Yes,
                r#""Null": {"aws:PrincipalOrgPaths": "false"},
            "ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-exampleorg1/*"}"#,
            ),
            (
                No,
                r#""Null": {"aws:SourceVpce": "false"}, "StringNotEquals": {"aws:SourceVpce": "vpce-0example000000001"}"#,
            ),
            // Without a set operator AWS does not say what happens.
            (Maybe, r#""StringLike": {"aws:PrincipalOrgPaths": "o-exampleorg1/*"}"#),
        ],
    );
}

#[test]
fn wildcards_and_variables_are_not_fixed() {
    rows(
        of_everyone,
        &[
            (No, r#""StringLike": {"aws:PrincipalOrgID": "*"}"#),
            (No, r#""StringLike": {"aws:PrincipalOrgID": "o-*"}"#),
            (No, r#""StringLike": {"aws:PrincipalOrgID": ["o-exampleorg1", "o-*"]}"#),
            (No, r#""ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*/r-ab12/*"}"#),
            (No, r#""StringLike": {"aws:PrincipalAccount": "1*"}"#),
            (No, r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deployer"}"#),
            (No, r#""StringLike": {"aws:PrincipalArn": "*"}"#),
            (Maybe, r#""StringLike": {"aws:PrincipalArn": "arn:*:iam::111122223333:role/deployer"}"#),
            (No, r#""StringLike": {"aws:userid": "*:session"}"#),
            (No, r#""StringLike": {"aws:userid": "AROA*"}"#),
            (No, r#""StringLike": {"aws:SourceVpce": "vpce-*"}"#),
            (No, r#""ArnLike": {"aws:SourceArn": "arn:aws:sns:eu-west-1:*:topic"}"#),
            (No, r#""ArnLike": {"aws:SourceArn": "arn:aws:s3:::exrecords-*"}"#),
            (No, r#""ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}"#),
            (No, r#""StringEquals": {"aws:PrincipalOrgID": "${aws:PrincipalOrgID}"}"#),
            (No, r#""StringEquals": {"aws:PrincipalAccount": "${aws:PrincipalTag/account}"}"#),
            (Yes, r#""StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}"#),
            (Yes, r#""StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}"#),
            // No organisation is called `*`: nobody is let in.
            (Yes, r#""StringEquals": {"aws:PrincipalOrgID": "*"}"#),
        ],
    );
}

#[test]
fn placeholders_of_templates_are_unknown_and_not_variables() {
    rows(
        of_everyone,
        &[
            (Yes, r#""ArnEquals": {"aws:SourceArn": "${aws_s3_bucket.files.arn}"}"#),
            (Yes, r#""ArnLike": {"aws:SourceArn": "arn:aws:sns:${AWS::Region}:${AWS::AccountId}:*"}"#),
            (Maybe, r#""ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:${topic}"}"#),
            (Maybe, r#""ArnLike": {"aws:SourceArn": "${prefix}:*"}"#),
            (Maybe, r#""ArnLike": {"aws:SourceArn": "${topic_arn}*"}"#),
            (Maybe, r#""ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "${organization}/*/ou-ab12-11111111/*"}"#),
            (Maybe, r#""ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "${organization}*"}"#),
            (Maybe, r#""StringLike": {"aws:SourceAccount": "${account}*"}"#),
            (Yes, r#""StringEquals": {"aws:SourceAccount": "${account}"}"#),
            (Yes, r#""StringLike": {"aws:PrincipalOrgID": "${organization}"}"#),
            (Maybe, r#""IpAddress": {"aws:SourceIp": "${office}/32"}"#),
            (Yes, r#""ArnLike": {"aws:SourceArn": "arn:aws:sns:*:{{account}}:*"}"#),
            (Yes, r#""ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:<account-id>:trail/*"}"#),
            (No, r#""StringEquals": {"aws:PrincipalAccount": "${saml:sub}"}"#),
            (No, r#""ArnLike": {"aws:SourceArn": "arn:aws:s3:::${aws:username}"}"#),
        ],
    );
    rows(by_external_id, &[(Yes, r#""StringEquals": {"sts:ExternalId": "${external_id}"}"#)]);
}

#[test]
fn wide_ranges_of_addresses_do_not_narrow() {
    let range = |list: &str| format!(r#""IpAddress": {{"aws:SourceIp": {list}}}"#);
    for (expected, list) in [
        (No, r#""0.0.0.0/0""#),
        (No, r#"["0.0.0.0/1", "128.0.0.0/1"]"#),
        (No, r#""::/0""#),
        (No, r#"["203.0.113.0/24", "::/0"]"#),
        (No, r#""64.0.0.0/7""#),
        (Yes, r#""64.0.0.0/8""#),
        (No, r#""2000::/3""#),
        (Yes, r#"["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]"#),
        (Maybe, r#""anywhere""#),
        (Maybe, r#"{"Ref": "Office"}"#),
        (No, r#"[{"Ref": "Office"}, "0.0.0.0/0"]"#),
    ] {
        assert_eq!(ask(&allow(&range(list)), of_everyone), expected, "{list}");
    }
    let eights: Vec<String> = (1..=126).map(|octet| format!(r#""{octet}.0.0.0/8""#)).collect();
    assert_eq!(ask(&allow(&range(&format!("[{}]", eights.join(",")))), of_everyone), No, "half of all addresses");
    rows(of_everyone, &[(Maybe, r#""StringEquals": {"aws:SourceIp": "203.0.113.7"}"#)]);
}

#[test]
fn what_a_reference_stands_for_is_fixed() {
    rows(
        of_everyone,
        &[
            (Yes, r#""StringEquals": {"aws:PrincipalOrgID": {"Ref": "Organization"}}"#),
            (Yes, r#""StringLike": {"aws:PrincipalOrgID": {"Ref": "Organization"}}"#),
            (Yes, r#""ArnEquals": {"aws:SourceArn": {"Ref": "Topic"}}"#),
            (
                Yes,
                r#""ArnEquals": {"aws:SourceArn": {"Ref": "Topic"}}, "StringEquals": {"aws:SourceAccount": "111122223333"}"#,
            ),
            (No, r#""StringEquals": {"aws:ResourceAccount": {"Ref": "AWS::AccountId"}}"#),
        ],
    );
    let hole = r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Condition": {"Ref": "Conditions"}}"#;
    assert_eq!(ask(hole, of_everyone), Maybe);
}

#[test]
fn a_deny_for_everyone_but_some_narrows() {
    let deny = |body: &str| {
        let allow = r#"{"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "s3:ListBucket"],
            "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]}"#;
        ask(&format!(r#"{allow}, {{"Effect": "Deny", {body}}}"#), of_everyone)
    };
    let all = r#""Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]"#;
    for (expected, condition) in [
        (Yes, r#""StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}"#),
        (Yes, r#""StringNotEqualsIfExists": {"aws:SourceVpce": "vpce-0example000000001"}"#),
        (Yes, r#""StringNotLike": {"aws:userid": ["AROAEXAMPLEROLEID0001:*", "111122223333"]}"#),
        (Yes, r#""NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}"#),
        (
            Yes,
            r#""StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorg1"},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}"#,
        ),
        (Yes, r#""ForAllValues:StringNotLike": {"aws:PrincipalOrgPaths": "o-exampleorg1/*"}"#),
        (
            Yes,
            r#""StringNotEquals": {"aws:PrincipalOrgID": {"Fn::If": ["Made", {"Fn::GetAtt": ["Organization", "Id"]}, {"Ref": "Id"}]}}"#,
        ),
        (No, r#""StringNotLike": {"aws:PrincipalOrgID": {"Fn::If": ["Made", {"Ref": "Id"}, "o-*"]}}"#),
        (No, r#""ForAnyValue:StringNotLike": {"aws:PrincipalOrgPaths": "o-exampleorg1/*"}"#),
        (No, r#""StringNotLike": {"aws:PrincipalOrgID": "o-*"}"#),
        (No, r#""NotIpAddress": {"aws:SourceIp": "0.0.0.0/0"}"#),
        (No, r#""Bool": {"aws:SecureTransport": "false"}"#),
        (No, r#""StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}, "Bool": {"aws:SecureTransport": "false"}"#),
        (Maybe, r#""NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "Bool": {"aws:ViaAWSService": "false"}"#),
        // Spares everyone who sends no organisation.
        (No, r#""StringEquals": {"aws:PrincipalOrgID": "o-exampleorg2"}"#),
        (No, r#""Null": {"aws:PrincipalOrgID": "true"}"#),
    ] {
        assert_eq!(deny(&format!(r#"{all}, "Condition": {{{condition}}}"#)), expected, "{condition}");
    }
    let condition = r#""Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}}"#;
    for (expected, body) in [
        (No, r#""Principal": "*", "Action": "s3:GetObject", "Resource": "*""#),
        (Yes, r#""Principal": {"AWS": "*"}, "Action": ["s3:Get*", "s3:List*"], "Resource": "*""#),
        (No, r#""Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*""#),
        (Yes, r#""Principal": "*", "Action": "*", "Resource": "arn:aws:s3:::b*""#),
        (No, r#""Principal": {"AWS": "444455556666"}, "Action": "s3:*", "Resource": "*""#),
        (Yes, r#""NotPrincipal": {"AWS": "444455556666"}, "Action": "s3:*", "Resource": "*""#),
        (Maybe, r#""Principal": "*", "Action": "s3:*", "Resource": {"Fn::GetAtt": ["Bucket", "Arn"]}"#),
    ] {
        assert_eq!(deny(&format!("{body}, {condition}")), expected, "{body}");
    }
}

#[test]
fn the_same_unknown_resource_is_the_same_resource() {
    let on = |effect: &str, more: &str| {
        format!(
            r#"{{"Effect": "{effect}", "Principal": "*", "Action": "s3:GetObject", "Resource": {{"Fn::Sub": "${{B.Arn}}/*"}}{more}}}"#
        )
    };
    let deny = on("Deny", r#", "Condition": {"StringNotEquals": {"aws:SourceVpce": {"Ref": "Endpoint"}}}"#);
    assert_eq!(ask(&format!("{}, {deny}", on("Allow", "")), of_everyone), Yes);
}

#[test]
fn within_an_account_only_names_and_tags_narrow() {
    rows(
        within_account,
        &[
            (Yes, r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/deploy-*"}"#),
            (Yes, r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deployer"}"#),
            (No, r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:*"}"#),
            (No, r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}"#),
            (Yes, r#""StringLike": {"aws:userid": "AROAEXAMPLEROLEID0001:*"}"#),
            (Yes, r#""StringEquals": {"aws:PrincipalTag/team": "${aws:ResourceTag/team}"}"#),
            (No, r#""StringLike": {"aws:PrincipalTag/team": "*"}"#),
            (No, r#""StringEquals": {"aws:PrincipalAccount": "111122223333"}"#),
            (No, r#""StringEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}"#),
            (No, r#""IpAddress": {"aws:SourceIp": "203.0.113.0/24"}"#),
        ],
    );
}

#[test]
fn an_external_id_is_a_fixed_word() {
    rows(
        by_external_id,
        &[
            (Yes, r#""StringEquals": {"sts:ExternalId": "example-1"}"#),
            (Yes, r#""StringEquals": {"sts:externalid": {"Ref": "ExternalId"}}"#),
            (No, r#""StringEquals": {"sts:ExternalId": ""}"#),
            (No, r#""StringLike": {"sts:ExternalId": "*"}"#),
            (Maybe, r#""StringLike": {"sts:ExternalId": "example-*"}"#),
            (No, r#""StringEqualsIfExists": {"sts:ExternalId": "example-1"}"#),
            (No, r#""StringNotEquals": {"sts:ExternalId": "example-1"}"#),
            (No, r#""Null": {"sts:ExternalId": "false"}"#),
            (No, r#""StringEquals": {"sts:ExternalId": "${aws:username}"}"#),
        ],
    );
}

#[test]
fn roles_are_told_by_their_arn() {
    rows(
        to_roles,
        &[
            (Yes, r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}"#),
            (
                Yes,
                r#""StringEquals": {"aws:PrincipalArn": ["arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/b"]}"#,
            ),
            (
                No,
                r#""ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:user/b"]}"#,
            ),
            (No, r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/a"}"#),
            (No, r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:*"}"#),
            (Maybe, r#""StringEquals": {"aws:PrincipalArn": {"Ref": "Caller"}}"#),
        ],
    );
    rows(
        to_organization,
        &[
            (Yes, r#""StringEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}"#),
            (No, r#""StringEquals": {"aws:SourceOrgID": "o-exampleorg1"}"#),
        ],
    );
}

#[test]
fn an_endpoint_narrows_whom_a_topic_reaches() {
    rows(
        of_everyone,
        &[
            (Yes, r#""StringEquals": {"sns:Endpoint": "arn:aws:sqs:eu-west-1:111122223333:orders"}"#),
            (Yes, r#""StringLike": {"sns:Endpoint": "arn:aws:sqs:eu-west-1:111122223333:*"}"#),
            (Yes, r#""StringLike": {"sns:Endpoint": "*@example.com"}"#),
            (No, r#""StringLike": {"sns:Endpoint": "arn:aws:sqs:*:*:orders"}"#),
            (No, r#""StringLike": {"sns:Endpoint": "https://*"}"#),
        ],
    );
}
