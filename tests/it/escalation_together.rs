//! Ways to more rights that several policies of one principal give together: in templates, in modules of Terraform, and in an
//! account as the AWS CLI prints it.

use crate::escalation_ends::{labels, told, ways};
use whit::engine::{self, Unit};
use whit::finding::Finding;
use whit::settings::Settings;
use whit::source::{Overlay, RelPath};

const PASSES: &str = r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/*"}"#;
const PASSES_TO_EC2: &str = r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/*", "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}"#;
const CREATES: &str = r#"{"Effect": "Allow", "Action": "lambda:CreateFunction", "Resource": "*"}"#;
const DENIES: &str = r#"{"Effect": "Deny", "Action": "lambda:Create*", "Resource": "*"}"#;

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

/// The ways that the files of a module tell of in a pedantic run, and in those of `report` only.
fn module(files: &[(&str, &str)], report: &[&str]) -> Vec<Finding> {
    let mut sources = Overlay::default();
    for (path, text) in files {
        sources.insert(RelPath::new(path), *text);
    }
    let paths = |told: bool| {
        let of = files.iter().filter(move |(path, _)| report.contains(path) == told);
        of.map(|(path, _)| RelPath::new(path)).collect()
    };
    let unit = Unit { report: paths(true), context: paths(false), ..Unit::default() };
    ways(engine::join([engine::lint(&unit, &sources, &Settings { pedantic: true, ..Settings::default() })]).findings)
}

fn role_block(arguments: &str) -> String {
    format!(
        "resource \"aws_iam_role\" \"ci\" {{\n{arguments}\n  assume_role_policy = jsonencode({{ Version = \"2012-10-17\", Statement = \
         [{{ Effect = \"Allow\", Principal = {{ Service = \"codebuild.amazonaws.com\" }}, Action = \"sts:AssumeRole\" }}] }})\n}}\n"
    )
}

fn policy_block(name: &str, role: &str, statement: &str) -> String {
    format!(
        "resource \"aws_iam_role_policy\" \"{name}\" {{\n  role   = {role}\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = \
         [{statement}] }})\n}}\n"
    )
}

#[test]
fn the_policies_of_a_role_of_a_module() {
    let ci = "aws_iam_role.ci.id";
    let (main, more) =
        (role_block("") + &policy_block("a", ci, PASSES), policy_block("b", "aws_iam_role.ci.name", CREATES));
    let one = format!("{main}{more}");
    let found = module(&[("main.tf", &one)], &["main.tf"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].message.starts_with("the policies of role `aws_iam_role.ci` together let"), "{found:?}");
    assert_eq!(
        labels(&found[0], &one),
        [("\"lambda:CreateFunction\"", "a new function runs any code with the role".to_owned())]
    );

    // Over two files it is told at the first, whichever of them are asked for.
    let files = [("main.tf", &*main), ("more.tf", &*more)];
    let found = module(&files, &["main.tf", "more.tf"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].message.contains("with `iam:PassRole` and `lambda:CreateFunction` in `more.tf`: "), "{found:?}");
    assert!(found[0].path.as_str() == "main.tf" && found[0].labels.is_empty(), "{found:?}");
    let alone = module(&files, &["main.tf"]);
    assert!(alone.len() == 1 && alone[0].message == found[0].message, "{alone:?}");
    assert!(module(&files, &["more.tf"]).is_empty());

    // Documents that stand elsewhere, and policies that are attached.
    let by_reference = format!(
        r#"{}
data "aws_iam_policy_document" "create" {{
  statement {{
    actions   = ["lambda:CreateFunction"]
    resources = ["*"]
  }}
}}
resource "aws_iam_policy" "create" {{
  policy = data.aws_iam_policy_document.create.json
}}
resource "aws_iam_role_policy_attachment" "create" {{
  role       = aws_iam_role.ci.name
  policy_arn = aws_iam_policy.create.arn
}}
"#,
        main
    );
    assert_eq!(module(&[("main.tf", &by_reference)], &["main.tf"]).len(), 1);

    let other = role_block("").replace("\"ci\"", "\"other\"");
    for text in [
        format!("{main}{other}{}", policy_block("b", "aws_iam_role.other.id", CREATES)),
        format!("{main}{more}{}", policy_block("c", ci, DENIES)),
        main.replace(PASSES, PASSES_TO_EC2) + &more,
        // Each of several roles has one half.
        role_block("  for_each = toset([\"a\", \"b\"])")
            + &policy_block("a", "aws_iam_role.ci[\"a\"].id", PASSES)
            + &policy_block("b", "aws_iam_role.ci[\"b\"].id", CREATES),
    ] {
        let found = module(&[("main.tf", &text)], &["main.tf"]);
        assert!(found.is_empty(), "{text}\n{found:?}");
    }
    // There is one, or none.
    let text = role_block("  count = var.create ? 1 : 0")
        + &policy_block("a", "aws_iam_role.ci[0].id", PASSES)
        + &policy_block("b", "aws_iam_role.ci[0].id", CREATES);
    assert_eq!(module(&[("main.tf", &text)], &["main.tf"]).len(), 1);
    // With it there are its policies, by what is written; of what is decided otherwise nothing says that.
    for (first, second, found) in [
        ("var.create ? 1 : 0", "var.create ? 1 : 0", 1),
        ("var.first ? 1 : 0", "var.first ? 1 : 0", 1),
        ("var.first ? 1 : 0", "var.first ? 0 : 1", 0),
        ("var.first ? 1 : 0", "1", 1),
    ] {
        let chosen = |policy: String, count: &str| policy.replace("  role ", &format!("  count  = {count}\n  role "));
        let text = role_block("  count = var.create ? 1 : 0")
            + &chosen(policy_block("a", "aws_iam_role.ci[0].id", PASSES), first)
            + &chosen(policy_block("b", "aws_iam_role.ci[0].id", CREATES), second);
        assert_eq!(module(&[("main.tf", &text)], &["main.tf"]).len(), found, "{text}");
    }
}

#[test]
fn what_is_there_is_borrowed_with_several_policies() {
    let create = r#"{"Effect": "Allow", "Action": "cloudformation:CreateChangeSet", "Resource": "*"}"#;
    let execute = r#"{"Effect": "Allow", "Action": "cloudformation:ExecuteChangeSet", "Resource": "*"}"#;
    let found = only("account.json", &account(&[], &[], &[role("ci", &[&[create], &[execute]], "")], &[]));
    assert_eq!(found.rule.0, "escalation-through-existing");
    silent("account.json", &account(&[], &[], &[role("ci", &[&[create]], ""), role("cd", &[&[execute]], "")], &[]));
}
