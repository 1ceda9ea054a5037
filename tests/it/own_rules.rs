//! Rules of the user's own: what they find, and how their pages are tried.

use crate::program::Scratch;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use whit::config::Config;
use whit::engine::{self, Unit};
use whit::finding::{Confidence, Finding};
use whit::settings::Settings;
use whit::source::{Overlay, RelPath};

/// Own accounts, and one rule.
fn settings(demands: &str) -> Settings {
    let rule = format!("[[rule]]\nid = \"mine\"\ntitle = \"Not here\"\nseverity = \"high\"\n{demands}\n");
    let text = format!("accounts = [\"111122223333\"]\nselect = [\"mine\"]\n{rule}");
    let mut settings = Settings::default();
    match Config::read(&text) {
        Ok(config) => config.apply(&mut settings),
        Err(problems) => panic!("{demands}: {problems:?}"),
    }
    settings
}

fn lint(demands: &str, path: &str, text: &str) -> Vec<Finding> {
    let mut sources = Overlay::default();
    sources.insert(RelPath::new(path), text.as_bytes());
    let run = engine::join([engine::lint(&Unit::single(RelPath::new(path)), &sources, &settings(demands))]);
    assert!(run.policies > 0, "no policy in {text}");
    run.findings
}

/// What is underlined, with a `?` behind what is not certain.
fn told(demands: &str, path: &str, text: &str) -> Vec<String> {
    let mark = |finding: &Finding| {
        let region = finding.primary.region;
        let marked = &text[region.byte as usize..(region.byte + region.byte_len) as usize];
        let marked = marked.trim_matches(['"', '\'']);
        if finding.confidence == Confidence::High { marked.to_owned() } else { format!("{marked}?") }
    };
    lint(demands, path, text).iter().map(mark).collect()
}

fn json(demands: &str, statements: &[Value]) -> Vec<String> {
    told(demands, "policy.json", &json!({"Version": "2012-10-17", "Statement": statements}).to_string())
}

