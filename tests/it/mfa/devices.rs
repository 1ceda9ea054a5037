//! Enrolment, ways round it, and the policies that AWS recommends.

use super::*;

#[test]
fn devices_can_be_enrolled() {
    let right = condition("BoolIfExists", PRESENT, r#""false""#);
    let enrol = r#""iam:CreateVirtualMFADevice","iam:EnableMFADevice","iam:ListMFADevices""#;
    let lockout = |at| vec![("mfa-lockout", at)];
    for (actions, row, expected) in [
        (r#""NotAction":["iam:ListUsers"]"#.to_owned(), right.clone(), lockout(r#""NotAction""#)),
        (
            r#""NotAction":["iam:CreateVirtualMFADevice","iam:EnableMFADevice"]"#.to_owned(),
            right.clone(),
            lockout(r#""NotAction""#),
        ),
        (r#""NotAction":"s3:*""#.to_owned(), condition("Null", AGE, r#""true""#), lockout(r#""NotAction""#)),
        (r#""Action":["s3:*","iam:EnableMFADevice"]"#.to_owned(), right.clone(), lockout(r#""iam:EnableMFADevice""#)),
        (r#""Action":"iam:*MFADevice*""#.to_owned(), right.clone(), lockout(r#""iam:*MFADevice*""#)),
        (format!(r#""NotAction":[{enrol}]"#), right.clone(), vec![]),
        (
            r#""NotAction":["iam:*VirtualMFADevice","iam:EnableMFA*","iam:List*","sts:*"]"#.to_owned(),
            String::new(),
            vec![],
        ),
        (r#""Action":"*""#.to_owned(), right.clone(), vec![]),
        (r#""Action":"iam:*""#.to_owned(), right.clone(), vec![]),
        (r#""Action":"iam:DeactivateMFADevice""#.to_owned(), right.clone(), vec![]),
        (r#""NotAction":["iam:ListUsers"]"#.to_owned(), String::new(), vec![]),
    ] {
        assert_eq!(said(&policy(&[statement("Deny", &actions, &row)])), expected, "{actions} {row}");
    }
    let buckets = statement("Deny", r#""NotAction":"s3:Get*""#, &right).replace(r#""*""#, r#""arn:aws:s3:::b/*""#);
    assert_eq!(said(&policy(&[buckets])), [], "it says nothing of users");
}

#[test]
fn a_thief_gets_no_way_round() {
    let right = condition("BoolIfExists", PRESENT, r#""false""#);
    let enrol = r#""iam:CreateVirtualMFADevice","iam:EnableMFADevice","iam:ListMFADevices""#;
    let deny = |more: &str| statement("Deny", &format!(r#""NotAction":[{enrol},{more}]"#), &right);
    let exempted = |at| vec![("unsafe-mfa-exemption", at)];
    for (more, expected) in [
        (r#""iam:DeactivateMFADevice""#, exempted(r#""iam:DeactivateMFADevice""#)),
        (r#""iam:CreateAccessKey""#, exempted(r#""iam:CreateAccessKey""#)),
        (r#""iam:*""#, exempted(r#""iam:*""#)),
        (r#""iam:CreateAccessKey","iam:*MFADevice""#, exempted(r#""iam:*MFADevice""#)),
        (r#""iam:DeleteVirtualMFADevice""#, vec![]),
        (r#""iam:GetUser","iam:ResyncMFADevice","sts:GetSessionToken","iam:ChangePassword""#, vec![]),
    ] {
        assert_eq!(said(&policy(&[deny(more)])), expected, "{more}");
    }
    let delete = deny(r#""iam:DeleteVirtualMFADevice""#);
    assert_eq!(said_pedantic(&policy(&[delete])), exempted(r#""iam:DeleteVirtualMFADevice""#));
    let deactivate = deny(r#""iam:DeactivateMFADevice""#);
    let own = r#""Action":"iam:DeactivateMFADevice""#;
    let allow = statement("Allow", own, &condition("Bool", PRESENT, r#""true""#));
    assert_eq!(said(&policy(&[deactivate.clone(), allow])), [], "allowed with MFA only");
    let again = statement("Deny", own, &right);
    assert_eq!(said(&policy(&[deactivate.clone(), again])), [], "denied by another statement");
    let confidence = |text: &str| lint("policy.json", text).first().map(|finding| finding.confidence);
    use whit::finding::Confidence;
    assert_eq!(
        confidence(&policy(std::slice::from_ref(&deactivate))),
        Some(Confidence::Medium),
        "another policy has to allow it"
    );
    assert_eq!(confidence(&policy(&[deactivate, statement("Allow", own, "")])), Some(Confidence::High));
}

/// Policies of the shapes that the IAM user guide recommends: a user manages their own credentials, MFA required.
#[test]
fn what_aws_recommends_is_silent() {
    let list = |actions: &[&str]| {
        let quoted: Vec<String> = actions.iter().map(|action| format!(r#""{action}""#)).collect();
        quoted.join(",")
    };
    let allow = |actions: &[&str], resource: &str, condition: &str| {
        statement("Allow", &format!(r#""Action":[{}]"#, list(actions)), condition)
            .replace(r#""Resource":"*""#, &format!(r#""Resource":"{resource}""#))
    };
    let own = "arn:aws:iam::*:user/${aws:username}";
    let no_mfa = condition("BoolIfExists", PRESENT, r#""false""#);
    let with_mfa = condition("Bool", PRESENT, r#""true""#);
    let credentials_page = vec![
        allow(&["iam:GetAccountPasswordPolicy", "iam:ListVirtualMFADevices"], "*", ""),
        allow(&["iam:ChangePassword", "iam:GetUser"], own, ""),
        allow(&["iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:ListAccessKeys", "iam:UpdateAccessKey"], own, ""),
        allow(&["iam:UploadSSHPublicKey", "iam:CreateServiceSpecificCredential"], own, ""),
        allow(&["iam:CreateVirtualMFADevice"], "arn:aws:iam::*:mfa/*", ""),
        allow(
            &["iam:DeactivateMFADevice", "iam:EnableMFADevice", "iam:ListMFADevices", "iam:ResyncMFADevice"],
            own,
            "",
        ),
        statement(
            "Deny",
            &format!(
                r#""NotAction":[{}]"#,
                list(&[
                    "iam:CreateVirtualMFADevice",
                    "iam:EnableMFADevice",
                    "iam:GetUser",
                    "iam:GetMFADevice",
                    "iam:ListMFADevices",
                    "iam:ListVirtualMFADevices",
                    "iam:ResyncMFADevice",
                    "sts:GetSessionToken",
                ])
            ),
            &no_mfa,
        ),
    ];
    // This one exempts no `sts:GetSessionToken`.
    let own_device = vec![
        allow(&["iam:ListUsers", "iam:ListVirtualMFADevices"], "*", ""),
        allow(&["iam:CreateVirtualMFADevice"], "arn:aws:iam::*:mfa/*", ""),
        allow(&["iam:EnableMFADevice", "iam:ListMFADevices", "iam:ResyncMFADevice"], own, ""),
        allow(&["iam:DeactivateMFADevice"], own, &with_mfa),
        statement(
            "Deny",
            &format!(
                r#""NotAction":[{}]"#,
                list(&[
                    "iam:CreateVirtualMFADevice",
                    "iam:EnableMFADevice",
                    "iam:ListMFADevices",
                    "iam:ListUsers",
                    "iam:ListVirtualMFADevices",
                    "iam:ResyncMFADevice",
                ])
            ),
            &no_mfa,
        ),
    ];
    let lately = vec![
        allow(&["ec2:*"], "*", ""),
        statement(
            "Deny",
            r#""Action":["ec2:StopInstances","ec2:TerminateInstances"]"#,
            &condition("NumericGreaterThanIfExists", AGE, r#""3600""#),
        ),
    ];
    for (name, statements) in [("credentials", credentials_page), ("device", own_device)] {
        assert_eq!(said(&of_user(&statements)), [], "{name}");
        assert_eq!(said_pedantic(&policy(&statements)), [], "{name}");
    }
    assert_eq!(said(&policy(&lately)), []);
    // A bucket policy: no MFA, no records; and not by an MFA of yesterday.
    let bucket = |conditions: &[String]| {
        let denies: Vec<String> = conditions
            .iter()
            .map(|row| {
                statement("Deny", r#""Principal":"*","Action":"s3:*""#, row)
                    .replace(r#""Resource":"*""#, r#""Resource":"arn:aws:s3:::example/records/*""#)
            })
            .collect();
        policy(&denies)
    };
    let no_age = condition("Null", AGE, "true");
    let old = condition("NumericGreaterThan", AGE, "3600");
    assert_eq!(said(&bucket(std::slice::from_ref(&no_age))), []);
    assert_eq!(said(&bucket(&[no_age, old.clone()])), []);
    assert_eq!(said(&bucket(&[old])), [("ineffective-mfa-condition", r#""aws:MultiFactorAuthAge":3600"#)]);
}
