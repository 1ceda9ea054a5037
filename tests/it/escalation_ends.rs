//! Ways to more rights, joined with the roles that the same template makes: where each ends, and which lead nowhere.

use crate::lint::{lint, lint_pedantic};
use whit::finding::Finding;

pub(crate) const RULES: [&str; 2] = ["privilege-escalation", "escalation-through-existing"];

pub(crate) fn ways(all: Vec<Finding>) -> Vec<Finding> {
    all.into_iter().filter(|finding| RULES.contains(&finding.rule.0)).collect()
}

/// What a default run and a pedantic one say of the ways in a file.
pub(crate) fn told(path: &str, text: &str) -> (Vec<Finding>, Vec<Finding>) {
    (ways(lint(path, text)), ways(lint_pedantic(path, text)))
}

/// The texts that the labels of a finding underline, with what they say.
pub(crate) fn labels<'t>(finding: &Finding, text: &'t str) -> Vec<(&'t str, String)> {
    let cut =
        |region: whit::source::lines::Region| &text[region.byte as usize..(region.byte + region.byte_len) as usize];
    finding.labels.iter().map(|label| (cut(label.region), label.text.clone())).collect()
}

/// A template: what is passed where, and the properties of the role.
fn yaml(resource: &str, properties: &str) -> String {
    format!(
        r#"Parameters:
  Extra: {{Type: String}}
Resources:
  Build:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: [lambda:CreateFunction, "dynamodb:*"]
            Resource: "*"
          - Effect: Allow
            Action: iam:PassRole
            Resource: {resource}
  Work:
    Type: AWS::IAM::Role
    Properties:
{properties}"#
    )
}

const TRUST: &str = r#"      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {Service: SERVICE}, Action: sts:AssumeRole}
"#;

fn trust(service: &str) -> String {
    TRUST.replace("SERVICE", service)
}

fn inline(action: &str, resource: &str) -> String {
    format!(
        "      Policies:\n        - PolicyName: a\n          PolicyDocument:\n            Version: \"2012-10-17\"\n            \
         Statement: [{{Effect: Allow, Action: \"{action}\", Resource: \"{resource}\"}}]\n"
    )
}

const REFERENCE: &str = "!GetAtt Work.Arn";

#[test]
fn a_way_names_the_role_that_it_ends_in() {
    let trusted = trust("lambda.amazonaws.com");
    for (resource, rights, proof) in [
        (REFERENCE, inline("*", "*"), "\"*\""),
        ("!Sub '${Work.Arn}'", inline("*", "*"), "\"*\""),
        ("!Sub 'arn:aws:iam::${AWS::AccountId}:role/${Work}'", inline("*", "*"), "\"*\""),
        (
            REFERENCE,
            "      ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]\n".to_owned(),
            "arn:aws:iam::aws:policy/AdministratorAccess",
        ),
        // Other roles as well, of which nothing is known.
        ("[!GetAtt Work.Arn, !ImportValue other]", inline("*", "*"), "\"*\""),
        ("\"arn:aws:iam::*:role/work\"", format!("      RoleName: work\n{}", inline("*", "*")), "\"*\""),
        (
            "arn:aws:iam::111122223333:role/ci/work",
            format!("      RoleName: work\n      Path: /ci/\n{}", inline("*", "*")),
            "\"*\"",
        ),
    ] {
        let text = yaml(resource, &format!("{trusted}{rights}"));
        let (shown, _) = told("template.yaml", &text);
        let [way] = &shown[..] else { panic!("{resource}: {shown:?}\n{text}") };
        assert_eq!(way.rule.0, RULES[0]);
        assert!(way.message.ends_with("role `Work`, an administrator"), "{}", way.message);
        let labels = labels(way, &text);
        let role = labels.iter().find(|(marked, _)| *marked == "Work");
        assert!(role.is_some_and(|(_, says)| says.contains("administrator")), "{labels:?}");
        assert!(labels.iter().any(|(marked, _)| *marked == proof), "{labels:?}");
    }
}

