//! How far a statement goes: who wrote a `*`, what an action can be on, and that one thing is told once.

use crate::lint::{lint, lint_pedantic, lint_with, told, underlined};
use whit::finding::Finding;
use whit::policy::ActionPattern;
use whit::settings::Settings;

fn policy(statements: &[&str]) -> String {
    let list: Vec<String> =
        statements.iter().map(|statement| format!("{{\"Effect\": \"Allow\", {statement}}}")).collect();
    format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, list.join(", "))
}

fn rules(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule.0).collect()
}

/// The rules that speak of a policy of these statements in the default run.
fn shown(statements: &[&str]) -> Vec<&'static str> {
    rules(&lint("p.json", &policy(statements)))
}

/// A template with a managed policy of these statements, in YAML.
fn template(statements: &str) -> String {
    format!(
        "Parameters:\n  Name: {{Type: String}}\nResources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      \
         PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n{statements}"
    )
}

#[test]
fn a_reference_is_not_all_there_is() {
    let statement = |action: &str, resource: &str| {
        format!("        - {{Effect: Allow, Action: '{action}', Resource: {resource}}}\n")
    };
    let references = [
        "!Ref Name",
        "!GetAtt X.Value",
        "!ImportValue x",
        "!Sub 'arn:aws:iam::${AWS::AccountId}:role/${Name}'",
        "!Sub '${Name}/*'",
        "!Sub 'arn:aws:iam::1:role/${Name}-*'",
        "!Sub 'arn:aws:iam::1:role/${Name}*'",
    ];
    for reference in references {
        for action in ["sqs:*", "sts:AssumeRole", "codebuild:StartBuild", "s3:Put*", "s3:GetObject", "ssm:GetParameter"]
        {
            let text = template(&statement(action, reference));
            assert_eq!(told(&lint("t.yaml", &text), &text), [], "{action} on {reference}");
        }
        let text = template(&(statement("ec2:RunInstances", "'*'") + &statement("iam:PassRole", reference)));
        let found = lint("t.yaml", &text);
        assert!(!rules(&found).contains(&"privilege-escalation"), "{reference}: {found:?}");
    }
    // Somebody wrote a `*`.
    for all in ["'*'", "!Sub 'arn:aws:iam::${Name}:role/*'", "!If [C, !Ref Name, '*']"] {
        let text = template(&(statement("ec2:RunInstances", "'*'") + &statement("iam:PassRole", all)));
        assert!(rules(&lint("t.yaml", &text)).contains(&"privilege-escalation"), "{all}");
    }
    let terraform = "data \"aws_iam_policy_document\" \"c\" {\n  statement {\n    actions   = [\"ec2:RunInstances\"]\n    resources = [\"*\"]\n  }\n  \
                     statement {\n    actions   = [\"iam:PassRole\"]\n    resources = [for a in var.a : \"arn:aws:iam::${a}:role/x\"]\n  }\n}\n\
                     resource \"aws_iam_policy\" \"c\" {\n  policy = data.aws_iam_policy_document.c.json\n}\n";
    assert_eq!(rules(&lint("main.tf", terraform)), [] as [&str; 0]);
}

