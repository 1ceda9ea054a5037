//! The decision for one request: two tables of cases that the AWS guides decide, and a second implementation.
//!
//! `tests/evaluation-cases.jsonl` was given with the project; `tests/evaluation-guide.jsonl` is its own. `src` is the page of the
//! IAM, Organizations, VPC or KMS guide that says so.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

pub(crate) mod naive;

use serde_json::Value;
use whit::access::context::Context;
use whit::access::evaluate::{Answer, Caller, Document, Policies, Request, evaluate};
use whit::extract::{self, Fact};
use whit::source::{FileId, RelPath, SourceFile};

fn document(json: &Value) -> Document {
    let text = json.to_string();
    let file = SourceFile::new(FileId(0), RelPath::new("policy.json"), text.as_bytes().into());
    let policy = extract::facts(&file).facts.into_iter().find_map(|fact| match fact {
        Fact::Policy(site) => Some(site.policy),
        _ => None,
    });
    Document { file: "policy.json".into(), policy: policy.unwrap_or_else(|| panic!("no policy in {text}")) }
}

fn text<'v>(json: &'v Value, key: &str) -> Option<&'v str> {
    json[key].as_str()
}

fn request(payload: &Value) -> Request {
    let mut context = Context::complete();
    for (key, value) in payload["context"].as_object().into_iter().flatten() {
        context = match value {
            Value::Array(values) => {
                context.with_values(key, &values.iter().map(|value| value.as_str().unwrap()).collect::<Vec<_>>())
            }
            value => context.with(key, value.as_str().unwrap()),
        };
    }
    let principal = text(payload, "principal").unwrap();
    Request {
        caller: Caller::parse(principal).unwrap_or_else(|| panic!("{principal}")),
        action: text(payload, "action").unwrap().into(),
        resource: text(payload, "resource").unwrap().into(),
        resource_account: text(payload, "resource_account").map(Into::into),
        management_account: text(payload, "management_account").map(Into::into),
        context,
    }
}

fn policies(payload: &Value) -> Policies {
    let list = |json: &Value| json.as_array().map(|items| items.iter().map(document).collect::<Vec<_>>());
    let levels = |json: &Value| json.as_array().map(|levels| levels.iter().filter_map(list).collect());
    let kinds = &payload["policies"];
    Policies {
        identity: list(&kinds["identity"]).unwrap_or_default(),
        resource: list(&kinds["resource"]),
        boundary: list(&kinds["boundary"]),
        session: list(&kinds["session"]),
        endpoint: list(&kinds["vpce"]),
        service_control: levels(&kinds["scp"]).unwrap_or_default(),
        resource_control: levels(&kinds["rcp"]).unwrap_or_default(),
    }
}

/// Runs a table; the ids of the cases that came out otherwise.
fn failures(table: &str) -> (usize, Vec<String>) {
    let cases: Vec<Value> = table.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let failed = cases.iter().filter_map(|case| {
        let (request, policies) = (request(&case["payload"]), policies(&case["payload"]));
        let Answer { decision, certain, reasons, .. } = evaluate(&request, &policies);
        let expected = text(case, "expected").unwrap();
        let explained = decision.as_str() != "explicit_deny" || !reasons.is_empty();
        (decision.as_str() != expected || !certain || !explained)
            .then(|| format!("{}: {} and not {expected}, certain: {certain}", case["id"], decision.as_str()))
    });
    (cases.len(), failed.collect())
}

#[test]
fn the_documented_cases_come_out_as_documented() {
    let (count, failed) = failures(include_str!("../../evaluation-cases.jsonl"));
    assert_eq!(count, 86);
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn what_the_guides_say_of_layers_and_callers() {
    let (count, failed) = failures(include_str!("../../evaluation-guide.jsonl"));
    assert!(count >= 60, "{count}");
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn the_unknown_makes_a_decision_possible() {
    let payload = |statement: &str| {
        serde_json::json!({"principal": "arn:aws:iam::111122223333:user/ann", "action": "s3:GetObject",
            "resource": "arn:aws:s3:::docs/a", "resource_account": "111122223333", "context": {},
            "policies": {"identity": [{"Version": "2012-10-17",
                "Statement": [serde_json::from_str::<Value>(statement).unwrap()]}]}})
    };
    for (statement, decision, certain) in [
        // An operator that AWS does not have.
        (
            r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Odd":{"k:m":"x"}}}"#,
            "implicit_deny",
            false,
        ),
        // What cannot match whatever the condition says is certain.
        (
            r#"{"Effect":"Allow","Action":"ec2:*","Resource":"*","Condition":{"Odd":{"k:m":"x"}}}"#,
            "implicit_deny",
            true,
        ),
    ] {
        let payload = payload(statement);
        let (request, policies) = (request(&payload), policies(&payload));
        let answer = evaluate(&request, &policies);
        assert_eq!((answer.decision.as_str(), answer.certain), (decision, certain), "{statement}");
    }
}

#[test]
fn a_role_with_a_path_may_be_the_role_of_a_session() {
    let role = "arn:aws:iam::111122223333:role/team/app";
    let payload = |principal: &str| {
        serde_json::json!({"principal": principal, "action": "s3:GetObject", "resource": "arn:aws:s3:::docs/a",
            "resource_account": "111122223333", "context": {}, "policies": {"resource": [{"Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"AWS": role}, "Action": "s3:GetObject", "Resource": "*"}]}]}})
    };
    for (principal, decision, certain) in [
        ("arn:aws:sts::111122223333:assumed-role/app/s", "implicit_deny", false),
        ("arn:aws:sts::111122223333:assumed-role/other/s", "implicit_deny", true),
        (role, "allowed", true),
        ("arn:aws:iam::111122223333:role/app", "implicit_deny", true),
    ] {
        let payload = payload(principal);
        let (request, policies) = (request(&payload), policies(&payload));
        let answer = evaluate(&request, &policies);
        assert_eq!((answer.decision.as_str(), answer.certain), (decision, certain), "{principal}");
        assert_eq!(answer.notes.iter().any(|note| note.contains("not known")), !certain, "{:?}", answer.notes);
    }
}
