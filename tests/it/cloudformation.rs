//! Templates: intrinsic functions are worked out as far as the template tells, and the rest is neither safe nor certain.

use crate::corpus::corpus;
use crate::lint::{is_of_everyone, lint, lint_pedantic, run_with, told};
use whit::finding::Confidence;
use whit::settings::Settings;

/// A template with parameters, mappings and resources, and a managed policy with one statement.
fn template(effect: &str, action: &str, resource: &str) -> String {
    format!(
        "AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Given: {{Type: String}}
  Stars: {{Type: String, Default: 's3:*'}}
  List: {{Type: CommaDelimitedList, Default: 'ec2:*, s3:GetBucketAcl'}}
  Kept: {{Type: 'AWS::SSM::Parameter::Value<String>', Default: '*'}}
Mappings:
  Levels:
    prod: {{actions: 's3:GetBucketAcl', all: ['iam:*', 's3:GetBucketAcl']}}
    test: {{actions: 's3:*'}}
Resources:
  Bucket:
    Type: AWS::S3::Bucket
  Topic:
    Type: AWS::SNS::Topic
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: {effect}
            Action: {action}
            Resource: {resource}
"
    )
}

#[test]
fn functions_are_worked_out() {
    for (effect, action, resource, found) in [
        ("Allow", "!Ref Stars", "'*'", &[("service-wildcard", "!Ref Stars")][..]),
        ("Allow", "!Sub '${Stars}'", "'*'", &[("service-wildcard", "!Sub '${Stars}'")]),
        ("Allow", "!Join [':', [s3, '*']]", "'*'", &[("service-wildcard", "!Join [':', [s3, '*']]")]),
        ("Allow", "!Ref List", "'*'", &[("service-wildcard", "!Ref List")]),
        ("Allow", "!If [C, 's3:*', 's3:GetBucketAcl']", "'*'", &[("service-wildcard", "'s3:*'")]),
        ("Allow", "!If [C, ['s3:*', 'ec2:Describe*'], !Ref AWS::NoValue]", "'*'", &[("service-wildcard", "'s3:*'")]),
        ("Allow", "!Select [1, ['s3:GetBucketAcl', 's3:*']]", "'*'", &[("service-wildcard", "'s3:*'")]),
        (
            "Allow",
            "!Split [',', 's3:GetBucketAcl,s3:*']",
            "'*'",
            &[("service-wildcard", "!Split [',', 's3:GetBucketAcl,s3:*']")],
        ),
        ("Allow", "!Select [1, !Split [',', !Ref Given]]", "'*'", &[]),
        ("Allow", "!Select ['0', ['s3:GetBucketAcl', 's3:*']]", "'*'", &[]),
        ("Allow", "!FindInMap [Levels, prod, actions]", "'*'", &[]),
        (
            "Allow",
            "!FindInMap [Levels, test, actions]",
            "'*'",
            &[("service-wildcard", "!FindInMap [Levels, test, actions]")],
        ),
        ("Allow", "!FindInMap [Levels, prod, all]", "'*'", &[("iam-wildcard", "!FindInMap [Levels, prod, all]")]),
        ("Allow", "'s3:*'", "!Sub 'arn:${AWS::Partition}:s3:::*'", &[("service-wildcard", "'s3:*'")]),
        ("Allow", "'s3:*'", "[!GetAtt Bucket.Arn, !Sub '${Bucket.Arn}/*']", &[]),
        ("Allow", "'sns:*'", "!Ref Topic", &[]),
        ("Allow", "'s3:*'", "!Sub 'arn:aws:s3:::logs-${Given}/*'", &[]),
        ("Deny", "'s3:*'", "'*'", &[]),
        ("!If [C, Allow, Deny]", "'s3:*'", "'*'", &[("service-wildcard", "'s3:*'")]),
        ("!Ref Given", "'s3:*'", "'*'", &[("service-wildcard", "'s3:*'")]),
    ] {
        let text = template(effect, action, resource);
        assert_eq!(told(&lint(&text_name(), &text), &text), found, "{effect} {action} {resource}");
    }
}