#[test]
fn a_role_that_does_not_trust_the_service_is_no_end() {
    let rights = inline("*", "*");
    for (shown, service) in [
        (true, "lambda.amazonaws.com"),
        (true, "[ec2.amazonaws.com, lambda.amazonaws.com]"),
        (false, "ec2.amazonaws.com"),
        (false, "[edgelambda.amazonaws.com, ec2.amazonaws.com]"),
    ] {
        let text = yaml(REFERENCE, &format!("{}{rights}", trust(service)));
        let (plain, all) = told("template.yaml", &text);
        assert_eq!((plain.len(), all.len()), (usize::from(shown), usize::from(shown)), "{service}: {all:?}");
    }
    // Whom it trusts is not known: the way stays, and nothing is claimed.
    for trust in [trust("!Ref Extra"), "      AssumeRolePolicyDocument: !Ref Extra\n".to_owned()] {
        let (plain, all) = told("template.yaml", &yaml(REFERENCE, &format!("{trust}{rights}")));
        assert_eq!((plain.len(), all.len()), (0, 1), "{trust}: {all:?}");
        assert!(all[0].message.contains("role `Work`"), "{}", all[0].message);
    }
}

#[test]
fn a_role_that_may_do_nothing_more_is_no_end() {
    let with = |rights: &str| {
        let (plain, all) =
            told("template.yaml", &yaml(REFERENCE, &format!("{}{rights}", trust("lambda.amazonaws.com"))));
        assert!(plain.is_empty(), "{rights}: {plain:?}");
        all
    };
    let logs = "      ManagedPolicyArns:\n        - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole\n";
    for rights in [
        String::new(),
        logs.to_owned(),
        logs.replace("arn:aws:", "!Sub arn:${AWS::Partition}:"),
        inline("logs:PutLogEvents", "*"),
        // What whoever passes it has anyway.
        inline("dynamodb:PutItem", "*"),
        inline("dynamodb:*", "arn:aws:dynamodb:*:*:table/a"),
        inline("dynamodb:*", "arn:aws:dynamodb:*:*:table/${aws:username}"),
    ] {
        assert!(with(&rights).is_empty(), "{rights}");
    }
    for (rights, says) in [
        (inline("s3:GetObject", "*"), "which may `s3:GetObject`"),
        (inline("iam:PutUserPolicy", "arn:aws:iam::111122223333:user/ann"), "which may `iam:PutUserPolicy`"),
        ("      ManagedPolicyArns: [!Ref Extra]\n".to_owned(), "not all of whose rights are known here"),
        ("      ManagedPolicyArns: !Ref Extra\n".to_owned(), "not all of whose rights are known here"),
        ("      ManagedPolicyArns: [arn:aws:iam::111122223333:policy/own]\n".to_owned(), "not all"),
        (inline("logs:PutLogEvents", "*") + "        - !Ref Extra\n", "not all"),
        (inline("logs:*", "*"), "which may `logs:*`"),
    ] {
        let all = with(&rights);
        assert!(
            all.iter().any(|way| way.message.contains("`Work`") && way.message.contains(says)),
            "{rights}: {all:?}"
        );
    }
}

#[test]
fn what_the_holder_has_anyway_is_compared_by_what_it_reaches() {
    let with = |own: &str, of_role: &str| {
        let role = format!("{}{}", trust("lambda.amazonaws.com"), inline("dynamodb:*", of_role));
        // Functions can be made all the same.
        let own = match own.starts_with('"') {
            true => own.to_owned(),
            false => format!("['{own}', 'arn:aws:lambda:*:*:function:f']"),
        };
        let text = yaml(REFERENCE, &role).replacen("Resource: \"*\"", &format!("Resource: {own}"), 1);
        told("template.yaml", &text).1.len()
    };
    let table = |name: &str| format!("arn:aws:dynamodb:*:*:table/{name}");
    for (own, of_role, shown) in [
        ("\"*\"".to_owned(), table("a"), 0),
        (table("a*"), table("ab"), 0),
        (table("a"), table("a"), 0),
        (table("a"), table("*"), 1),
        (table("a"), table("b"), 1),
        // Whoever calls has another name.
        (table("${aws:username}"), table("${aws:username}"), 1),
        ("\"*\"\n            Condition: {Bool: {aws:MultiFactorAuthPresent: \"true\"}}".to_owned(), table("a"), 1),
        ("\"*\"\n          - {Effect: Deny, Action: dynamodb:DeleteItem, Resource: \"*\"}".to_owned(), table("a"), 1),
        ("\"*\"\n          - {Effect: Deny, Action: s3:*, Resource: \"*\"}".to_owned(), table("a"), 0),
        (
            "\"*\"\n          - {Effect: Deny, NotAction: [dynamodb:*, \"lambda:*\", \"iam:*\"], Resource: \"*\"}"
                .to_owned(),
            table("a"),
            0,
        ),
    ] {
        assert_eq!(with(&own, &of_role), shown, "{own} and {of_role}");
    }
}

