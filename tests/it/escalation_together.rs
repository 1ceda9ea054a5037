//! Ways to more rights that several policies of one principal give together: in templates, and in an account as the AWS CLI prints it.

use crate::escalation_ends::{labels, told};
use whit::finding::Finding;

pub(crate) const PASSES: &str =
    r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/*"}"#;
pub(crate) const PASSES_TO_EC2: &str = r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/*", "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}"#;
pub(crate) const CREATES: &str = r#"{"Effect": "Allow", "Action": "lambda:CreateFunction", "Resource": "*"}"#;
pub(crate) const DENIES: &str = r#"{"Effect": "Deny", "Action": "lambda:Create*", "Resource": "*"}"#;

fn document(statements: &[&str]) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(", "))
}

/// The inline policies of somebody, as the AWS CLI prints them.
fn inline(policies: &[&[&str]]) -> String {
    let policy = |(at, statements): (usize, &&[&str])| {
        format!(r#"{{"PolicyName": "p{at}", "PolicyDocument": {}}}"#, document(statements))
    };
    policies.iter().enumerate().map(policy).collect::<Vec<_>>().join(", ")
}

const ACCOUNT: &str = "arn:aws:iam::123456789012:";

fn user(name: &str, groups: &str, policies: &[&[&str]], attached: &str) -> String {
    format!(
        r#"{{"UserName": "{name}", "Arn": "{ACCOUNT}user/{name}", "UserPolicyList": [{}], "GroupList": [{groups}], "AttachedManagedPolicies": [{attached}]}}"#,
        inline(policies)
    )
}

fn group(name: &str, policies: &[&[&str]]) -> String {
    format!(
        r#"{{"GroupName": "{name}", "Arn": "{ACCOUNT}group/{name}", "GroupPolicyList": [{}], "AttachedManagedPolicies": []}}"#,
        inline(policies)
    )
}

fn role(name: &str, policies: &[&[&str]], attached: &str) -> String {
    let trust = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "codebuild.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#;
    format!(
        r#"{{"RoleName": "{name}", "Arn": "{ACCOUNT}role/{name}", "AssumeRolePolicyDocument": {trust}, "RolePolicyList": [{}], "AttachedManagedPolicies": [{attached}]}}"#,
        inline(policies)
    )
}

fn attached(name: &str) -> String {
    format!(r#"{{"PolicyName": "{name}", "PolicyArn": "{ACCOUNT}policy/{name}"}}"#)
}

fn managed(name: &str, statements: &[&str]) -> String {
    format!(
        r#"{{"PolicyName": "{name}", "Arn": "{ACCOUNT}policy/{name}", "DefaultVersionId": "v1", "AttachmentCount": 1, "PolicyVersionList": [{{"Document": {}, "VersionId": "v1", "IsDefaultVersion": true}}]}}"#,
        document(statements)
    )
}

fn account(users: &[String], groups: &[String], roles: &[String], policies: &[String]) -> String {
    format!(
        r#"{{"UserDetailList": [{}], "GroupDetailList": [{}], "RoleDetailList": [{}], "Policies": [{}]}}"#,
        users.join(", "),
        groups.join(", "),
        roles.join(", "),
        policies.join(", ")
    )
}

/// The only way in a file, which is told by default.
fn only(path: &str, text: &str) -> Finding {
    let (mut plain, all) = told(path, text);
    assert_eq!((plain.len(), all.len()), (1, 1), "{text}\n{all:?}");
    plain.remove(0)
}

fn silent(path: &str, text: &str) {
    let (_, all) = told(path, text);
    assert!(all.is_empty(), "{text}\n{all:?}");
}

#[test]
fn a_set_spread_over_the_inline_policies_of_one_principal_is_told() {
    for (holder, text) in [
        ("role `ci`", account(&[], &[], &[role("ci", &[&[PASSES], &[CREATES]], "")], &[])),
        ("user `ann`", account(&[user("ann", "", &[&[PASSES], &[CREATES]], "")], &[], &[], &[])),
        ("group `dev`", account(&[], &[group("dev", &[&[PASSES], &[CREATES]])], &[], &[])),
    ] {
        let found = only("account.json", &text);
        let begin = format!(
            "the policies of {holder} together let the holder raise their own rights with `iam:PassRole` and \
             `lambda:CreateFunction`: "
        );
        assert!(found.message.starts_with(&begin), "{}", found.message);
        // Where the first of them stands.
        assert_eq!(&text[found.primary.region.byte as usize..][..14], "\"iam:PassRole\"");
        assert_eq!(
            labels(&found, &text),
            [("\"lambda:CreateFunction\"", "a new function runs any code with the role".to_owned())]
        );
    }
    let text = account(&[], &[], &[role("ci", &[&[CREATES], &[PASSES]], "")], &[]);
    let found = only("account.json", &text);
    assert_eq!(labels(&found, &text), [("\"iam:PassRole\"", "passes the role".to_owned())]);
}

#[test]
fn policies_that_are_attached_and_those_of_groups_count() {
    let two = [managed("a", &[PASSES]), managed("b", &[CREATES])];
    let both = format!("{}, {}", attached("a"), attached("b"));
    for text in [
        account(&[], &[], &[role("ci", &[], &both)], &two),
        account(&[user("ann", "", &[], &both)], &[], &[], &two),
        account(&[user("ann", "", &[&[PASSES]], &attached("b"))], &[], &[], &two[1..]),
        account(&[user("ann", r#""dev""#, &[&[PASSES]], "")], &[group("dev", &[&[CREATES]])], &[], &[]),
        account(
            &[user("ann", r#""dev", "ops""#, &[], "")],
            &[group("dev", &[&[CREATES]]), group("ops", &[&[PASSES]])],
            &[],
            &[],
        ),
    ] {
        only("account.json", &text);
    }
    // Two roles have them: it is told once.
    only("account.json", &account(&[], &[], &[role("ci", &[], &both), role("cd", &[], &both)], &two));
    // One group gives it, and all who are in it have it.
    let dev = group("dev", &[&[PASSES], &[CREATES]]);
    let found = only(
        "account.json",
        &account(&[user("ann", r#""dev""#, &[&[DENIES.replace("lambda", "s3").as_str()]], "")], &[dev], &[], &[]),
    );
    assert!(found.message.contains("`dev`") || found.message.contains("`ann`"), "{}", found.message);
}

#[test]
fn policies_of_aws_count_where_they_are_attached() {
    let aws = |name: &str| format!(r#"{{"PolicyName": "{name}", "PolicyArn": "arn:aws:iam::aws:policy/{name}"}}"#);
    let power = aws("PowerUserAccess");
    for text in [
        account(&[], &[], &[role("ci", &[&[PASSES]], &power)], &[]),
        account(&[user("ann", "", &[&[PASSES]], &power)], &[], &[], &[]),
    ] {
        let found = only_raised("account.json", &text);
        assert!(found.message.contains(" together let the holder raise their own rights with `iam:PassRole` and "));
        let attached =
            found.labels.iter().map(|label| &text[label.region.byte as usize..][..label.region.byte_len as usize]);
        assert_eq!(attached.collect::<Vec<_>>(), ["\"arn:aws:iam::aws:policy/PowerUserAccess\""]);
    }
    for text in [
        account(&[], &[], &[role("ci", &[&[PASSES]], &aws("AmazonS3FullAccess"))], &[]),
        account(&[], &[], &[role("ci", &[&[CREATES]], &power)], &[]),
        account(&[], &[], &[role("ci", &[&[PASSES]], ""), role("cd", &[], &power)], &[]),
        account(&[], &[], &[role("ci", &[&[PASSES]], &format!("{power}, {}", aws("AWSDenyAll")))], &[]),
    ] {
        let all = told("account.json", &text).1;
        assert!(all.iter().all(|found| !found.message.contains("together")), "{text}\n{all:?}");
    }
}

/// The only way in a file by which rights are raised, which is told by default.
fn only_raised(path: &str, text: &str) -> Finding {
    let mut plain = told(path, text).0;
    plain.retain(|found| found.rule.0 == "privilege-escalation");
    assert_eq!(plain.len(), 1, "{text}\n{plain:?}");
    plain.remove(0)
}

#[test]
fn halves_of_different_principals_are_no_way() {
    for text in [
        account(&[], &[], &[role("ci", &[&[PASSES]], ""), role("cd", &[&[CREATES]], "")], &[]),
        account(&[user("ann", "", &[&[PASSES]], ""), user("bob", "", &[&[CREATES]], "")], &[], &[], &[]),
        // A user and a role of one name.
        account(&[user("ci", "", &[&[PASSES]], "")], &[], &[role("ci", &[&[CREATES]], "")], &[]),
        // Not in the group.
        account(&[user("ann", "", &[&[PASSES]], "")], &[group("dev", &[&[CREATES]])], &[], &[]),
        // Attached to another one.
        account(
            &[],
            &[],
            &[role("ci", &[&[PASSES]], ""), role("cd", &[], &attached("b"))],
            &[managed("b", &[CREATES])],
        ),
    ] {
        silent("account.json", &text);
    }
}

#[test]
fn what_takes_one_of_the_actions_away_ends_it() {
    for text in [
        account(&[], &[], &[role("ci", &[&[PASSES], &[CREATES], &[DENIES]], "")], &[]),
        account(&[], &[], &[role("ci", &[&[PASSES], &[CREATES]], &attached("no"))], &[managed("no", &[DENIES])]),
        account(&[user("ann", r#""dev""#, &[&[PASSES], &[CREATES]], "")], &[group("dev", &[&[DENIES]])], &[], &[]),
        account(&[], &[], &[role("ci", &[&[PASSES_TO_EC2], &[CREATES]], "")], &[]),
    ] {
        silent("account.json", &text);
    }
}

#[test]
fn what_one_policy_has_by_itself_is_told_there_only() {
    for policies in [&[&[PASSES, CREATES][..], &[CREATES]], &[&[PASSES][..], &[PASSES, CREATES]]] {
        let found = only("account.json", &account(&[], &[], &[role("ci", policies, "")], &[]));
        assert!(found.message.starts_with("the holder can raise their own rights with"), "{}", found.message);
    }
    // Whoever may do everything needs no more.
    let everything = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    silent("account.json", &account(&[], &[], &[role("ci", &[&[PASSES], &[CREATES], &[everything]], "")], &[]));
    let admin = r#"{"PolicyName": "AdministratorAccess", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}"#;
    silent("account.json", &account(&[], &[], &[role("ci", &[&[PASSES], &[CREATES]], admin)], &[]));
}

#[test]
fn one_principal_has_one_finding() {
    let run = r#"{"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"}"#;
    // By the first policy alone, and by another way with the second.
    let found = only("account.json", &account(&[], &[], &[role("ci", &[&[PASSES, CREATES], &[run]], "")], &[]));
    assert!(found.message.starts_with("the holder can raise"), "{}", found.message);
    // The same, and what it passes stands behind.
    for policies in [&[&[CREATES][..], &[run], &[PASSES]], &[&[PASSES], &[CREATES], &[run]]] {
        let found = only("account.json", &account(&[], &[], &[role("ci", policies, "")], &[]));
        assert!(found.message.starts_with("the policies of role `ci` together"), "{}", found.message);
    }
    // A document in one policy and the machines in another.
    let send = |on: &str| format!(r#"{{"Effect": "Allow", "Action": "ssm:SendCommand", "Resource": "{on}"}}"#);
    let (document, machines) = (send("arn:aws:ssm:*::document/AWS-RunShellScript"), send("arn:aws:ec2:*:*:instance/*"));
    let text = account(&[], &[], &[role("ci", &[&[&document], &[&machines]], "")], &[]);
    assert_eq!(only("account.json", &text).rule.0, "escalation-through-existing");
}

#[test]
fn one_policy_passes_one_role_and_another_any() {
    let one = PASSES.replace("role/*", "role/one");
    let text = account(&[], &[], &[role("ci", &[&[&one, CREATES], &[PASSES]], "")], &[]);
    let (plain, all) = told("account.json", &text);
    assert_eq!((plain.len(), all.len()), (1, 2), "{all:?}");
    assert!(plain[0].message.starts_with("the policies of role `ci` together"), "{plain:?}");
}

/// A template with a role, its further properties, and further resources.
fn template(properties: &str, resources: &str) -> String {
    format!(
        r#"Resources:
  Ci:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{{Effect: Allow, Principal: {{Service: codebuild.amazonaws.com}}, Action: sts:AssumeRole}}]
{properties}
{resources}
"#
    )
}

fn resource(name: &str, kind: &str, statement: &str, properties: &str) -> String {
    format!(
        "  {name}:\n    Type: AWS::IAM::{kind}\n{properties}\n      PolicyDocument:\n        Version: \"2012-10-17\"\n        \
         Statement: [{statement}]\n"
    )
}

#[test]
fn the_policies_of_a_role_of_a_template() {
    let in_role = |statement: &str| {
        format!(
            "      Policies:\n        - PolicyName: a\n          PolicyDocument:\n            Version: \"2012-10-17\"\n            \
             Statement: [{statement}]"
        )
    };
    let second = |statement: &str| {
        in_role(statement).replace("      Policies:\n", "\n").replace("PolicyName: a", "PolicyName: b")
    };
    let of = |name: &str, condition: &str| {
        format!("{condition}    Properties:\n      PolicyName: x\n      Roles: [!Ref {name}]")
    };
    let managed = "    Properties:\n      Description: x";
    for text in [
        template(&format!("{}{}", in_role(PASSES), second(CREATES)), ""),
        template(&in_role(PASSES), &resource("More", "Policy", CREATES, &of("Ci", ""))),
        template(
            "",
            &format!(
                "{}{}",
                resource("A", "Policy", CREATES, &of("Ci", "")),
                resource("B", "Policy", PASSES, &of("Ci", ""))
            ),
        ),
        template(
            &format!("      ManagedPolicyArns: [!Ref More]\n{}", in_role(PASSES)),
            &resource("More", "ManagedPolicy", CREATES, managed),
        ),
    ] {
        let found = only("template.yaml", &text);
        assert!(found.message.starts_with("the policies of role `Ci` together let"), "{}", found.message);
        assert_eq!(found.labels.len(), 1, "{found:?}");
    }
    let other = "  Other:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: \"2012-10-17\"\n        Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]\n";
    for text in [
        template(&in_role(PASSES), &format!("{other}{}", resource("More", "Policy", CREATES, &of("Other", "")))),
        template(&in_role(PASSES_TO_EC2), &resource("More", "Policy", CREATES, &of("Ci", ""))),
        template(&format!("{}{}", in_role(PASSES), second(CREATES)), &resource("No", "Policy", DENIES, &of("Ci", ""))),
        // Nothing says that both are there at a time.
        template(
            "",
            &format!(
                "{}{}",
                resource("A", "Policy", CREATES, &of("Ci", "    Condition: Prod\n")),
                resource("B", "Policy", PASSES, &of("Ci", "    Condition: Test\n"))
            ),
        ),
    ] {
        silent("template.yaml", &text);
    }
    // One of them may not be there.
    let text = template(&in_role(PASSES), &resource("More", "Policy", CREATES, &of("Ci", "    Condition: Prod\n")));
    let sure = template(&in_role(PASSES), &resource("More", "Policy", CREATES, &of("Ci", "")));
    assert!(only("template.yaml", &text).confidence < only("template.yaml", &sure).confidence);
}

#[test]
fn what_is_there_is_borrowed_with_several_policies() {
    let create = r#"{"Effect": "Allow", "Action": "cloudformation:CreateChangeSet", "Resource": "*"}"#;
    let execute = r#"{"Effect": "Allow", "Action": "cloudformation:ExecuteChangeSet", "Resource": "*"}"#;
    let found = only("account.json", &account(&[], &[], &[role("ci", &[&[create], &[execute]], "")], &[]));
    assert_eq!(found.rule.0, "escalation-through-existing");
    silent("account.json", &account(&[], &[], &[role("ci", &[&[create]], ""), role("cd", &[&[execute]], "")], &[]));
}
