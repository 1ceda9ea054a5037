//! What is wrong with the blocks of an `aws_iam_policy_document`.

use crate::lint::{lint, lint_pedantic, underlined};

#[test]
fn mistakes_in_a_statement_are_told() {
    for (statement, at, message) in [
        (
            "effect = \"Alow\"\n actions = [\"s3:GetObject\"]",
            "\"Alow\"",
            "`Alow` is no effect: write `Allow` or `Deny`",
        ),
        (
            "effect = \"deny\"\n actions = [\"s3:GetObject\"]",
            "\"deny\"",
            "`deny` is no effect: write `Allow` or `Deny`",
        ),
        ("action = [\"s3:GetObject\"]", "action", "a statement has no `action`: write `actions`"),
        ("efect = \"Deny\"\n actions = [\"s3:GetObject\"]", "efect", "a statement has no `efect`: write `effect`"),
        ("", "resources = [\"arn:aws:s3:::b/*\"]", "the statement has neither `actions` nor `not_actions`"),
    ] {
        let text = format!(
            "data \"aws_iam_policy_document\" \"x\" {{\n  statement {{\n    {statement}\n    resources = [\"arn:aws:s3:::b/*\"]\n  }}\n}}\n"
        );
        let findings = lint("main.tf", &text);
        let malformed: Vec<_> = findings.iter().filter(|finding| finding.rule.0 == "malformed-policy").collect();
        let [finding] = &malformed[..] else { panic!("{statement}: {findings:?}") };
        assert_eq!(finding.message, message);
        let marked = underlined(finding, &text);
        assert!(marked.contains(at) && (marked.len() == at.len() || statement.is_empty()), "{marked}");
    }
    // What an expression gives, or what may not be there at all, is no mistake.
    for statement in [
        "effect = var.effect\n actions = [\"s3:GetObject\"]",
        "effect = \"${var.effect}\"\n actions = [\"s3:GetObject\"]",
        "actions = null\n not_actions = [\"s3:GetObject\"]",
    ] {
        let text = format!(
            "data \"aws_iam_policy_document\" \"x\" {{\n  statement {{\n    {statement}\n    resources = [\"*\"]\n  }}\n}}\n"
        );
        let findings = lint_pedantic("main.tf", &text);
        assert!(findings.iter().all(|finding| finding.rule.0 != "malformed-policy"), "{statement}: {findings:?}");
    }
}