fn allow(action: Value, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

fn with(mut statement: Value, key: &str, value: Value) -> Value {
    statement[key] = value;
    statement
}

#[test]
fn forbidden_actions() {
    let key = "arn:aws:kms:eu-west-1:111122223333:key/a";
    let rule = "forbid = [\"iam:*\", \"kms:Decrypt\"]";
    let deny = json!({"Effect": "Deny", "Action": "kms:D*", "Resource": "*"});
    assert_eq!(json(rule, &[allow(json!(["s3:GetObject", "kms:Decrypt"]), key)]), ["kms:Decrypt"]);
    assert_eq!(json(rule, &[allow(json!("kms:*"), key)]), ["kms:*"]);
    assert_eq!(json(rule, &[allow(json!("kms:*"), key), deny]), [""; 0]);
    assert_eq!(json(rule, &[allow(json!("kms:Encrypt"), key)]), [""; 0]);
    // One finding for a statement; what else it grants of it are labels.
    let both = json!({"Version": "2012-10-17", "Statement": [allow(json!(["kms:Decrypt", "iam:PassRole"]), "*")]});
    let found = lint(rule, "policy.json", &both.to_string());
    assert_eq!((found.len(), found[0].labels.len()), (1, 1));
    assert_eq!(found[0].message, "not here: `kms:Decrypt` is granted");
    // Only on some resources, and in some policies.
    let on = format!("{rule}\non = [\"arn:aws:kms:*:*:key/b\"]");
    assert_eq!(json(&on, &[allow(json!("kms:Decrypt"), key)]), [""; 0]);
    assert_eq!(json(&on, &[allow(json!("kms:Decrypt"), "*")]), ["kms:Decrypt"]);
    let trusts = format!("{rule}\nkinds = [\"trust\"]");
    assert_eq!(json(&trusts, &[allow(json!("kms:Decrypt"), key)]), [""; 0]);
}

#[test]
fn an_action_counts_on_resources_of_its_own_only() {
    let table = "arn:aws:dynamodb:eu-west-1:111122223333:table/";
    let rule = "forbid = [\"s3:Put*\", \"s3:ListAllMyBuckets\", \"dynamodb:Put*\"]\n\
                on = [\"arn:aws:s3:::prod-*\", \"arn:aws:dynamodb:*:*:table/prod-*\"]";
    let on = |actions: &[&str], bucket: &str, name: &str| {
        let resources = json!([format!("arn:aws:s3:::{bucket}/*"), format!("{table}{name}")]);
        json(rule, &[json!({"Effect": "Allow", "Action": actions, "Resource": resources})])
    };
    let both = &["s3:PutObject", "dynamodb:PutItem"];
    assert_eq!(on(both, "dev", "dev"), [""; 0]);
    assert_eq!(on(both, "dev", "prod-x"), ["dynamodb:PutItem"]);
    assert_eq!(on(both, "prod-x", "dev"), ["s3:PutObject"]);
    assert_eq!(on(&["s3:PutObject"], "dev", "prod-x"), [""; 0]);
    assert_eq!(on(&["s3:Put*"], "${aws:username}", "prod-x"), ["s3:Put*?"], "a variable may be anything");
    let everywhere = |action: &str| json(rule, &[allow(json!(action), "*")]);
    assert_eq!(everywhere("s3:PutObject"), ["s3:PutObject"]);
    assert_eq!(everywhere("s3:ListAllMyBuckets"), [""; 0], "it is on no bucket");
    let tables = "forbid = [\"s3:Put*\"]\non = [\"arn:aws:dynamodb:*:*:table/prod-*\"]";
    assert_eq!(json(tables, &[allow(json!("s3:*"), "*")]), [""; 0]);
}

#[test]
fn a_ceiling_is_judged_where_it_is_named() {
    let boundary = "forbid = [\"iam:*\"]\nkinds = [\"boundary\"]";
    let text = json!({"Version": "2012-10-17", "Statement": [allow(json!("iam:*"), "*")]}).to_string();
    assert_eq!(told(boundary, "boundary/x.json", &text), ["iam:*"]);
    assert_eq!(told("forbid = [\"iam:*\"]", "boundary/x.json", &text), [""; 0], "it grants nothing");
}

#[test]
fn required_conditions() {
    let rule = "actions = [\"s3:PutObject\"]\nrequire = { StringEquals = { \"s3:x-amz-server-side-encryption\" = \"aws:kms\" } }";
    let put = allow(json!("s3:Put*"), "arn:aws:s3:::b/*");
    let under = |operator: &str, value: &str| {
        with(put.clone(), "Condition", json!({operator: {"s3:x-amz-server-side-encryption": value}}))
    };
    let deny = |operator: &str| {
        json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*",
            "Condition": {operator: {"s3:x-amz-server-side-encryption": "aws:kms"}}})
    };
    assert_eq!(json(rule, std::slice::from_ref(&put)), ["s3:Put*"]);
    assert_eq!(json(rule, &[under("StringEquals", "aws:kms")]), [""; 0]);
    for (operator, value) in [
        ("StringEquals", "AES256"),
        ("StringLike", "aws:kms*"),
        ("StringEqualsIfExists", "aws:kms"),
        ("StringNotEquals", "AES256"),
    ] {
        assert_eq!(json(rule, &[under(operator, value)]), ["s3:Put*"], "{operator} {value}");
    }
    assert_eq!(json(rule, &[put.clone(), deny("StringNotEquals")]), [""; 0]);
    // On a request without the key it does not hold.
    assert_eq!(json(rule, &[put.clone(), deny("StringNotEqualsIfExists")]), [""; 0]);
    assert_eq!(json(rule, &[put, deny("StringEquals")]), ["s3:Put*"]);
    assert_eq!(json(rule, &[allow(json!("s3:GetObject"), "*")]), [""; 0]);
}

