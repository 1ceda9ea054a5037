//! Commands of the AWS CLI that give access without a document: what they write is a policy all the same.

use crate::lint::{lint, lint_pedantic, told};

/// What the default run says of a script with one command.
fn of(command: &str) -> Vec<(&'static str, String)> {
    let text = format!("#!/bin/sh\n{command}\n");
    let found = lint("setup.sh", &text);
    told(&found, &text).into_iter().map(|(rule, at)| (rule, at.to_owned())).collect()
}

fn check(rows: &[(&str, &[(&str, &str)])]) {
    for (command, wanted) in rows {
        let found = of(command);
        let found: Vec<(&str, &str)> = found.iter().map(|(rule, at)| (*rule, &**at)).collect();
        assert_eq!(found, *wanted, "{command}");
    }
}

#[test]
fn whoever_a_command_lets_in_is_a_principal() {
    check(&[
        (
            "aws lambda add-permission --function-name f --statement-id s --action lambda:InvokeFunction --principal '*'",
            &[("public-resource", "*")],
        ),
        (
            "aws lambda --region eu-west-1 add-permission --function-name f --action lambda:InvokeFunction --principal '*'",
            &[("public-resource", "*")],
        ),
        // The option that looks like another one, and the other order.
        (
            "aws lambda add-permission --principal-org-id o-a1b2c3d4e5 --principal '*' --action lambda:InvokeFunction --function-name f",
            &[],
        ),
        (
            "aws lambda add-permission --function-name f --statement-id s \\\n  --action lambda:InvokeFunction \\\n  --principal=s3.amazonaws.com",
            &[("confused-deputy", "s3.amazonaws.com")],
        ),
        (
            "aws lambda add-permission --function-name f --action lambda:InvokeFunction --principal s3.amazonaws.com --source-account 111122223333 --source-arn arn:aws:s3:::b",
            &[],
        ),
        (
            "aws lambda add-permission --function-name f --action lambda:InvokeFunctionUrl --principal '*' --function-url-auth-type NONE",
            &[("public-function-url", "*")],
        ),
        (
            "aws lambda add-layer-version-permission --layer-name l --version-number 1 --action lambda:GetLayerVersion --principal '*' --statement-id s",
            &[("public-resource", "*")],
        ),
        ("aws events put-permission --event-bus-name b --statement-id s --principal '*'", &[("public-resource", "*")]),
        (
            "aws events put-permission --statement-id s --principal '*' --condition Type=StringEquals,Key=aws:PrincipalOrgID,Value=o-a1b2c3d4e5",
            &[],
        ),
        (
            "aws sqs add-permission --queue-url https://sqs.eu-west-1.amazonaws.com/111122223333/q --label l --aws-account-ids '*' --actions SendMessage",
            &[("public-resource", "*")],
        ),
        (
            "aws sns add-permission --topic-arn arn:aws:sns:eu-west-1:111122223333:t --label l --action-name Publish --aws-account-id 444455556666",
            &[("foreign-account-resource", "444455556666")],
        ),
        (
            "aws sns add-permission --topic-arn arn:aws:sns:eu-west-1:111122223333:t --label l --action-name Publish --aws-account-id 111122223333",
            &[],
        ),
    ]);
}

#[test]
fn what_a_script_decides_when_it_runs_is_not_known() {
    check(&[
        ("aws lambda add-permission --function-name f --action lambda:InvokeFunction --principal \"$WHO\"", &[]),
        ("aws lambda add-permission --function-name f --action lambda:InvokeFunction --principal $(who)", &[]),
        ("aws sqs add-permission --queue-url $URL --label l --aws-account-ids $IDS --actions SendMessage", &[]),
        ("aws events put-permission --statement-id s --principal '*' --condition \"$CONDITION\"", &[]),
        ("# aws lambda add-permission --function-name f --action lambda:InvokeFunction --principal '*'", &[]),
        ("echo aws lambda add-permission --function-name f --action lambda:InvokeFunction --principal '*'", &[]),
        ("aws lambda remove-permission --function-name f --statement-id s", &[]),
    ]);
}

