//! Files that another program fills in first, and samples that nobody deploys: what is not known is not wrong.

use crate::lint::{lint, lint_pedantic, run_with, told};
use whit::settings::Settings;

fn rules(path: &str, text: &str) -> Vec<&'static str> {
    lint(path, text).iter().map(|finding| finding.rule.0).collect()
}

fn bucket(condition: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{{{condition}}}}}]}}"#
    )
}

#[test]
fn a_name_in_braces_without_a_colon_is_no_variable_of_iam() {
    for value in ["${ORG_ID}", "${org}*", "{{ org }}*", "o-${ORG}-*"] {
        let text = bucket(&format!(r#""StringLike":{{"aws:PrincipalOrgID":"{value}"}}"#));
        assert_eq!(rules("p.json", &text), [] as [&str; 0], "{value}");
    }
    let text = bucket(r#""StringEquals":{"aws:PrincipalOrgID":"${ORG_ID}"}"#);
    assert_eq!(rules("p.json", &text), [] as [&str; 0]);
    // The caller chooses these.
    for value in ["${aws:username}", "${aws:PrincipalTag/org}", "o-*"] {
        let text = bucket(&format!(r#""StringLike":{{"aws:PrincipalOrgID":"{value}"}}"#));
        assert!(rules("p.json", &text).contains(&"loose-condition-value"), "{value}");
    }
}

#[test]
fn a_word_for_an_account_is_not_a_wrong_account() {
    let trust = |principal: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"sts:AssumeRole","Condition":{{"Bool":{{"aws:MultiFactorAuthPresent":"true"}}}}}}]}}"#
        )
    };
    for principal in [
        "arn:aws:iam::ACCOUNT_ID:root",
        "arn:aws:iam::<ACCOUNT_ID>:root",
        "arn:aws:iam::YOUR_ACCOUNT:user/ann",
        "arn:aws:iam::[ACCOUNT NUMBER]:user/ann",
        "arn:aws:iam::XXXXXXXXXXXX:role/ci",
        "arn:aws:iam::${ACCOUNT}:user/ann",
        "ACCOUNT_ID",
    ] {
        assert!(!rules("p.json", &trust(principal)).contains(&"invalid-principal"), "{principal}");
    }
    for (principal, wrong) in [
        ("arn:aws:iam::12345678901:root", "`arn:aws:iam::12345678901:root` is no principal"),
        ("arn:aws:iam::999999999999999:user/ann", "`999999999999999` is no number of an account"),
        ("arn:aws:iam::1111222233334:role/ci", "`1111222233334` is no number of an account"),
        ("arn:aws:iam:::role/ci", "it names no account"),
        ("arn:aws:iam::12345678910:root", "`12345678910` is no number of an account"),
        ("12345678910", "has twelve digits, not 11"),
        ("arn:aws:sts::1111:assumed-role/ci/x", "`1111` is no number of an account"),
    ] {
        let text = trust(principal);
        let found = lint("p.json", &text);
        let found = found.iter().find(|finding| finding.rule.0 == "invalid-principal");
        assert!(found.is_some_and(|finding| finding.message.contains(wrong)), "{principal}: {found:?}");
    }
    let resource = |arn: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"{arn}"}}]}}"#
        )
    };
    for arn in ["_QUEUE_ARN_", "[QUEUE_ARN]", "arn:aws:sqs:eu-west-1:ACCOUNT_ID:q", "arn:aws:sqs:REGION:ACCOUNT:q"] {
        assert_eq!(rules("p.json", &resource(arn)), [] as [&str; 0], "{arn}");
    }
    // What is no ARN is no ARN of another type besides; and this is no placeholder.
    for arn in ["queue", "queue-[0-9]"] {
        assert_eq!(rules("p.json", &resource(arn)), ["invalid-arn"], "{arn}");
    }
}

#[test]
fn json_with_placeholders_between_the_values_is_a_template() {
    const ADMIN: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    for between in [
        r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":${arn}},"#,
        r#"{"Effect":"Allow","Action":[${actions}],"Resource":{{ arn }}},"#,
        "${more},",
        "{% if x %}",
        "%{ if x }",
        "<% if x %>",
    ] {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{between}{ADMIN}]}}"#);
        let run = run_with("p.json", text.as_bytes(), &Settings::default());
        assert_eq!(told(&run.findings, &text), [("administrator-access", "\"*\"")], "{between}");
        let skipped: Vec<bool> = run.skipped.iter().map(|skipped| skipped.error).collect();
        assert_eq!(skipped, [false], "{between}: it is told, and no error");
    }
    // What is wrong before any placeholder is wrong.
    let text = format!(r#"{{"Version":"2012-10-17" "Statement":[{ADMIN}, ${{more}}]}}"#);
    let run = run_with("p.json", text.as_bytes(), &Settings::default());
    assert!(run.findings.iter().any(|finding| finding.rule.0 == "invalid-json"));
    assert_eq!(run.skipped.iter().map(|skipped| skipped.error).collect::<Vec<_>>(), [true]);
}

