//! Good order in code that makes identities: users, groups, passwords, keys, and what is asked of passwords.

use crate::lint::{lint, lint_pedantic, told};

/// A demand: its words in a finding, its names in Terraform and the API, what is enough, and what is too little.
const DEMANDS: [(&str, &str, &str, &str, &str); 8] = [
    ("a minimum length of 14", "minimum_password_length", "MinimumPasswordLength", "14", "13"),
    ("a memory of the last 24 passwords", "password_reuse_prevention", "PasswordReusePrevention", "24", "5"),
    ("lower-case letters", "require_lowercase_characters", "RequireLowercaseCharacters", "true", "false"),
    ("upper-case letters", "require_uppercase_characters", "RequireUppercaseCharacters", "true", "false"),
    ("digits", "require_numbers", "RequireNumbers", "true", "false"),
    ("symbols", "require_symbols", "RequireSymbols", "true", "false"),
    ("expiry after 90 days", "max_password_age", "MaxPasswordAge", "90", "0"),
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

/// The rules of this kind that speak of a file, with what they underline.
fn of<'t>(rule: &str, path: &str, text: &'t str) -> Vec<(&'static str, &'t str)> {
    let mut found = told(&lint_pedantic(path, text), text);
    found.retain(|(name, _)| *name == rule);
    found
}

