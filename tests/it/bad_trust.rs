//! One step from a good trust policy lies a bad one: each is found, where it is bad.

use crate::good_trust::{
    ASSUME, BITBUCKET, CIRCLE, COGNITO, EKS, GITHUB, POOL, SAML, anywhere, domain, oidc, saml, service, trust,
};
use crate::lint::{lint, lint_pedantic, lint_with, told};
use whit::settings::Settings;

/// A trust policy, the rule that speaks of it, and what the rule underlines.
fn bad() -> Vec<(String, &'static str, String)> {
    let arn = |provider: &str| format!("\"arn:aws:iam::111122223333:oidc-provider/{provider}\"");
    let quoted = |text: &str| format!("\"{text}\"");
    let mut rows = Vec::new();
    // Everyone gets in: the subject is missing, lets everyone pass, or holds where it is absent.
    for (provider, condition) in [
        (GITHUB, ""),
        (GITHUB, r#""StringEquals": {"@:aud": "sts.amazonaws.com"}"#),
        (GITHUB, r#""StringLike": {"@:sub": "repo:*"}"#),
        (GITHUB, r#""StringLike": {"@:sub": ["repo:example/reports:*", "*"]}"#),
        (GITHUB, r#""StringEqualsIfExists": {"@:sub": "repo:example/reports:ref:refs/heads/main"}"#),
        (GITHUB, r#""ForAllValues:StringEquals": {"@:sub": "repo:example/reports:ref:refs/heads/main"}"#),
        (GITHUB, r#""StringNotLike": {"@:sub": "repo:example/*"}"#),
        (GITHUB, r#""StringEquals": {"@:sub": "environment:production"}"#),
        (GITHUB, r#""StringLike": {"@:sub": "workflow:deploy:ref:*"}"#),
        (GITHUB, r#""StringEquals": {"@:environment": "production"}"#),
        ("gitlab.com", r#""StringEquals": {"@:aud": "https://gitlab.com"}"#),
        ("gitlab.com", r#""StringLike": {"@:sub": "project_path:*"}"#),
        ("agent.buildkite.com", r#""StringEquals": {"@:aud": "sts.amazonaws.com"}"#),
        ("app.terraform.io", r#""StringLike": {"@:sub": "organization:*"}"#),
        ("oidc.codefresh.io", ""),
        ("oidc.vercel.com", r#""StringLike": {"@:aud": "*"}"#),
    ] {
        rows.push((oidc(provider, condition), "oidc-without-subject", arn(provider)));
    }
    for (provider, condition) in [
        (COGNITO, r#""ForAnyValue:StringLike": {"@:amr": "authenticated"}"#),
        (COGNITO, r#""StringLike": {"@:aud": "eu-central-1:*"}"#),
        ("accounts.google.com", ""),
        ("www.amazon.com", ""),
        ("graph.facebook.com", r#""StringLike": {"@:app_id": "*"}"#),
    ] {
        rows.push((domain(provider, condition), "oidc-without-subject", quoted(provider)));
    }
    for (provider, value) in [
        (GITHUB, "repo:example*"),
        (GITHUB, "repo:example*/reports:*"),
        (GITHUB, "repo:*/reports:ref:refs/heads/main"),
        ("gitlab.com", "project_path:example*"),
        ("agent.buildkite.com", "organization:example*"),
        ("app.terraform.io", "organization:example-*:project:*:workspace:*:run_phase:*"),
    ] {
        let condition = format!(r#""StringLike": {{"@:sub": "{value}"}}"#);
        rows.push((oidc(provider, &condition), "oidc-open-owner", quoted(value)));
    }
    for (provider, condition) in [
        (EKS, r#""StringEquals": {"@:aud": "sts.amazonaws.com"}"#),
        (EKS, r#""StringLike": {"@:sub": "system:serviceaccount:*"}"#),
        (CIRCLE, r#""StringEquals": {"@:aud": "11111111-2222-3333-4444-555555555555"}"#),
        (BITBUCKET, r#""StringLike": {"@:sub": "*"}"#),
        ("gitlab.example.com", r#""StringEquals": {"@:aud": "https://gitlab.example.com"}"#),
        ("example.okta.com", ""),
    ] {
        rows.push((oidc(provider, condition), "oidc-whole-tenant", arn(provider)));
    }
    for (provider, value) in [
        (GITHUB, "repo:example/*"),
        (GITHUB, "repo:example/reports*"),
        ("gitlab.com", "project_path:example/*:ref_type:branch:ref:main"),
        ("agent.buildkite.com", "organization:example:*"),
        ("app.terraform.io", "organization:example:project:*:workspace:*:run_phase:*"),
        (CIRCLE, "org/11111111-2222-3333-4444-555555555555/project/*/user/*"),
        (BITBUCKET, "{11111111-*}:*"),
        (EKS, "system:serviceaccount:*:reader"),
    ] {
        let condition = format!(r#""StringLike": {{"@:sub": "{value}"}}"#);
        rows.push((oidc(provider, &condition), "oidc-wildcard-subject", quoted(value)));
    }
    let pool = format!(r#""StringEquals": {{"@:aud": "{POOL}"}}"#);
    rows.push((domain(COGNITO, &pool), "cognito-guests", quoted(COGNITO)));
    for guests in ["unauthenticated", "*authenticated"] {
        let condition = format!(r#"{pool}, "ForAnyValue:StringLike": {{"@:amr": ["authenticated", "{guests}"]}}"#);
        rows.push((domain(COGNITO, &condition), "cognito-guests", quoted(guests)));
    }
    for condition in
        ["", r#""StringLike": {"SAML:aud": "*"}"#, r#""StringEquals": {"SAML:iss": "https://example.com"}"#]
    {
        let provider = quoted("arn:aws:iam::111122223333:saml-provider/example");
        rows.push((saml("aws", &[SAML], condition), "saml-without-audience", provider));
    }
    for condition in [
        "",
        r#""StringEquals": {"aws:SourceAccount": "111122223333"}"#,
        r#""StringLike": {"aws:PrincipalTag/x509Subject/CN": "*"}"#,
        r#""ArnLike": {"aws:SourceArn": "arn:aws:rolesanywhere:eu-central-1:111122223333:trust-anchor/*"}"#,
    ] {
        rows.push((anywhere(condition), "any-certificate", quoted("rolesanywhere.amazonaws.com")));
    }
    for name in ["states.amazonaws.com", "scheduler.amazonaws.com", "bedrock.amazonaws.com"] {
        rows.push((service(name, ""), "confused-deputy", quoted(name)));
    }
    rows
}

#[test]
fn bad_trust_policies_are_found_where_they_are_bad() {
    let mut failures = Vec::new();
    for (text, rule, underlined) in bad() {
        let found = lint("trust.json", &text);
        let told = told(&found, &text);
        // What is said of the form of a condition is for other tests.
        let family: Vec<_> = told.iter().filter(|(id, _)| FAMILY.contains(id)).collect();
        if family != [&(rule, &*underlined)] {
            failures.push(format!("{rule} at {underlined}: {told:?}\n{text}"));
        }
    }
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

const FAMILY: [&str; 9] = [
    "any-certificate",
    "cognito-guests",
    "confused-deputy",
    "oidc-open-owner",
    "oidc-whole-tenant",
    "oidc-wildcard-subject",
    "oidc-without-subject",
    "public-trust",
    "saml-without-audience",
];

#[test]
fn a_key_that_no_token_carries_lets_nobody_in() {
    let github = "token.actions.githubusercontent.com";
    let other = "oidc.eks.eu-central-1.amazonaws.com/id/ANOTHER";
    for (provider, condition, key) in [
        (github, r#""StringEquals": {"@:subject": "repo:acme/x:ref:refs/heads/main"}"#, format!("{github}:subject")),
        (
            github,
            r#""StringLike": {"@:repo": "acme/*"}, "StringEquals": {"@:aud": "sts.amazonaws.com"}"#,
            format!("{github}:repo"),
        ),
        (EKS, &*format!(r#""StringEquals": {{"{other}:sub": "system:serviceaccount:a:b"}}"#), format!("{other}:sub")),
    ] {
        let text = oidc(provider, condition);
        assert_eq!(
            told(&lint("trust.json", &text), &text),
            [("unknown-condition-key", &*format!("\"{key}\""))],
            "{text}"
        );
        // Where the absent key is let through everyone gets in.
        let text = text.replace("StringEquals", "StringEqualsIfExists").replace("StringLike", "StringLikeIfExists");
        let found = lint("trust.json", &text);
        assert!(found.iter().any(|finding| finding.rule.0.starts_with("oidc-")), "{text}: {found:?}");
    }
    // Of claims that are not listed nothing is known.
    let text = oidc(github, r#""StringEquals": {"@:repository_visibility": "private"}"#);
    assert!(lint("trust.json", &text).iter().any(|finding| finding.rule.0 == "oidc-without-subject"));
}

#[test]
fn a_deny_for_all_other_subjects_says_who() {
    let both = |deny: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [
            {{"Effect": "Allow", "Principal": {{"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"}},
              "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {{"StringEquals": {{"gitlab.com:aud": "x"}}}}}},
            {{"Effect": "Deny", "Principal": {{"Federated": "*"}}, "Action": "sts:AssumeRoleWithWebIdentity",
              "Condition": {{{deny}}}}}]}}"#
        )
    };
    let rules =
        |text: &str| -> Vec<&str> { told(&lint("trust.json", text), text).into_iter().map(|row| row.0).collect() };
    let closed = both(r#""StringNotLike": {"gitlab.com:sub": "project_path:example/reports:*"}"#);
    assert!(!rules(&closed).contains(&"oidc-without-subject"), "{closed}");
    let open = both(r#""StringLike": {"gitlab.com:sub": "project_path:evil/*"}"#);
    assert!(rules(&open).contains(&"oidc-without-subject"), "{open}");
}

#[test]
fn providers_that_deployment_fills_in_are_known_by_the_keys() {
    let role = |subject: &str| {
        format!(
            r#"
resource "aws_iam_role" "deploy" {{
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Principal = {{ Federated = aws_iam_openid_connect_provider.github.arn }}
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {{ StringLike = {{ "token.actions.githubusercontent.com:sub" = "{subject}" }} }}
    }}]
  }})
}}
"#
        )
    };
    for (subject, expected) in [
        ("repo:*", vec!["oidc-without-subject"]),
        ("repo:${var.owner}/*", vec!["oidc-wildcard-subject"]),
        ("repo:example*", vec!["oidc-open-owner"]),
        // The unknown may end in a slash.
        ("repo:${var.owner}*", vec!["oidc-wildcard-subject"]),
        ("repo:${var.repository}:ref:refs/heads/main", vec![]),
        ("${var.subject}", vec![]),
    ] {
        let text = role(subject);
        let rules: Vec<_> = told(&lint("main.tf", &text), &text).into_iter().map(|row| row.0).collect();
        assert_eq!(rules, expected, "{subject}");
    }
}

#[test]
fn sessions_are_set_by_strangers_only() {
    let own = Settings { accounts: ["111122223333".into()].into(), ..Settings::default() };
    let says = |text: &str| {
        let found = lint_with("trust.json", text.as_bytes(), &own);
        told(&found, text).iter().any(|(rule, _)| *rule == "stranger-sets-session")
    };
    let tagging = [ASSUME, "sts:TagSession"];
    for (expected, principal, actions, condition) in [
        (true, r#"{"AWS": "arn:aws:iam::444455556666:role/a"}"#, &tagging[..], ""),
        (true, r#"{"AWS": "arn:aws:iam::444455556666:role/a"}"#, &["sts:*"][..], ""),
        (true, r#"{"AWS": "444455556666"}"#, &tagging[..], r#""StringEquals": {"sts:ExternalId": "x"}"#),
        (false, r#"{"AWS": "arn:aws:iam::111122223333:role/a"}"#, &tagging[..], ""),
        (false, r#"{"AWS": "arn:aws:iam::444455556666:role/a"}"#, &[ASSUME][..], ""),
        (false, r#"{"Service": "pods.eks.amazonaws.com"}"#, &tagging[..], ""),
        (
            false,
            r#"{"AWS": "arn:aws:iam::444455556666:role/a"}"#,
            &tagging[..],
            r#""StringEquals": {"aws:RequestTag/team": "x"}"#,
        ),
    ] {
        let text = trust(principal, actions, condition);
        assert_eq!(says(&text), expected, "{text}");
    }
    let text = trust(r#"{"AWS": "arn:aws:iam::444455556666:role/a"}"#, &tagging, "");
    let rules =
        |found: &[whit::finding::Finding]| told(found, &text).iter().any(|row| row.0 == "stranger-sets-session");
    assert!(!rules(&lint("trust.json", &text)), "whose the account is, is not known");
    assert!(rules(&lint_pedantic("trust.json", &text)));
}