#[test]
fn what_else_in_the_template_gives_rights_to_the_role_counts() {
    let base = yaml(REFERENCE, &trust("lambda.amazonaws.com"));
    assert!(told("template.yaml", &base).1.is_empty());
    let policy = |kind: &str, roles: &str| {
        format!(
            "{base}  More:\n    Type: AWS::IAM::{kind}\n    Properties:\n      PolicyName: a\n      {roles}\n      PolicyDocument:\n        \
             Version: \"2012-10-17\"\n        Statement: [{{Effect: Allow, Action: \"*\", Resource: \"*\"}}]\n"
        )
    };
    for (kind, roles, found) in [
        ("Policy", "Roles: [!Ref Work]", (1, 1)),
        ("ManagedPolicy", "Roles: [!Ref Work]", (1, 1)),
        ("RolePolicy", "RoleName: !Ref Work", (1, 1)),
        // It may be this role.
        ("Policy", "Roles: [!Ref Extra]", (0, 1)),
        ("Policy", "Roles: !Ref Extra", (0, 1)),
        ("Policy", "Roles: [another]", (0, 0)),
        ("Policy", "Users: [ann]", (0, 0)),
    ] {
        let (plain, all) = told("template.yaml", &policy(kind, roles));
        assert_eq!((plain.len(), all.len()), found, "{kind} {roles}: {all:?}");
    }
    // Others may attach to it what they like.
    for rest in [
        "Outputs:\n  Name:\n    Value: !Ref Work\n",
        "  Nested:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      Parameters:\n        Name: !Ref Work\n",
        "  Nested:\n    Type: Custom::Attach\n    Properties:\n      Name: !Sub '${Work}'\n",
    ] {
        let (plain, all) = told("template.yaml", &format!("{base}{rest}"));
        assert_eq!((plain.len(), all.len()), (0, 1), "{rest}: {all:?}");
    }
    let arn = format!("{base}Outputs:\n  Arn:\n    Value: !GetAtt Work.Arn\n");
    assert!(told("template.yaml", &arn).1.is_empty());
}

#[test]
fn a_role_that_passes_itself_gains_nothing() {
    let text = format!(
        "Resources:\n  Work:\n    Type: AWS::IAM::Role\n    Properties:\n{}  Pass:\n    Type: AWS::IAM::Policy\n    Properties:\n      \
         PolicyName: a\n      Roles: [!Ref Work]\n      PolicyDocument:\n        Version: \"2012-10-17\"\n        Statement:\n          \
         - {{Effect: Allow, Action: [\"s3:GetObject\", sagemaker:CreateProcessingJob, sagemaker:CreateTrainingJob], Resource: \"*\"}}\n          \
         - {{Effect: Allow, Action: iam:PassRole, Resource: !GetAtt Work.Arn}}\n",
        trust("sagemaker.amazonaws.com") + &inline("sqs:SendMessage", "*")
    );
    assert!(told("template.yaml", &text).1.is_empty());
    // The other one gets what only the first has.
    let two = text.replace("Roles: [!Ref Work]", "Roles: [!Ref Work, another]");
    assert_eq!(told("template.yaml", &two).1.len(), 1);
}

