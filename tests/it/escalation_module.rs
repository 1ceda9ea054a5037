//! Ways to more rights that several policies of one role of a module of Terraform give together.

use crate::escalation_ends::{labels, ways};
use crate::escalation_together::{CREATES, DENIES, PASSES, PASSES_TO_EC2};
use whit::engine::{self, Unit};
use whit::finding::Finding;
use whit::settings::Settings;
use whit::source::{Overlay, RelPath};

/// The ways that the files of a module tell of in a pedantic run, and in those of `report` only.
fn module(files: &[(&str, &str)], report: &[&str]) -> Vec<Finding> {
    let mut sources = Overlay::default();
    for (path, text) in files {
        sources.insert(RelPath::new(path), *text);
    }
    let paths = |told: bool| {
        let of = files.iter().filter(move |(path, _)| report.contains(path) == told);
        of.map(|(path, _)| RelPath::new(path)).collect()
    };
    let unit = Unit { report: paths(true), context: paths(false), ..Unit::default() };
    ways(engine::join([engine::lint(&unit, &sources, &Settings { pedantic: true, ..Settings::default() })]).findings)
}

fn role_block(arguments: &str) -> String {
    format!(
        "resource \"aws_iam_role\" \"ci\" {{\n{arguments}\n  assume_role_policy = jsonencode({{ Version = \"2012-10-17\", Statement = \
         [{{ Effect = \"Allow\", Principal = {{ Service = \"codebuild.amazonaws.com\" }}, Action = \"sts:AssumeRole\" }}] }})\n}}\n"
    )
}

fn policy_block(name: &str, role: &str, statement: &str) -> String {
    format!(
        "resource \"aws_iam_role_policy\" \"{name}\" {{\n  role   = {role}\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = \
         [{statement}] }})\n}}\n"
    )
}

#[test]
fn the_policies_of_a_role_of_a_module() {
    let ci = "aws_iam_role.ci.id";
    let (main, more) =
        (role_block("") + &policy_block("a", ci, PASSES), policy_block("b", "aws_iam_role.ci.name", CREATES));
    let one = format!("{main}{more}");
    let found = module(&[("main.tf", &one)], &["main.tf"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].message.starts_with("the policies of role `aws_iam_role.ci` together let"), "{found:?}");
    assert_eq!(
        labels(&found[0], &one),
        [("\"lambda:CreateFunction\"", "a new function runs any code with the role".to_owned())]
    );

    // Over two files it is told at the first, whichever of them are asked for.
    let files = [("main.tf", &*main), ("more.tf", &*more)];
    let found = module(&files, &["main.tf", "more.tf"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].message.contains("with `iam:PassRole` and `lambda:CreateFunction` in `more.tf`: "), "{found:?}");
    assert!(found[0].path.as_str() == "main.tf" && found[0].labels.is_empty(), "{found:?}");
    let alone = module(&files, &["main.tf"]);
    assert!(alone.len() == 1 && alone[0].message == found[0].message, "{alone:?}");
    assert!(module(&files, &["more.tf"]).is_empty());

    // Documents that stand elsewhere, and policies that are attached.
    let by_reference = format!(
        r#"{}
data "aws_iam_policy_document" "create" {{
  statement {{
    actions   = ["lambda:CreateFunction"]
    resources = ["*"]
  }}
}}
resource "aws_iam_policy" "create" {{
  policy = data.aws_iam_policy_document.create.json
}}
resource "aws_iam_role_policy_attachment" "create" {{
  role       = aws_iam_role.ci.name
  policy_arn = aws_iam_policy.create.arn
}}
"#,
        main
    );
    assert_eq!(module(&[("main.tf", &by_reference)], &["main.tf"]).len(), 1);

    let other = role_block("").replace("\"ci\"", "\"other\"");
    for text in [
        format!("{main}{other}{}", policy_block("b", "aws_iam_role.other.id", CREATES)),
        format!("{main}{more}{}", policy_block("c", ci, DENIES)),
        main.replace(PASSES, PASSES_TO_EC2) + &more,
        // Each of several roles has one half.
        role_block("  for_each = toset([\"a\", \"b\"])")
            + &policy_block("a", "aws_iam_role.ci[\"a\"].id", PASSES)
            + &policy_block("b", "aws_iam_role.ci[\"b\"].id", CREATES),
    ] {
        let found = module(&[("main.tf", &text)], &["main.tf"]);
        assert!(found.is_empty(), "{text}\n{found:?}");
    }
    // There is one, or none.
    let text = role_block("  count = var.create ? 1 : 0")
        + &policy_block("a", "aws_iam_role.ci[0].id", PASSES)
        + &policy_block("b", "aws_iam_role.ci[0].id", CREATES);
    assert_eq!(module(&[("main.tf", &text)], &["main.tf"]).len(), 1);
    // With it there are its policies, by what is written; of what is decided otherwise nothing says that.
    for (first, second, found) in [
        ("var.create ? 1 : 0", "var.create ? 1 : 0", 1),
        ("var.first ? 1 : 0", "var.first ? 1 : 0", 1),
        ("var.first ? 1 : 0", "var.first ? 0 : 1", 0),
        ("var.first ? 1 : 0", "1", 1),
    ] {
        let chosen = |policy: String, count: &str| policy.replace("  role ", &format!("  count  = {count}\n  role "));
        let text = role_block("  count = var.create ? 1 : 0")
            + &chosen(policy_block("a", "aws_iam_role.ci[0].id", PASSES), first)
            + &chosen(policy_block("b", "aws_iam_role.ci[0].id", CREATES), second);
        assert_eq!(module(&[("main.tf", &text)], &["main.tf"]).len(), found, "{text}");
    }
}
