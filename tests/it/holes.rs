//! What is not known before deployment: a policy with a hole gives the same verdict as every filling of it, or says that it is
//! only possible.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use whit::access::compare::{Kind, new_access};
use whit::access::context::Context;
use whit::access::evaluate::{Caller, Document, Policies, Request, evaluate};
use whit::extract::{self, Fact};
use whit::source::{FileId, RelPath, SourceFile};

const USER: &str = "arn:aws:iam::111122223333:user/u";

/// What deployment may choose: a text for `${H}`, an account for `${A}`, and whether the condition `C` holds.
type Filling = (&'static str, &'static str, bool);

fn fillings() -> impl Iterator<Item = Filling> {
    let texts = ["", "x", "y", "xy", "*", "GetObject"];
    let accounts = ["111122223333", "444455556666"];
    texts.into_iter().flat_map(move |text| {
        accounts.into_iter().flat_map(move |account| [true, false].map(|holds| (text, account, holds)))
    })
}

/// The value with what deployment chose; none for what it left out.
fn fill(value: &Value, filling: Filling) -> Option<Value> {
    let (text, account, holds) = filling;
    Some(match value {
        Value::Object(map) if map.contains_key("Fn::Sub") => {
            json!(map["Fn::Sub"].as_str().unwrap().replace("${H}", text).replace("${A}", account))
        }
        Value::Object(map) if map.contains_key("Fn::If") => {
            return fill(&map["Fn::If"][if holds { 1 } else { 2 }], filling);
        }
        Value::Object(map) if map.contains_key("Ref") => match map["Ref"].as_str().unwrap() {
            "H" => json!(text),
            "A" => json!(account),
            "L" if holds => json!(["arn:aws:s3:::x", "arn:aws:s3:::y*"]),
            "L" => json!(format!("arn:aws:s3:::{text}")),
            "S" if holds => json!({"Effect": "Allow", "Action": "*", "Resource": "*"}),
            "S" => json!({"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::x*"}),
            _ => return None,
        },
        Value::Object(map) => {
            let filled = map.iter().filter_map(|(key, value)| Some((key.clone(), fill(value, filling)?)));
            Value::Object(filled.collect())
        }
        Value::Array(all) => all.iter().filter_map(|value| fill(value, filling)).collect(),
        plain => plain.clone(),
    })
}