#[test]
fn denies_and_conditions_count() {
    let rest = format!("{}{}", trust("lambda.amazonaws.com"), inline("*", "*"));
    let deny = |resource: &str| {
        yaml(
            &format!(
                "[{REFERENCE}, !ImportValue other]\n          - {{Effect: Deny, Action: iam:PassRole, Resource: {resource}}}"
            ),
            &rest,
        )
    };
    let plain = |text: &str| told("template.yaml", text).0;
    assert!(plain(&deny("arn:aws:iam::111122223333:user/x")).iter().any(|way| way.message.contains("`Work`")));
    assert!(!plain(&deny(REFERENCE)).iter().any(|way| way.message.contains("`Work`")));
    let only =
        yaml(&format!("{REFERENCE}\n          - {{Effect: Deny, Action: iam:PassRole, Resource: {REFERENCE}}}"), &rest);
    assert!(told("template.yaml", &only).1.is_empty());
    let to = |service: &str| {
        yaml(
            &format!("{REFERENCE}\n            Condition: {{StringEquals: {{iam:PassedToService: {service}}}}}"),
            &rest,
        )
    };
    assert_eq!(plain(&to("lambda.amazonaws.com")).len(), 1);
    assert!(told("template.yaml", &to("ec2.amazonaws.com")).1.is_empty());
    // The tag may not be there.
    let tagged =
        yaml(&format!("{REFERENCE}\n            Condition: {{StringEquals: {{aws:ResourceTag/a: b}}}}"), &rest);
    let (shown, all) = told("template.yaml", &tagged);
    assert_eq!((shown.len(), all.len()), (0, 1));
}

#[test]
fn a_boundary_is_not_read_as_safe_nor_forgotten() {
    let bounded =
        format!("{}{}      PermissionsBoundary: !Ref Extra\n", trust("lambda.amazonaws.com"), inline("*", "*"));
    let (plain, all) = told("template.yaml", &yaml(REFERENCE, &bounded));
    assert_eq!((plain.len(), all.len()), (0, 1), "{all:?}");
}

#[test]
fn a_pattern_names_a_role_as_an_example() {
    let rest = format!("{}{}", trust("lambda.amazonaws.com"), inline("*", "*"));
    let admin = yaml("\"*\"", &rest);
    let (shown, _) = told("template.yaml", &admin);
    assert!(shown.len() == 1 && shown[0].message.contains("among them role `Work`, an administrator"), "{shown:?}");
    // Whether there is one or not, the way stays.
    for rest in [trust("lambda.amazonaws.com"), format!("{}{}", trust("ec2.amazonaws.com"), inline("*", "*"))] {
        let (shown, _) = told("template.yaml", &yaml("\"*\"", &rest));
        assert!(shown.len() == 1 && !shown[0].message.contains("`Work`"), "{shown:?}");
    }
    let named = |pattern: &str| {
        let text = yaml(pattern, &format!("      RoleName: ci-work\n{rest}"));
        told("template.yaml", &text).1.iter().any(|way| way.message.contains("among them role `Work`"))
    };
    assert!(named("arn:aws:iam::*:role/ci-*") && !named("arn:aws:iam::*:role/cd-*"));
}

#[test]
fn a_holder_is_no_example_of_a_role_within_reach() {
    let text = yaml("\"*\"", &format!("{}{}", trust("lambda.amazonaws.com"), inline("*", "*")));
    let held = text.replace(
        "      PolicyDocument:\n        Version",
        "      Roles: [!Ref Work]\n      PolicyDocument:\n        Version",
    );
    assert_ne!(text, held);
    let (shown, _) = told("template.yaml", &held);
    assert!(shown.len() == 1 && !shown[0].message.contains("`Work`"), "{shown:?}");
}

