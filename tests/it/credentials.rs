//! Access keys that were left in files: found with their secrets, which no report shows.

use crate::lint::{lint, told};
use crate::program::Scratch;

/// Made up for these tests, never valid.
const SECRET: &str = "h3JxN8vQpZ1sLk6WfYt0RcBm5DgUa2EoIn9THz7K";

#[test]
fn pairs_are_found_in_every_kind_of_file() {
    for (path, text) in [
        (".env", format!("AWS_ACCESS_KEY_ID=AKIAQ3EGUB5KTWLXN7RM\nAWS_SECRET_ACCESS_KEY={SECRET}\n")),
        (
            ".aws/credentials",
            format!("[default]\naws_access_key_id = AKIAQ3EGUB5KTWLXN7RM\naws_secret_access_key = {SECRET}\n"),
        ),
        (
            "main.tf",
            format!("provider \"aws\" {{\n  access_key = \"AKIAQ3EGUB5KTWLXN7RM\"\n  secret_key = \"{SECRET}\"\n}}\n"),
        ),
        (
            "main.tf",
            format!(
                "resource \"aws_lambda_function\" \"f\" {{\n  environment {{\n    variables = {{\n      AWS_ACCESS_KEY_ID = \"AKIAQ3EGUB5KTWLXN7RM\"\n      AWS_SECRET_ACCESS_KEY = \"{SECRET}\"\n    }}\n  }}\n}}\n"
            ),
        ),
        (
            "template.yaml",
            format!(
                "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Environment:\n        Variables:\n          AWS_ACCESS_KEY_ID: AKIAQ3EGUB5KTWLXN7RM\n          AWS_SECRET_ACCESS_KEY: {SECRET}\n"
            ),
        ),
        (
            "main.tf",
            format!(
                "environment = {{\n  AWS_ACCESS_KEY = \"AKIAQ3EGUB5KTWLXN7RM\"\n  AWS_SECRET     = \"{SECRET}\"\n}}\n"
            ),
        ),
        (
            "key.json",
            format!(
                "{{\"AccessKey\": {{\"AccessKeyId\": \"AKIAQ3EGUB5KTWLXN7RM\", \"SecretAccessKey\": \"{SECRET}\"}}}}\n"
            ),
        ),
        (
            "deploy.yaml",
            format!("env:\n  AWS_ACCESS_KEY_ID: AKIAQ3EGUB5KTWLXN7RM\n  AWS_SECRET_ACCESS_KEY: {SECRET}\n"),
        ),
    ] {
        assert_eq!(told(&lint(path, &text), &text), [("long-term-credentials", "AKIAQ3EGUB5KTWLXN7RM")], "{path}");
    }
    for text in [
        format!("AWS_SECRET_ACCESS_KEY={SECRET}\n"),
        "AWS_ACCESS_KEY_ID=AKIAQ3EGUB5KTWLXN7RM\nAWS_SECRET_ACCESS_KEY=$SECRET\n".to_owned(),
        format!("AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY={SECRET}\n"),
    ] {
        assert_eq!(told(&lint(".env", &text), &text), [], "half of a pair, or a sample, is none: {text}");
    }
}

#[test]
fn no_report_shows_a_secret() {
    let scratch = Scratch::new();
    let token = SECRET.repeat(3);
    // A finding on the very line, and one beside it.
    let text = format!(
        "{{\"AccessKeyId\": \"ASIAQ3EGUB5KTWLXN7RM\", \"SecretAccessKey\": \"{SECRET}\", \"SessionToken\": \"{token}\",\n\"Version\": \
         \"2012-10-17\", \"Statement\": {{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}}}}\n"
    );
    scratch.write("keys.json", &text);
    for format in ["text", "compact", "json", "sarif"] {
        let done = scratch.whit(&["check", "--no-config", "--pedantic", "--format", format, "keys.json"]);
        assert!(done.out.contains("temporary-credentials"), "{format}: {}", done.out);
        for secret in [SECRET, &token] {
            assert!(!done.out.contains(secret) && !done.err.contains(secret), "{format} shows it: {}", done.out);
        }
    }
}