#[test]
fn a_script_makes_keys_and_passwords() {
    check(&[
        ("aws iam create-access-key --user-name ann", &[("created-access-key", "create-access-key")]),
        (
            "KEY=$(aws iam create-access-key --user-name ann --output json)",
            &[("created-access-key", "create-access-key")],
        ),
        (
            "aws iam create-login-profile --user-name ann --password 'Summer!2026x' --password-reset-required",
            &[("written-password", "Summer!2026x")],
        ),
        ("aws iam create-login-profile --user-name ann --password \"$PASSWORD\" --password-reset-required", &[]),
    ]);
    // Prose shows how it is done.
    let page = "# Keys\n\n```sh\naws iam create-access-key --user-name ann\n```\n";
    assert_eq!(told(&lint("keys.md", page), page), []);
    let text = "#!/bin/sh\naws iam create-login-profile --user-name ann --password \"$PASSWORD\"\n\
                aws iam attach-user-policy --user-name ann --policy-arn arn:aws:iam::aws:policy/ReadOnlyAccess\n";
    let found = lint_pedantic("setup.sh", text);
    let told: Vec<_> = told(&found, text).into_iter().filter(|(rule, _)| rule.starts_with("user-")).collect();
    assert_eq!(told, [("user-password", "create-login-profile"), ("user-policy", "attach-user-policy")]);
}

#[test]
fn what_a_command_takes_is_what_it_is_for() {
    let policy = |effect: &str| {
        format!(r#"{{"Version":"2012-10-17","Statement":{{"Effect":"{effect}","Action":"*","Resource":"*"}}}}"#)
    };
    check(&[
        (
            &format!(
                "aws organizations create-policy --name n --type SERVICE_CONTROL_POLICY --content '{}'",
                policy("Allow")
            ),
            &[],
        ),
        (&format!("aws organizations update-policy --policy-id p-1 --content '{}'", policy("Allow")), &[]),
        (
            &format!("aws iam create-policy --policy-name n --policy-document '{}'", policy("Allow")),
            &[("administrator-access", r#""*""#)],
        ),
        (
            &format!("aws sso-admin put-inline-policy-to-permission-set --inline-policy '{}'", policy("Allow")),
            &[("administrator-access", r#""*""#)],
        ),
    ]);
}

#[test]
fn commands_of_pipelines_are_read() {
    for (command, rule) in [
        ("aws iam create-access-key --user-name bob", "created-access-key"),
        (
            "aws lambda add-permission --function-name f --statement-id s --action lambda:InvokeFunction --principal '*'",
            "public-resource",
        ),
        (
            "aws iam attach-user-policy --user-name bob --policy-arn arn:aws:iam::aws:policy/AdministratorAccess",
            "administrator-access",
        ),
    ] {
        let line = format!("on: push\njobs:\n  a:\n    steps:\n      - run: {command}\n");
        let block =
            format!("on: push\njobs:\n  a:\n    steps:\n      - run: |\n          set -e\n          {command}\n");
        let told_of = format!("Resources: {{}}\nOutputs:\n  Next:\n    Description: run {command}\n");
        let documented = format!("{{\"operations\": [{{\"documentation\": \"<p>Call {command}</p>\"}}]}}");
        for (text, wanted) in [(line, true), (block, true), (told_of, false), (documented, false)] {
            let found = lint_pedantic("ci.yml", &text);
            assert_eq!(found.iter().any(|finding| finding.rule.0 == rule), wanted, "{text}\n{found:?}");
        }
    }
}

#[test]
fn what_a_command_attaches_may_stand_in_a_variable() {
    let admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    let attach = "aws iam attach-role-policy --role-name r --policy-arn";
    let wanted = &[("administrator-access", "$ADMIN")][..];
    check(&[
        (&format!("ADMIN={admin}\n{attach} \"$ADMIN\""), wanted),
        (&format!("export ADMIN='{admin}'\n{attach} $ADMIN"), wanted),
        (
            &format!("NAME=AdministratorAccess\n{attach} arn:aws:iam::aws:policy/${{NAME}}"),
            &[("administrator-access", "arn:aws:iam::aws:policy/${NAME}")],
        ),
        (&format!("ADMIN={admin}\nif x; then ADMIN=$1; fi\n{attach} $ADMIN"), &[]),
        (&format!("{attach} $ADMIN"), &[]),
        (
            &format!(
                "aws sso-admin attach-managed-policy-to-permission-set --instance-arn $I --permission-set-arn $P --managed-policy-arn {admin}"
            ),
            &[("administrator-access", admin)],
        ),
    ]);
}
