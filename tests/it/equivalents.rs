//! Checks of other tools: every known id has a rule that answers it or a reason, and what a check looks for is found. The policies are
//! written for this table; the ids are the tools' own.

use crate::lint::{lint_with, run_with};
use crate::pages::{examples, pages};
use std::collections::BTreeSet;
use std::path::Path;
use whit::example::Role;
use whit::rules::{Answer, equivalents};
use whit::settings::Settings;

/// Ids that one case stands for, the file's name, what gives a finding of a rule that names each, and what gives none.
const CASES: &[(&[&str], &str, &str, &str)] = &include!("equivalents_cases.in");

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
    let run = run_with(path, text.as_bytes(), &settings);
    assert!(run.skipped.is_empty(), "{path}: {:?}\n{text}", run.skipped);
    lint_with(path, text.as_bytes(), &settings).iter().map(|finding| finding.rule.0).collect()
}

#[test]
fn what_each_check_looks_for_is_found() {
    let answers = equivalents();
    let mut failures = Vec::new();
    for (ids, path, bad, near_miss) in CASES {
        let (bad_told, near_told) = (told(path, bad), told(path, near_miss));
        for id in *ids {
            let Some(Answer::Rules(docs)) = answers.get(id) else { panic!("no rule names {id}") };
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

/// An id without a case rests on the examples of the page that names it.
#[test]
fn every_answered_id_has_examples() {
    let listed: BTreeSet<&str> = CASES.iter().flat_map(|(ids, ..)| ids.iter().copied()).collect();
    let pages = pages();
    let shows = |id: &str, role: &dyn Fn(&Role) -> bool| {
        let page = pages.iter().find(|(page, _)| page == id).map_or("", |(_, text)| text);
        examples(page).iter().any(|example| role(&example.role))
    };
    for (id, answer) in equivalents() {
        let Answer::Rules(docs) = answer else { continue };
        let shown = docs.iter().any(|doc| {
            shows(doc.id, &|role| matches!(role, Role::Bad)) && shows(doc.id, &|role| matches!(role, Role::Good))
        });
        assert!(shown || listed.contains(id), "{id} has no example");
    }
}
