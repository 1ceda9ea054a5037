//! `whit rules`.

use super::args::{ConfigOptions, ListFormat};
use super::{Failure, Outcome, configured};
use crate::rules::{RuleDoc, Shown};
use crate::spelling::any_of;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write;

/// Prints the rules.
pub(super) fn run(format: ListFormat, category: Option<&str>, config: &ConfigOptions, out: &mut dyn Write) -> Outcome {
    let rules = configured::rules(config)?;
    let all = || rules.iter().map(|entry| &entry.doc);
    let docs: Vec<&RuleDoc<'_>> =
        all().filter(|doc| category.is_none_or(|wanted| wanted == doc.category.as_str())).collect();
    if let (Some(category), true) = (category, docs.is_empty()) {
        let known: BTreeSet<&str> = all().map(|doc| doc.category.as_str()).collect();
        let known: Vec<&str> = known.into_iter().collect();
        return Err(Failure::Usage(format!("`{category}` is no category that has rules: take {}", any_of(&known))));
    }
    match format {
        ListFormat::Text => table(&docs, out)?,
        ListFormat::Json => {
            let list: Value = docs.iter().map(|doc| describe(doc)).collect();
            writeln!(out, "{list:#}")?;
        }
    }
    Ok(())
}

fn table(docs: &[&RuleDoc<'_>], out: &mut dyn Write) -> std::io::Result<()> {
    let rows: Vec<[&str; 6]> = docs
        .iter()
        .map(|doc| {
            [doc.id, doc.severity.as_str(), doc.confidence.as_str(), doc.category.as_str(), shown(doc), doc.title]
        })
        .collect();
    let head = ["rule", "severity", "confidence", "category", "shown", "title"];
    let width =
        |column: usize| rows.iter().chain([&head]).filter_map(|row| row.get(column)).map(|cell| cell.len()).max();
    let [id, severity, confidence, category, when] = [0, 1, 2, 3, 4].map(|column| width(column).unwrap_or(0));
    for [a, b, c, d, e, title] in [head].iter().chain(&rows) {
        writeln!(out, "{a:id$}  {b:severity$}  {c:confidence$}  {d:category$}  {e:when$}  {title}")?;
    }
    Ok(())
}

/// Which of its findings the default run shows.
fn shown(doc: &RuleDoc<'_>) -> &'static str {
    match doc.shown {
        Shown::ByDefault => "always",
        Shown::Partly => "in part",
        Shown::Pedantic => "--pedantic",
    }
}

/// A rule for programs.
fn describe(doc: &RuleDoc<'_>) -> Value {
    json!({
        "id": doc.id,
        "title": doc.title,
        "severity": doc.severity.as_str(),
        "confidence": doc.confidence.as_str(),
        "category": doc.category.as_str(),
        "pedantic": doc.shown == Shown::Pedantic,
        "shown": shown(doc),
        "equivalents": doc.equivalents,
        "references": doc.references,
    })
}
