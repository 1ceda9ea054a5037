//! Every check of IAM Access Analyzer that is in force: a policy that gives it, and one like it that does not.
//!
//! Source of the codes: the policy check reference of the IAM user guide. The policies are written for this table.

use crate::lint::{lint_with, underlined};
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
    findings(kind, &document(text)).into_iter().map(|(rule, _)| rule).collect()
}

/// The rules that speak of a document of a kind, with what they underline.
fn findings(kind: &str, text: &str) -> Vec<(&'static str, String)> {
    let mut settings = Settings { pedantic: true, ..Settings::default() };
    let kind = PolicyKind::from_name(kind).unwrap_or_else(|| panic!("{kind}"));
    let everywhere = globset::Glob::new("**").unwrap_or_else(|error| panic!("{error}")).compile_matcher();
    settings.kinds.push((everywhere, kind));
    let findings = lint_with("policy.json", text.as_bytes(), &settings);
    findings.iter().map(|finding| (finding.rule.0, underlined(finding, text).to_owned())).collect()
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

/// Codes of which a case of the second table is not given, with the reason.
const GAPS: [(&str, &str); 1] =
    [("USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES", "which services carry the keys is not in the catalogue")];

/// A second table, `tests/access-analyzer.jsonl`, by somebody who had read the codes and the list of rules, and no line of the
/// program: what they expect is compared with what is said, and where.
#[test]
fn somebody_who_never_saw_the_program_agrees() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/access-analyzer.jsonl");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (mut failures, mut cases) = (Vec::new(), 0);
    for line in text.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let field = |name: &str| case[name].as_str().unwrap_or("");
        let (code, rule, kind) = (field("code"), field("rule"), field("kind"));
        cases += 1;
        let gap = GAPS.iter().any(|(known, _)| *known == code);
        let doc = rules::find(rule).map(|entry| &entry.doc);
        let stands_for = |id: &str| id == rule || doc.is_some_and(|doc| doc.yields_to.contains(&id));
        let found = findings(kind, field("bad"));
        let hits: Vec<_> =
            found.iter().filter(|(id, _)| stands_for(id) || rules_of(code).iter().any(|doc| doc.id == *id)).collect();
        if hits.is_empty() && !gap {
            failures.push(format!("{code}: nothing is said of {}", field("bad")));
        }
        // The operator is the place of what is wrong with an operator.
        let place = |text: &str| text.trim_matches('"') == field("underlined") || rule == "missing-set-operator";
        if !hits.is_empty() && case["underlined"].is_string() && !hits.iter().any(|(_, text)| place(text)) {
            failures.push(format!("{code}: {hits:?} and not {}", field("underlined")));
        }
        if findings(kind, field("near_miss")).iter().any(|(id, _)| *id == rule) {
            failures.push(format!("{code}: the near miss {} is told", field("near_miss")));
        }
    }
    assert!(cases > 250, "{cases} cases");
    assert!(failures.is_empty(), "{} of {cases}:\n{}", failures.len(), failures.join("\n"));
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
