use super::*;
use crate::policy::{Operator, Spanned};
use crate::source::{FileId, Loc, Origin, Span};

fn spanned<T>(value: T) -> Spanned<T> {
    let origin = Origin::here(Loc { file: FileId(0), span: Span { start: 0, end: 0 } });
    Spanned { value, origin }
}

fn condition(operator: &str, key: &str, values: &[&str]) -> Condition {
    let items = values.iter().map(|value| spanned(Value::Known(Box::from(*value)))).collect();
    Condition {
        origin: spanned(()).origin,
        operator: spanned(Operator::parse(operator)),
        key: spanned(key.into()),
        values: List { items, open: false },
    }
}

fn ask(operator: &str, values: &[&str], context: &Context) -> Truth {
    evaluate(&condition(operator, "aws:Key", values), context)
}

fn one(value: &str) -> Context {
    Context::unknown().with("AWS:key", value)
}

#[test]
fn the_absent_key() {
    let absent = Context::unknown().without("aws:key");
    for (operator, value, expected) in [
        ("StringEquals", "x", false),
        ("StringLike", "*", false),
        ("StringEqualsIgnoreCase", "x", false),
        ("StringNotEquals", "x", true),
        ("StringNotLike", "*", true),
        ("StringNotEqualsIgnoreCase", "x", true),
        ("NumericLessThan", "1", false),
        ("NumericNotEquals", "1", true),
        ("DateGreaterThan", "2026-01-01", false),
        ("DateNotEquals", "2026-01-01", true),
        ("Bool", "false", false),
        ("Bool", "true", false),
        ("BinaryEquals", "QQ==", false),
        ("IpAddress", "10.0.0.0/8", false),
        ("NotIpAddress", "10.0.0.0/8", true),
        ("ArnLike", "arn:aws:iam::*:role/x", false),
        ("ArnNotEquals", "arn:aws:iam::*:role/x", true),
        ("BoolIfExists", "true", true),
        ("BoolIfExists", "false", true),
        ("NumericGreaterThanIfExists", "3600", true),
        ("StringNotEqualsIfExists", "x", true),
        ("ForAllValues:StringEquals", "x", true),
        ("ForAllValues:StringNotEquals", "x", true),
        ("ForAnyValue:StringEquals", "x", false),
        ("ForAnyValue:StringNotEquals", "x", false),
        ("ForAnyValue:StringEqualsIfExists", "x", true),
        ("Null", "true", true),
        ("Null", "TRUE", true),
        ("Null", "false", false),
    ] {
        assert_eq!(ask(operator, &[value], &absent), Truth::from(expected), "{operator} {value}");
    }
}

#[test]
fn the_present_key() {
    for (operator, values, request, expected) in [
        ("StringEquals", &["a", "b"][..], "b", true),
        ("StringEquals", &["*"], "b", false),
        ("StringEquals", &[], "b", false),
        ("StringNotEquals", &["a", "b"], "b", false),
        ("StringNotEquals", &["a", "b"], "c", true),
        ("stringequalsignorecase", &["ÄB"], "äb", true),
        ("StringLike", &["a?c*"], "abc:d", true),
        ("StringNotLike", &["a*", "b*"], "bc", false),
        ("StringEqualsIfExists", &["a"], "b", false),
        ("NumericEquals", &["10.0"], "10", true),
        ("NumericNotEquals", &["10", "11"], "11", false),
        ("NumericLessThan", &["10"], "9.99", true),
        ("NumericLessThan", &["10"], "10", false),
        ("NumericLessThanEquals", &["10"], "10", true),
        ("NumericGreaterThan", &["9"], "10", true),
        ("NumericGreaterThanEquals", &["10"], "9", false),
        ("NumericLessThan", &["10"], "many", false),
        ("DateLessThan", &["2026-01-01T00:00:00Z"], "2025-12-31T23:59:59Z", true),
        ("DateGreaterThanEquals", &["2026-01-01"], "1767225600", true),
        ("DateEquals", &["2026-01-01"], "2026-01-01T00:00:00+01:00", false),
        ("Bool", &["TRUE"], "true", true),
        ("Bool", &["false"], "true", false),
        ("BinaryEquals", &["QmluYXJ5"], "QmluYXJ5", true),
        ("BinaryEquals", &["QmluYXJ5"], "QmluYXJ6", false),
        ("IpAddress", &["10.0.0.0/8", "192.0.2.0/24"], "192.0.2.9", true),
        ("NotIpAddress", &["10.0.0.0/8", "192.0.2.0/24"], "192.0.2.9", false),
        ("ArnEquals", &["arn:aws:iam::*:role/x*"], "arn:aws:iam::111122223333:role/xy", true),
        ("ArnNotLike", &["arn:aws:iam::*:role/x*"], "arn:aws:iam::111122223333:user/xy", true),
        ("Null", &["false"], "", true),
        ("Null", &["true"], "x", false),
        ("Null", &["true", "false"], "x", true),
        ("ForAnyValue:StringEquals", &["a"], "a", true),
        ("ForAllValues:StringEquals", &["a"], "b", false),
    ] {
        assert_eq!(ask(operator, values, &one(request)), Truth::from(expected), "{operator} {values:?} on {request}");
    }
}

