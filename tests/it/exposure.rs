//! What opens a function, a layer or an event bus to others without a document: permissions.

use crate::lint::{lint, lint_pedantic, told, underlined};

type Told = &'static [(&'static str, &'static str)];

/// What stands in `aws_lambda_permission`, in a permission of CloudFormation, and the rules that speak of both, with the text
/// that they underline in the first.
const PERMISSIONS: [(&str, &str, Told); 14] = [
    (r#"principal = "*""#, "Principal: '*'", &[("public-resource", r#""*""#)]),
    (
        "principal = \"*\"\nfunction_url_auth_type = \"NONE\"",
        "Principal: '*', FunctionUrlAuthType: NONE",
        &[("public-function-url", r#""*""#)],
    ),
    ("principal = \"*\"\nprincipal_org_id = \"o-a1b2c3d4e5\"", "Principal: '*', PrincipalOrgID: o-a1b2c3d4e5", &[]),
    (
        r#"principal = "s3.amazonaws.com""#,
        "Principal: s3.amazonaws.com",
        &[("confused-deputy", r#""s3.amazonaws.com""#)],
    ),
    (
        "principal = \"apigateway.amazonaws.com\"\nsource_arn = null",
        "Principal: apigateway.amazonaws.com",
        &[("confused-deputy", r#""apigateway.amazonaws.com""#)],
    ),
    (
        "principal = \"s3.amazonaws.com\"\nsource_arn = \"arn:aws:s3:::b\"",
        "Principal: s3.amazonaws.com, SourceArn: 'arn:aws:s3:::b'",
        &[],
    ),
    (
        "principal = \"s3.amazonaws.com\"\nsource_account = \"111122223333\"",
        "Principal: s3.amazonaws.com, SourceAccount: !Ref AWS::AccountId",
        &[],
    ),
    (
        "principal = \"events.amazonaws.com\"\nsource_arn = var.rule_arn",
        "Principal: events.amazonaws.com, SourceArn: !Ref RuleArn",
        &[],
    ),
    (
        "principal = \"alexa-appkit.amazon.com\"\nevent_source_token = \"amzn1.ask.skill.1\"",
        "Principal: alexa-appkit.amazon.com, EventSourceToken: amzn1.ask.skill.1",
        &[],
    ),
    (r#"principal = var.principal"#, "Principal: !Ref Who", &[]),
    (
        r#"principal = "444455556666""#,
        "Principal: '444455556666'",
        &[("foreign-account-resource", r#""444455556666""#)],
    ),
    (
        r#"principal = "arn:aws:iam::444455556666:root""#,
        "Principal: 'arn:aws:iam::444455556666:root'",
        &[("foreign-account-resource", r#""arn:aws:iam::444455556666:root""#)],
    ),
    (r#"principal = "arn:aws:iam::444455556666:role/r""#, "Principal: 'arn:aws:iam::444455556666:role/r'", &[]),
    (r#"principal = data.aws_caller_identity.me.account_id"#, "Principal: !Ref AWS::AccountId", &[]),
];

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:111122223333:function:f";

#[test]
fn a_permission_of_a_function_is_a_policy() {
    for (hcl, yaml, expected) in PERMISSIONS {
        let action = match hcl.contains("function_url") {
            true => "lambda:InvokeFunctionUrl",
            false => "lambda:InvokeFunction",
        };
        let module = format!(
            "resource \"aws_lambda_permission\" \"p\" {{\n  action = \"{action}\"\n  function_name = \"{FUNCTION}\"\n  {hcl}\n}}\n"
        );
        assert_eq!(told(&lint("main.tf", &module), &module), expected, "{hcl}");
        let properties = format!("{{Action: '{action}', FunctionName: '{FUNCTION}', {yaml}}}");
        let template = format!("Resources:\n  P:\n    Type: AWS::Lambda::Permission\n    Properties: {properties}\n");
        let rules: Vec<&str> = lint("template.yaml", &template).iter().map(|finding| finding.rule.0).collect();
        assert_eq!(rules, expected.iter().map(|(rule, _)| *rule).collect::<Vec<_>>(), "{yaml}");
    }
    let json = r#"{"Resources": {"P": {"Type": "AWS::Lambda::Permission", "Properties": {"Action": "lambda:InvokeFunction", "FunctionName": {"Ref": "F"}, "Principal": "*"}}}}"#;
    assert_eq!(told(&lint("template.json", json), json), [("public-resource", r#""*""#)]);
    let plan = r#"{"format_version": "1.2", "planned_values": {"root_module": {"resources": [{"type": "aws_lambda_permission", "values": {"action": "lambda:InvokeFunction", "function_name": "f", "principal": "sns.amazonaws.com", "source_arn": null}}]}}}"#;
    assert_eq!(told(&lint("plan.json", plan), plan), [("confused-deputy", r#""sns.amazonaws.com""#)]);
}

#[test]
fn a_permission_with_a_wildcard_gives_more_than_a_call() {
    let found = |action: &str| {
        let text = format!(
            "resource \"aws_lambda_permission\" \"p\" {{\n  action = \"{action}\"\n  function_name = \"f\"\n  \
             principal = \"sns.amazonaws.com\"\n  source_arn = aws_sns_topic.t.arn\n}}\n"
        );
        let findings = lint_pedantic("main.tf", &text);
        findings.iter().map(|finding| (finding.rule.0, underlined(finding, &text).to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(found("lambda:*"), [("service-wildcard", "\"lambda:*\"".to_owned())]);
    assert_eq!(found("*"), [("wildcard-action", "\"*\"".to_owned())]);
    assert_eq!(found("lambda:InvokeFunction"), []);
}

#[test]
fn the_url_of_a_function_is_open_if_it_asks_for_no_signature() {
    let found = |kind: &str| {
        let text = format!(
            "resource \"aws_lambda_function_url\" \"u\" {{\n  function_name = \"f\"\n  authorization_type = {kind}\n}}\n"
        );
        let findings = lint_pedantic("main.tf", &text);
        findings.iter().map(|finding| (finding.rule.0, underlined(finding, &text).to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(found("\"NONE\""), [("public-function-url", "\"NONE\"".to_owned())]);
    assert_eq!(found("\"AWS_IAM\""), []);
    assert_eq!(found("var.kind"), []);
}

#[test]
fn layers_and_event_buses_have_permissions_too() {
    for (kind, body, expected) in [
        ("aws_lambda_layer_version_permission", "principal = \"*\"\naction = \"lambda:GetLayerVersion\"", 1),
        (
            "aws_lambda_layer_version_permission",
            "principal = \"*\"\naction = \"lambda:GetLayerVersion\"\norganization_id = \"o-a1b2c3d4e5\"",
            0,
        ),
        ("aws_cloudwatch_event_permission", "principal = \"*\"\nstatement_id = \"s\"", 1),
        (
            "aws_cloudwatch_event_permission",
            "principal = \"*\"\nstatement_id = \"s\"\ncondition {\nkey = \"aws:PrincipalOrgID\"\ntype = \"StringEquals\"\nvalue = \"o-a1b2c3d4e5\"\n}",
            0,
        ),
        ("aws_cloudwatch_event_permission", "principal = \"444455556666\"\nstatement_id = \"s\"", 0),
    ] {
        let text = format!("resource \"{kind}\" \"p\" {{\n{body}\n}}\n");
        let found = lint("main.tf", &text);
        let public = found.iter().filter(|finding| finding.rule.0 == "public-resource").count();
        assert_eq!((public, found.len()), (expected, expected), "{text}");
    }
    for (condition, expected) in [
        ("", 1),
        (", Condition: {Type: StringEquals, Key: 'aws:PrincipalOrgID', Value: o-a1b2c3d4e5}", 0),
        (", Condition: {Type: StringEqualsIfExists, Key: 'aws:PrincipalOrgID', Value: o-a1b2c3d4e5}", 1),
    ] {
        let text = format!(
            "Resources:\n  P:\n    Type: AWS::Events::EventBusPolicy\n    Properties: {{Action: 'events:PutEvents', Principal: '*', StatementId: s{condition}}}\n"
        );
        let public = lint("template.yaml", &text).iter().filter(|finding| finding.rule.0 == "public-resource").count();
        assert_eq!(public, expected, "{text}");
    }
}
