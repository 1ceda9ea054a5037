//! Rules of the user's own, from their pages and from `[[rule]]` tables.

use super::demand::{Demand, Demands};
use super::document::Document;
use super::problem::ConfigProblem;
use super::schema::{demands_schema, is_id};
use super::violation;
use crate::catalog::Overlay;
use crate::rules::own::Own;
use crate::rules::{Entry, FixPromise, RuleDoc, RuleSet};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::ops::Range;

/// The fields that the front matter of a page needs.
const NEEDED: [&str; 3] = ["id", "title", "severity"];

/// How the block begins that says what a page's rule demands.
const BLOCK: &str = "```toml rule";

/// Reads the page of a rule of the user's own. `known` are the rules that there are already.
///
/// # Errors
/// All that is wrong with it, in the order of the text.
pub fn read_page(text: &str, overlay: &Overlay, known: &RuleSet) -> Result<&'static Entry, Vec<ConfigProblem>> {
    if !text.starts_with("---\n") || !text.contains("\n---\n") {
        let way_out = "begin it with a line `---`, the fields `id`, `title` and `severity`, and a line `---`";
        return Err(vec![ConfigProblem::new(0..0, "the page has no front matter").help(way_out)]);
    }
    let mut problems = front_matter(text, known);
    let demand = match block(text) {
        None => {
            let way_out = format!("add a block that begins with a line `{BLOCK}`");
            problems.push(ConfigProblem::new(0..3, "the page does not say what the rule demands").help(way_out));
            None
        }
        Some(place) => {
            let read = demand(text.get(place.clone()).unwrap_or(""), overlay);
            read.map_err(|found| problems.extend(found.into_iter().map(|problem| problem.behind(place.start)))).ok()
        }
    };
    match demand.filter(|_| problems.is_empty()) {
        Some(demand) => {
            let doc = RuleDoc::read(text);
            let help = doc.section("How to fix").split("\n\n").next().unwrap_or("");
            let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
            Ok(own(demand, doc.title, &help).on_page(text))
        }
        None => Err(problems),
    }
}

/// What is wrong with the front matter of a page.
fn front_matter(text: &str, known: &RuleSet) -> Vec<ConfigProblem> {
    let flaws = RuleDoc::front_flaws(text, &NEEDED);
    let known_fields = crate::rules::FIELDS.join("`, `");
    let mut problems: Vec<ConfigProblem> = flaws
        .into_iter()
        .map(|(at, flaw)| ConfigProblem::new(at, flaw).help(format!("the fields are `{known_fields}`")))
        .collect();
    let doc = RuleDoc::read(text);
    let place = |part: &str| {
        let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        start..start + part.len()
    };
    if !doc.id.is_empty() && !is_id(doc.id) {
        let problem = ConfigProblem::new(place(doc.id), format!("`{}` is no id", doc.id));
        problems.push(problem.help("write it in kebab-case, as `no-key-deletion`"));
    }
    problems.extend(clash(doc.id, known).map(|problem| ConfigProblem { at: place(doc.id), ..problem }));
    if doc.fix != FixPromise::Never {
        let problem = ConfigProblem::new(0..3, "a rule of your own offers no fix");
        problems.push(problem.help("take the field `fix` out"));
    }
    for other in doc.yields_to.iter().filter(|other| known.find(other).is_none()) {
        let problem = ConfigProblem::new(place(other), format!("`{other}` is no rule"));
        problems.push(problem.help("`whit rules` lists the rules"));
    }
    problems
}

/// What is wrong with an id that a rule has already.
fn clash(id: &str, known: &RuleSet) -> Option<ConfigProblem> {
    let taken = known.find(id)?;
    let whose = if crate::rules::find(id).is_some() { "a rule of `whit` has" } else { "another rule has" };
    let problem = ConfigProblem::new(0..0, format!("{whose} the id `{id}`"));
    Some(problem.note(format!("taken: {}", taken.doc.title)).help("take another id"))
}

/// The bytes of the block that says what the rule demands.
fn block(text: &str) -> Option<Range<usize>> {
    let start = text.find(&format!("\n{BLOCK}\n"))? + BLOCK.len() + 2;
    let rest = text.get(start..)?;
    let length = if rest.starts_with("```") { 0 } else { rest.find("\n```").map_or(rest.len(), |at| at + 1) };
    Some(start..start + length)
}

fn demand(text: &str, overlay: &Overlay) -> Result<Demand, Vec<ConfigProblem>> {
    let document = Document::read(text).map_err(|problem| vec![problem])?;
    let problems = violation::find(&document, &demands_schema());
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut demands = Demands { document: &document, overlay, problems };
    demands.read(&document.value, "").ok_or(demands.problems)
}

/// A `[[rule]]` beside its demands.
#[derive(Deserialize)]
struct Described {
    id: String,
    title: String,
    severity: String,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    help: String,
}

/// Reads the `[[rule]]` at a pointer; its problems go to those of the demands.
pub(super) fn read_table(
    table: &Value,
    at: &str,
    demands: &mut Demands<'_>,
    known: &RuleSet,
) -> Option<&'static Entry> {
    let described = Described::deserialize(table).ok()?;
    if let Some(problem) = clash(&described.id, known) {
        let at = demands.document.value_span(&format!("{at}/id"));
        demands.problems.push(ConfigProblem { at, ..problem });
        return None;
    }
    let demand = demands.read(table, at)?;
    let page = page(&described, table);
    Some(own(demand, &described.title, &described.help).on_page(&page))
}

/// A page that says what a `[[rule]]` says, for `whit explain` and reports.
fn page(described: &Described, table: &Value) -> String {
    let told = ["id", "title", "severity", "category", "help"];
    let demands: Map<String, Value> = table.as_object().cloned().unwrap_or_default();
    let demands: Map<String, Value> = demands.into_iter().filter(|(key, _)| !told.contains(&&**key)).collect();
    let demands = toml::to_string(&demands).unwrap_or_default();
    let Described { id, title, severity, category, help } = described;
    let category = category.as_deref().unwrap_or("scope");
    let fix = if help.is_empty() { String::new() } else { format!("\n## How to fix\n{help}\n") };
    format!(
        "---\nid: {id}\ntitle: {title}\nseverity: {severity}\nconfidence: high\ncategory: {category}\n---\n\
         {title}: a rule of `whit.toml`.\n\n{BLOCK}\n{demands}```\n{fix}"
    )
}

fn own(demand: Demand, title: &str, help: &str) -> Own {
    let Demand { ceiling, kinds, fault } = demand;
    Own { message: phrase(title).into(), help: phrase(help).into(), kinds, ceiling, fault }
}

/// A sentence as a phrase: without the full stop, and in lower case but for an acronym.
fn phrase(sentence: &str) -> String {
    let sentence = sentence.strip_suffix('.').unwrap_or(sentence);
    let mut letters = sentence.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            first.to_lowercase().collect::<String>() + letters.as_str()
        }
        _ => sentence.to_owned(),
    }
}
