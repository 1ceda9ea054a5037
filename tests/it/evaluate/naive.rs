//! A second, naive decision over a tiny language, and what holds of all policies.

use super::{evaluate, policies, request};
use proptest::prelude::*;
use serde_json::{Value, json};

const USER: &str = "arn:aws:iam::111122223333:user/u";
const OTHER: &str = "arn:aws:iam::444455556666:user/u";

/// A glob by definition: tries every split.
pub(crate) fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|at| glob(rest, &text[at..])),
        Some((b'?', rest)) => !text.is_empty() && glob(rest, &text[1..]),
        Some((byte, rest)) => text.first() == Some(byte) && glob(rest, &text[1..]),
    }
}

fn any(patterns: &Value, text: &str) -> bool {
    patterns.as_array().unwrap().iter().any(|pattern| glob(pattern.as_str().unwrap().as_bytes(), text.as_bytes()))
}

/// Whether one statement matches, principals aside.
fn matches(statement: &Value, action: &str, resource: &str, tag: Option<&str>) -> bool {
    let element = |plain: &str, not: &str, text: &str| match statement.get(plain) {
        Some(patterns) => any(patterns, text),
        None => !any(&statement[not], text),
    };
    let condition = |(operator, wanted): (&String, &Value)| {
        let wanted = wanted["k:t"].as_str().unwrap();
        match (operator.as_str(), tag) {
            ("StringEquals", tag) => tag == Some(wanted),
            ("StringNotEquals", tag) => tag != Some(wanted),
            ("StringLikeIfExists", tag) => tag.is_none_or(|tag| glob(wanted.as_bytes(), tag.as_bytes())),
            ("Null", tag) => tag.is_none() == (wanted == "true"),
            _ => unreachable!("no such operator is made"),
        }
    };
    element("Action", "NotAction", action)
        && element("Resource", "NotResource", resource)
        && statement.get("Condition").is_none_or(|all| all.as_object().unwrap().iter().all(condition))
}

/// The decision for a user of the resource's account or of another, by the words of the guide.
fn naive(payload: &Value) -> &'static str {
    let word = |key: &str| payload[key].as_str().unwrap();
    let (caller, action, resource) = (word("principal"), word("action"), word("resource"));
    let tag = payload["context"]["k:t"].as_str();
    let same = caller == USER;
    let all = |kind: &str| -> Vec<Value> {
        let documents = payload["policies"][kind].as_array().cloned().unwrap_or_default();
        documents.iter().flat_map(|document| document["Statement"].as_array().unwrap().clone()).collect()
    };
    let named = |statement: &Value| match statement["Principal"]["AWS"].as_str() {
        Some("111122223333") if same => "account",
        Some("444455556666") if !same => "account",
        Some("*") => "itself",
        Some(arn) if arn == caller => "itself",
        _ => "",
    };
    let hit =
        |statement: &Value, effect: &str| statement["Effect"] == effect && matches(statement, action, resource, tag);
    let identity = all("identity");
    let (boundary, resource_policy) = (all("boundary"), all("resource"));
    let denied = identity.iter().chain(&boundary).any(|statement| hit(statement, "Deny"))
        || resource_policy.iter().any(|statement| hit(statement, "Deny") && !named(statement).is_empty());
    if denied {
        return "explicit_deny";
    }
    let own = identity.iter().any(|statement| hit(statement, "Allow"))
        && (boundary.is_empty() || boundary.iter().any(|statement| hit(statement, "Allow")));
    let given = |how: &str| resource_policy.iter().any(|statement| hit(statement, "Allow") && named(statement) == how);
    let allowed = if same { own || given("itself") } else { own && (given("itself") || given("account")) };
    if allowed { "allowed" } else { "implicit_deny" }
}

fn patterns(letters: &'static str) -> impl Strategy<Value = Value> {
    prop::collection::vec(letters, 1..3).prop_map(|all| json!(all))
}

fn statement(principal: bool) -> impl Strategy<Value = Value> {
    let action = (prop::bool::weighted(0.2), patterns("a:[xy*?]{1,2}"));
    let resource = (prop::bool::weighted(0.2), patterns("[xy*?]{1,3}"));
    let condition = prop::option::weighted(
        0.4,
        (
            prop::sample::select(vec!["StringEquals", "StringNotEquals", "StringLikeIfExists", "Null"]),
            "[xy*]",
            any_bool(),
        ),
    );
    let principals = prop::sample::select(vec!["*", "111122223333", "444455556666", USER, OTHER]);
    (prop::bool::weighted(0.7), action, resource, condition, principals).prop_map(
        move |(allow, (not_action, actions), (not_resource, resources), condition, who)| {
            let mut statement = json!({"Effect": if allow { "Allow" } else { "Deny" }});
            statement[if not_action { "NotAction" } else { "Action" }] = actions;
            statement[if not_resource { "NotResource" } else { "Resource" }] = resources;
            if let Some((operator, value, flag)) = condition {
                let value = if operator == "Null" { flag.to_string() } else { value };
                statement["Condition"] = json!({operator: {"k:t": value}});
            }
            if principal {
                statement["Principal"] = json!({"AWS": who});
            }
            statement
        },
    )
}

fn any_bool() -> impl Strategy<Value = bool> {
    prop::bool::ANY
}

fn documents(principal: bool, most: usize) -> impl Strategy<Value = Value> {
    let document = prop::collection::vec(statement(principal), 1..4)
        .prop_map(|statements| json!({"Version": "2012-10-17", "Statement": statements}));
    prop::collection::vec(document, 0..=most).prop_map(|all| json!(all))
}

fn payload() -> impl Strategy<Value = Value> {
    let who = prop::sample::select(vec![USER, OTHER]);
    let tag = prop::option::of("[xy]");
    (who, "a:[xy]{1,2}", "[xy]{1,3}", tag, documents(false, 2), documents(true, 1), documents(false, 1)).prop_map(
        |(who, action, resource, tag, identity, given, boundary)| {
            let context = tag.map_or(json!({}), |tag| json!({"k:t": tag}));
            json!({"principal": who, "action": action, "resource": resource, "resource_account": "111122223333",
                "context": context, "policies": {"identity": identity, "resource": given, "boundary": boundary}})
        },
    )
}

fn decided(payload: &Value) -> &'static str {
    let (request, policies) = (request(payload), policies(payload));
    let answer = evaluate(&request, &policies);
    assert!(answer.certain, "{payload}");
    answer.decision.as_str()
}

/// The same with a statement more in a document of its own.
fn with(payload: &Value, statement: &Value, effect: &str) -> Value {
    let mut more = payload.clone();
    let mut statement = statement.clone();
    statement["Effect"] = json!(effect);
    let document = json!({"Version": "2012-10-17", "Statement": [statement]});
    more["policies"]["identity"].as_array_mut().unwrap().push(document);
    more
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn as_the_naive_decision(payload in payload()) {
        prop_assert_eq!(decided(&payload), naive(&payload), "{}", payload);
    }

    #[test]
    fn an_allow_takes_nothing_and_a_deny_gives_nothing(payload in payload(), statement in statement(false)) {
        let before = decided(&payload);
        if before == "allowed" {
            prop_assert_eq!(decided(&with(&payload, &statement, "Allow")), "allowed");
        } else {
            prop_assert_ne!(decided(&with(&payload, &statement, "Deny")), "allowed");
        }
    }
}
