//! Who is let in, where the file says more of it than the statement: values that deployment fills in, times that have passed,
//! exceptions, and ways in that lead through something else.

use crate::lint::{lint, lint_pedantic, lint_with, told};
use whit::finding::Confidence;
use whit::settings::Settings;

/// The policy of a bucket, of one statement for everyone.
fn bucket(condition: &str, more: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/*"{condition}}}{more}]}}"#
    )
}

/// The findings of `public-resource`: whether only the thorough reader sees them, how sure they are, and their words.
fn public(path: &str, text: &str) -> Vec<(bool, Confidence, String)> {
    let shown = lint(path, text).iter().any(|finding| finding.rule.0 == "public-resource");
    let found = lint_pedantic(path, text).into_iter().filter(|finding| finding.rule.0 == "public-resource");
    found.map(|finding| (!shown, finding.confidence, finding.message)).collect()
}

#[test]
fn a_reference_narrows_and_what_may_not_is_told_as_doubtful() {
    let queue = |condition: &str| {
        format!(
            "resource \"aws_sqs_queue_policy\" \"q\" {{\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ \
             Effect = \"Allow\", Principal = \"*\", Action = \"sqs:SendMessage\", Resource = \"*\", Condition = {{ {condition} }} }}] }})\n}}\n"
        )
    };
    for condition in [
        r#"ArnEquals = { "aws:SourceArn" = var.topic_arn }"#,
        r#"ArnLike = { "aws:SourceArn" = "arn:aws:sns:eu-west-1:${var.account}:*" }"#,
        r#""ForAnyValue:StringLike" = { "aws:PrincipalOrgPaths" = "o-exampleorg1/*/${var.unit}/*" }"#,
    ] {
        assert_eq!(public("main.tf", &queue(condition)), [], "{condition}");
    }
    let text = queue(r#"ArnLike = { "aws:SourceArn" = "${var.topic}*" }"#);
    let doubtful = "anyone may call `sqs:SendMessage` on this queue, unless a condition keeps them out".to_owned();
    assert_eq!(public("main.tf", &text), [(true, Confidence::Medium, doubtful)]);
}

#[test]
fn a_choice_between_exact_values_narrows() {
    let deny = |values: &str| {
        format!(
            "Resources:\n  P:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: b\n      PolicyDocument:\n        \
             Version: '2012-10-17'\n        Statement:\n          - {{Effect: Allow, Principal: '*', Action: 's3:GetObject', \
             Resource: 'arn:aws:s3:::b/*'}}\n          - {{Effect: Deny, Principal: '*', Action: 's3:*', \
             Resource: 'arn:aws:s3:::b/*', Condition: {{StringNotLike: {{'aws:PrincipalOrgID': {values}}}}}}}\n"
        )
    };
    assert_eq!(public("t.yaml", &deny("!If [Made, !GetAtt Organization.Id, !Ref Id]")), []);
    assert_eq!(public("t.yaml", &deny("!If [Made, 'o-*', !Ref Id]")).len(), 1);
    // What else is chosen leaves the Deny itself in doubt, and what is chosen elsewhere says nothing of it.
    let chosen = deny("!Ref Id").replace("Action: 's3:*'", "Action: !If [Made, 's3:*', 's3:PutObject']");
    assert_eq!(public("t.yaml", &chosen).len(), 1);
    let elsewhere =
        deny("!Ref Id").replace("Action: 's3:GetObject'", "Action: !If [Made, 's3:GetObject', 's3:GetObjectAcl']");
    assert_eq!(public("t.yaml", &elsewhere), []);
}

#[test]
fn what_has_lapsed_lets_nobody_in() {
    let until =
        |time: &str| bucket(&format!(r#", "Condition": {{"DateLessThan": {{"aws:CurrentTime": "{time}"}}}}"#), "");
    let rules = |text: &str, now: Option<&str>| {
        let now = now.and_then(|now| now.parse().ok());
        let found = lint_with("policy.json", text.as_bytes(), &Settings { now, ..Settings::default() });
        found.iter().map(|finding| finding.rule.0).collect::<Vec<_>>()
    };
    assert_eq!(rules(&until("2020-01-01T00:00:00Z"), None), [""; 0]);
    assert_eq!(rules(&until("2099-01-01T00:00:00Z"), None), ["public-resource"]);
    assert_eq!(rules(&until("2099-01-01T00:00:00Z"), Some("2100-01-01T00:00:00Z")), [""; 0]);
    assert_eq!(rules(&until("2020-01-01T00:00:00Z"), Some("2019-01-01T00:00:00Z")), ["public-resource"]);
    let trust = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole",
        "Condition": {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}}]}"#;
    assert_eq!(rules(trust, None), [""; 0]);
    // A Deny that has lapsed keeps nobody out.
    let deny = r#", {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"DateLessThan":
        {"aws:CurrentTime": "2020-01-01T00:00:00Z"}, "StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}}}"#;
    assert_eq!(rules(&bucket("", deny), None), ["public-resource"]);
}

#[test]
fn the_url_of_a_function_is_one_opening() {
    let template = |properties: &str| {
        format!(
            "Resources:\n  P:\n    Type: AWS::Lambda::Permission\n    Properties: {{{properties}, FunctionName: f, Principal: '*'}}\n"
        )
    };
    let through_url = template("Action: lambda:InvokeFunction, InvokedViaFunctionUrl: true");
    assert_eq!(told(&lint_pedantic("t.yaml", &through_url), &through_url), []);
    let url = template("Action: lambda:InvokeFunctionUrl, FunctionUrlAuthType: NONE");
    assert_eq!(public("t.yaml", &url).len(), 1);
    let anyhow = template("Action: lambda:InvokeFunction, InvokedViaFunctionUrl: false");
    assert_eq!(public("t.yaml", &anyhow).len(), 1);
    let module = |kind: &str| {
        format!(
            "variable \"kind\" {{\n  default = \"NONE\"\n}}\nresource \"aws_lambda_function_url\" \"u\" {{\n  \
             function_name = \"f\"\n  authorization_type = {kind}\n}}\n"
        )
    };
    let words = "anyone may call `lambda:InvokeFunctionUrl` on this function".to_owned();
    assert_eq!(public("main.tf", &module("\"NONE\"")), [(false, Confidence::High, words.clone())]);
    assert_eq!(public("main.tf", &module("var.kind")), [(false, Confidence::Medium, words)]);
}

#[test]
fn access_points_decide_what_comes_through_them() {
    let through = |account: &str, key: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {{"AWS": "*"}}, "Action": "*",
            "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], "Condition": {{"StringEquals": {{"{key}": "{account}"}}}}}}]}}"#
        )
    };
    let text = through("111122223333", "s3:DataAccessPointAccount");
    assert_eq!(told(&lint("policy.json", &text), &text), []);
    let text = through("111122223333", "aws:PrincipalAccount");
    assert_eq!(told(&lint("policy.json", &text), &text), [("wildcard-action", r#""*""#)]);
    let own = Settings { accounts: ["444455556666".into()].into(), ..Settings::default() };
    let text = through("111122223333", "s3:DataAccessPointAccount");
    let found = lint_with("policy.json", text.as_bytes(), &own);
    assert!(
        found.iter().any(|finding| finding.rule.0 == "wildcard-action"),
        "somebody else's access points: {found:?}"
    );
}
