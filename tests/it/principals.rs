//! Who is let in: each row of the decisions on principals, good and bad, and each key that narrows, through the whole
//! program. Rows name the rules and the text that they underline.

use crate::lint::{is_of_everyone, lint, lint_pedantic, lint_with, told};
use whit::settings::Settings;

/// The rules that these tests are about; what others say of the same policies is theirs.
const FAMILY: [&str; 9] = [
    "allow-not-principal",
    "foreign-account-key",
    "foreign-account-resource",
    "foreign-account-trust",
    "possibly-public-resource",
    "public-function-url",
    "public-resource",
    "public-trust",
    "root-principal",
];

const STAR: &str = r#""*""#;
const ROOT: &str = r#""arn:aws:iam::444455556666:root""#;
const MFA: &str = r#""Bool": {"aws:MultiFactorAuthPresent": "true"}"#;

fn family<'t>(told: Vec<(&'static str, &'t str)>) -> Vec<(&'static str, &'t str)> {
    told.into_iter().filter(|(rule, _)| FAMILY.contains(rule)).collect()
}

/// What is found where only account 111122223333 is the user's own.
fn knowing_accounts(text: &str) -> Vec<(&'static str, &str)> {
    let settings = Settings { accounts: ["111122223333".into()].into(), ..Settings::default() };
    family(told(&lint_with("policy.json", text.as_bytes(), &settings), text))
}

fn found(text: &str) -> Vec<(&'static str, &str)> {
    family(told(&lint("policy.json", text), text))
}

fn policy(statements: &str) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#)
}

fn trust(principal: &str, condition: &str) -> String {
    policy(&format!(
        r#"{{"Effect": "Allow", "Principal": {principal}, "Action": "sts:AssumeRole", "Condition": {{{condition}}}}}"#
    ))
}

fn bucket(principal: &str, condition: &str) -> String {
    policy(&format!(
        r#"{{"Effect": "Allow", "Principal": {principal}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
        "Condition": {{{condition}}}}}"#
    ))
}

