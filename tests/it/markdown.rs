//! Markdown: blocks of YAML and HCL, which only the word behind the fence tells from prose.

use crate::lint::{lint, told};

const TRUST: &str = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - Effect: Allow\n            Principal: {AWS: '*'}\n            Action: sts:AssumeRole\n";

const DOCUMENT: &str = "data \"aws_iam_policy_document\" \"x\" {\n  statement {\n    actions = [\"sts:AssumeRole\"]\n    principals {\n      type        = \"AWS\"\n      identifiers = [\"*\"]\n    }\n  }\n}\n";

#[test]
fn blocks_of_yaml_and_hcl_are_read() {
    for (word, block, found) in [
        ("yaml", TRUST, "'*'"),
        ("yml title=\"role\"", TRUST, "'*'"),
        ("hcl", DOCUMENT, "\"*\""),
        ("terraform", DOCUMENT, "\"*\""),
    ] {
        let text = format!("# a\n\n```{word}\n{block}```\n");
        assert_eq!(told(&lint("a.md", &text), &text), [("public-trust", found)], "{word}");
        // In a list the lines of a block lie apart.
        let indented: String = format!("```{word}\n{block}```").lines().map(|line| format!("   {line}\n")).collect();
        let text = format!("1. a\n\n{indented}\n");
        assert_eq!(told(&lint("a.md", &text), &text), [("public-trust", found)], "{word} in a list");
    }
}

#[test]
fn what_is_left_out_in_prose_is_no_mistake() {
    for block in [
        format!("```yaml\n{}  ...\n```\n", TRUST.replace("Resources:\n", "Resources: {\n")),
        format!("```hcl\n{DOCUMENT}\n...\n```\n"),
        format!("```\n{TRUST}```\n"),
        "```hcl\ndata \"aws_iam_policy_document\" \"x\" {\n  statement {\n    sid = \"...\"\n    actions = [\"...\"]\n    resources = [\"...\"]\n  }\n}\n```\n".to_owned(),
        "```yaml\nResources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n          - Effect: Allow\n            Resource: '*'\n```\n".to_owned(),
    ] {
        assert_eq!(told(&lint("a.md", &block), &block), [], "{block}");
    }
}