#[test]
fn what_an_action_cannot_be_on_is_not_every_resource() {
    let athena = r#""arn:aws:athena:eu-west-2:111122223333:queryexecution/*""#;
    let read = |resources: &str| {
        let mut found = shown(&[&format!(
            r#""Action": ["athena:StartQueryExecution", "s3:GetObject"], "Resource": [{resources}]"#
        )]);
        found.retain(|rule| *rule == "unscoped-data-access");
        found.len()
    };
    assert_eq!(read(&format!(r#"{athena}, "arn:aws:s3:::b/*""#)), 0);
    assert_eq!(read(athena), 0);
    assert_eq!(read(&format!(r#"{athena}, "arn:aws:s3:::*""#)), 1);
    for text in ["${parameter_arn}/*", "%{Source.Arn}/stream/*", "<bucket>/*", "aws:s3:::b/*"] {
        let found = shown(&[&format!(r#""Action": "s3:GetObject", "Resource": "{text}""#)]);
        assert!(!found.contains(&"unscoped-data-access"), "{text}: {found:?}");
    }
    // The mark is on what is wide.
    let text = policy(&[
        r#""Action": "secretsmanager:GetSecretValue", "Resource": ["arn:aws:ec2:*:1:instance/*", "arn:aws:secretsmanager:*:*:*"]"#,
    ]);
    let found = lint_pedantic("p.json", &text);
    let found = found.iter().find(|finding| finding.rule.0 == "unscoped-data-access");
    let at = found.and_then(|finding| finding.labels.first()).map(|mark| mark.region);
    let at = at.map(|region| &text[region.byte as usize..(region.byte + region.byte_len) as usize]);
    assert_eq!(at, Some(r#""arn:aws:secretsmanager:*:*:*""#));
}

#[test]
fn wildcards_count_what_the_resources_leave() {
    let note = |action: &str, resource: &str| {
        let found = lint_pedantic("p.json", &policy(&[&format!(r#""Action": "{action}", "Resource": "{resource}""#)]));
        found.first().map_or(String::new(), |finding| format!("{} {}", finding.message, finding.primary.text))
    };
    let logs = note("logs:*", "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f:*");
    assert!(logs.contains("reaches") && !logs.contains("ResourcePolicy"), "{logs}");
    let bucket = note("s3:*", "arn:aws:s3:::b");
    assert!(bucket.contains("reaches") && !bucket.contains("AccessGrant") && !bucket.contains("PutObject"), "{bucket}");
    let (role, all) = (note("iam:*", "arn:aws:iam::111122223333:role/x"), note("iam:*", "*"));
    assert!(role.contains("`iam:*` reaches") && !role.contains("User"), "{role}");
    assert!(all.contains("`iam:*` reaches") && all != role, "{all}");
    for (action, resource) in
        [("iam:*", "arn:aws:s3:::x/*"), ("s3:Put*", "arn:aws:sqs:*:*:q"), ("sqs:*", "arn:aws:s3:::x")]
    {
        assert_eq!(note(action, resource), "", "{action} on {resource}");
    }
}

#[test]
fn a_bucket_is_not_its_objects() {
    let of = |action: &str, resource: &str| {
        let text = policy(&[&format!(r#""Action": "{action}", "Resource": "{resource}""#)]);
        let mut found = lint("p.json", &text);
        found.retain(|finding| finding.rule.0 == "resource-mismatch");
        found.iter().map(|finding| underlined(finding, &text).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of("s3:ListBucket", "arn:aws:s3:::reports/*"), [r#""s3:ListBucket""#]);
    assert_eq!(of("s3:GetObject", "arn:aws:s3:::reports"), [r#""s3:GetObject""#]);
    assert_eq!(of("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/t/index/i"), [r#""dynamodb:GetItem""#]);
    for (action, resource) in [
        ("s3:ListBucket", "arn:aws:s3:::reports*"),
        ("s3:ListBucket", "arn:aws:s3:eu-west-1:111122223333:accesspoint/a"),
        ("s3:GetObject", "arn:aws:s3:::reports/*"),
        ("dynamodb:Query", "arn:aws:dynamodb:*:*:table/t/index/i"),
        ("iam:GetRole", "arn:aws:iam::111122223333:role/a/b"),
        ("ssm:GetParameter", "arn:aws:ssm:*:*:parameter/a/b"),
        ("ecr:BatchGetImage", "arn:aws:ecr:*:*:repository/a/b"),
    ] {
        assert_eq!(of(action, resource), [] as [&str; 0], "{action} on {resource}");
    }
}

#[test]
fn access_that_cannot_be_is_not_forbidden() {
    let of = |action: &str, statement: &str| {
        let settings = Settings::default();
        let ceiling =
            whit::access::ceiling::Ceiling { actions: vec![ActionPattern::new(action)], ..Default::default() };
        let settings = Settings { forbid: vec![ceiling], ..settings };
        let found = lint_with("p.json", policy(&[statement]).as_bytes(), &settings);
        rules(&found).iter().filter(|rule| **rule == "forbidden-access").count()
    };
    for (action, statement, expected) in [
        ("kms:Decrypt", r#""Action": "kms:Decrypt", "Resource": "arn:aws:s3:::a""#, 0),
        ("iam:CreateUser", r#""Action": "iam:*", "Resource": "arn:aws:iam::*:role/*""#, 0),
        ("s3:ListBucket", r#""Action": "s3:*", "Resource": "arn:aws:s3:::a/*""#, 0),
        ("s3:ListBucket", r#""Action": "s3:*", "Resource": ["arn:aws:s3:::a", "arn:aws:s3:::a/*"]"#, 1),
        ("kms:Decrypt", r#""Action": "kms:Decrypt", "Resource": "*""#, 1),
        ("nonsense:Do", r#""Action": "nonsense:Do", "Resource": "arn:aws:s3:::a""#, 1),
    ] {
        assert_eq!(of(action, statement), expected, "{action}: {statement}");
    }
}

#[test]
fn every_request_to_pass_a_role_names_the_service() {
    let condition =
        |operator: &str| format!(r#""Condition": {{"{operator}": {{"iam:PassedToService": "lambda.amazonaws.com"}}}}"#);
    let pass = |resource: &str, condition: &str| {
        let rest = if condition.is_empty() { String::new() } else { format!(", {condition}") };
        shown(&[&format!(r#""Action": "iam:PassRole", "Resource": "{resource}"{rest}"#)])
    };
    for operator in ["StringEquals", "StringEqualsIfExists", "StringLikeIfExists"] {
        assert_eq!(pass("*", &condition(operator)), ["loosely-passed-role"], "{operator}");
        assert_eq!(pass("arn:aws:iam::*:role/app-*", &condition(operator)), [] as [&str; 0], "{operator}");
    }
    for operator in ["StringNotEquals", "StringNotEqualsIfExists"] {
        assert_eq!(pass("*", &condition(operator)), ["pass-any-role"], "{operator}");
    }
    // Only roles of the own account can be passed.
    assert_eq!(pass("arn:aws:iam::*:role/one", ""), [] as [&str; 0]);
    assert_eq!(pass("arn:aws:iam::*:role/app-*", ""), ["loosely-passed-role"]);
    assert_eq!(pass("arn:aws:iam::*:role/*/app/*", ""), ["loosely-passed-role"]);
    // They trust one service.
    assert_eq!(pass("arn:aws:iam::*:role/aws-service-role/config.amazonaws.com/*", ""), [] as [&str; 0]);
    assert_eq!(pass("arn:aws:iam::*:role/aws-service-role/*", ""), [] as [&str; 0]);
}

#[test]
fn one_thing_is_told_once() {
    let many: Vec<String> =
        ["sqs", "sns", "ec2", "rds", "ecs", "eks", "ecr", "glue", "athena", "batch", "kinesis", "lambda"]
            .iter()
            .map(|service| format!("\"{service}:*\""))
            .collect();
    // Also what is too much to be marked.
    let all = format!(r#""Action": [{}, "kms:*", "secretsmanager:*"], "Resource": "*""#, many.join(", "));
    assert_eq!(shown(&[&all]), ["service-wildcard"]);
    assert_eq!(shown(&[r#""Action": "newservice:*", "Resource": "*""#]), ["unknown-action"]);
    assert_eq!(
        shown(&[r#""Action": "sagemaker:*", "NotResource": "arn:aws:sagemaker:*:*:domain/*""#]),
        ["allow-not-resource"]
    );
    let pedantic = |statement: &str| rules(&lint_pedantic("p.json", &policy(&[statement])));
    for action in ["sts:AssumeRole", "iam:PassRole", "kms:CreateGrant", "ssm:StartSession", "s3:PutBucketPolicy"] {
        let found = pedantic(&format!(r#""Action": "{action}", "Resource": "*""#));
        assert!(!found.is_empty() && !found.contains(&"unscoped-action"), "{action}: {found:?}");
    }
    // What stands beside it is still told.
    assert!(pedantic(r#""Action": ["iam:PassRole", "sqs:DeleteQueue"], "Resource": "*""#).contains(&"unscoped-action"));
}

#[test]
fn a_grant_through_a_service_is_the_services() {
    let grant = |condition: &str| {
        let all = format!(r#""Action": "kms:CreateGrant", "Resource": "*", "Condition": {{{condition}}}"#);
        shown(&[&all]).contains(&"unrestricted-kms-grant")
    };
    assert!(!grant(r#""Bool": {"aws:ViaAWSService": "true"}"#));
    assert!(!grant(r#""StringEquals": {"kms:ViaService": "rds.eu-west-1.amazonaws.com"}"#));
    assert!(grant(r#""Bool": {"aws:ViaAWSService": "false"}"#));
    assert!(grant(r#""BoolIfExists": {"aws:ViaAWSService": "true"}"#));
}

#[test]
fn a_tag_that_must_be_there_narrows() {
    let terminate = |condition: &str| {
        let all = format!(r#""Action": "ec2:*Instances", "Resource": "*", "Condition": {{{condition}}}"#);
        shown(&[&all]).contains(&"write-wildcard")
    };
    assert!(!terminate(r#""StringLike": {"aws:ResourceTag/team": "*"}"#));
    assert!(!terminate(r#""Null": {"aws:ResourceTag/team": "false"}"#));
    assert!(terminate(r#""StringLikeIfExists": {"aws:ResourceTag/team": "*"}"#));
    assert!(terminate(r#""StringLike": {"aws:RequestedRegion": "*"}"#));
}

#[test]
fn what_is_filled_into_a_pattern_leaves_it_narrow() {
    for (condition, told) in [
        ("ForAnyValue:StringLike: {kms:ResourceAliases: !Sub 'alias/x-${P}'}", false),
        ("StringLike: {aws:ResourceTag/team: !Sub 'x-${P}'}", false),
        ("StringLike: {aws:ResourceTag/team: !Ref P}", false),
        ("ForAnyValue:StringLike: {kms:ResourceAliases: '*'}", true),
        // As before: who calls is not what they reach.
        ("StringLike: {aws:PrincipalTag/team: !Sub 'x-${P}'}", true),
    ] {
        let text = format!(
            "Parameters:\n  P: {{Type: String}}\nResources:\n  A:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        \
             Version: '2012-10-17'\n        Statement:\n          - Effect: Allow\n            Action: kms:Decrypt\n            Resource: '*'\n            \
             Condition:\n              {condition}\n"
        );
        let findings = crate::lint::lint("t.yaml", &text);
        assert_eq!(findings.iter().any(|it| it.rule.0 == "unscoped-data-access"), told, "{condition}: {findings:?}");
    }
}
