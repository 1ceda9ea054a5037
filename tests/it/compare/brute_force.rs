//! Random policies over a tiny alphabet, against trying all requests.

use super::{policy, word};
use crate::evaluate::naive::glob;
use proptest::prelude::*;
use serde_json::{Value, json};
use whit::access::compare::{Kind, new_access};

const HEAD: &str = "arn:aws:q:::";

/// Whether a policy allows a request, by the words of the guide.
fn allows(statements: &[Value], action: &str, resource: &str, tag: Option<&str>) -> bool {
    let hit = |statement: &Value| {
        let element = |plain: &str, not: &str, text: &str| {
            let matches = |patterns: &Value| glob(patterns.as_str().unwrap().as_bytes(), text.as_bytes());
            statement.get(plain).map_or_else(|| !matches(&statement[not]), matches)
        };
        let condition = statement.get("Condition").is_none_or(|all| {
            let (operator, wanted) = all.as_object().unwrap().iter().next().unwrap();
            let wanted = wanted["k:t"].as_str().unwrap();
            match operator.as_str() {
                "StringLike" => tag.is_some_and(|tag| glob(wanted.as_bytes(), tag.as_bytes())),
                "StringNotEquals" => tag != Some(wanted),
                "StringEqualsIfExists" => tag.is_none_or(|tag| tag == wanted),
                _ => panic!("no such operator is made"),
            }
        });
        element("Action", "NotAction", action) && element("Resource", "NotResource", resource) && condition
    };
    let of = |effect: &str| statements.iter().any(|statement| statement["Effect"] == effect && hit(statement));
    of("Allow") && !of("Deny")
}

fn statement() -> impl Strategy<Value = Value> {
    let condition = prop::option::weighted(
        0.4,
        (prop::sample::select(vec!["StringLike", "StringNotEquals", "StringEqualsIfExists"]), "[xy*]"),
    );
    (any::<bool>(), any::<(bool, bool)>(), "q:[xy*?]{1,2}", "[xy*?]{1,3}", condition).prop_map(
        |(allow, (not_action, not_resource), action, resource, condition)| {
            let mut statement = json!({"Effect": if allow { "Allow" } else { "Deny" }});
            statement[if not_action { "NotAction" } else { "Action" }] = json!(action);
            statement[if not_resource { "NotResource" } else { "Resource" }] = json!(format!("{HEAD}{resource}"));
            if let Some((operator, value)) = condition {
                statement["Condition"] = json!({operator: {"k:t": value}});
            }
            statement
        },
    )
}

fn texts(length: usize) -> Vec<String> {
    let (mut all, mut last) = (Vec::new(), vec![String::new()]);
    for _ in 0..length {
        last = last.iter().flat_map(|text| ["x", "y", "z"].map(|letter| format!("{text}{letter}"))).collect();
        all.extend(last.iter().cloned());
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn as_brute_force_has_it(one in prop::collection::vec(statement(), 1..4), other in prop::collection::vec(statement(), 1..4)) {
        let found = new_access(&[policy(&one)], &[policy(&other)], Kind::Identity);
        prop_assert!(found.unknown.is_empty(), "{:?}", found.unknown);
        let tags = [None, Some("x"), Some("y"), Some("z")];
        let actions: Vec<String> = texts(3).iter().map(|name| format!("q:{name}")).collect();
        let resources: Vec<String> = texts(4).iter().map(|name| format!("{HEAD}{name}")).collect();
        let new = actions.iter().any(|action| resources.iter().any(|resource| tags.iter().any(|tag| {
            allows(&other, action, resource, *tag) && !allows(&one, action, resource, *tag)
        })));
        // Another service's actions and resources stand for what the alphabet has not.
        let elsewhere = [("r:x", format!("{HEAD}x")), ("r:x", "arn:aws:r:::x".to_owned()), ("q:x", "arn:aws:r:::x".to_owned())];
        let new = new || elsewhere.iter().any(|(action, resource)| tags.iter().any(|tag| {
            allows(&other, action, resource, *tag) && !allows(&one, action, resource, *tag)
        }));
        if new {
            prop_assert!(!found.new.is_empty(), "missed: {} {}", json!(one), json!(other));
        }
        for access in &found.new {
            let witness = &access.witness;
            let tag = match witness.context.get("k:t") {
                Some(whit::access::compare::Values::One(tag)) => Some(tag.as_str()),
                _ => None,
            };
            let action = witness.action.to_ascii_lowercase();
            prop_assert!(allows(&other, &action, &witness.resource, tag), "{witness:?} {}", json!(other));
            prop_assert!(!allows(&one, &action, &witness.resource, tag), "{witness:?} {}", json!(one));
        }
    }

    #[test]
    fn an_allow_takes_nothing_and_a_deny_gives_nothing(
        all in prop::collection::vec(statement(), 1..4),
        mut more in statement(),
    ) {
        let same = policy(&all);
        prop_assert_eq!(word(&new_access(std::slice::from_ref(&same), std::slice::from_ref(&same), Kind::Identity)), "none");
        more["Effect"] = json!("Allow");
        let wider = policy(&[&all[..], &[more.clone()]].concat());
        prop_assert_eq!(word(&new_access(&[wider], std::slice::from_ref(&same), Kind::Identity)), "none");
        more["Effect"] = json!("Deny");
        let narrower = policy(&[&all[..], &[more]].concat());
        prop_assert_eq!(word(&new_access(&[same], &[narrower], Kind::Identity)), "none");
    }
}