#[test]
fn users_are_told_with_or_without_a_group() {
    let note = |path: &str, text: &str| {
        let found = lint_pedantic(path, text);
        let of_user = found.iter().filter(|finding| finding.rule.0 == "iam-user");
        of_user.map(|finding| finding.primary.text.contains("nothing puts this one into a group")).collect::<Vec<_>>()
    };
    let user = "resource \"aws_iam_user\" \"ann\" {\n  name = \"ann\"\n}\n";
    let template =
        |more: &str| format!("Resources:\n  Ann:\n    Type: AWS::IAM::User\n    Properties: {{UserName: ann}}\n{more}");
    for (path, text, alone) in [
        ("main.tf", user.to_owned(), true),
        (
            "main.tf",
            format!(
                "{user}resource \"aws_iam_user_group_membership\" \"m\" {{\n  user = aws_iam_user.ann.name\n  groups = [\"g\"]\n}}\n"
            ),
            false,
        ),
        (
            "main.tf",
            format!("{user}resource \"aws_iam_group_membership\" \"m\" {{\n  users = [\"ann\"]\n  group = \"g\"\n}}\n"),
            false,
        ),
        (
            "main.tf",
            format!("{user}resource \"aws_iam_group_membership\" \"m\" {{\n  users = [\"bob\"]\n  group = \"g\"\n}}\n"),
            true,
        ),
        // Anybody may be among them.
        (
            "main.tf",
            format!("{user}resource \"aws_iam_group_membership\" \"m\" {{\n  users = var.users\n  group = \"g\"\n}}\n"),
            false,
        ),
        ("template.yaml", template(""), true),
        (
            "template.yaml",
            template(
                "  M:\n    Type: AWS::IAM::UserToGroupAddition\n    Properties: {GroupName: g, Users: [!Ref Ann]}\n",
            ),
            false,
        ),
        (
            "template.yaml",
            template("  M:\n    Type: AWS::IAM::UserToGroupAddition\n    Properties: {GroupName: g, Users: [bob]}\n"),
            true,
        ),
        (
            "template.yaml",
            "Resources:\n  Ann:\n    Type: AWS::IAM::User\n    Properties: {Groups: [g]}\n".to_owned(),
            false,
        ),
        ("template.json", r#"{"Resources": {"Ann": {"Type": "AWS::IAM::User"}}}"#.to_owned(), true),
    ] {
        assert_eq!(note(path, &text), [alone], "{text}");
        assert_eq!(told(&lint(path, &text), &text), [], "only thorough readers want to know");
    }
}

#[test]
fn groups_without_users_are_told_to_thorough_readers() {
    for (path, text, told) in [
        ("main.tf", "resource \"aws_iam_group\" \"g\" {\n  name = \"g\"\n}\n", 1),
        (
            "main.tf",
            "resource \"aws_iam_group\" \"g\" {\n  name = \"g\"\n}\nresource \"aws_iam_user_group_membership\" \"m\" {\n  user = \"ann\"\n  groups = [aws_iam_group.g.name]\n}\n",
            0,
        ),
        (
            "main.tf",
            "resource \"aws_iam_group\" \"g\" {\n  name = \"g\"\n}\nresource \"aws_iam_group_membership\" \"m\" {\n  name = \"m\"\n  group = aws_iam_group.g.name\n  users = []\n}\n",
            1,
        ),
        (
            "main.tf",
            "resource \"aws_iam_group\" \"g\" {\n  name = \"g\"\n}\nresource \"aws_iam_group_membership\" \"m\" {\n  name = \"m\"\n  group = aws_iam_group.g.name\n  users = [\"ann\"]\n}\n",
            0,
        ),
        ("template.json", r#"{"Resources": {"G": {"Type": "AWS::IAM::Group"}}}"#, 1),
        (
            "template.yaml",
            "Resources:\n  G:\n    Type: AWS::IAM::Group\n  M:\n    Type: AWS::IAM::UserToGroupAddition\n    Properties: {GroupName: !Ref G, Users: []}\n",
            1,
        ),
        (
            "template.yaml",
            "Resources:\n  G:\n    Type: AWS::IAM::Group\n  Ann:\n    Type: AWS::IAM::User\n    Properties: {Groups: [!Ref G]}\n",
            0,
        ),
    ] {
        assert_eq!(of("empty-group", path, text).len(), told, "{text}");
    }
}

#[test]
fn a_policy_that_users_get_with_others_is_theirs_too() {
    let attached = |whom: &str| {
        let module = format!(
            "resource \"aws_iam_policy_attachment\" \"p\" {{\n  name = \"p\"\n  {whom}\n  policy_arn = aws_iam_policy.p.arn\n}}\n"
        );
        of("user-policy", "main.tf", &module).into_iter().map(|(_, text)| text.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(attached("users = [aws_iam_user.ann.name]"), ["users"]);
    assert_eq!(attached("groups = [aws_iam_group.g.name]\n  users = [\"ann\"]"), ["users"]);
    for none in ["users = []", "roles = [\"r\"]", "users = null"] {
        assert_eq!(attached(none), [""; 0], "{none}");
    }
}

#[test]
fn a_password_is_told_once_and_where_it_stands() {
    let note = |path: &str, text: &str| {
        let found = lint_pedantic(path, text);
        let of_user = found.iter().filter(|finding| finding.rule.0 == "user-password");
        of_user.map(|finding| finding.primary.text.contains("need not change it")).collect::<Vec<_>>()
    };
    let yaml = |profile: &str| {
        format!(
            "Parameters:\n  P: {{Type: String, NoEcho: true}}\n  D: {{Type: String, NoEcho: true, Default: abc}}\nResources:\n  Ann:\n    Type: AWS::IAM::User\n    Properties:\n      LoginProfile: {profile}\n"
        )
    };
    for (profile, lasting, written) in [
        ("{Password: !Ref P}", true, None),
        ("{Password: !Ref P, PasswordResetRequired: false}", true, None),
        ("{Password: !Ref P, PasswordResetRequired: true}", false, None),
        ("{Password: !Ref D, PasswordResetRequired: true}", false, Some("!Ref D")),
        ("{Password: abc, PasswordResetRequired: true}", false, Some("abc")),
        ("{Password: '{{resolve:ssm-secure:ann}}', PasswordResetRequired: true}", false, None),
        ("!Ref Profile", false, None),
    ] {
        let text = yaml(profile);
        assert_eq!(note("template.yaml", &text), [lasting], "{profile}");
        let found: Vec<_> = of("written-password", "template.yaml", &text).into_iter().map(|(_, at)| at).collect();
        assert_eq!(found, written.into_iter().collect::<Vec<_>>(), "{profile}");
    }
    for (reset, lasting) in [
        ("", true),
        ("  password_reset_required = false\n", true),
        ("  password_reset_required = true\n", false),
        ("  password_reset_required = var.reset\n", false),
    ] {
        let text = format!("resource \"aws_iam_user_login_profile\" \"ann\" {{\n  user = \"ann\"\n{reset}}}\n");
        assert_eq!(note("main.tf", &text), [lasting], "{text}");
    }
}

#[test]
fn inline_policies_of_roles_and_groups_are_told_to_thorough_readers() {
    let document = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#;
    for kind in ["Role", "Group"] {
        let text = format!(
            r#"{{"Resources": {{"R": {{"Type": "AWS::IAM::{kind}", "Properties": {{"Policies": [{{"PolicyName": "p", "PolicyDocument": {document}}}]}}}}}}}}"#
        );
        assert_eq!(of("inline-policy", "template.json", &text), [("inline-policy", "\"Policies\"")], "{text}");
    }
    for (text, count) in [
        (format!("Resources:\n  S:\n    Type: AWS::ECS::Service\n    Properties: {{Role: !Ref P}}\n  P:\n    Type: AWS::IAM::Policy\n    Properties:\n      Roles: [r]\n      PolicyName: p\n      PolicyDocument: {document}\n"), 1),
        (format!("Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      Roles: [r]\n      PolicyDocument: {document}\n"), 0),
        ("Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties: {ManagedPolicyArns: ['arn:aws:iam::aws:policy/AWSLambdaExecute']}\n".to_owned(), 0),
    ] {
        assert_eq!(of("inline-policy", "template.yaml", &text).len(), count, "{text}");
    }
    for (text, count) in [
        (format!("resource \"aws_iam_role_policy\" \"p\" {{\n  role = \"r\"\n  policy = jsonencode({document})\n}}\n"), 1),
        (format!("resource \"aws_iam_role\" \"r\" {{\n  inline_policy {{\n    name = \"p\"\n    policy = jsonencode({document})\n  }}\n}}\n"), 1),
        ("resource \"aws_iam_role_policy_attachment\" \"a\" {\n  role = \"r\"\n  policy_arn = aws_iam_policy.p.arn\n}\n".to_owned(), 0),
    ] {
        assert_eq!(of("inline-policy", "main.tf", &text).len(), count, "{text}");
    }
}

#[test]
fn each_access_key_that_code_makes_is_told() {
    let key =
        |name: &str, user: &str| format!("resource \"aws_iam_access_key\" \"{name}\" {{\n  user = \"{user}\"\n}}\n");
    for (text, count) in [
        (key("only", "root"), 1),
        (format!("{}{}", key("one", "ann"), key("two", "ann")), 2),
        ("data \"aws_iam_access_keys\" \"all\" {\n  user = \"ann\"\n}\n".to_owned(), 0),
    ] {
        assert_eq!(of("created-access-key", "main.tf", &text).len(), count, "{text}");
    }
}

/// What cannot be told of a database is not told.
#[test]
fn databases_that_follow_others_or_cannot_are_left_alone() {
    let told_of = |arguments: &str| {
        let text = format!("resource \"aws_db_instance\" \"d\" {{\n{arguments}\n}}\n");
        told(&lint_pedantic("main.tf", &text), &text).into_iter().map(|(rule, ..)| rule).collect::<Vec<_>>()
    };
    for engine in ["mysql", "mariadb", "postgres"] {
        assert_eq!(told_of(&format!("engine = \"{engine}\"")), ["password-database"], "{engine}");
    }
    for silent in [
        "engine = \"oracle-ee\"",
        "engine = var.engine",
        "",
        "engine = \"mysql\"\nreplicate_source_db = aws_db_instance.first.identifier",
        "engine = \"mysql\"\nsnapshot_identifier = \"rds:orders\"",
        "engine = \"mysql\"\niam_database_authentication_enabled = true",
        "engine = \"mysql\"\niam_database_authentication_enabled = var.sign_in",
    ] {
        assert!(told_of(silent).is_empty(), "{silent}");
    }
    assert_eq!(told_of("engine = \"mysql\"\nreplicate_source_db = null"), ["password-database"]);
}

#[test]
fn groups_without_policies_and_policies_that_nobody_has_are_told_to_thorough_readers() {
    let group = "resource \"aws_iam_group\" \"g\" {\n  name = \"g\"\n}\n";
    let policy =
        "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [] })\n}\n";
    let template = |resources: &str| format!("Resources:\n  G:\n    Type: AWS::IAM::Group\n{resources}");
    let managed = "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties: {PolicyDocument: {}";
    for (rule, path, text, told) in [
        ("group-without-policy", "main.tf", group.to_owned(), 1),
        (
            "group-without-policy",
            "main.tf",
            format!("{group}resource \"aws_iam_group_policy\" \"i\" {{\n  group = aws_iam_group.g.name\n}}\n"),
            0,
        ),
        // The users of a policy are not the group's.
        (
            "group-without-policy",
            "main.tf",
            format!("{group}resource \"aws_iam_policy_attachment\" \"a\" {{\n  roles = [\"r\"]\n}}\n"),
            1,
        ),
        // Which group that is, only deployment knows.
        (
            "group-without-policy",
            "main.tf",
            format!("{group}resource \"aws_iam_policy_attachment\" \"a\" {{\n  groups = var.groups\n}}\n"),
            0,
        ),
        ("group-without-policy", "t.yaml", template(""), 1),
        ("group-without-policy", "t.yaml", template("    Properties: {ManagedPolicyArns: [arn]}\n"), 0),
        (
            "group-without-policy",
            "t.yaml",
            template(
                "  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties: {Groups: [!Ref G], PolicyDocument: {}}\n",
            ),
            0,
        ),
        ("unused-policy", "main.tf", policy.to_owned(), 1),
        ("unused-policy", "main.tf", format!("{policy}output \"p\" {{\n  value = aws_iam_policy.p.arn\n}}\n"), 0),
        (
            "unused-policy",
            "main.tf",
            format!("{policy}locals {{\n  all = [\"x/${{aws_iam_policy.p.id}}\", 1]\n}}\n"),
            0,
        ),
        ("unused-policy", "main.tf", format!("{policy}output \"q\" {{\n  value = aws_iam_policy.q.arn\n}}\n"), 1),
        ("unused-policy", "t.yaml", format!("{managed}}}\n"), 1),
        ("unused-policy", "t.yaml", format!("{managed}, Roles: [r]}}\n"), 0),
        ("unused-policy", "t.yaml", format!("{managed}}}\nOutputs:\n  A:\n    Value: !Ref P\n"), 0),
        ("unused-policy", "t.yaml", format!("{managed}}}\nOutputs:\n  A:\n    Value: !Sub 'x ${{P}}'\n"), 0),
        ("unused-policy", "t.yaml", format!("{managed}}}\nOutputs:\n  A:\n    Value: !Ref Q\n"), 1),
        // Prose shows a part.
        ("unused-policy", "page.md", format!("# Policies\n\n```hcl\n{policy}```\n"), 0),
    ] {
        assert_eq!(of(rule, path, &text).len(), told, "{rule}: {text}");
    }
}
