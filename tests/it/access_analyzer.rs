//! Every check of IAM Access Analyzer that is in force: a policy that gives it, and one like it that does not.
//!
//! Source of the codes: the policy check reference of the IAM user guide. The policies are written for this table.

use crate::lint::lint_with;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use whit::policy::PolicyKind;
use whit::rules::{self, RuleDoc};
use whit::settings::Settings;

/// Code, kind of policy, a statement (or a document) that gives it, one that does not. `@A` and `@D` are the effects, `@G` an
/// action, `@R` a resource, `@P` a principal, `@C` the condition's key.
const CASES: &[(&str, &str, &str, &str)] = &include!("access_analyzer_cases.in");

/// Codes that no rule answers, with the reason.
const LEFT_OUT: [(&str, &str); 5] = [
    ("SCP_SYNTAX_ERROR_ACTION_WILDCARD", "obsolete: service control policies have the whole language since 2025-09-19"),
    (
        "SCP_SYNTAX_ERROR_ALLOW_CONDITION",
        "withdrawn: service control policies have the whole language since 2025-09-19",
    ),
    (
        "SCP_SYNTAX_ERROR_ALLOW_NOTACTION",
        "withdrawn: service control policies have the whole language since 2025-09-19",
    ),
    ("SCP_SYNTAX_ERROR_ALLOW_RESOURCE", "withdrawn: service control policies have the whole language since 2025-09-19"),
    ("SCP_SYNTAX_ERROR_NOTRESOURCE", "withdrawn: service control policies have the whole language since 2025-09-19"),
];

fn document(text: &str) -> String {
    let text = text
        .replace("@A", r#""Effect":"Allow","#)
        .replace("@D", r#""Effect":"Deny","#)
        .replace("@G", r#""Action":"s3:GetObject""#)
        .replace("@R", r#""Resource":"arn:aws:s3:::b/*""#)
        .replace("@P", r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/r"},"#)
        .replace("@C", r#""Condition":"#);
    match text.starts_with('{') {
        true => text,
        false => format!(r#"{{"Version":"2012-10-17","Statement":{{{text}}}}}"#),
    }
}

/// The rules that speak of a policy of a kind.
fn told(kind: &str, text: &str) -> Vec<&'static str> {
    let mut settings = Settings { pedantic: true, ..Settings::default() };
    let kind = PolicyKind::from_name(kind).unwrap_or_else(|| panic!("{kind}"));
    let everywhere = globset::Glob::new("**").unwrap_or_else(|error| panic!("{error}")).compile_matcher();
    settings.kinds.push((everywhere, kind));
    let findings = lint_with("policy.json", document(text).as_bytes(), &settings);
    findings.iter().map(|finding| finding.rule.0).collect()
}

/// The rules whose pages name a code.
fn rules_of(code: &str) -> Vec<&'static RuleDoc<'static>> {
    let name = format!("access-analyzer:{code}");
    rules::all().iter().map(|entry| &entry.doc).filter(|doc| doc.equivalents.contains(&&*name)).collect()
}

fn codes() -> BTreeSet<String> {
    let named = rules::all().iter().flat_map(|entry| &entry.doc.equivalents);
    named.filter_map(|name| name.strip_prefix("access-analyzer:")).map(str::to_owned).collect()
}

#[test]
fn every_code_is_given_and_nearly_given() {
    let mut failures = Vec::new();
    for (code, kind, bad, near_miss) in CASES {
        let docs = rules_of(code);
        assert!(!docs.is_empty(), "no page names {code}");
        let speaks = |text: &str, with_wider: bool| {
            let told = told(kind, text);
            let wider = |doc: &RuleDoc<'_>| with_wider && doc.yields_to.iter().any(|other| told.contains(other));
            (docs.iter().any(|doc| told.contains(&doc.id) || wider(doc)), told)
        };
        let (found, all) = speaks(bad, true);
        if !found {
            failures.push(format!("{code} is not given: {all:?}\n  {}", document(bad)));
        }
        let (found, all) = speaks(near_miss, false);
        if found {
            failures.push(format!("{code} is given for the near miss: {all:?}\n  {}", document(near_miss)));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), CASES.len(), failures.join("\n"));
}

#[test]
fn every_code_has_a_case_or_a_reason() {
    let cases: BTreeSet<String> = CASES.iter().map(|(code, ..)| (*code).to_owned()).collect();
    let codes = codes();
    let missing: Vec<&String> = codes.difference(&cases).filter(|code| *code != "EXTERNAL_PRINCIPAL").collect();
    assert!(missing.is_empty(), "no case: {missing:?}");
    for (code, _) in LEFT_OUT {
        assert!(!codes.contains(code), "{code} is left out, and a page names it");
    }
}

/// `docs/access-analyzer.md`, written by `UPDATE=1 cargo test --test it -- access_analyzer`.
#[test]
fn the_table_says_what_is_covered() {
    let mut by_code: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for code in codes() {
        let ids = rules_of(&code).iter().map(|doc| doc.id).collect();
        by_code.insert(code, ids);
    }
    let mut text = format!(
        "# Checks of IAM Access Analyzer\n\n{} codes are answered by a rule, {} are left out. Each answered code has a policy that gives it \
         and one that does not in `tests/it/access_analyzer_cases.in`.\n\n| code | rule |\n|---|---|\n",
        by_code.len(),
        LEFT_OUT.len()
    );
    for (code, ids) in &by_code {
        let links: Vec<String> = ids.iter().map(|id| format!("[{id}](../rules/{id}.md)")).collect();
        let _ = writeln!(text, "| `{code}` | {} |", links.join(", "));
    }
    for (code, why) in LEFT_OUT {
        let _ = writeln!(text, "| `{code}` | {why} |");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/access-analyzer.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "docs/access-analyzer.md is old: `UPDATE=1 cargo test --test it -- access_analyzer`");
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap_or_default();
    let claim = format!("{} of its {} codes", by_code.len(), by_code.len() + LEFT_OUT.len());
    assert!(readme.contains(&claim), "the README says otherwise: {claim}");
}