fn document(statements: &Value) -> Document {
    let policy = json!({"Version": "2012-10-17", "Statement": statements});
    let template = json!({
        "Parameters": {"H": {"Type": "String"}, "A": {"Type": "String"}, "S": {"Type": "String"},
            "L": {"Type": "CommaDelimitedList"}, "Stage": {"Type": "String"}},
        "Conditions": {"C": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
        "Resources": {"P": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": policy}}},
    });
    let text = template.to_string();
    let file = SourceFile::new(FileId(0), RelPath::new("t.json"), text.as_bytes().into());
    let policy = extract::facts(&file).facts.into_iter().find_map(|fact| match fact {
        Fact::Policy(site) => Some(site.policy),
        _ => None,
    });
    Document { file: "t.json".into(), policy: policy.unwrap_or_else(|| panic!("no policy in {text}")) }
}

/// A text in which `H` is a hole.
fn text(head: &'static str, letters: &'static str) -> impl Strategy<Value = Value> {
    letters.prop_map(move |text| match text.contains('H') {
        true => json!({"Fn::Sub": format!("{head}{}", text.replace('H', "${H}"))}),
        false => json!(format!("{head}{text}")),
    })
}

/// One of two, by a condition of the template.
fn either(one: impl Strategy<Value = Value> + Clone) -> impl Strategy<Value = Value> {
    (prop::bool::weighted(0.15), one.clone(), one).prop_map(|(both, one, other)| match both {
        true => json!({"Fn::If": ["C", one, other]}),
        false => one,
    })
}

fn list(one: impl Strategy<Value = Value> + Clone) -> impl Strategy<Value = Value> {
    prop::collection::vec(either(one), 1..3).prop_map(|all| json!(all))
}

fn condition() -> impl Strategy<Value = Value> {
    let operators = vec![
        "StringEquals",
        "StringLike",
        "StringNotEquals",
        "StringNotLike",
        "StringEqualsIfExists",
        "StringEqualsIgnoreCase",
        "ForAllValues:StringLike",
        "ForAnyValue:StringEquals",
        "ForAnyValue:StringNotEquals",
    ];
    let values = either(prop_oneof![text("", "[xyH*]{1,2}").boxed(), Just(json!({"Ref": "H"})).boxed()].boxed());
    (prop::sample::select(operators), values).prop_map(|(operator, value)| json!({operator: {"k:t": value}}))
}

fn statement(principal: bool) -> impl Strategy<Value = Value> {
    let actions = prop_oneof![
        4 => prop::sample::select(vec!["s3:GetObject", "s3:PutObject", "s3:Get*", "s3:*Object", "*"]).prop_map(|it| json!(it)),
        1 => prop::sample::select(vec!["s3:${H}", "s3:Get${H}", "s3:${H}Object"]).prop_map(|it| json!({"Fn::Sub": it})),
        1 => Just(json!({"Ref": "H"})),
    ];
    let resources =
        prop_oneof![6 => text("arn:aws:s3:::", "[xyH*?]{1,3}"), 1 => Just(json!({"Ref": "H"})), 1 => Just(json!("*"))];
    let effect = prop_oneof![
        6 => Just(json!("Allow")), 4 => Just(json!("Deny")), 1 => Just(json!({"Fn::If": ["C", "Allow", "Deny"]})),
    ];
    let principals = prop::sample::select(vec![
        json!("*"),
        json!({"AWS": "111122223333"}),
        json!({"AWS": USER}),
        json!({"AWS": {"Ref": "A"}}),
        json!({"AWS": {"Fn::Sub": "arn:aws:iam::${A}:user/u"}}),
        json!({"AWS": {"Fn::Sub": "arn:aws:iam::${A}:root"}}),
    ]);
    let negated = (prop::bool::weighted(0.15), prop::bool::weighted(0.15), prop::bool::weighted(0.1));
    let contingent = (prop::bool::weighted(0.1), prop::bool::weighted(0.1));
    (
        effect,
        negated,
        list(actions.boxed()),
        list(resources.boxed()),
        prop::option::weighted(0.4, condition()),
        principals,
        contingent,
    )
        .prop_map(
            move |(
                effect,
                (not_action, not_resource, not_principal),
                actions,
                resources,
                condition,
                who,
                (contingent, whole),
            )| {
                let mut statement = json!({"Effect": effect});
                statement[if not_action { "NotAction" } else { "Action" }] = actions;
                let resources = if whole { json!({"Ref": "L"}) } else { resources };
                statement[if not_resource { "NotResource" } else { "Resource" }] = resources;
                if let Some(condition) = condition {
                    statement["Condition"] = condition;
                }
                if principal {
                    let not = not_principal && who != json!("*");
                    statement[if not { "NotPrincipal" } else { "Principal" }] = who;
                }
                match contingent {
                    true => json!({"Fn::If": ["C", statement, {"Ref": "AWS::NoValue"}]}),
                    false => statement,
                }
            },
        )
}

fn statements(principal: bool) -> impl Strategy<Value = Value> {
    let unseen = Just(json!({"Ref": "S"})).boxed();
    let one =
        prop_oneof![24 => statement(principal).boxed(), 1 => if principal { statement(true).boxed() } else { unseen }];
    prop::collection::vec(one, 1..4).prop_map(|all| json!(all))
}

/// None where the comparison leaves it open; else whether there is new access.
fn verdict(base: &Value, head: &Value, kind: Kind) -> Option<bool> {
    let found = new_access(&[document(base)], &[document(head)], kind);
    match found.new.iter().any(|new| new.certain) {
        true => Some(true),
        false => (found.new.is_empty() && found.unknown.is_empty()).then_some(false),
    }
}

fn compared(base: &Value, head: &Value, kind: Kind) -> Result<(), TestCaseError> {
    let Some(new) = verdict(base, head, kind) else { return Ok(()) };
    for filling in fillings() {
        let [base, head] = [base, head].map(|side| fill(side, filling).unwrap());
        let filled = new_access(&[document(&base)], &[document(&head)], kind);
        prop_assert!(filled.unknown.is_empty(), "{:?}: {base} {head}", filled.unknown);
        prop_assert_eq!(new, !filled.new.is_empty(), "{:?}: {} {}", filling, base, head);
    }
    Ok(())
}

/// What is always open would hold of every filling, too.
#[test]
fn enough_comparisons_are_decided_for_all_fillings() {
    let mut runner = TestRunner::deterministic();
    let sides = (statements(false), statements(false));
    let decided = (0..300).filter(|_| {
        let (base, head) = sides.new_tree(&mut runner).unwrap().current();
        verdict(&base, &head, Kind::Identity).is_some()
    });
    let decided = decided.count();
    assert!(decided > 50, "{decided} of 300");
}

/// A Deny with `NotPrincipal` reaches everybody who has a permissions boundary, and this one may be a Deny.
#[test]
fn an_exception_from_what_may_be_a_deny_is_not_certain() {
    let maybe = json!({"Effect": {"Fn::If": ["C", "Allow", "Deny"]}, "NotPrincipal": {"AWS": "111122223333"},
        "Action": "s3:PutObject", "Resource": "arn:aws:s3:::x"});
    let boundary = json!([{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]);
    let policies = Policies {
        resource: Some(vec![document(&json!([maybe]))]),
        boundary: Some(vec![document(&boundary)]),
        ..Policies::default()
    };
    let request = Request {
        caller: Caller::parse(USER).unwrap(),
        action: "s3:PutObject".into(),
        resource: "arn:aws:s3:::x".into(),
        resource_account: Some("111122223333".into()),
        management_account: None,
        context: Context::complete(),
    };
    assert!(!evaluate(&request, &policies).certain);
}

proptest! {
    #[test]
    fn a_comparison_holds_for_every_filling(base in statements(false), head in statements(false)) {
        compared(&base, &head, Kind::Identity)?;
    }

    #[test]
    fn a_comparison_with_principals_holds_for_every_filling(base in statements(true), head in statements(true)) {
        compared(&base, &head, Kind::Resource)?;
    }

    #[test]
    fn a_decision_holds_for_every_filling(
        identity in statements(false),
        resource in prop::option::of(statements(true)),
        boundary in prop::option::weighted(0.3, statements(false)),
        action in prop::sample::select(vec!["s3:GetObject", "s3:PutObject"]),
        name in "[xy]{1,3}",
        tag in prop::collection::vec("[xy]{1,2}", 0..3),
        owner in prop::sample::select(vec!["111122223333", "444455556666"]),
    ) {
        let decide = |filling: Option<Filling>| {
            let document = |statements: &Value| {
                document(&filling.map_or_else(|| statements.clone(), |filling| fill(statements, filling).unwrap()))
            };
            let policies = Policies {
                identity: vec![document(&identity)],
                resource: resource.as_ref().map(|it| vec![document(it)]),
                boundary: boundary.as_ref().map(|it| vec![document(it)]),
                ..Policies::default()
            };
            let context = match &tag[..] {
                [one] => Context::complete().with("k:t", one),
                several => Context::complete().with_values("k:t", &several.iter().map(|it| &**it).collect::<Vec<_>>()),
            };
            let request = Request {
                caller: Caller::parse(USER).unwrap(),
                action: action.into(),
                resource: format!("arn:aws:s3:::{name}").into(),
                resource_account: Some(owner.into()),
                management_account: None,
                context,
            };
            let answer = evaluate(&request, &policies);
            (answer.decision, answer.certain)
        };
        let (decision, certain) = decide(None);
        if certain {
            for filling in fillings() {
                prop_assert_eq!(decide(Some(filling)).0, decision, "{:?}", filling);
            }
        }
    }
}
