//! Good order in code that makes identities: what is asked of passwords.

use crate::lint::{lint, lint_pedantic, told};

/// A demand: its words in a finding, its names in Terraform and the API, what is enough, and what is too little.
const DEMANDS: [(&str, &str, &str, &str, &str); 8] = [
    ("a minimum length of 14", "minimum_password_length", "MinimumPasswordLength", "14", "13"),
    ("a memory of the last 24 passwords", "password_reuse_prevention", "PasswordReusePrevention", "24", "5"),
    ("lower-case letters", "require_lowercase_characters", "RequireLowercaseCharacters", "true", "false"),
    ("upper-case letters", "require_uppercase_characters", "RequireUppercaseCharacters", "true", "false"),
    ("digits", "require_numbers", "RequireNumbers", "true", "false"),
    ("symbols", "require_symbols", "RequireSymbols", "true", "false"),
    ("an end after 90 days", "max_password_age", "MaxPasswordAge", "90", "0"),
    (
        "leave for users to change their own",
        "allow_users_to_change_password",
        "AllowUsersToChangePassword",
        "true",
        "false",
    ),
];

/// A policy that asks for enough, but for the demand of this number, which it says `instead`, or not at all; as Terraform, its
/// plan, the output of the CLI and a command have it.
fn policies(weak: Option<usize>, instead: Option<&str>) -> [(&'static str, String); 4] {
    let said = |at: usize| if weak == Some(at) { instead } else { Some(DEMANDS[at].3) };
    let all = || (0..DEMANDS.len()).filter_map(|at| Some((DEMANDS[at], said(at)?)));
    let hcl: String = all().map(|((_, name, ..), value)| format!("  {name} = {value}\n")).collect();
    let plan: Vec<String> = all().map(|((_, name, ..), value)| format!("\"{name}\": {value}")).collect();
    let json: Vec<String> = all().map(|((_, _, name, ..), value)| format!("    \"{name}\": {value}")).collect();
    let options = all().map(|((_, name, ..), value)| {
        let option = name.replace('_', "-");
        match value {
            "true" => format!(" \\\n  --{option}"),
            "false" => format!(" \\\n  --no-{option}"),
            value => format!(" \\\n  --{option} {value}"),
        }
    });
    [
        ("main.tf", format!("resource \"aws_iam_account_password_policy\" \"p\" {{\n{hcl}}}\n")),
        (
            "plan.json",
            format!(
                "{{\"format_version\": \"1.2\", \"planned_values\": {{\"root_module\": {{\"resources\": [{{\"mode\": \"managed\", \"type\": \"aws_iam_account_password_policy\", \"values\": {{{}}}}}]}}}}}}",
                plan.join(", ")
            ),
        ),
        ("policy.json", format!("{{\n  \"PasswordPolicy\": {{\n{}\n  }}\n}}\n", json.join(",\n"))),
        ("account.sh", format!("aws iam update-account-password-policy{}\n", options.collect::<String>())),
    ]
}

#[test]
fn a_password_policy_names_what_it_is_without() {
    for (path, text) in policies(None, None) {
        assert_eq!(told(&lint_pedantic(path, &text), &text), [], "{text}");
    }
    for (at, (words, _, _, _, little)) in DEMANDS.iter().enumerate() {
        for instead in [Some(*little), None] {
            for (path, text) in policies(Some(at), instead) {
                // Terraform's provider lets users change their password unless told otherwise.
                if instead.is_none() && words.starts_with("leave") && matches!(path, "main.tf" | "plan.json") {
                    assert_eq!(told(&lint_pedantic(path, &text), &text), [], "{text}");
                    continue;
                }
                // The CLI always prints the length.
                if instead.is_none() && at == 0 && path == "policy.json" {
                    continue;
                }
                let found = lint_pedantic(path, &text);
                let messages: Vec<_> = found.iter().map(|finding| (finding.rule.0, &*finding.message)).collect();
                let message = format!("the account's password policy is without {words}");
                assert_eq!(messages, [("weak-password-policy", &*message)], "{text}");
                assert_eq!(found[0].labels.len(), usize::from(instead.is_some()), "{text}");
                // What only older benchmarks ask for is for thorough readers.
                assert_eq!(lint(path, &text).len(), usize::from(at < 2), "{text}");
            }
        }
    }
}

#[test]
fn of_what_is_known_at_deployment_only_nothing_is_claimed() {
    for text in policies(Some(0), Some("var.length"))
        .into_iter()
        .take(1)
        .chain(policies(Some(0), Some("$LENGTH")).into_iter().skip(3))
    {
        assert_eq!(told(&lint_pedantic(text.0, &text.1), &text.1), [], "{}", text.1);
    }
    for text in [
        "echo aws iam update-account-password-policy --minimum-password-length 8\n",
        "aws iam update-account-password-policy --cli-input-json file://policy.json\n",
        "# aws iam update-account-password-policy\n",
    ] {
        assert_eq!(told(&lint_pedantic("account.sh", text), text), [], "{text}");
    }
}