#[test]
fn sets_of_values() {
    let many = Context::unknown().with_values("aws:key", &["a", "b"]);
    for (operator, values, expected) in [
        ("ForAllValues:StringEquals", &["a", "b", "c"][..], true),
        ("ForAllValues:StringEquals", &["a"], false),
        ("ForAllValues:StringNotEquals", &["c"], true),
        ("ForAllValues:StringNotEquals", &["a"], false),
        ("ForAnyValue:StringLike", &["B*", "b*"], true),
        ("ForAnyValue:StringLike", &["c*"], false),
        ("ForAnyValue:StringNotEquals", &["a"], true),
        ("ForAnyValue:StringNotEquals", &["a", "b"], false),
        ("StringEquals", &["a"], false),
        ("StringNotEquals", &["c"], false),
        ("Null", &["false"], true),
    ] {
        assert_eq!(ask(operator, values, &many), Truth::from(expected), "{operator} {values:?}");
    }
    let empty = Context::unknown().with_values("aws:key", &[]);
    assert_eq!(ask("ForAllValues:StringEquals", &["a"], &empty), Truth::Yes);
    assert_eq!(ask("Null", &["true"], &empty), Truth::Yes);
}

#[test]
fn the_unknown_is_not_decided() {
    let nothing = Context::unknown();
    for (operator, values) in [
        ("StringEquals", &["a"][..]),
        ("StringLike", &["*"]),
        ("Null", &["true"]),
        ("BoolIfExists", &["true"]),
        ("ForAllValues:StringEquals", &["a"]),
    ] {
        assert_eq!(ask(operator, values, &nothing), Truth::Maybe, "{operator} {values:?}");
    }
    for (operator, values, expected) in [
        ("StringLikeIfExists", &["x", "*"][..], Truth::Yes),
        ("ArnLikeIfExists", &["*"], Truth::Yes),
        ("ForAllValues:StringLike", &["*"], Truth::Yes),
        ("ForAnyValue:StringNotLike", &["*"], Truth::No),
        ("StringEqualsIfExists", &["*"], Truth::Maybe),
    ] {
        assert_eq!(ask(operator, values, &nothing), expected, "{operator} {values:?}");
    }
    for (operator, value) in [
        ("StringEqual", "a"),
        ("NullIfExists", "true"),
        ("ForAnyValue:Null", "true"),
        ("Null", "maybe"),
        ("Bool", "yes"),
        ("NumericEquals", "ten"),
        ("DateEquals", "soon"),
        ("IpAddress", "10.0.0.0/99"),
        ("BinaryEquals", "?"),
        ("ArnLike", "role/x"),
        ("StringEquals", "${aws:unheard}"),
    ] {
        assert_eq!(ask(operator, &[value], &one("10")), Truth::Maybe, "{operator} {value}");
    }
}