#[test]
fn who_need_not_meet_a_condition() {
    let rule = "actions = [\"sts:AssumeRole\"]\nrequire = { Null = { \"sts:ExternalId\" = \"false\" } }\n\
                except = [\"own\", \"*.amazonaws.com\"]\nkinds = [\"trust\"]";
    let trust = |principal: Value| json!({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"});
    let id = json!({"StringEquals": {"sts:ExternalId": "x"}});
    assert_eq!(json(rule, &[trust(json!({"AWS": "arn:aws:iam::111122223333:root"}))]), [""; 0]);
    assert_eq!(json(rule, &[trust(json!({"Service": "ec2.amazonaws.com"}))]), [""; 0]);
    assert_eq!(json(rule, &[trust(json!({"AWS": "444455556666"}))]), ["sts:AssumeRole"]);
    assert_eq!(json(rule, &[trust(json!({"AWS": ["111122223333", "444455556666"]}))]), ["sts:AssumeRole"]);
    assert_eq!(json(rule, &[with(trust(json!({"AWS": "444455556666"})), "Condition", id)]), [""; 0]);
}

#[test]
fn allowed_principals_and_accounts() {
    let rule =
        "allowed = [\"own\", \"arn:aws:iam::444455556666:role/ci-*\", \"o-a1b2c3d4e5\", \"lambda.amazonaws.com\"]";
    let to = |principal: Value| json!({"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"});
    let aws = |name: &str| to(json!({"AWS": name}));
    let none = [""; 0];
    for good in ["111122223333", "arn:aws:iam::111122223333:user/ann", "arn:aws:iam::444455556666:role/ci-build"] {
        assert_eq!(json(rule, &[aws(good)]), none, "{good}");
    }
    for bad in ["444455556666", "arn:aws:iam::444455556666:role/admin", "arn:aws:iam::777788889999:root", "*"] {
        assert_eq!(json(rule, &[aws(bad)]), [bad], "{bad}");
    }
    assert_eq!(json(rule, &[to(json!("*"))]), ["*"]);
    assert_eq!(json(rule, &[to(json!({"Service": "lambda.amazonaws.com"}))]), none);
    assert_eq!(json(rule, &[to(json!({"Service": "sns.amazonaws.com"}))]), ["sns.amazonaws.com"]);
    let several = aws("x");
    let several = with(several, "Principal", json!({"AWS": ["111122223333", "777788889999", "888899990000"]}));
    assert_eq!(json(rule, &[several]), ["777788889999", "888899990000"]);
    // Conditions that only the allowed ones meet.
    let everyone = |condition: Value| with(to(json!("*")), "Condition", condition);
    for (condition, expected) in [
        (json!({"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}), &[][..]),
        (json!({"StringEquals": {"aws:PrincipalOrgID": "o-zzzzzzzzzz"}}), &["*"]),
        (json!({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}), &["*"]),
        (json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/ci-b*"}}), &[]),
        (json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/*"}}), &["*"]),
        (json!({"StringEquals": {"aws:PrincipalAccount": "777788889999"}}), &["*"]),
    ] {
        assert_eq!(json(rule, &[everyone(condition.clone())]), expected, "{condition}");
    }
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}});
    assert_eq!(json(rule, &[to(json!("*")), deny]), none);
    assert_eq!(json(rule, &[allow(json!("*"), "*")]), none, "an identity-based policy lets nobody in");
}

#[test]
fn yaml_and_hcl_and_what_is_not_known() {
    let template = |condition: &str| {
        format!(
            "Parameters:\n  Id: {{Type: String}}\nResources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      \
             AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - Effect: Allow\n            \
             Principal: {{AWS: '444455556666'}}\n            Action: sts:AssumeRole\n            Condition: {{{condition}}}\n"
        )
    };
    let present = "actions = [\"sts:AssumeRole\"]\nrequire = { Null = { \"sts:ExternalId\" = \"false\" } }";
    let fixed = "actions = [\"sts:AssumeRole\"]\nrequire = { StringEquals = { \"sts:ExternalId\" = \"a\" } }";
    let yaml = |rule: &str, condition: &str| told(rule, "template.yaml", &template(condition));
    assert_eq!(yaml(present, "StringEquals: {'sts:ExternalId': !Ref Id}"), [""; 0]);
    assert_eq!(yaml(fixed, "StringEquals: {'sts:ExternalId': !Ref Id}"), ["sts:AssumeRole?"]);
    assert_eq!(yaml(fixed, "StringEquals: {'sts:ExternalId': b}"), ["sts:AssumeRole"]);
    assert_eq!(yaml(present, "Bool: {'aws:SecureTransport': 'true'}"), ["sts:AssumeRole"]);

    let policy = |actions: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions   = {actions}\n    \
             resources = [\"arn:aws:s3:::b/*\"]\n  }}\n}}\nresource \"aws_iam_policy\" \"p\" {{\n  name = \"p\"\n  \
             policy = data.aws_iam_policy_document.d.json\n}}\nvariable \"x\" {{}}\n"
        )
    };
    let rule = "forbid = [\"s3:DeleteObject\"]";
    assert_eq!(told(rule, "main.tf", &policy("[\"s3:GetObject\", \"s3:Delete*\"]")), ["s3:Delete*"]);
    assert_eq!(told(rule, "main.tf", &policy("[\"s3:GetObject\"]")), [""; 0]);
    let unknown = told(rule, "main.tf", &policy("[\"s3:GetObject\", var.x]"));
    assert!(unknown.len() == 1 && unknown[0].ends_with('?'), "{unknown:?}");
    // The account in which a template is deployed is one's own.
    let own = "allowed = [\"own\"]";
    let role =
        |principal: &str| template("").replace("'444455556666'", principal).replace("            Condition: {}\n", "");
    assert_eq!(told(own, "template.yaml", &role("!Sub 'arn:aws:iam::${AWS::AccountId}:root'")), [""; 0]);
    assert_eq!(told(own, "template.yaml", &role("'444455556666'")), ["444455556666"]);
    let unknown = told(own, "template.yaml", &role("!Ref Id"));
    assert!(unknown.len() == 1 && unknown[0].ends_with('?'), "{unknown:?}");
}

/// A repository with a page in a folder that its config names.
fn repository() -> Scratch {
    let page = fs::read_to_string(folder().join("no-key-deletion.md")).unwrap_or_default();
    let rule = "[[rule]]\nid = \"no-billing\"\ntitle = \"No billing\"\nseverity = \"low\"\nhelp = \"ask finance\"\nforbid = [\"billing:*\"]\n";
    Scratch::with(&[
        ("whit.toml", &format!("rules = [\"rules\"]\n{rule}")),
        ("rules/no-key-deletion.md", &page),
        ("rules/README.md", "no page"),
        ("p.json", &json!({"Version": "2012-10-17", "Statement": [allow(json!("kms:DisableKey"), "arn:aws:kms:eu-west-1:111122223333:key/a")]}).to_string()),
    ])
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/rules")
}

#[test]
fn own_rules_are_rules_like_others() {
    let scratch = repository();
    let run = scratch.whit(&["check", "--format", "compact"]);
    assert_eq!((run.code, run.out.lines().count()), (Some(1), 1), "{}{}", run.out, run.err);
    assert!(run.out.contains("policy can destroy encryption keys: `kms:DisableKey` is granted"), "{}", run.out);
    let listed = scratch.whit(&["rules"]).out;
    assert!(listed.contains("\nno-key-deletion ") && listed.contains("\nno-billing "), "{listed}");
    let explained = scratch.whit(&["explain", "no-key-deletion"]).out;
    assert!(
        explained.contains("Policy can destroy encryption keys") && explained.contains("what it demands:"),
        "{explained}"
    );
    let table = scratch.whit(&["explain", "no-billing"]).out;
    assert!(table.contains("ask finance") && table.contains("billing:*"), "{table}");
    assert_eq!(scratch.whit(&["check", "--ignore", "no-key-deletion"]).code, Some(0));
    assert_eq!(scratch.whit(&["check", "--select", "no-billing"]).code, Some(0));
    let sarif: Value = serde_json::from_str(&scratch.whit(&["check", "--format", "sarif"]).out).unwrap_or_default();
    let result = &sarif["runs"][0]["results"][0];
    let index = result["ruleIndex"].as_u64().unwrap_or(0) as usize;
    assert_eq!(sarif["runs"][0]["tool"]["driver"]["rules"][index]["id"], "no-key-deletion");
    assert_eq!(result["ruleId"], "no-key-deletion");
    // The page's own examples are no policies of the repository.
    let skipped = scratch.whit(&["check", "-v"]).err;
    assert!(skipped.contains("`rules/no-key-deletion.md` is the page of a rule"), "{skipped}");
}

#[test]
fn rules_come_from_an_option_too() {
    let scratch = repository();
    let args = ["check", "--no-config", "--rules", "rules", "--format", "compact"];
    assert!(scratch.whit(&args).out.contains("no-key-deletion"));
    assert_eq!(scratch.whit(&["check", "--no-config"]).code, Some(0));
    assert_eq!(scratch.whit(&["check", "--rules", "rules"]).code, Some(1), "named twice, read once");
}

#[test]
fn forbid_stands_in_the_config_too() {
    let scratch = repository();
    scratch.write("whit.toml", "[forbid]\nactions = [\"kms:Disable*\"]\n");
    let run = scratch.whit(&["check", "--format", "compact", "p.json"]);
    assert!(run.out.contains("`kms:DisableKey` is granted, which this run forbids"), "{}", run.out);
    scratch.write("whit.toml", "[forbid]\nactions = [\"kms:Disable*\"]\non = [\"arn:aws:kms:*:*:key/b\"]\n");
    assert_eq!(scratch.whit(&["check", "p.json"]).code, Some(0));
    assert_eq!(scratch.whit(&["check", "--forbid", "kms:*", "p.json"]).code, Some(1), "an option adds to it");
    assert_eq!(scratch.whit(&["check", "--forbid", "kms:Zebra", "p.json"]).code, Some(2));
    let open = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/*"}]});
    scratch.write("p.json", open.to_string());
    scratch.write("whit.toml", "[forbid]\npublic = true\n");
    assert!(scratch.whit(&["check", "--select", "forbidden-access", "p.json"]).out.contains("the general public"));
}

#[test]
fn the_example_pages_pass_their_own_test() {
    let scratch = Scratch::new();
    let done = scratch.whit(&["rules", "--test", &folder().to_string_lossy()]);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    assert!(done.out.lines().count() >= 3 && done.out.lines().all(|line| line.contains(": passed, ")), "{}", done.out);
}

#[test]
fn a_page_that_is_wrong_fails_with_what_came() {
    let page = fs::read_to_string(folder().join("no-key-deletion.md")).unwrap_or_default();
    let with = |from: &str, to: &str| {
        assert!(page.contains(from), "{from}");
        let scratch = Scratch::with(&[("r/a.md", &page.replacen(from, to, 1))]);
        scratch.whit(&["rules", "--test", "r"])
    };
    for (from, to, code, part) in [
        (
            "\"kms:ScheduleKeyDeletion\", \"kms:DisableKey\",",
            "\"kms:DisableKey\",",
            1,
            "r/a.md:16: a bad example gives one finding of `no-key-deletion`: there are 0",
        ),
        (
            "                                  ^^^^^^^^^^^^^^^^^^^^^^^^^\n",
            "               ^^^^^^^^^^^^^^^^^\n",
            1,
            "the carets mark `\"kms:DescribeKey\"`, found is `\"kms:ScheduleKeyDeletion\"` at 5:35",
        ),
        (
            "                                  ^^^^^^^^^^^^^^^^^^^^^^^^^\n",
            "",
            1,
            "write a line of `^` under `\"kms:ScheduleKeyDeletion\"` at 5:35",
        ),
        ("\"kms:Schedule*\", ", "", 1, "a good example gives no finding: `no-key-deletion` at 6:37"),
        ("```json good", "```json", 2, "the page has no good example"),
        ("```json bad", "```json", 2, "the page has no bad example"),
        ("```json bad", "```json bad knid=trust", 2, "`knid=trust` is no option of an example"),
        ("## How to fix", "```json good\n{}\n```\n\n## How to fix", 1, "no policy was found in the example"),
        ("```toml rule", "```toml", 2, "does not say what the rule demands"),
    ] {
        let done = with(from, to);
        let said = format!("{}{}", done.out, done.err);
        assert_eq!(done.code, Some(code), "{from}: {said}");
        assert!(said.contains(part), "{part} in {said}");
    }
}
