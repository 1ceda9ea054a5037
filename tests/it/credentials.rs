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