#[test]
fn a_deny_that_is_chosen_is_relied_on_by_nobody() {
    let mfa = "{Effect: Deny, Action: '*', Resource: '*', Condition: {BoolIfExists: {'aws:MultiFactorAuthPresent': 'false'}}}";
    let found = |deny: &str| {
        let text = format!(
            "Resources:\n  Group:\n    Type: AWS::IAM::Group\n    Properties:\n      Policies:\n        - PolicyName: p\n          \
             PolicyDocument:\n            Version: '2012-10-17'\n            Statement:\n              - Effect: Allow\n                \
             Action: 'iam:*'\n                Resource: '*'\n              - {deny}\n"
        );
        lint("template.yaml", &text).iter().map(|finding| finding.rule.0).collect::<Vec<_>>()
    };
    assert_eq!(found(mfa), ["iam-wildcard"]);
    let chosen = format!("!If [Strict, {mfa}, !Ref 'AWS::NoValue']");
    assert_eq!(found(&chosen), ["iam-wildcard", "sensitive-access-without-mfa"]);
    let chosen = mfa.replace("Action: '*'", "Action: !If [Strict, '*', 's3:*']");
    assert_eq!(found(&chosen), ["iam-wildcard", "sensitive-access-without-mfa"]);
}

#[test]
fn what_aws_chooses_is_as_good_as_written() {
    let queue = |condition: &str| {
        let text = format!(
            "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n  Policy:\n    Type: AWS::SQS::QueuePolicy\n    Properties:\n      PolicyDocument:\n        \
             Version: '2012-10-17'\n        Statement:\n          Effect: Allow\n          Principal: '*'\n          Action: sqs:SendMessage\n          \
             Resource: '*'\n          Condition: {condition}\n"
        );
        lint_pedantic("t.yaml", &text).iter().any(is_of_everyone)
    };
    assert!(!queue("{ArnEquals: {'aws:SourceArn': !Ref Topic}}"), "the topic is one of this account");
    assert!(!queue("{StringEquals: {'aws:SourceAccount': !Ref 'AWS::AccountId'}}"));
    assert!(!queue("{ArnEquals: {'aws:SourceArn': !Ref Given}}"), "what is given is one topic");
    assert!(queue("{ArnEquals: {'aws:SourceArn': !Sub '${Given}*'}}"), "what begins with it may be anything");
    assert!(queue("{StringLike: {'aws:SourceArn': !Sub 'arn:aws:sns:*:*:${Topic.TopicName}'}}"));
}

fn text_name() -> String {
    "template.yaml".to_owned()
}

#[test]
fn what_is_not_known_is_neither_safe_nor_certain() {
    let of = |resource: &str| {
        let text = template("Allow", "'s3:*'", resource);
        let findings = lint_pedantic("template.yaml", &text);
        let wildcards = findings.into_iter().filter(|finding| finding.rule.0 == "service-wildcard");
        wildcards.map(|finding| finding.confidence).collect::<Vec<_>>()
    };
    assert_eq!(of("'*'"), [Confidence::High]);
    assert_eq!(of("!If [C, '*', !GetAtt Bucket.Arn]"), [Confidence::Medium], "one arm only");
    assert_eq!(of("!Select [0, ['*', !GetAtt Bucket.Arn]]"), [Confidence::High], "no choice");
    for resource in ["!Ref Given", "!Ref Kept", "!ImportValue x", "!Sub '${Given}/*'", "!Sub 'arn:aws:s3:::${Given}/*'"]
    {
        assert_eq!(of(resource), [Confidence::Medium], "{resource}");
    }
    // A reference is no `*`.
    let text = template("Allow", "!Ref Given", "'*'");
    assert_eq!(told(&lint("template.yaml", &text), &text), []);
}

#[test]
fn the_own_account_is_known_without_its_number() {
    let trust = |principal: &str| {
        let text = format!(
            "Parameters: {{Other: {{Type: String}}}}\nResources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      \
             AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n        - Effect: Allow\n          \
             Principal: {{AWS: {principal}}}\n          Action: sts:AssumeRole\n"
        );
        lint("t.yaml", &text).iter().map(|finding| (finding.rule.0, finding.severity.as_str())).collect::<Vec<_>>()
    };
    let own = [("root-principal", "medium"), ("trust-without-mfa", "medium")];
    assert_eq!(trust("!Sub 'arn:aws:iam::${AWS::AccountId}:root'"), own);
    assert_eq!(trust("!Join ['', ['arn:', !Ref AWS::Partition, ':iam::', !Ref AWS::AccountId, ':root']]"), own);
    assert_eq!(trust("!Ref AWS::AccountId"), own);
    assert_eq!(trust("!Sub 'arn:aws:iam::${Other}:root'"), own);
    assert_eq!(trust("!Ref Other"), []);
}

