//! Checks of other tools: every known id has a rule that answers it or a reason, and what a check looks for is found. The policies are
//! written for this table; the ids are the tools' own.

use crate::lint::run_with;
use std::collections::BTreeSet;
use std::path::Path;
use whit::rules::{Answer, equivalents};
use whit::settings::Settings;

/// Ids that one case stands for, the file's name, what gives a finding of a rule that names each, and what gives none.
const CASES: &[(&[&str], &str, &str, &str)] = &include!("equivalents_cases.in");

/// The same, by somebody who saw what the checks say of themselves, and neither the program nor the cases above. Left out are those
/// in which `whit` means to decide otherwise: reads that hand out no data on all resources (`s3:ListBucket`), URLs that no permission
/// opens, what a data source only looks up, and near misses of which the same rule has something else to say.
#[derive(serde::Deserialize)]
struct Case {
    ids: Vec<String>,
    path: String,
    bad: String,
    near_miss: String,
}

/// All cases.
fn cases() -> Vec<Case> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/equivalents.jsonl");
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let read = |line: &str| -> Case { serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")) };
    let own = CASES.iter().map(|(ids, path, bad, near_miss)| Case {
        ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        path: (*path).to_owned(),
        bad: (*bad).to_owned(),
        near_miss: (*near_miss).to_owned(),
    });
    own.chain(text.lines().map(read)).collect()
}

fn ids() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/equivalents.txt");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn every_id_has_a_rule_or_a_reason() {
    let (ids, answers) = (ids(), equivalents());
    let silent: Vec<&String> = ids.iter().filter(|id| !answers.contains_key(&***id)).collect();
    assert!(silent.is_empty(), "neither a rule nor a reason: {silent:?}");
    let answered = ids.iter().filter(|id| matches!(answers.get(&***id), Some(Answer::Rules(_)))).count();
    // The aim: 95 of 100.
    assert!(answered * 100 >= ids.len() * 95, "{answered} of {}", ids.len());
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap_or_default();
    let claim = format!("{answered} of {} checks", ids.len());
    assert!(readme.contains(&claim), "the README says otherwise: {claim}");
}

/// The rules that speak of a file.
fn told(path: &str, text: &str) -> BTreeSet<&'static str> {
    let settings = Settings { pedantic: true, ..Settings::default() };
    run_with(path, text.as_bytes(), &settings).findings.iter().map(|finding| finding.rule.0).collect()
}

#[test]
fn what_each_check_looks_for_is_found() {
    let answers = equivalents();
    let mut failures = Vec::new();
    for Case { ids, path, bad, near_miss } in &cases() {
        let (bad_told, near_told) = (told(path, bad), told(path, near_miss));
        for id in ids {
            let Some(Answer::Rules(docs)) = answers.get(&**id) else { panic!("no rule names {id}") };
            let rules: BTreeSet<&str> = docs.iter().map(|doc| doc.id).collect();
            // A rule that yields to one that speaks has said it, too.
            let said = |told: &BTreeSet<&str>| {
                docs.iter().any(|doc| told.contains(doc.id) || doc.yields_to.iter().any(|rule| told.contains(rule)))
            };
            if !said(&bad_told) {
                failures.push(format!("{id} ({rules:?}) is not told, but {bad_told:?}:\n{bad}"));
            }
            if docs.iter().any(|doc| near_told.contains(doc.id)) {
                failures.push(format!("{id} ({rules:?}) is told of the near miss, {near_told:?}:\n{near_miss}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_answered_id_has_a_case() {
    let cases = cases();
    let listed: BTreeSet<&str> = cases.iter().flat_map(|case| case.ids.iter().map(String::as_str)).collect();
    let answered = equivalents().into_iter().filter(|(_, answer)| matches!(answer, Answer::Rules(_)));
    // `access_analyzer` asks the same of its codes, with policies of all kinds.
    let ours = answered.map(|(id, _)| id).filter(|id| !id.starts_with("access-analyzer:"));
    let without: Vec<&str> = ours.filter(|id| !listed.contains(id)).collect();
    assert!(without.is_empty(), "{without:?}");
}
