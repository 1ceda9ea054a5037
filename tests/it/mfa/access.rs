//! Who is asked for MFA, and for what.

use super::*;
use crate::lint::lint_with;
use whit::settings::Settings;

#[test]
fn trust_is_asked_of_people_only() {
    let role = r#""sts:AssumeRole""#;
    let account = r#"{"AWS":"arn:aws:iam::111122223333:root"}"#;
    let without = [("trust-without-mfa", role)];
    for (principal, condition, expected) in [
        (account, "", &without[..]),
        (r#"{"AWS":"111122223333"}"#, "", &without),
        (USER, "", &without),
        (r#"{"AWS":["arn:aws:iam::111122223333:role/r","arn:aws:iam::111122223333:user/ann"]}"#, "", &without),
        (account, r#""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#, &without),
        (account, r#""IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#, &without),
        (account, r#""StringLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:user/*"}"#, &without),
        (r#"{"AWS":"arn:aws:iam::111122223333:role/r"}"#, "", &[]),
        (r#"{"AWS":"arn:aws:sts::111122223333:assumed-role/r/s"}"#, "", &[]),
        (r#"{"Service":"ec2.amazonaws.com"}"#, "", &[]),
        (r#"{"Federated":"arn:aws:iam::111122223333:saml-provider/idp"}"#, "", &[]),
        (r#"{"AWS":"AIDAEXAMPLEEXAMPLE123"}"#, "", &[]),
        (r#""*""#, "", &[]),
        (r#"{"AWS":{"Ref":"Who"}}"#, "", &[]),
        (account, r#""StringEquals":{"sts:ExternalId":"a1b2"}"#, &[]),
        (account, r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/team-*"}"#, &[]),
        (account, r#""ArnLike":{"aws:PrincipalArn":["arn:aws:iam::*:role/a","arn:aws:iam::*:role/b"]}"#, &[]),
        (account, r#""StringLike":{"aws:userid":"AROAEXAMPLEEXAMPLE123:*"}"#, &[]),
        (account, r#""StringEquals":{"aws:PrincipalType":"AssumedRole"}"#, &[]),
        (account, r#""Bool":{"aws:PrincipalIsAWSService":"true"}"#, &[]),
    ] {
        assert_eq!(said(&trust(principal, condition)), expected, "{principal} {condition}");
    }
    // One's own account has people, whatever word they know.
    let own = Settings { accounts: ["111122223333".into()].into(), ..Settings::default() };
    let text = trust(account, r#""StringEquals":{"sts:ExternalId":"a1b2"}"#);
    assert_eq!(of_family(told(&lint_with("policy.json", text.as_bytes(), &own), &text)), without);
}

#[test]
fn trust_is_judged_with_all_its_statements() {
    let allow = format!(r#"{{"Effect":"Allow","Principal":{USER},"Action":["sts:TagSession","sts:Assume*"]}}"#);
    let deny = |principal: &str, condition: &str| {
        format!(r#"{{"Effect":"Deny","Principal":{principal},"Action":"sts:AssumeRole","Condition":{{{condition}}}}}"#)
    };
    let right = condition("BoolIfExists", PRESENT, r#""false""#);
    assert_eq!(said(&policy(std::slice::from_ref(&allow))), [("trust-without-mfa", r#""sts:Assume*""#)]);
    assert_eq!(said(&policy(&[allow.clone(), deny(r#""*""#, &right)])), []);
    assert_eq!(said(&policy(&[allow.clone(), deny(r#"{"AWS":"111122223333"}"#, &right)])), []);
    assert_eq!(said(&policy(&[allow.clone(), deny(r#"{"AWS":"444455556666"}"#, &right)])).len(), 1);
    let halves = [
        allow.clone(),
        deny(r#""*""#, &condition("Bool", PRESENT, r#""false""#)),
        deny(r#""*""#, &condition("Null", PRESENT, r#""true""#)),
    ];
    assert_eq!(said(&policy(&halves)), []);
    let one = [allow, deny(r#""*""#, &condition("Bool", PRESENT, r#""false""#))];
    // One thing is wrong, and mending it mends both.
    assert_eq!(said(&policy(&one)), [("ineffective-mfa-condition", r#""aws:MultiFactorAuthPresent":"false""#)]);
}

#[test]
fn sensitive_access_is_asked_of_users_and_groups() {
    let everything = r#""Action":"*""#;
    for (actions, expected) in [
        (everything, Some(r#""*""#)),
        (r#""Action":"iam:*""#, Some(r#""iam:*""#)),
        (r#""Action":["s3:GetObject","s3:*"]"#, Some(r#""s3:*""#)),
        (r#""Action":["iam:List*","iam:PassRole","iam:CreateUser"]"#, Some(r#""iam:PassRole""#)),
        (r#""Action":"s3:PutBucketPolicy""#, Some(r#""s3:PutBucketPolicy""#)),
        (r#""Action":"organizations:Leave*""#, Some(r#""organizations:Leave*""#)),
        (r#""NotAction":"s3:*""#, Some(r#""NotAction""#)),
        (r#""Action":["s3:PutObject","s3:PutObjectAcl","ec2:RunInstances","sts:AssumeRole"]"#, None),
        (r#""Action":["iam:Get*","iam:List*","iam:CreateServiceLinkedRole"]"#, None),
        (r#""Action":["iam:CreateVirtualMFADevice","iam:EnableMFADevice","iam:ChangePassword"]"#, None),
        (r#""Action":["nonsense:Everything","iam:NoSuchCall"]"#, None),
        (r#""Action":"iam:*ServiceLinkedRole""#, None),
    ] {
        let statements = [statement("Allow", actions, "")];
        let expected: Vec<_> = expected.map(|at| ("sensitive-access-without-mfa", at)).into_iter().collect();
        assert_eq!(said(&of_user(&statements)), expected, "{actions}");
        assert_eq!(said(&of_user(&statements).replace("UserName", "GroupName")), expected, "{actions}");
        assert_eq!(said(&of_role(&statements)), [], "{actions}");
        assert_eq!(said(&policy(&statements)), [], "nobody known to hold it: {actions}");
        // Of an administrator nothing that follows is told.
        let administrator = actions == everything || actions.starts_with(r#""NotAction""#);
        let pedantic = if administrator { vec![] } else { expected };
        assert_eq!(said_pedantic(&policy(&statements)), pedantic, "{actions}");
        assert_eq!(said_pedantic(&of_role(&statements)), [], "{actions}");
    }
}

#[test]
fn what_only_concerns_the_caller_or_one_role_is_not_sensitive() {
    let said = |actions: &str, resource: &str, condition: &str| {
        let allow =
            statement("Allow", actions, condition).replace(r#""Resource":"*""#, &format!(r#""Resource":[{resource}]"#));
        let text = of_user(&[allow]);
        of_family(told(&lint("policy.json", &text), &text)).len()
    };
    let keys = r#""Action":["iam:CreateAccessKey","iam:DeactivateMFADevice"]"#;
    for (actions, resource, condition, expected) in [
        (keys, r#""arn:aws:iam::*:user/${aws:username}""#, "", 0),
        (keys, r#""arn:aws:iam::*:user/${aws:username}","arn:aws:iam::*:mfa/*""#, "", 0),
        (keys, r#""arn:aws:iam::*:user/*""#, "", 1),
        (keys, r#""arn:aws:iam::*:user/${aws:username}","arn:aws:iam::*:user/ben""#, "", 1),
        (r#""Action":"iam:PassRole""#, r#""*""#, "", 1),
        (r#""Action":"iam:PassRole""#, r#""arn:aws:iam::*:role/*""#, "", 1),
        (r#""Action":"iam:PassRole""#, r#""arn:aws:iam::111122223333:role/task""#, "", 0),
        (r#""Action":"iam:PassRole""#, r#""*""#, r#""StringEquals":{"iam:PassedToService":"ecs.amazonaws.com"}"#, 0),
        (r#""Action":"kms:CreateGrant""#, r#""*""#, "", 1),
        (r#""Action":"kms:CreateGrant""#, r#""*""#, r#""Bool":{"kms:GrantIsForAWSResource":"true"}"#, 0),
    ] {
        assert_eq!(said(actions, resource, condition), expected, "{actions} {resource} {condition}");
    }
}

#[test]
fn what_the_denies_leave_is_what_counts() {
    let allow = statement("Allow", r#""Action":"*""#, "");
    let right = condition("BoolIfExists", PRESENT, r#""false""#);
    let found = |deny: &str| {
        let text = of_user(&[allow.clone(), deny.to_owned()]);
        said(&text).iter().any(|(rule, _)| *rule == "sensitive-access-without-mfa")
    };
    let enrol = r#""iam:CreateVirtualMFADevice","iam:EnableMFADevice","iam:ListMFADevices""#;
    assert!(!found(&statement("Deny", r#""Action":"*""#, &right)));
    assert!(!found(&statement("Deny", &format!(r#""NotAction":[{enrol}]"#), &right)));
    assert!(found(&statement("Deny", &format!(r#""NotAction":[{enrol},"iam:PutUserPolicy"]"#), &right)));
    assert!(found(&statement("Deny", r#""Action":"iam:*""#, &right)), "organizations and others are left");
    let elsewhere =
        statement("Deny", r#""Action":"*""#, &right).replace(r#""Resource":"*""#, r#""Resource":"arn:aws:s3:::b""#);
    assert!(found(&elsewhere));
}

#[test]
fn what_an_ineffective_condition_lets_through_is_one_finding() {
    let broken = condition("Bool", PRESENT, r#""false""#);
    let deny = statement("Deny", r#""Action":"s3:*""#, &broken);
    let allow = |actions: &str| statement("Allow", &format!(r#""Action":[{actions}]"#), "");
    let condition = ("ineffective-mfa-condition", r#""aws:MultiFactorAuthPresent":"false""#);
    let text = of_user(&[deny.clone(), allow(r#""s3:PutBucketPolicy""#)]);
    assert_eq!(said(&text), [condition]);
    let only = ["sensitive-access-without-mfa".into()].into();
    let selected = lint_with("policy.json", text.as_bytes(), &Settings { select: Some(only), ..Settings::default() });
    assert_eq!(told(&selected, &text), [("sensitive-access-without-mfa", r#""s3:PutBucketPolicy""#)]);
    // What it was never to keep is another matter.
    let text = of_user(&[deny, allow(r#""s3:PutBucketPolicy","iam:PutUserPolicy""#)]);
    assert_eq!(said(&text), [condition, ("sensitive-access-without-mfa", r#""iam:PutUserPolicy""#)]);
}

#[test]
fn roles_carry_no_mfa() {
    let work = r#""Action":"s3:PutObject""#;
    let unmeetable = |key: &str, value: &str| vec![("unmeetable-mfa-condition", written(key, value))];
    for (effect, operator, key, value, found) in [
        ("Allow", "Bool", PRESENT, r#""true""#, true),
        ("Allow", "NumericLessThan", AGE, "3600", true),
        ("Deny", "BoolIfExists", PRESENT, r#""false""#, true),
        ("Deny", "Null", AGE, r#""true""#, true),
        ("Deny", "NumericGreaterThanIfExists", AGE, r#""3600""#, true),
        // Whether the key is there has not to be known.
        ("Deny", "Bool", PRESENT, r#""false""#, false),
        ("Allow", "BoolIfExists", PRESENT, r#""true""#, false),
        ("Deny", "Null", PRESENT, r#""true""#, false),
    ] {
        let text = of_role(&[statement(effect, work, &condition(operator, key, value))]);
        let expected = if found { unmeetable(key, value) } else { vec![] };
        let said: Vec<_> = said(&text).into_iter().map(|(rule, at)| (rule, at.to_owned())).collect();
        assert_eq!(said, expected, "{effect} {operator} {value}");
    }
    let row = condition("Bool", PRESENT, r#""true""#);
    let found = [("unmeetable-mfa-condition", r#""aws:MultiFactorAuthPresent":"true""#)];
    for principal in [
        r#"{"Service":"ec2.amazonaws.com"}"#,
        r#"{"Federated":"arn:aws:iam::111122223333:saml-provider/idp"}"#,
        r#"{"AWS":"arn:aws:iam::111122223333:role/r"}"#,
    ] {
        assert_eq!(said(&trust(principal, &row)), found, "{principal}");
    }
    for principal in [USER, r#"{"AWS":["arn:aws:iam::111122223333:role/r","arn:aws:iam::111122223333:root"]}"#] {
        assert_eq!(said(&trust(principal, &row)), [], "{principal}");
    }
    assert_eq!(said(&of_user(&[statement("Allow", work, &row)])), []);
    // Spares roles by name, and so perhaps this one.
    let spared = format!(
        "{},{}",
        condition("BoolIfExists", PRESENT, r#""false""#),
        r#""StringEquals":{"aws:PrincipalType":"User"}"#
    );
    assert_eq!(said(&of_role(&[statement("Deny", work, &spared)])), []);
}

#[test]
fn ceilings_are_not_judged() {
    let deny = statement("Deny", WORK, &condition("Bool", PRESENT, r#""false""#));
    let text = policy(&[statement("Allow", r#""Action":"*""#, ""), deny]);
    for path in ["scp/mfa.json", "boundaries/people.json"] {
        assert_eq!(of_family(told(&lint(path, &text), &text)), [], "{path}");
    }
}