#[test]
fn a_policy_in_a_string_is_underlined_inside_the_string() {
    let text = "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: !Sub |\n        {\n          \
                \"Version\": \"2012-10-17\",\n\n          \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"s3:\\u002a\",\n            \
                \"Resource\": [\"*\", \"arn:aws:s3:::${AWS::AccountId}-é/${!aws:username}\"]}\n        }\n";
    assert_eq!(told(&lint("t.yaml", text), text), [("service-wildcard", "\"s3:\\u002a\"")]);
    let folded = text.replace("!Sub |", ">-");
    assert_eq!(told(&lint("t.yaml", &folded), &folded), [("service-wildcard", "\"s3:\\u002a\"")]);
    let windows = text.replace('\n', "\r\n");
    assert_eq!(told(&lint("t.yaml", &windows), &windows), [("service-wildcard", "\"s3:\\u002a\"")]);
}

#[test]
fn statements_without_a_document_are_read() {
    let serverless = "service: x\nprovider:\n  name: aws\n  iam:\n    role:\n      statements:\n        - Effect: Allow\n          \
                      Action: ['s3:*']\n          Resource: '*'\nfunctions:\n  f:\n    iamRoleStatements:\n      - Effect: Allow\n        \
                      Action: 'sqs:*'\n        Resource: '*'\n";
    let found = [("service-wildcard", "'s3:*'"), ("service-wildcard", "'sqs:*'")];
    assert_eq!(told(&lint("serverless.yml", serverless), serverless), found);
    let bus = "Resources:\n  B:\n    Type: AWS::Events::EventBusPolicy\n    Properties:\n      EventBusName: b\n      StatementId: s\n      \
               Statement:\n        Effect: Allow\n        Principal: '*'\n        Action: events:PutEvents\n        Resource: '*'\n";
    assert_eq!(told(&lint("bus.yaml", bus), bus), [("public-resource", "'*'")]);
}

#[test]
fn attachments_are_found_behind_functions() {
    let text = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns:\n        \
                - !Sub 'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess'\n";
    let found = [("administrator-access", "!Sub 'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess'")];
    assert_eq!(told(&lint("t.yaml", text), text), found);
}

#[test]
fn templates_that_stand_there_twice_tell_the_same() {
    let Some(folder) = corpus("aws-cloudformation-templates") else { return };
    let twins = walkdir::WalkDir::new(&folder).into_iter().filter_map(Result::ok).filter_map(|entry| {
        let json = entry.into_path();
        let yaml = json.with_extension("yaml");
        (json.extension()? == "json" && yaml.is_file()).then_some((json, yaml))
    });
    let read = |path: &std::path::Path| std::fs::read_to_string(path).unwrap_or_default();
    let rules = |name: &str, text: &str| -> Vec<&'static str> {
        let mut rules: Vec<_> = lint_pedantic(name, text).iter().map(|finding| finding.rule.0).collect();
        rules.sort_unstable();
        rules
    };
    let (mut same, mut different) = (0, Vec::new());
    for (json, yaml) in twins {
        let (of_json, of_yaml) = (rules("t.json", &read(&json)), rules("t.yaml", &read(&yaml)));
        match of_json == of_yaml {
            true => same += 1,
            false => different.push((yaml.display().to_string(), of_json, of_yaml)),
        }
    }
    println!("{same} templates tell the same in both languages, {} do not: {different:#?}", different.len());
    assert!(same > 100 && different.is_empty());
}

