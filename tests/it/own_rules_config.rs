//! `whit.toml` and pages of rules: their mistakes, shown where they stand with a way out.

use crate::program::Scratch;
use whit::catalog::Overlay;
use whit::config::{Config, ConfigProblem, position, read_page};
use whit::rules::RuleSet;

const HEAD: &str = "[[rule]]\nid = \"x\"\ntitle = \"T\"\nseverity = \"low\"\n";

fn only(problems: Vec<ConfigProblem>, text: &str) -> (usize, usize, String, String) {
    assert_eq!(problems.len(), 1, "{text}: {problems:?}");
    let problem = problems.into_iter().next().unwrap_or_else(|| panic!("{text}"));
    let (line, column) = position(text, problem.at.start);
    (line, column, problem.message, problem.help)
}

#[test]
fn a_wrong_rule_table_is_shown_at_its_place() {
    for (text, line, column, message, help) in [
        ("forbid = [\"kms:Decrpyt\"]", 5, 11, "has no action `Decrpyt`", "did you mean `kms:Decrypt`?"),
        ("forbid = [\"iam:*\", \"kmss:Decrypt\"]", 5, 20, "AWS has no service `kmss`", "did you mean `kms:Decrypt`"),
        ("forbid = [\"s3:Zebra*\"]", 5, 11, "`s3:Zebra*` matches no action", "`[catalog]`"),
        ("forbid = [\"decrypt\"]", 5, 11, "`decrypt` is no action", "a service and a name"),
        ("forbid = []", 5, 10, "`forbid` is empty", "delete it"),
        ("forbid = [\"iam:*\"]\non = [\"bucket\"]", 6, 7, "`bucket` is no resource", "an ARN"),
        (
            "forbid = [\"iam:*\"]\nrequire = { Bool = { \"aws:SecureTransport\" = \"true\" } }",
            6,
            1,
            "`require` does not go with `forbid`",
            "write `actions`",
        ),
        ("forbid = [\"iam:*\"]\nkinds = [\"trsut\"]", 6, 10, "`trsut` is no policy kind", "`trust`"),
        ("forbd = [\"iam:*\"]", 5, 1, "`forbd` is no part of a `[[rule]]`", "did you mean `forbid`?"),
        ("actions = [\"iam:*\"]", 1, 1, "the rule demands nothing", "`require`"),
        (
            "require = { StringEqual = { \"aws:RequestedRegion\" = \"eu-west-1\" } }",
            5,
            13,
            "`StringEqual` is no condition operator",
            "`StringEquals`",
        ),
        (
            "require = { StringEquals = { \"aws:RequestRegion\" = \"eu-west-1\" } }",
            5,
            30,
            "no global condition key `aws:RequestRegion`",
            "`aws:RequestedRegion`",
        ),
        ("require = { StringEquals = \"eu-west-1\" }", 5, 28, "wants a table", "condition keys"),
        ("allowed = [\"*\"]", 5, 12, "`*` is everyone", "name those"),
        ("allowed = [\"ec2\"]", 5, 12, "`ec2` is no principal", "an account number"),
        ("allowed = [\"own\"]\nkinds = [\"identity\"]", 6, 10, "`identity` policies name no principals", "`trust`"),
        ("allowed = [\"own\"]\nexcept = [\"444455556666\"]", 6, 1, "`except` goes with `require`", "`allowed`"),
    ] {
        let text = format!("{HEAD}{text}");
        let problems = Config::read(&text).err().unwrap_or_else(|| panic!("nothing wrong with {text}"));
        let (at_line, at_column, said, way_out) = only(problems, &text);
        assert_eq!((at_line, at_column), (line, column), "{text}: {said}");
        assert!(said.contains(message), "{text}: {said}");
        assert!(way_out.contains(help), "{text}: {way_out}");
    }
}

#[test]
fn ids_are_told_apart_and_known_wherever_rules_are_named() {
    let rule = |id: &str| format!("[[rule]]\nid = \"{id}\"\ntitle = \"T\"\nseverity = \"low\"\nforbid = [\"iam:*\"]\n");
    let wrong = |text: &str| Config::read(text).err().map(|problems| only(problems, text)).unwrap_or_default();
    let (line, column, message, help) = wrong(&rule("root-principal"));
    assert_eq!((line, column), (2, 6));
    assert!(
        message.contains("a rule of `whit` has the id `root-principal`") && help.contains("another id"),
        "{message}"
    );
    assert!(wrong(&format!("{0}{0}", rule("x"))).2.contains("another rule has the id `x`"));
    assert!(wrong(&rule("X y")).2.contains("`X y` is no id"));
    let ignore = "[[ignore]]\nrule = \"mine\"\nreason = \"because\"\n[severity]\nmine = \"high\"\n";
    let config = Config::read(&format!("select = [\"mine\"]\n{}{ignore}", rule("mine")));
    assert!(config.is_ok(), "{config:?}");
    let (line, _, message, help) = wrong(&format!("select = [\"mne\"]\n{}", rule("mine")));
    assert!(line == 1 && message.contains("`mne` is no rule") && help.contains("`mine`"), "{message} {help}");
}