#[test]
fn a_service_linked_role_is_for_its_service_to_change() {
    let with = |action: &str, resource: &str| {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "{action}", "Resource": [{resource}]}}}}"#
        );
        told("policy.json", &text).1.len()
    };
    let linked = r#""arn:aws:iam::*:role/aws-service-role/inspector2.amazonaws.com/AWSServiceRoleForAmazonInspector2""#;
    assert_eq!(with("iam:PutRolePolicy", linked), 0);
    assert_eq!(with("iam:PutRolePolicy", &format!(r#"{linked}, "arn:aws:iam::111122223333:role/a""#)), 1);
    assert_eq!(with("iam:PutRolePolicy", r#""arn:aws:iam::*:role/service-role/a""#), 1);
}

#[test]
fn ways_that_change_a_role() {
    let with = |statement: &str, role: &str| {
        let text = format!(
            "Resources:\n  Build:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: \"2012-10-17\"\n        \
             Statement:\n          - {{Effect: Allow, Action: {statement}, Resource: !GetAtt Work.Arn}}\n  Work:\n    Type: AWS::IAM::Role\n    \
             Properties:\n{role}"
        );
        let (plain, all) = told("template.yaml", &text);
        (plain.len(), all.into_iter().map(|way| way.message).collect::<Vec<_>>())
    };
    let account = "      AssumeRolePolicyDocument:\n        Version: \"2012-10-17\"\n        Statement: {Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: sts:AssumeRole}\n";
    let service = trust("ec2.amazonaws.com");
    let admin = inline("*", "*");
    for (statement, role, plain, says) in [
        ("iam:UpdateAssumeRolePolicy", service.clone() + &admin, 1, Some("role `Work`, an administrator")),
        ("iam:UpdateAssumeRolePolicy", service.clone(), 0, None),
        ("[iam:UpdateAssumeRolePolicy, iam:PutRolePolicy]", service.clone(), 1, Some("can give any right")),
        ("[iam:PutRolePolicy, sts:AssumeRole]", account.to_owned(), 1, Some("can give any right")),
        ("[iam:AttachRolePolicy, sts:AssumeRole]", service.clone(), 0, None),
        ("sts:AssumeRole", account.to_owned(), 0, None),
        // It is named on purpose: for a thorough reader.
        ("sts:AssumeRole", account.to_owned() + &admin, 0, Some("role `Work`, an administrator")),
        ("sts:AssumeRole", service.clone() + &admin, 0, None),
        // What becomes of a machine that has the role is not known.
        ("[iam:PutRolePolicy, ssm:SendCommand]", service.clone(), 0, Some("role `Work`")),
    ] {
        let (shown, all) = with(statement, &role);
        assert_eq!(shown, plain, "{statement}: {all:?}\n{role}");
        match says {
            Some(says) => assert!(all.iter().any(|message| message.contains(says)), "{statement}: {all:?}\n{role}"),
            None => assert!(all.is_empty(), "{statement}: {all:?}\n{role}"),
        }
    }
}

#[test]
fn a_function_that_is_there_has_a_role() {
    let text = |resource: &str, role: &str, rights: &str| {
        format!(
            "Resources:\n  Build:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: \"2012-10-17\"\n        \
             Statement: [{{Effect: Allow, Action: lambda:UpdateFunctionCode, Resource: {resource}}}]\n  \
             Fn:\n    Type: AWS::Serverless::Function\n    Properties:\n      FunctionName: report\n      Role: {role}\n  \
             Work:\n    Type: AWS::IAM::Role\n    Properties:\n{}{rights}",
            trust("lambda.amazonaws.com")
        )
    };
    let admin = inline("*", "*");
    let arn = "!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:report'";
    for (resource, role, rights, shown) in [
        ("!GetAtt Fn.Arn", REFERENCE, &*admin, true),
        (arn, REFERENCE, &*admin, true),
        ("!Sub 'arn:aws:lambda:eu-west-1:111122223333:function:${Fn}'", REFERENCE, &*admin, true),
        ("arn:aws:lambda:eu-west-1:111122223333:function:report", REFERENCE, &*admin, true),
        ("arn:aws:lambda:eu-west-1:111122223333:function:other", REFERENCE, &*admin, false),
        ("!GetAtt Fn.Arn", "!ImportValue role", &*admin, false),
        ("!GetAtt Fn.Arn", REFERENCE, "", false),
    ] {
        let text = text(resource, role, rights);
        let (plain, _) = told("template.yaml", &text);
        assert_eq!(plain.len(), usize::from(shown), "{text}: {plain:?}");
        assert!(
            plain.iter().all(|way| way.message.ends_with("role `Work`, an administrator") && way.rule.0 == RULES[1])
        );
    }
}