#[test]
fn a_trust_policy_for_everyone_is_critical_unless_narrowed() {
    let public = &[("public-trust", STAR)][..];
    for (principal, condition, expected) in [
        (STAR, "", public),
        (r#"{"AWS": "*"}"#, "", public),
        (r#"{"AWS": ["arn:aws:iam::111122223333:role/a", "*"]}"#, "", public),
        (r#"{"Service": "*"}"#, "", public),
        (STAR, MFA, public),
        (STAR, r#""StringEquals": {"sts:ExternalId": "example-1"}"#, public),
        (STAR, r#""StringEquals": {"aws:PrincipalTag/team": "blue"}"#, public),
        (STAR, r#""StringLike": {"aws:PrincipalOrgID": "o-*"}"#, public),
        (STAR, r#""StringEqualsIfExists": {"aws:PrincipalOrgID": "o-exampleorg1"}"#, public),
        (STAR, r#""StringEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}"#, &[]),
        (STAR, r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}"#, &[]),
        (STAR, r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deployer"}"#, public),
        (r#"{"Service": "ec2.amazonaws.com"}"#, "", &[]),
        (r#"{"AWS": "arn:aws:iam::111122223333:role/deployer"}"#, "", &[]),
        // AWS refuses these: they are no wildcard principals.
        (r#"{"AWS": "arn:aws:iam::*:root"}"#, "", &[]),
        (r#"{"AWS": "arn:aws:iam::123456789012:role/*"}"#, "", &[]),
    ] {
        let text = trust(principal, condition);
        assert_eq!(found(&text), expected, "{text}");
    }
    let web =
        policy(r#"{"Effect": "Allow", "Principal": {"Federated": "*"}, "Action": "sts:AssumeRoleWithWebIdentity"}"#);
    assert_eq!(found(&web), public);
    let session_tags = policy(r#"{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:TagSession"}"#);
    assert_eq!(found(&session_tags), [], "nobody takes a role with that");
    let deny = trust(STAR, "").replace("Allow", "Deny");
    assert_eq!(found(&deny), []);
}

#[test]
fn an_account_in_a_trust_policy_is_judged_by_whose_it_is() {
    let foreign = &[("foreign-account-trust", ROOT)][..];
    let unknown = &[("root-principal", ROOT)][..];
    let aws = format!(r#"{{"AWS": {ROOT}}}"#);
    // Condition; what is said of a known foreign account; of one of which nothing is known.
    for (condition, of_foreign, of_unknown) in [
        ("", foreign, unknown),
        (MFA, foreign, &[]),
        (r#""BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}"#, foreign, unknown),
        (r#""StringEquals": {"sts:ExternalId": "example-1"}"#, &[], &[]),
        (r#""StringLike": {"sts:ExternalId": "*"}"#, foreign, unknown),
        (r#""StringEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}"#, &[], &[]),
        (r#""ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/deployer"}"#, &[], &[]),
        (r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:*"}"#, foreign, unknown),
        (r#""StringEquals": {"aws:PrincipalAccount": "444455556666"}"#, foreign, unknown),
        (r#""StringLike": {"aws:userid": "AROAEXAMPLEROLEID0001:*"}"#, &[], &[]),
    ] {
        let text = trust(&aws, condition);
        assert_eq!(knowing_accounts(&text), of_foreign, "foreign: {text}");
        assert_eq!(found(&text), of_unknown, "unknown: {text}");
    }
}

#[test]
fn ones_own_account_in_a_trust_policy_asks_for_mfa_or_names() {
    let own = r#"{"AWS": "111122223333"}"#;
    let flagged = &[("root-principal", r#""111122223333""#)][..];
    for (condition, expected) in [
        ("", flagged),
        (MFA, &[]),
        (r#""NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}"#, &[]),
        (r#""NumericLessThanIfExists": {"aws:MultiFactorAuthAge": "3600"}"#, flagged),
        (r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/deploy-*"}"#, &[]),
        (r#""StringEquals": {"aws:PrincipalTag/team": "${aws:ResourceTag/team}"}"#, &[]),
        // Every principal of one's own account meets these.
        (r#""StringEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}"#, flagged),
        (r#""StringEquals": {"sts:ExternalId": "example-1"}"#, flagged),
    ] {
        let text = trust(own, condition);
        assert_eq!(knowing_accounts(&text), expected, "{text}");
    }
    let with_deny = policy(&format!(
        r#"{{"Effect": "Allow", "Principal": {own}, "Action": "sts:AssumeRole"}},
        {{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole",
        "Condition": {{"BoolIfExists": {{"aws:MultiFactorAuthPresent": "false"}}}}}}"#
    ));
    assert_eq!(knowing_accounts(&with_deny), [], "a Deny without MFA requires it just as well");
}

#[test]
fn the_file_itself_tells_whose_an_account_is() {
    let role = |account: &str| {
        format!(
            r#"{{"Role": {{"RoleName": "r", "Arn": "arn:aws:iam::{account}:role/r", "AssumeRolePolicyDocument": {}}}}}"#,
            trust(&format!(r#"{{"AWS": {ROOT}}}"#), "")
        )
    };
    assert_eq!(found(&role("444455556666")), [("root-principal", ROOT)]);
    assert_eq!(found(&role("111122223333")), [("foreign-account-trust", ROOT)]);
    // AWS makes it so, for the management account.
    let made = role("111122223333").replace(r#""RoleName": "r""#, r#""RoleName": "OrganizationAccountAccessRole""#);
    assert_eq!(found(&made), []);
    assert!(lint_pedantic("policy.json", &made).iter().any(|finding| finding.rule.0 == "foreign-account-trust"));
}

#[test]
fn several_accounts_of_a_statement_are_one_finding() {
    let principal = r#"{"AWS": ["arn:aws:iam::444455556666:root", "arn:aws:iam::111122223333:root", "123456789012"]}"#;
    let text = trust(principal, "");
    assert_eq!(
        knowing_accounts(&text),
        [("foreign-account-trust", ROOT), ("root-principal", r#""arn:aws:iam::111122223333:root""#)]
    );
    let settings = Settings { accounts: ["111122223333".into()].into(), ..Settings::default() };
    let findings = lint_with("policy.json", text.as_bytes(), &settings);
    let labels = findings.iter().filter(|finding| finding.rule.0 == "foreign-account-trust").flat_map(|it| &it.labels);
    let labelled: Vec<&str> = labels
        .map(|label| &text[label.region.byte as usize..(label.region.byte + label.region.byte_len) as usize])
        .collect();
    assert_eq!(labelled, [r#""123456789012""#], "the other foreign one, and not one's own");
}

#[test]
fn a_resource_for_everyone_is_public_unless_narrowed() {
    let public = &[("public-resource", STAR)][..];
    for (condition, expected) in [
        ("", public),
        (r#""Bool": {"aws:SecureTransport": "true"}"#, public),
        (r#""StringLike": {"aws:Referer": "https://www.example.com/*"}"#, public),
        (r#""IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}"#, public),
        (r#""StringEqualsIfExists": {"aws:SourceVpce": "vpce-0example000000001"}"#, public),
        (r#""ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-exampleorg1/*"}"#, public),
        (r#""StringNotEquals": {"aws:PrincipalAccount": "444455556666"}"#, public),
        (r#""ArnLike": {"aws:SourceArn": "arn:aws:sns:eu-west-1:*:topic"}"#, public),
        (r#""StringEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}"#, &[]),
        (r#""ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-exampleorg1/r-ab12/*"}"#, &[]),
        (r#""StringEquals": {"aws:PrincipalAccount": ["111122223333", "444455556666"]}"#, &[]),
        (r#""StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}"#, &[]),
        (r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}"#, &[]),
        (r#""StringLike": {"aws:userid": "AROAEXAMPLEROLEID0001:*"}"#, &[]),
        (r#""StringEquals": {"aws:SourceVpc": "vpc-0example000000001"}"#, &[]),
        (r#""StringEquals": {"aws:SourceVpce": "vpce-0example000000001"}"#, &[]),
        (r#""IpAddress": {"aws:SourceIp": "203.0.113.0/24"}"#, &[]),
        (r#""StringEquals": {"aws:SourceAccount": "111122223333"}"#, &[]),
        (r#""StringEquals": {"aws:SourceOrgID": "o-exampleorg1"}"#, &[]),
        (r#""ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::111122223333:distribution/*"}"#, &[]),
        (r#""ArnEquals": {"aws:SourceArn": "arn:aws:s3:::exrecords-reports"}"#, &[]),
        (r#""StringEquals": {"s3:DataAccessPointAccount": "111122223333"}"#, &[]),
    ] {
        let text = bucket(STAR, condition);
        assert_eq!(found(&text), expected, "{text}");
        let text = bucket(r#"{"AWS": "*"}"#, condition);
        assert_eq!(found(&text), expected, "{text}");
    }
}

#[test]
fn what_a_public_resource_is_called_depends_on_its_service() {
    for (actions, resource, said) in [
        (r#""s3:GetObject""#, "arn:aws:s3:::b/*", "anyone may call `s3:GetObject` on this bucket"),
        (
            r#"["sqs:SendMessage"]"#,
            "arn:aws:sqs:eu-west-1:111122223333:q",
            "anyone may call `sqs:SendMessage` on this queue",
        ),
        (
            r#"["SNS:Publish", "SNS:Subscribe"]"#,
            "arn:aws:sns:eu-west-1:111122223333:t",
            "anyone may call `SNS:Publish` and 1 more action on this topic",
        ),
        (r#""kms:*""#, "*", "anyone may call `kms:*` on this key"),
        (
            r#"["s3:GetObject", "sqs:SendMessage"]"#,
            "*",
            "anyone may call `s3:GetObject` and 1 more action on this resource",
        ),
        (r#""es:ESHttp*""#, "*", "anyone may call `es:ESHttp*` on this search domain"),
        (
            r#""lambda:InvokeFunctionUrl""#,
            "arn:aws:lambda:eu-west-1:111122223333:function:f",
            "anyone may call the URL of this function, which then runs with the rights of its role",
        ),
    ] {
        let text = policy(&format!(
            r#"{{"Effect": "Allow", "Principal": "*", "Action": {actions}, "Resource": "{resource}",
            "Condition": {{"StringEquals": {{"lambda:FunctionUrlAuthType": "NONE"}}}}}}"#
        ));
        let findings = lint("policy.json", &text);
        let open = findings.iter().filter(|finding| is_of_everyone(finding));
        let messages: Vec<&str> = open.map(|it| &*it.message).collect();
        assert_eq!(messages, [said], "{text}");
    }
}

#[test]
fn all_but_some_actions_are_said_so() {
    let text =
        policy(r#"{"Effect": "Allow", "Principal": "*", "NotAction": "s3:PutObject", "Resource": "arn:aws:s3:::b/*"}"#);
    let findings = lint("policy.json", &text);
    let said = findings.iter().find(|it| it.rule.0 == "public-resource").map(|it| &*it.message);
    assert_eq!(said, Some("anyone may call all but `s3:PutObject` on this bucket"));
}

#[test]
fn what_is_awss_own_or_grants_nothing_is_left_alone() {
    for (what, text) in [
        (
            "the default of SNS",
            policy(
                r#"{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["SNS:Publish"],
                "Resource": "arn:aws:sns:eu-west-1:111122223333:t",
                "Condition": {"StringEquals": {"AWS:SourceOwner": "111122223333"}}}"#,
            ),
        ),
        (
            "the owner's statement of SQS",
            policy(
                r#"{"Sid": "__owner_statement", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "SQS:*",
                "Resource": "arn:aws:sqs:eu-west-1:111122223333:q"}"#,
            ),
        ),
        (
            "a key that AWS manages",
            policy(
                r#"{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*", "Condition":
                {"StringEquals": {"kms:CallerAccount": "111122223333", "kms:ViaService": "s3.eu-west-1.amazonaws.com"}}}"#,
            ),
        ),
        ("a Deny for everyone", policy(r#"{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}"#)),
        (
            "a Deny for everyone but an organisation",
            policy(
                r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"},
                {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
                "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}}}"#,
            ),
        ),
        (
            "logs of load balancers",
            policy(
                r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::127311923021:root"}, "Action": "s3:PutObject",
                "Resource": "arn:aws:s3:::b/AWSLogs/111122223333/*"}"#,
            ),
        ),
        (
            "a public repository that anyone may pull from",
            policy(r#"{"Effect": "Allow", "Principal": "*", "Action": "ecr-public:DescribeImages"}"#),
        ),
        (
            "the default policy of a VPC endpoint",
            policy(r#"{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}"#),
        ),
        (
            "an API",
            policy(
                r#"{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}"#,
            ),
        ),
    ] {
        assert_eq!(knowing_accounts(&text), [], "{what}");
    }
    let endpoint = bucket(STAR, "");
    assert_eq!(told(&lint("vpce/policy.json", &endpoint), &endpoint), [], "a VPC endpoint policy is a ceiling");
}

#[test]
fn a_foreign_account_at_a_resource_is_an_exposure() {
    let statement = |actions: &str, condition: &str| {
        policy(&format!(
            r#"{{"Effect": "Allow", "Principal": {{"AWS": {ROOT}}}, "Action": {actions}, "Resource": "*",
            "Condition": {{{condition}}}}}"#
        ))
    };
    for (actions, rule) in [
        (r#""kms:*""#, "foreign-account-key"),
        (r#"["kms:Decrypt", "kms:DescribeKey"]"#, "foreign-account-key"),
        (r#""sqs:SendMessage""#, "foreign-account-resource"),
        (r#""secretsmanager:GetSecretValue""#, "foreign-account-resource"),
    ] {
        let text = statement(actions, "");
        assert_eq!(knowing_accounts(&text), [(rule, ROOT)], "{text}");
        assert_eq!(found(&text), [], "nobody knows whose the account is: {text}");
        for narrowed in [
            r#""ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/reader"}"#,
            r#""StringEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}"#,
        ] {
            let text = statement(actions, narrowed);
            assert_eq!(knowing_accounts(&text), [], "{text}");
        }
        let own = statement(actions, "").replace("444455556666", "111122223333");
        assert_eq!(knowing_accounts(&own), [], "{own}");
    }
    let by_resource = policy(
        r#"{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "sns:Publish",
        "Resource": "arn:aws:sns:eu-west-1:111122223333:t"}"#,
    );
    assert_eq!(
        found(&by_resource),
        [("foreign-account-resource", r#""444455556666""#)],
        "the resource is another account's"
    );
    // AWS delivers logs into buckets only, and not as the root of a Redshift account.
    for account in ["193672423079", "127311923021"] {
        let text = statement(r#""sqs:SendMessage""#, "").replace("444455556666", account);
        assert_eq!(knowing_accounts(&text).len(), 1, "{text}");
    }
}

#[test]
fn allow_with_not_principal_lets_everyone_else_in() {
    let statement = |effect: &str, condition: &str| {
        policy(&format!(
            r#"{{"Effect": "{effect}", "NotPrincipal": {{"AWS": "arn:aws:iam::111122223333:user/bob"}}, "Action": "s3:*",
            "Resource": "arn:aws:s3:::b/*", "Condition": {{{condition}}}}}"#
        ))
    };
    let text = statement("Allow", "");
    assert_eq!(found(&text), [("allow-not-principal", r#""NotPrincipal""#)]);
    assert_eq!(found(&statement("Deny", "")), []);
    let narrowed = statement("Allow", r#""StringEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}"#);
    assert_eq!(found(&narrowed), []);
    assert_eq!(family(told(&lint_pedantic("policy.json", &narrowed), &narrowed)).len(), 1);
    let role = policy(r#"{"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}"#);
    assert_eq!(found(&role), [("allow-not-principal", r#""NotPrincipal""#)]);
}

#[test]
fn what_is_known_at_deployment_only_is_shown_to_pedants() {
    let text = bucket(STAR, r#""ArnLike": {"aws:SourceArn": {"Fn::Sub": "${Topic}*"}}"#);
    assert_eq!(found(&text), []);
    let findings = lint_pedantic("policy.json", &text);
    let open = findings.iter().filter(|finding| is_of_everyone(finding));
    let said: Vec<_> = open.map(|it| (it.rule.0, it.severity.as_str(), it.confidence.as_str())).collect();
    assert_eq!(said, [("possibly-public-resource", "low", "low")], "what is in doubt is neither sure nor grave");
    // Whatever the organisation or the topic is, it is one.
    for exact in [
        r#""StringEquals": {"aws:PrincipalOrgID": {"Ref": "Organization"}}"#,
        r#""ArnLike": {"aws:SourceArn": {"Ref": "Topic"}}"#,
    ] {
        let exact = bucket(STAR, exact);
        assert_eq!(family(told(&lint_pedantic("policy.json", &exact), &exact)), []);
    }
}

#[test]
fn service_control_policies_are_ceilings() {
    let text = bucket(STAR, "");
    assert_eq!(family(told(&lint("scp/deny.json", &text), &text)), []);
}
