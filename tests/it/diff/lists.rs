//! Policies that are items of lists: what stands before them changes where they stand, and nothing else.

use super::limits::states;
use serde_json::{Value, json};

fn document(action: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})
}

/// The actions that are new from one text of a file to the other.
fn new(name: &str, old: &Value, new: &Value) -> Vec<String> {
    let text = |value: &Value| format!("{value:#}");
    let (_, json) = states(&[(name, &text(old))], &[(name, &text(new))]);
    assert_eq!(json["unknown"], json!([]), "{json}");
    let new = json["new"].as_array().unwrap_or_else(|| panic!("{json}"));
    new.iter().map(|it| it["action"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn one_is_put_before_the_others() {
    let (a, b, c) = (document("s3:GetObject"), document("ssm:GetParameter"), document("sqs:SendMessage"));
    let plain = |documents: &[&Value]| json!({"policies": documents});
    let account = |(name, document): &(&str, &Value)| json!({"metadata": {"name": name, "namespace": "x"}, "attachPolicy": document});
    let eksctl =
        |all: &[(&str, &Value)]| json!({"iam": {"serviceAccounts": all.iter().map(account).collect::<Vec<_>>()}});
    let task = |(name, document): &(&str, &Value)| json!({"amazon.aws.iam_policy": {"iam_type": "role", "iam_name": name, "policy_name": "p", "policy_json": document}});
    let ansible =
        |all: &[(&str, &Value)]| json!([{"hosts": "localhost", "tasks": all.iter().map(task).collect::<Vec<_>>()}]);
    assert_eq!(new("p.json", &plain(&[&a, &b]), &plain(&[&c, &a, &b])), ["sqs:SendMessage"]);
    assert_eq!(new("p.json", &plain(&[&a, &b]), &plain(&[&b])), [""; 0]);
    for of in [&eksctl as &dyn Fn(&[(&str, &Value)]) -> Value, &ansible] {
        let before = of(&[("a", &a), ("b", &b)]);
        assert_eq!(new("p.yaml", &before, &of(&[("c", &c), ("a", &a), ("b", &b)])), ["sqs:SendMessage"]);
        assert_eq!(new("p.yaml", &before, &of(&[("b", &b), ("a", &a)])), [""; 0]);
        // Each has what the other had.
        assert_eq!(new("p.yaml", &before, &of(&[("a", &b), ("b", &a)])).len(), 2);
        assert_eq!(new("p.yaml", &before, &of(&[("c", &a), ("a", &b), ("b", &b)])).len(), 2);
    }
}

#[test]
fn one_that_changes_is_found_by_what_is_left_of_it() {
    let of = |actions: Value| json!({"Version": "2012-10-17", "Statement": [{"Sid": "Read", "Effect": "Allow", "Action": actions, "Resource": "*"}]});
    let old = of(json!(["s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation"]));
    let wider = of(json!(["s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation", "s3:PutObject"]));
    let list = |documents: &[&Value]| json!({"policies": documents});
    let first = document("sqs:SendMessage");
    assert_eq!(new("p.json", &list(&[&old]), &list(&[&first, &wider])), ["sqs:SendMessage", "s3:PutObject"]);
    // The place is what is left.
    assert_eq!(new("p.json", &list(&[&first]), &list(&[&document("iam:*")])).len(), 1);
}

#[test]
fn documents_of_one_file_are_told_apart_by_their_names() {
    let one = |name: &str, action: &str| {
        format!("kind: Policy\nmetadata: {{name: {name}}}\nspec:\n  document: {}\n", document(action))
    };
    let (a, b) = (one("a", "s3:GetObject"), one("b", "ssm:GetParameter"));
    let both = format!("{a}---\n{b}");
    let (code, json) = states(&[("k.yaml", &both)], &[("k.yaml", &format!("{b}---\n{a}"))]);
    assert_eq!(code, Some(0), "{json}");
    let swapped = format!("{}---\n{}", one("a", "ssm:GetParameter"), one("b", "s3:GetObject"));
    let (code, json) = states(&[("k.yaml", &both)], &[("k.yaml", &swapped)]);
    assert_eq!((code, json["new"].as_array().map(Vec::len)), (Some(1), Some(2)), "{json}");
}

fn function(policies: &Value) -> Value {
    json!({"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Fn": {"Type": "AWS::Serverless::Function", "Properties": {"Policies": policies}}}})
}

#[test]
fn what_a_function_has_is_of_one_role() {
    let (a, b) = (document("s3:GetObject"), document("ssm:GetParameter"));
    let both = json!({"Statement": [a["Statement"][0], b["Statement"][0]]});
    assert_eq!(new("t.yaml", &function(&json!([a, b])), &function(&json!([both]))), [""; 0]);
    assert_eq!(
        new("t.yaml", &function(&json!([both])), &function(&json!(["AWSLambdaBasicExecutionRole", b, a])))[0],
        "logs:CreateLogGroup"
    );
    let (old, wide) = (function(&json!([a])), function(&json!(["AmazonSQSFullAccess", a])));
    let (code, json) = states(&[("t.json", &old.to_string())], &[("t.json", &wide.to_string())]);
    assert_eq!((code, json["new"].as_array().map(Vec::len)), (Some(1), Some(1)), "{json}");
}
