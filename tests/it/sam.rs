//! Templates of AWS SAM: the policies that it writes for functions by a name alone.

use crate::lint::{lint, lint_pedantic, told};

fn function(policies: &str) -> String {
    format!(
        "Transform: AWS::Serverless-2016-10-31\nParameters:\n  Name: {{Type: String}}\nResources:\n  F:\n    \
         Type: AWS::Serverless::Function\n    Properties:\n      Policies: {policies}\n  Table:\n    Type: AWS::DynamoDB::Table\n"
    )
}

#[test]
fn a_wildcard_opens_a_policy_template() {
    for (policy, value, rules) in [
        ("S3ReadPolicy", "BucketName: '*'", &["unscoped-data-access"][..]),
        ("S3CrudPolicy", "BucketName: '*'", &["unscoped-data-access", "unscoped-permission-change"]),
        ("DynamoDBCrudPolicy", "TableName: '*'", &["unscoped-data-access"]),
        ("AWSSecretsManagerGetSecretValuePolicy", "SecretArn: '*'", &["unscoped-data-access"]),
        ("SSMParameterReadPolicy", "ParameterName: '*'", &["unscoped-data-access"]),
        ("KMSDecryptPolicy", "KeyId: '*'", &["unscoped-data-access"]),
        ("SQSSendMessagePolicy", "QueueName: '*'", &[]),
    ] {
        let text = function(&format!("[{policy}: {{{value}}}]"));
        let expected: Vec<_> = rules.iter().map(|rule| (*rule, policy)).collect();
        assert_eq!(told(&lint("t.yaml", &text), &text), expected, "{policy}");
        let marks = |text: &str| {
            let found = lint_pedantic("t.yaml", text);
            let labels = found.iter().flat_map(|finding| finding.labels.iter().map(|label| label.region));
            labels.map(|at| text[at.byte as usize..][..at.byte_len as usize].to_owned()).collect::<Vec<_>>()
        };
        assert!(
            !marks(&text).is_empty() && marks(&text).iter().all(|mark| mark == "'*'"),
            "{policy}: {:?}",
            marks(&text)
        );
        let arn = policy == "AWSSecretsManagerGetSecretValuePolicy";
        let name = if arn { "!Ref Name" } else { "orders" };
        for narrow in [name, "!Ref Table", "!GetAtt Table.Arn", "!Sub 'orders-${Name}'"] {
            let text = text.replace("'*'", narrow);
            assert_eq!(told(&lint("t.yaml", &text), &text), [], "{policy} {narrow}");
        }
    }
}

#[test]
fn a_policy_template_stands_in_a_list_or_alone_and_may_be_chosen() {
    for policies in [
        "{S3ReadPolicy: {BucketName: '*'}}",
        "[AWSLambdaBasicExecutionRole, {S3ReadPolicy: {BucketName: '*'}}]",
        "[!If [Wide, {S3ReadPolicy: {BucketName: '*'}}, !Ref AWS::NoValue]]",
    ] {
        let text = function(policies);
        assert_eq!(told(&lint("t.yaml", &text), &text), [("unscoped-data-access", "S3ReadPolicy")], "{policies}");
        let elsewhere = text.replace("AWS::Serverless::Function", "Custom::Function");
        assert_eq!(told(&lint_pedantic("t.yaml", &elsewhere), &elsewhere), [], "{policies}");
    }
    for nothing in ["[S3ReadPolicy: {}]", "[OtherPolicy: {Name: '*'}]", "[TextractPolicy: {}]"] {
        let text = function(nothing);
        assert_eq!(told(&lint_pedantic("t.yaml", &text), &text), [], "{nothing}");
    }
}

/// What AWS wrote is not for users to mend: with a name, no template has a finding.
#[test]
fn no_policy_template_is_wrong_in_itself() {
    let lines = include_str!("../../src/catalog/sam_templates.txt").lines();
    for line in lines.filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let (template, resources) = (fields.next().unwrap_or(""), fields.nth(1).unwrap_or(""));
        let mut names: Vec<&str> = resources.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        names.retain(|name| !name.starts_with("AWS::"));
        for value in ["orders", "!Ref Name", "!Ref Table"] {
            let is_arn = |name: &str| name.ends_with("Arn");
            let value_of = |name: &str| if is_arn(name) && value == "orders" { "!Ref Table" } else { value };
            let values: Vec<String> = names.iter().map(|name| format!("{name}: {}", value_of(name))).collect();
            let text = function(&format!("[{template}: {{{}}}]", values.join(", ")));
            let found = lint_pedantic("t.yaml", &text);
            let found: Vec<_> = found.iter().map(|finding| (finding.rule.0, &*finding.message)).collect();
            assert_eq!(found, [], "{template} {value}");
        }
    }
}
