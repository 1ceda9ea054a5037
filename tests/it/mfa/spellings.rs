//! The spellings of a requirement, right and wrong.

use super::*;

#[test]
fn a_deny_that_stops_both_callers_is_right() {
    let rows = [
        condition("BoolIfExists", PRESENT, r#""false""#),
        condition("BoolIfExists", PRESENT, "false"),
        condition("boolifexists", r#""AWS:multifactorauthpresent""#, r#""FALSE""#),
        condition("NumericGreaterThanIfExists", AGE, r#""3600""#),
        condition("NumericGreaterThanIfExists", AGE, "3600"),
        condition("Null", AGE, r#""true""#),
        condition("Null", AGE, "true"),
        condition("BoolIfExists", PRESENT, r#"["false"]"#),
        // Somebody who calls directly meets this exception for AWS services.
        r#""BoolIfExists":{"aws:MultiFactorAuthPresent":"false","aws:ViaAWSService":"false"}"#.to_owned(),
        r#""StringNotEquals":{"aws:MultiFactorAuthPresent":"true"}"#.to_owned(),
    ];
    for row in rows {
        let deny = statement("Deny", WORK, &row);
        assert_eq!(said(&of_user(&[statement("Allow", WORK, ""), deny.clone()])), [], "{row}");
        assert_eq!(said(&policy(&[deny])), [], "alone, for others to grant: {row}");
    }
}

#[test]
fn two_denies_that_each_miss_one_caller_are_right_together() {
    let keys = condition("Null", PRESENT, r#""true""#);
    let console = condition("Bool", PRESENT, r#""false""#);
    let both = |first: &str, second: &str| policy(&[statement("Deny", WORK, first), statement("Deny", WORK, second)]);
    assert_eq!(said(&both(&console, &keys)), []);
    assert_eq!(said(&both(&keys, &console)), []);
    let wide = policy(&[statement("Deny", WORK, &console), statement("Deny", r#""Action":"iam:*""#, &keys)]);
    let whole = said(&wide);
    assert_eq!(whole.len(), 1, "the second goes further than the first: {whole:?}");
    assert!(whole[0].1.contains(r#""true""#), "{whole:?}");
    // The same exception in both.
    let but = r#","StringNotEquals":{"aws:username":"robot"}"#;
    assert_eq!(said(&both(&format!("{console}{but}"), &format!("{keys}{but}"))), []);
    // An exception in one of them is meant.
    assert_eq!(said(&both(&console, &format!("{keys}{but}"))), []);
    // Another Deny that has nothing to do with MFA makes up for nothing, unless it holds for certain.
    let abroad = r#""StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}"#;
    assert_eq!(said(&both(&console, abroad)).len(), 1);
    // `NotAction` covers `NotAction` if it exempts no more.
    let not = |names: &str| format!(r#""NotAction":[{names}]"#);
    let enrol = r#""iam:CreateVirtualMFADevice","iam:EnableMFADevice","iam:ListMFADevices""#;
    let more = format!(r#"{enrol},"sts:GetSessionToken""#);
    let pair = |a: &str, b: &str| policy(&[statement("Deny", &not(a), &console), statement("Deny", &not(b), &keys)]);
    assert_eq!(said(&pair(enrol, enrol)), []);
    assert_eq!(said(&pair(&more, enrol)).len(), 1, "the first exempts more, and so does not cover the second");
}

#[test]
fn a_deny_that_misses_a_caller_is_ineffective() {
    let rows = [
        ("Bool", PRESENT, r#""false""#),
        ("Bool", PRESENT, "false"),
        ("StringEquals", PRESENT, r#""false""#),
        ("Null", PRESENT, r#""true""#),
        ("NumericGreaterThan", AGE, r#""3600""#),
        ("NumericGreaterThanEquals", AGE, "3600"),
    ];
    for (operator, key, value) in rows {
        let deny = statement("Deny", WORK, &condition(operator, key, value));
        let expected = written(key, value);
        let alone = policy(std::slice::from_ref(&deny));
        assert_eq!(said(&alone), [("ineffective-mfa-condition", &*expected)], "{operator}");
        let with_allow = of_user(&[statement("Allow", r#""Action":"iam:*""#, ""), deny.clone()]);
        assert!(said(&with_allow).contains(&("ineffective-mfa-condition", &*expected)), "{operator}");
        // What the policy allows needs MFA anyway.
        let allow = statement("Allow", WORK, &condition("Bool", PRESENT, r#""true""#));
        assert_eq!(said(&of_user(&[allow, deny.clone()])), [], "{operator}");
        // A Deny that does it right makes up for it.
        let right = statement("Deny", r#""Action":"*""#, &condition("BoolIfExists", PRESENT, r#""false""#));
        assert_eq!(said(&policy(&[deny, right])), [], "{operator}");
    }
}

#[test]
fn an_allow_for_people_with_mfa_is_right() {
    let rows = [
        condition("Bool", PRESENT, r#""true""#),
        condition("Bool", PRESENT, "true"),
        condition("NumericLessThan", AGE, r#""3600""#),
        condition("NumericLessThanEquals", AGE, "3600"),
        condition("Null", AGE, r#""false""#),
        // The absent age decides.
        format!(
            "{},{}",
            condition("BoolIfExists", PRESENT, r#""true""#),
            condition("NumericLessThan", AGE, r#""3600""#)
        ),
    ];
    for row in rows {
        assert_eq!(said(&of_user(&[statement("Allow", WORK, &row)])), [], "{row}");
        assert_eq!(said(&trust(USER, &row)), [], "{row}");
    }
}

#[test]
fn an_allow_that_lets_a_caller_in_is_ineffective() {
    let rows = [
        ("BoolIfExists", PRESENT, r#""true""#),
        ("StringEqualsIfExists", PRESENT, r#""true""#),
        ("Null", PRESENT, r#""false""#),
        ("NumericLessThanIfExists", AGE, r#""3600""#),
        ("StringNotEquals", PRESENT, r#""false""#),
        ("ForAllValues:StringEquals", PRESENT, r#""true""#),
        ("Bool", PRESENT, r#"["true","false"]"#),
    ];
    for (operator, key, value) in rows {
        let row = condition(operator, key, value);
        let expected = written(key, value);
        let found = [("ineffective-mfa-condition", &*expected)];
        assert_eq!(said(&of_user(&[statement("Allow", WORK, &row)])), found, "{operator} {value}");
        assert_eq!(said(&trust(USER, &row)), found, "{operator} {value}");
        let right = statement("Deny", r#""Action":"*""#, &condition("BoolIfExists", PRESENT, r#""false""#));
        assert_eq!(said(&of_user(&[statement("Allow", WORK, &row), right])), [], "{operator} {value}");
    }
}

#[test]
fn a_condition_the_wrong_way_round_is_ineffective() {
    for (operator, value) in [("Bool", r#""false""#), ("BoolIfExists", r#""false""#)] {
        let allow = statement("Allow", WORK, &condition(operator, PRESENT, value));
        assert!(said(&of_user(&[allow])).iter().any(|(rule, _)| *rule == "ineffective-mfa-condition"), "{operator}");
    }
    let deny = statement("Deny", WORK, &condition("Bool", PRESENT, r#""true""#));
    assert_eq!(said(&policy(&[deny])), [("ineffective-mfa-condition", r#""aws:MultiFactorAuthPresent":"true""#)]);
    // To enrol, or to look, is what somebody without MFA may be let in for.
    for action in ["iam:EnableMFADevice", "iam:ListUsers", "s3:Get*"] {
        let allow = statement("Allow", &format!(r#""Action":"{action}""#), &condition("Bool", PRESENT, r#""false""#));
        assert_eq!(said(&of_user(&[allow])), [], "{action}");
    }
    // Only for access keys: a program's policy.
    let keys = statement("Allow", r#""Action":"s3:PutObject""#, &condition("Null", PRESENT, r#""true""#));
    assert_eq!(said(&of_user(&[keys])), []);
}

#[test]
fn what_is_not_known_is_not_claimed() {
    let hole = r#"{"Ref":"RequireMfa"}"#;
    use whit::finding::Confidence::{Low, Medium};
    // Access keys meet `BoolIfExists` whatever its value.
    for (operator, confidence) in [("Bool", Low), ("BoolIfExists", Medium), ("Null", Low)] {
        let row = condition(operator, PRESENT, hole);
        for effect in ["Allow", "Deny"] {
            assert_eq!(said(&policy(&[statement(effect, WORK, &row)])), [], "{effect} {operator}");
        }
        // And not read as safe.
        let text = of_user(&[statement("Allow", WORK, &row)]);
        let findings = lint("policy.json", &text);
        let own: Vec<_> = findings.iter().filter(|finding| finding.rule.0 == "sensitive-access-without-mfa").collect();
        assert_eq!(own.len(), 1, "{operator}");
        assert_eq!(own[0].confidence, confidence, "{operator}");
    }
}