#[test]
fn holes_in_the_policy_are_not_decided_unless_they_cannot_matter() {
    let hole = || spanned(Value::Unknown(std::sync::Arc::from("${var.x}")));
    let with = |operator: &str, values: Vec<Spanned<Value<Box<str>>>>| Condition {
        values: List { items: values, open: true },
        ..condition(operator, "aws:key", &[])
    };
    let known = |text: &str| spanned(Value::Known(Box::from(text)));
    let either =
        |a: &str, b: &str| spanned(Value::Either([Value::Known(Box::from(a)), Value::Known(Box::from(b))].into()));
    let ask = |condition: Condition| evaluate(&condition, &one("a"));
    assert_eq!(ask(with("StringEquals", vec![hole()])), Truth::Maybe);
    assert_eq!(ask(with("StringEquals", vec![hole(), known("a")])), Truth::Yes);
    assert_eq!(ask(with("StringNotEquals", vec![known("a"), hole()])), Truth::No);
    assert_eq!(ask(with("StringNotEquals", vec![hole()])), Truth::Maybe);
    let closed = |mut condition: Condition| {
        condition.values.open = false;
        condition
    };
    assert_eq!(ask(closed(with("StringLike", vec![either("a*", "*a")]))), Truth::Yes);
    assert_eq!(ask(closed(with("StringLike", vec![either("a*", "b*")]))), Truth::Maybe);
    assert_eq!(ask(closed(with("StringLike", vec![either("b*", "c*")]))), Truth::No);
}

/// What a request may say of a key: nothing, or one of these.
const POSSIBLE: [Option<&str>; 9] = [
    None,
    Some(""),
    Some("a"),
    Some("true"),
    Some("FALSE"),
    Some("10"),
    Some("2026-01-01"),
    Some("10.0.0.1"),
    Some("arn:aws:iam::111122223333:role/a"),
];

const WRITTEN: [&str; 12] = [
    "",
    "*",
    "a",
    "a*",
    "true",
    "false",
    "10",
    "2026-01-01",
    "10.0.0.0/8",
    "arn:aws:iam::*:role/*",
    "${aws:other}",
    "x${aws:other}*",
];

fn completed(context: Context, key: &str, value: Option<&str>) -> Context {
    match value {
        Some(value) => context.with(key, value),
        None => context.without(key),
    }
}

proptest::proptest! {
    // What is said of a context that is partly known holds however the rest turns out.
    #[test]
    fn answers_hold_for_every_completion(
        base in 0..BaseOperator::ALL.len(),
        set in 0..3_usize,
        if_exists: bool,
        values in proptest::collection::vec(0..WRITTEN.len(), 1..3),
        value in 0..POSSIBLE.len(),
        other in 0..POSSIBLE.len(),
        value_known: bool,
        other_known: bool,
    ) {
        let name = format!(
            "{}{}{}",
            ["", "ForAnyValue:", "ForAllValues:"][set],
            BaseOperator::ALL[base].1,
            if if_exists { "IfExists" } else { "" }
        );
        let values: Vec<&str> = values.into_iter().map(|at| WRITTEN[at]).collect();
        let (value, other) = (POSSIBLE[value], POSSIBLE[other]);
        let fill = |context: Context, key, value, known: bool| if known { completed(context, key, value) } else { context };
        let partly = fill(Context::unknown(), "aws:key", value, value_known);
        let partly = fill(partly, "aws:other", other, other_known);
        let whole = completed(completed(Context::unknown(), "aws:key", value), "aws:other", other);
        let (before, after) = (ask(&name, &values, &partly), ask(&name, &values, &whole));
        proptest::prop_assert!(
            before == after || before == Truth::Maybe,
            "{} {:?}: {:?} became {:?} with {:?} and {:?}", name, values, before, after, value, other
        );
    }
}