#[test]
fn a_module_that_go_or_jinja_fills_in_is_a_template() {
    let policy = r#"resource "aws_iam_role_policy" "p" {
  role   = "r"
  policy = jsonencode({ Version = "2012-10-17", Statement = { Effect = "Allow", Action = "*", Resource = "*" } })
}
"#;
    for mark in ["{{ if .Values.role }}", "{% if role %}", "role = {{ .Values.role }}"] {
        let run = run_with("main.tf", format!("{mark}\n{policy}").as_bytes(), &Settings::default());
        assert!(run.findings.iter().all(|finding| finding.rule.0 != "invalid-hcl"), "{mark}: {:?}", run.findings);
        assert_eq!(run.skipped.iter().map(|skipped| skipped.error).collect::<Vec<_>>(), [false], "{mark}");
    }
    // A mark elsewhere says nothing of this.
    let broken = format!("# {{{{ x }}}}\nrole = = 1\n{policy}");
    assert!(rules("main.tf", &broken).contains(&"invalid-hcl"));
}

#[test]
fn the_sample_calls_of_an_sdk_tell_nothing() {
    let samples = r#"{"version": "1.0", "examples": {
        "GetAccountSummary": [{"output": {"SummaryMap": {"AccountMFAEnabled": 0, "AccountAccessKeysPresent": 1}}}],
        "PutRolePolicy": [{"input": {"RoleName": "r", "PolicyDocument": "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}"}}],
        "LeaveOrganization": [{"title": "To leave an organization", "id": "to-leave"}]
    }}"#;
    assert_eq!(rules("examples-1.json", samples), [] as [&str; 0]);
    let output = samples.replace(r#""version": "1.0", "#, "");
    assert!(!rules("output.json", &output).is_empty(), "it is the shape that says it");
}

#[test]
fn a_folder_does_not_make_a_resource_control_policy() {
    let path = "resource_control_policies/topic.json";
    let topic = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sns:Publish","Resource":"arn:aws:sns:us-east-1:111122223333:t","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-exampleorg1"}}}]}"#;
    assert!(!rules(path, topic).contains(&"invalid-rcp"));
    let found = |actions: &str| rules(path, &topic.replace(r#""sns:Publish""#, actions));
    assert!(!found(r#"["sns:Publish","*"]"#).contains(&"invalid-rcp"));
    assert!(found(r#"["sns:Publish","s3:*"]"#).contains(&"invalid-rcp"));
}

#[test]
fn what_denies_to_everyone_everywhere_is_no_trust_policy() {
    let policy = |principal: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Principal":{principal},"Action":"sts:AssumeRoleWithWebIdentity","Resource":"*","Condition":{{"StringNotEqualsIfExists":{{"token.actions.githubusercontent.com:repository_owner":"acme"}}}}}}]}}"#
        )
    };
    assert_eq!(rules("identity-providers.json", &policy(r#""*""#)), [] as [&str; 0]);
    let trust =
        policy(r#"{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}"#);
    assert_eq!(rules("identity-providers.json", &trust), ["misplaced-element"]);
}

#[test]
fn the_marks_of_programs_that_fill_in_are_no_principals() {
    let told = |principal: &str| {
        let text = bucket("").replace(r#""Principal":"*""#, &format!(r#""Principal":{{"AWS":"{principal}"}}"#));
        rules("bucket.json", &text).contains(&"invalid-principal")
    };
    for mark in ["##AWS_ID##", "%{account}", "<account>", "{{ account }}"] {
        assert!(!told(mark), "{mark}");
    }
    assert!(told("##AWS_ID") && told("account"));
    let resource = |resource: &str| {
        let text = bucket("").replace("arn:aws:s3:::b/*", resource);
        rules("bucket.json", &text).contains(&"invalid-arn")
    };
    for mark in ["{bucket_arn}/x/*", "_S3_BUCKET_ARN_/*", "%{bucket}"] {
        assert!(!resource(mark), "{mark}");
    }
    assert!(resource("bucket_arn/x/*") && resource("S3_BUCKET/*"));
}

#[test]
fn what_two_alternatives_say_is_said_once() {
    let text = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - Effect: Allow\n            Action: sts:AssumeRoleWithWebIdentity\n            Principal:\n              Federated: !If [C, !Ref P, !Sub 'arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com']\n            Condition:\n              StringEquals:\n                token.actions.githubusercontent.com:aud: sts.amazonaws.com\n              StringLike:\n                token.actions.githubusercontent.com:sub: repo:acme/*\n";
    assert_eq!(told(&lint_pedantic("t.yaml", text), text), [("oidc-wildcard-subject", "repo:acme/*")]);
}

#[test]
fn services_write_their_own_headers() {
    let put = |principal: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*","Condition":{{"StringEquals":{{"aws:Referer":"111122223333"}}}}}}]}}"#
        )
    };
    let forgeable = |principal: &str| rules("p.json", &put(principal)).contains(&"forgeable-condition-key");
    assert!(!forgeable(r#"{"Service":"ses.amazonaws.com"}"#));
    for principal in [r#""*""#, r#"{"Service":"*"}"#, r#"{"Service":"ses.amazonaws.com","AWS":"111122223333"}"#] {
        assert!(forgeable(principal), "{principal}");
    }
}
