//! What looks wrong and is not: principals, keys and words that AWS or others have of their own.

use crate::lint::{lint, lint_pedantic};

/// What a default run says of a policy with one statement, by these elements besides its effect.
fn said_of(elements: &str) -> Vec<&'static str> {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", {elements}}}]}}"#);
    lint("p.json", &text).iter().map(|finding| finding.rule.0).collect()
}

#[test]
fn an_origin_access_identity_is_a_principal() {
    let of = |account: &str| {
        said_of(&format!(
            r#""Principal": {{"AWS": "arn:aws:iam::{account}:user/CloudFront Origin Access Identity E1A2B3C4D5E6F7"}}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#
        ))
    };
    assert_eq!(of("cloudfront"), [""; 0]);
    assert!(!of("cloudfrunt").is_empty());
}

#[test]
fn policies_of_iot_core_ask_for_variables_of_the_thing() {
    let of = |key: &str| {
        said_of(&format!(r#""Action": "iot:Connect", "Resource": "*", "Condition": {{"Bool": {{"{key}": "true"}}}}"#))
    };
    assert!(!of("iot:Connection.Thing.IsAttached").contains(&"unknown-condition-key"));
    assert!(of("iot:Connexion.Thing.IsAttached").contains(&"unknown-condition-key"));
}

#[test]
fn letters_stand_for_the_digits_of_an_account() {
    for (account, wrong) in
        [("YYYYYYYYYYYY", false), ("aaaabbbbcccc", false), ("1234567890", true), ("abcdefghijkl", true)]
    {
        let resource = format!(r#""Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:{account}:q""#);
        assert_eq!(said_of(&resource).contains(&"invalid-arn"), wrong, "{account}");
    }
}

#[test]
fn policies_of_other_clouds_are_none() {
    let ram = r#"{"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["alidns:AddDomainRecord"], "Resource": ["*"]}]}"#;
    assert!(lint_pedantic("p.json", ram).is_empty());
    assert!(!lint_pedantic("p.json", &ram.replace("\"1\"", "\"2012-10-17\"")).is_empty());
}

#[test]
fn tags_of_a_session_may_be_allowed_by_a_statement_of_their_own() {
    let provider = r#""Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/idp.example.com"}"#;
    let of = |second: &str| {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", {provider}, "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {{"StringEquals": {{"idp.example.com:aud": "a", "idp.example.com:sub": "b", "aws:RequestTag/team": "x"}}}}}}{second}]}}"#
        );
        lint_pedantic("trust-policy.json", &text).iter().any(|finding| finding.rule.0 == "mismatched-trust-action")
    };
    assert!(of(""));
    assert!(!of(&format!(r#", {{"Effect": "Allow", {provider}, "Action": "sts:TagSession"}}"#)));
}