#[test]
fn forbid_is_a_table_of_its_own() {
    for (text, line, column, message) in [
        ("[forbid]\nactions = [\"iam:PasRole\"]", 2, 12, "no action `PasRole`"),
        ("[forbid]\non = [\"arn:aws:s3:::b\"]", 2, 1, "`on` goes with `actions`"),
        ("[forbid]\naction = [\"iam:*\"]", 2, 1, "`action` is no part of `[forbid]`"),
        ("forbid = [\"iam:*\"]", 1, 10, "`forbid` wants a table"),
        ("[forbid]\npublic = \"yes\"", 2, 10, "`public` wants `true` or `false`"),
    ] {
        let problems = Config::read(text).err().unwrap_or_else(|| panic!("nothing wrong with {text}"));
        let (at_line, at_column, said, _) = only(problems, text);
        assert_eq!((at_line, at_column), (line, column), "{text}: {said}");
        assert!(said.contains(message), "{text}: {said}");
    }
    let newer = "[catalog]\nactions = [\"iam:NewAction\"]\n[forbid]\nactions = [\"iam:NewAction\"]\n";
    assert!(Config::read(newer).is_ok(), "actions that the catalogue does not have yet");
}

#[test]
fn a_wrong_page_is_shown_at_its_place() {
    let front = "---\nid: mine\ntitle: Mine\nseverity: low\n---\n";
    let block = "```toml rule\nforbid = [\"iam:*\"]\n```\n";
    for (text, line, column, message, help) in [
        (format!("# Mine\n{block}"), 1, 1, "the page has no front matter", "begin it with a line `---`"),
        (front.to_owned(), 1, 1, "does not say what the rule demands", "```toml rule"),
        (
            format!("---\nid: mine\nseverity: low\n---\n{block}"),
            1,
            1,
            "`title` must stand there once",
            "the fields are",
        ),
        (
            format!("---\nid: mine\ntitle: T\nseverity: hihg\n---\n{block}"),
            4,
            1,
            "`severity: hihg` is not understood",
            "",
        ),
        (
            format!("---\nid: mine\ntitle: T\nseverty: low\nseverity: low\n---\n{block}"),
            4,
            1,
            "`severty: low`",
            "`severity`",
        ),
        (format!("---\nid: My Rule\ntitle: T\nseverity: low\n---\n{block}"), 2, 5, "`My Rule` is no id", "kebab-case"),
        (
            format!("---\nid: root-principal\ntitle: T\nseverity: low\n---\n{block}"),
            2,
            5,
            "a rule of `whit` has the id",
            "another id",
        ),
        (
            format!("---\nid: a\ntitle: T\nseverity: low\nyields-to: zzz\n---\n{block}"),
            5,
            12,
            "`zzz` is no rule",
            "`whit rules`",
        ),
        (
            format!("{front}é\n```toml rule\nforbid = [\"iam:PasRole\"]\n```\n"),
            8,
            11,
            "no action `PasRole`",
            "`iam:PassRole`",
        ),
        (format!("{front}```toml rule\nforbid = [\n```\n"), 7, 11, "unclosed array", ""),
        (format!("{front}```toml rule\ntitle = \"x\"\n```\n"), 7, 1, "`title` is no part of a rule", "known are"),
    ] {
        let read = read_page(&text, &Overlay::default(), &RuleSet::default());
        let problems = read.err().unwrap_or_else(|| panic!("nothing wrong with {text}"));
        let (at_line, at_column, said, way_out) = only(problems, &text);
        assert_eq!((at_line, at_column), (line, column), "{text}: {said}");
        assert!(said.contains(message), "{text}: {said}");
        assert!(way_out.contains(help), "{text}: {way_out}");
    }
}

#[test]
fn a_wrong_folder_or_page_ends_the_run_before_it_begins() {
    let scratch = Scratch::with(&[("whit.toml", "rules = [\"policies\"]\n"), ("empty/x.txt", "")]);
    let gone = scratch.whit(&[]);
    assert_eq!(gone.code, Some(2));
    for part in ["whit.toml:1:10", "the folder `policies` cannot be read", "by its path from the root"] {
        assert!(gone.err.contains(part), "{part} in {}", gone.err);
    }
    scratch.write(
        "policies/a.md",
        "---\nid: a\ntitle: A\nseverity: low\n---\n```toml rule\nforbid = [\"iam:PasRole\"]\n```\n",
    );
    let wrong = scratch.whit(&[]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("policies/a.md:7:11") && wrong.err.contains("`iam:PassRole`"), "{}", wrong.err);
    let empty = scratch.whit(&["check", "--no-config", "--rules", "empty"]);
    assert_eq!(empty.code, Some(2));
    assert!(empty.err.starts_with("error: the folder `empty` holds no page of a rule"), "{}", empty.err);
}