#[test]
fn a_template_in_the_flow_style_of_yaml_is_no_broken_json() {
    let text = r#"{
  AWSTemplateFormatVersion: '2010-09-09',
  "Resources": {
    # The one policy.
    "P": {
      "Type": AWS::IAM::ManagedPolicy,
      "Properties": {
        "PolicyDocument": {
          "Version": '2012-10-17',
          "Statement": [{ "Effect": Allow, "Action": "*", "Resource": "*" }],
        },
      },
    },
  },
}
"#;
    assert_eq!(told(&lint("stack.template", text), text), [("administrator-access", r#""*""#)]);
    // By its name this is JSON.
    assert!(lint("stack.json", text).iter().any(|finding| finding.rule.0 == "invalid-json"));
    // In another style a template is YAML, and called so.
    let run = run_with("stack.template", b"Resources:\n  A: {Effect: Allow}\n  B: c: d\n", &Settings::default());
    assert!(run.skipped.iter().any(|skipped| skipped.why.contains("not YAML")), "{:?}", run.skipped);
    // This is neither.
    let broken = text.replace("\"P\": {", "\"P\": [");
    assert!(lint("stack.template", &broken).iter().any(|finding| finding.rule.0 == "invalid-json"));
}

#[test]
fn statements_of_two_branches_may_share_a_sid() {
    let template = |second: &str| {
        format!(
            "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - !If\n            - C\n            - {{Sid: Read, Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::a/*'}}\n            {second}\n"
        )
    };
    let statement = "{Sid: Read, Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::b/*'}";
    let either = template(&format!("- {statement}"));
    assert_eq!(told(&lint("t.yaml", &either), &either), []);
    let both = template(&format!("- !Ref AWS::NoValue\n          - {statement}"));
    assert_eq!(told(&lint("t.yaml", &both), &both), [("duplicate-sid", "Read")]);
}

#[test]
fn what_a_parameter_has_by_default_is_not_certain() {
    let text = |action: &str, arn: &str| {
        format!(
            r#"Parameters:
  Arn: {{Type: String, Default: "arn:aws:iam::aws:policy/AdministratorAccess"}}
  Action: {{Type: String, Default: "s3:*"}}
Conditions:
  Any: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [{arn}]
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{{Effect: Allow, Principal: {{Service: ec2.amazonaws.com}}, Action: "sts:AssumeRole"}}]
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{{Effect: Allow, Action: {action}, Resource: "*"}}]
"#
        )
    };
    let admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    for (action, arn, confidence) in [
        ("'s3:*'", format!("'{admin}'"), Confidence::High),
        ("!Ref Action", "!Ref Arn".to_owned(), Confidence::Medium),
        ("!Sub '${Action}'", format!("!If [Any, '{admin}', !Ref 'AWS::NoValue']"), Confidence::Medium),
    ] {
        let findings = lint("template.yaml", &text(action, &arn));
        let graded = |rule: &str| {
            let of_rule = findings.iter().filter(|finding| finding.rule.0 == rule);
            of_rule.map(|finding| finding.confidence).collect::<Vec<_>>()
        };
        let both = (graded("service-wildcard"), graded("administrator-access"));
        assert_eq!(both, (vec![confidence], vec![confidence]), "{action} {arn}");
    }
}

#[test]
fn one_of_two_that_deployment_chooses_from_does_not_include_the_other() {
    let text = |action: &str| template("Allow", action, "'*'");
    for (action, count) in [("!If [Any, 's3:*', 's3:GetObject']", 0), ("['s3:*', 's3:GetObject']", 1)] {
        let findings = lint_pedantic("template.yaml", &text(action));
        let redundant = findings.iter().filter(|finding| finding.rule.0 == "redundant-entry").count();
        assert_eq!(redundant, count, "{action}: {findings:?}");
    }
}

#[test]
fn what_a_custom_resource_lacks_its_function_may_add() {
    let text = "Resources:\n  B:\n    Type: Custom::Bucket\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        \
                Statement:\n          - Effect: Allow\n            Action: 's3:*'\n            Principal: {Service: codepipeline.amazonaws.com}\n";
    let malformed = |text: &str| lint_pedantic("t.yaml", text).iter().any(|it| it.rule.0 == "malformed-policy");
    assert!(!malformed(text));
    assert!(malformed(&text.replace("Custom::Bucket", "AWS::S3::BucketPolicy")));
}