#[test]
fn no_diff_of_fixes_shows_a_secret() {
    let template = "Resources:\n  Ann:\n    Type: AWS::IAM::User\n    Properties:\n      \
                    Policies:\n      - PolicyName: p\n        PolicyDocument:\n          Version: '2012-10-17'\n          Statement: [{Effect: allow, \
                    Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*'}]\n      LoginProfile:\n        Password: lavender-kettle\n";
    let key = format!(
        "{{\"SecretAccessKey\": \"{SECRET}\",\n\"Version\": \"2012-10-17\", \"Statement\": {{\"Effect\": \"allow\", \"Action\": \
         \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::b/*\"}}}}\n"
    );
    for (name, text, secret) in [("template.yaml", template, "lavender-kettle"), ("key.json", &*key, SECRET)] {
        let scratch = Scratch::with(&[(name, text)]);
        let done = scratch.whit(&["check", "--fix", "--diff", name]);
        assert!(done.out.contains("\n-") && done.out.contains("\n+"), "{name}: {}{}", done.out, done.err);
        assert!(!done.out.contains(secret) && done.out.contains("********"), "{name}: {}", done.out);
        assert_eq!(std::fs::read_to_string(scratch.path(name)).ok().as_deref(), Some(text), "nothing is written");
        scratch.whit(&["check", "--fix", name]);
        let fixed = std::fs::read_to_string(scratch.path(name)).unwrap_or_default();
        assert!(fixed.contains(secret) && fixed.contains("Allow"), "{name}: {fixed}");
    }
}

#[test]
fn no_report_shows_a_password() {
    // The line behind a finding is shown, too.
    let template = |password: &str, default: &str| {
        format!(
            "Resources:\n  Ann:\n    Type: AWS::IAM::User\n    Properties:\n      Policies:\n      - PolicyName: p\n        \
             PolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Allow, Action: '*', Resource: '*'}}]}}\n      \
             LoginProfile:\n        Password: {password}\nParameters: {{Secret: {{Type: String, Default: {default}}}}}\n"
        )
    };
    let script = |password: &str| {
        format!(
            "#!/bin/sh\naws iam create-login-profile --user-name ann --password '{password}'\naws iam create-access-key\n"
        )
    };
    let shown = |name: &str, text: &str| {
        let scratch = Scratch::with(&[(name, text), ("old/x.yaml", "")]);
        let formats = ["text", "compact", "json", "sarif"];
        let checked = formats.map(|format| scratch.whit(&["check", "--pedantic", "--format", format, name]).out);
        let diff =
            ["text", "sarif", "markdown"].map(|format| scratch.whit(&["diff", "old", name, "--format", format]).out);
        let asked =
            scratch.whit(&["simulate", "--policy", name, "--action", "s3:GetObject", "--resource", "arn:aws:s3:::b/x"]);
        [&checked[..], &diff, &[asked.out]].concat()
    };
    for (name, long, short) in [
        ("template.yaml", template("lavender-kettle", "a"), template("zq9vx", "a")),
        ("template.yaml", template("!Ref Secret", "lavender-kettle"), template("!Ref Secret", "zq9vx")),
        (
            "template.yaml",
            template("!Sub 'zq9vx${Secret}'", "lavender-kettle"),
            template("!Sub 'zq9vx${Secret}'", "zq9vx"),
        ),
        (
            "template.yaml",
            template("!Join ['', [lavender-kettle, zq9vx]]", "a"),
            template("!Join ['', [a, zq9vx]]", "a"),
        ),
        ("setup.sh", script("lavender-kettle"), script("zq9vx")),
    ] {
        let reports = shown(name, &long);
        assert!(reports[0].contains("written-password"), "{}", reports[0]);
        for report in &reports {
            assert!(!report.contains("lavender-kettle") && !report.contains("zq9vx"), "{report}");
        }
        assert!(reports[0].contains("********"), "{}", reports[0]);
        // Nor how long it is.
        let other = shown(name, &short);
        let drawn =
            |report: &str| report.lines().filter(|line| line.contains("****")).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(drawn(&reports[0]), drawn(&other[0]));
    }
}
