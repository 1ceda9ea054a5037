//! Every page keeps its promises: its bad examples are found at the marked bytes, its good ones give nothing.

use crate::lint::lint_with;
use std::fs;
use std::path::PathBuf;
use whit::example::{self, Example, Role, output, try_example};
use whit::finding::Finding;
use whit::rules::{self, FixPromise, RuleDoc, RuleSet};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("rules")
}

/// Id and text of every page.
pub(crate) fn pages() -> Vec<(String, String)> {
    let mut pages: Vec<(String, String)> = fs::read_dir(folder())
        .unwrap_or_else(|error| panic!("`rules/`: {error}"))
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let id = path.file_name()?.to_str()?.strip_suffix(".md")?.to_owned();
            Some((id, fs::read_to_string(&path).ok()?))
        })
        .collect();
    pages.sort();
    assert!(!pages.is_empty(), "`rules/` holds no page");
    pages
}

/// The examples of a page of `whit`.
pub(crate) fn examples(page: &str) -> Vec<Example> {
    example::examples(page).unwrap_or_else(|mistake| panic!("line {}: {}", mistake.line, mistake.message))
}

fn lint(example: &Example) -> Vec<Finding> {
    lint_with(&example.path, example.text.as_bytes(), &example.settings)
}

/// A finding as the message of a failing test shows it.
fn shown(finding: &Finding) -> String {
    let (at, region) = (finding.primary.region.start, finding.primary.region);
    format!(
        "{} at {}:{} (bytes {}+{}): {}",
        finding.rule, at.line, at.character, region.byte, region.byte_len, finding.message
    )
}

#[test]
fn front_matter_is_complete() {
    let mut flaws = Vec::new();
    for (id, page) in pages() {
        flaws.extend(RuleDoc::flaws(&page).into_iter().map(|flaw| format!("rules/{id}.md: {flaw}")));
        let doc = RuleDoc::read(&page);
        if doc.id != id {
            flaws.push(format!("rules/{id}.md: its id is `{}`", doc.id));
        }
        for part in ["## Why it matters", "## Examples", "## When to keep it", "## How to fix"] {
            if !doc.body.contains(&format!("\n{part}\n")) {
                flaws.push(format!("rules/{id}.md: the part `{part}` is missing"));
            }
        }
        for other in doc.yields_to {
            if rules::find(other).is_none() {
                flaws.push(format!("rules/{id}.md: yields to `{other}`, which is no rule"));
            }
        }
    }
    assert!(flaws.is_empty(), "\n{}", flaws.join("\n"));
}

#[test]
fn yields_to_has_no_circle() {
    fn walk(id: &str, way: &mut Vec<String>) {
        assert!(!way.iter().any(|step| step == id), "{} -> {id}", way.join(" -> "));
        way.push(id.to_owned());
        for other in rules::find(id).map_or(&[][..], |entry| &entry.doc.yields_to) {
            walk(other, way);
        }
        way.pop();
    }
    for entry in rules::all() {
        walk(entry.doc.id, &mut Vec::new());
    }
}

/// What the examples of a role do not keep of their promise, on all pages.
fn broken_promises(role: Role) -> Vec<String> {
    let mut failures = Vec::new();
    for (id, page) in pages() {
        let all: Vec<Example> = examples(&page).into_iter().filter(|example| example.role == role).collect();
        if all.is_empty() {
            failures.push(format!("rules/{id}.md has no {role:?} example"));
        }
        for example in all {
            let line = example.lines.start;
            let found = try_example(&id, &example, &RuleSet::default());
            failures.extend(found.into_iter().map(|failure| format!("rules/{id}.md:{line}: {failure}")));
        }
    }
    failures
}

#[test]
fn bad_examples_are_found_at_the_marked_bytes() {
    let failures = broken_promises(Role::Bad);
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn good_examples_give_no_finding_of_any_rule() {
    let failures = broken_promises(Role::Good);
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn fixes_are_offered_as_promised() {
    let mut failures = Vec::new();
    for (id, page) in pages() {
        let promise = RuleDoc::read(&page).fix;
        let bad = examples(&page).into_iter().filter(|example| example.role == Role::Bad);
        for finding in bad.flat_map(|example| lint(&example)).filter(|finding| finding.rule.0 == id) {
            let kept = match promise {
                FixPromise::Never => finding.fix.is_none(),
                FixPromise::Sometimes => true,
                FixPromise::Always => finding.fix.is_some(),
            };
            if !kept {
                failures.push(format!("rules/{id}.md promises `fix: {promise:?}`: {}", shown(&finding)));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn outputs_are_what_people_see() {
    let mut stale = Vec::new();
    for (id, page) in pages() {
        let mut lines: Vec<String> = page.lines().map(str::to_owned).collect();
        let examples = examples(&page);
        // From the end, so that the lines before stay where they are.
        for pair in examples.windows(2).rev() {
            let [bad, shown] = pair else { continue };
            if shown.role == Role::Output {
                assert_eq!(bad.role, Role::Bad, "rules/{id}.md:{}: an output follows a bad example", shown.lines.start);
                lines.splice(shown.lines.clone(), output(&id, bad, &RuleSet::default()).lines().map(str::to_owned));
            }
        }
        assert!(examples.iter().any(|example| example.role == Role::Output), "rules/{id}.md shows no output");
        let wanted = lines.join("\n") + "\n";
        if wanted != page {
            if std::env::var_os("UPDATE").is_some() {
                fs::write(folder().join(format!("{id}.md")), wanted).unwrap_or_else(|error| panic!("{error}"));
            } else {
                stale.push(id);
            }
        }
    }
    assert!(stale.is_empty(), "`UPDATE=1 cargo test pages` writes the outputs of {stale:?}; read them");
}
