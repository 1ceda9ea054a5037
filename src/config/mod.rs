//! `whit.toml`: read once, with the place of every value, so that a wrong one is shown where it stands.

mod demand;
mod document;
mod kind;
mod page;
mod problem;
mod schema;
mod violation;

pub use kind::without_service;
pub use page::read_page;
pub use problem::{ConfigProblem, draw, position};
pub use schema::{KINDS, schema};

use crate::access::ceiling::Ceiling;
use crate::catalog::{self, Overlay};
use crate::finding::Severity;
use crate::policy::PolicyKind;
use crate::rules::RuleSet;
use crate::settings::{Ignore, Settings};
use crate::source::RelPath;
use demand::Demands;
use document::Document;
use globset::{GlobBuilder, GlobMatcher};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The name of the config at the root.
pub const FILE_NAME: &str = "whit.toml";

/// What makes a run fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FailOn {
    /// Findings of this severity or worse.
    AtLeast(Severity),
    /// No finding.
    Never,
}

impl FailOn {
    /// The threshold that a word names: a severity or `never`.
    pub fn from_name(name: &str) -> Option<Self> {
        if name == "never" { Some(FailOn::Never) } else { Severity::from_name(name).map(FailOn::AtLeast) }
    }

    /// True if a finding of this severity makes the run fail.
    pub fn fails(self, severity: Severity) -> bool {
        matches!(self, FailOn::AtLeast(least) if severity >= least)
    }
}

impl Default for FailOn {
    fn default() -> Self {
        FailOn::AtLeast(Severity::Medium)
    }
}

/// A config that was read and found right.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Rules to run; none means all.
    pub select: Option<BTreeSet<Box<str>>>,
    /// Findings to drop.
    pub ignore: Vec<Ignore>,
    /// The user's own accounts.
    pub accounts: BTreeSet<Box<str>>,
    /// Policy kinds by glob.
    pub kinds: Vec<(GlobMatcher, PolicyKind)>,
    /// Severities of rules.
    pub severity: BTreeMap<Box<str>, Severity>,
    /// What makes a run fail.
    pub fail_on: Option<FailOn>,
    /// Show what only a thorough reader wants.
    pub pedantic: bool,
    /// What no policy may grant.
    pub forbid: Option<Ceiling>,
    /// True if no policy may let the general public in.
    pub forbid_public: bool,
    /// All rules that there are, those of the config among them.
    pub rules: RuleSet,
    /// Actions that the catalogue does not have yet, with their bytes in the text.
    actions: Vec<(Box<str>, Range<usize>)>,
    /// Every glob as it is written, with its bytes in the text.
    globs: Vec<WrittenGlob>,
}

#[derive(Clone, Debug)]
struct WrittenGlob {
    matcher: GlobMatcher,
    text: String,
    at: Range<usize>,
}

/// The text as TOML gives it, after the schema found it right.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[derive(Default)]
struct Raw {
    select: Option<BTreeSet<Box<str>>>,
    ignore: Vec<RawIgnore>,
    accounts: BTreeSet<Box<str>>,
    policy: Vec<RawPolicy>,
    severity: BTreeMap<Box<str>, Box<str>>,
    fail_on: Option<Box<str>>,
    pedantic: bool,
    catalog: RawCatalog,
    forbid: RawForbid,
    rule: Vec<Value>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawForbid {
    actions: Vec<Box<str>>,
    on: Vec<Box<str>>,
    public: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawCatalog {
    actions: Vec<Box<str>>,
}

#[derive(Deserialize)]
struct RawIgnore {
    rule: Box<str>,
    reason: Box<str>,
    #[serde(default)]
    paths: Vec<String>,
}

#[derive(Deserialize)]
struct RawPolicy {
    kind: Box<str>,
    paths: Vec<String>,
}

/// A config of which only so much is known that the pages which it names can be read.
#[derive(Debug)]
pub struct Draft {
    document: Document,
}

impl Draft {
    /// Reads a text.
    ///
    /// # Errors
    /// Where it is no TOML.
    pub fn parse(text: &str) -> Result<Self, Vec<ConfigProblem>> {
        Ok(Draft { document: Document::read(text).map_err(|problem| vec![problem])? })
    }

    /// Actions that the catalogue does not have yet.
    pub fn overlay(&self) -> Overlay {
        let actions = self.document.value.pointer("/catalog/actions").and_then(Value::as_array);
        Overlay::of(actions.into_iter().flatten().filter_map(Value::as_str))
    }

    /// Policy kinds by glob, without those that are written wrong.
    pub fn kinds(&self) -> Vec<(GlobMatcher, PolicyKind)> {
        let tables = self.document.value.get("policy").and_then(Value::as_array).into_iter().flatten();
        let tables = tables.filter_map(|table| RawPolicy::deserialize(table).ok());
        let kinds = tables.filter_map(|table| Some((PolicyKind::from_name(&table.kind)?, table.paths)));
        let globs = kinds.flat_map(|(kind, paths)| paths.into_iter().map(move |path| (path_glob(&path), kind.clone())));
        globs.filter_map(|(glob, kind)| Some((glob.ok()?, kind))).collect()
    }

    /// The folders with pages of the user's own rules, with their bytes in the text.
    pub fn folders(&self) -> Vec<(String, Range<usize>)> {
        let folders = self.document.value.get("rules").and_then(Value::as_array).into_iter().flatten().enumerate();
        let placed = |(index, folder): (usize, &Value)| {
            Some((folder.as_str()?.to_owned(), self.document.value_span(&format!("/rules/{index}"))))
        };
        folders.filter_map(placed).collect()
    }

    /// Reads the whole config. `rules` are those of `whit` and of all pages.
    ///
    /// # Errors
    /// All that is wrong with it, in the order of the text.
    pub fn read(&self, rules: &RuleSet) -> Result<Config, Vec<ConfigProblem>> {
        let document = &self.document;
        let tables = document.value.get("rule").and_then(Value::as_array).into_iter().flatten();
        let own = tables.filter_map(|table| table.get("id").and_then(Value::as_str));
        let ids: Vec<&str> = rules.ids().into_iter().chain(own).collect();
        let problems = violation::find(document, &schema::schema_with(&ids));
        if !problems.is_empty() {
            return Err(problems);
        }
        let raw = Raw::deserialize(&document.value)
            .map_err(|error| vec![ConfigProblem::new(document.value_span(""), error.to_string())])?;
        let mut globs = Globs { document, made: Vec::new(), problems: Vec::new() };
        let ignore = raw.ignore.into_iter().enumerate().map(|(index, ignore)| Ignore {
            rule: ignore.rule,
            paths: globs.all(&format!("/ignore/{index}/paths"), &ignore.paths),
            reason: ignore.reason,
        });
        let ignore = ignore.collect();
        let mut kinds = Vec::new();
        for (index, policy) in raw.policy.iter().enumerate() {
            let paths = globs.all(&format!("/policy/{index}/paths"), &policy.paths);
            let kind = PolicyKind::from_name(&policy.kind);
            if let Some(why) = kind.as_ref().and_then(without_service) {
                let at = document.value_span(&format!("/policy/{index}/kind"));
                globs
                    .problems
                    .push(ConfigProblem::new(at, why).help("write the prefix of its actions, as `resource:s3`"));
            }
            kinds.extend(paths.into_iter().zip(kind.into_iter().cycle()));
        }
        let overlay = self.overlay();
        let mut demands = Demands { document, overlay: &overlay, problems: globs.problems };
        let forbidden = demands.actions(&raw.forbid.actions, "/forbid/actions");
        if forbidden.is_empty() && !raw.forbid.on.is_empty() {
            let problem = ConfigProblem::new(document.key_span("/forbid/on"), "`on` goes with `actions`");
            demands.problems.push(problem.help("add the `actions` that are forbidden on these resources"));
        }
        let mut rules = rules.clone();
        for (index, table) in raw.rule.iter().enumerate() {
            if let Some(entry) = page::read_table(table, &format!("/rule/{index}"), &mut demands, &rules) {
                rules = rules.with([entry]);
            }
        }
        if !demands.problems.is_empty() {
            demands.problems.sort_by_key(|problem| problem.at.start);
            return Err(demands.problems);
        }
        let placed =
            |(index, name): (usize, Box<str>)| (name, document.value_span(&format!("/catalog/actions/{index}")));
        let severity = raw.severity.into_iter().filter_map(|(id, name)| Some((id, Severity::from_name(&name)?)));
        Ok(Config {
            select: raw.select.map(|words| selected(&words, &rules)),
            ignore,
            accounts: raw.accounts,
            kinds,
            severity: severity.collect(),
            fail_on: raw.fail_on.as_deref().and_then(FailOn::from_name),
            pedantic: raw.pedantic,
            forbid: (!forbidden.is_empty()).then(|| Ceiling {
                actions: forbidden,
                on: raw.forbid.on,
                passes: Vec::new(),
            }),
            forbid_public: raw.forbid.public,
            rules,
            actions: raw.catalog.actions.into_iter().enumerate().map(placed).collect(),
            globs: globs.made,
        })
    }
}

/// The rules that words stand for: ids and categories.
fn selected(words: &BTreeSet<Box<str>>, rules: &RuleSet) -> BTreeSet<Box<str>> {
    words.iter().flat_map(|word| rules.named(word)).map(Box::from).collect()
}

impl Config {
    /// Reads a config that names no pages.
    ///
    /// # Errors
    /// All that is wrong with it, in the order of the text.
    pub fn read(text: &str) -> Result<Self, Vec<ConfigProblem>> {
        Draft::parse(text)?.read(&RuleSet::default())
    }

    /// Puts the config's wishes into settings that have none of their own yet.
    pub fn apply(&self, settings: &mut Settings) {
        settings.rules = self.rules.clone();
        settings.forbid = self.forbid.iter().cloned().collect();
        settings.forbid_public = self.forbid_public;
        settings.select.clone_from(&self.select);
        settings.ignore.clone_from(&self.ignore);
        settings.accounts.clone_from(&self.accounts);
        settings.kinds.clone_from(&self.kinds);
        settings.severity.clone_from(&self.severity);
        settings.pedantic = self.pedantic;
        settings.overlay = Overlay::of(self.actions.iter().map(|(name, _)| &**name));
    }

    /// The globs that match none of the files of a whole run: settings that do nothing, and mislead who reads them.
    pub fn idle<'f>(&self, files: impl Iterator<Item = &'f RelPath> + Clone) -> Vec<ConfigProblem> {
        let known = self.actions.iter().filter(|(name, _)| catalog::action(name).is_some());
        let known = known.map(|(name, at)| {
            ConfigProblem::new(at.clone(), format!("the catalogue has `{name}` by now")).help("delete the entry")
        });
        let idle = self.globs.iter().filter(|glob| !files.clone().any(|file| glob.matcher.is_match(file.as_str())));
        let problem = |glob: &WrittenGlob| {
            ConfigProblem::new(glob.at.clone(), format!("`{}` matches no file that was checked", glob.text))
                .help("mend the glob, or delete it")
        };
        known.chain(idle.map(problem)).collect()
    }
}

struct Globs<'d> {
    document: &'d Document,
    made: Vec<WrittenGlob>,
    problems: Vec<ConfigProblem>,
}

impl Globs<'_> {
    /// The globs of the list at a pointer.
    fn all(&mut self, pointer: &str, globs: &[String]) -> Vec<GlobMatcher> {
        let mut all = Vec::new();
        for (index, glob) in globs.iter().enumerate() {
            let at = self.document.value_span(&format!("{pointer}/{index}"));
            match path_glob(glob) {
                Ok(matcher) => {
                    self.made.push(WrittenGlob { matcher: matcher.clone(), text: glob.clone(), at });
                    all.push(matcher);
                }
                Err(error) => self.problems.push(
                    ConfigProblem::new(at, format!("`{glob}` is no glob: {}", error.kind()))
                        .note("this cannot match a path")
                        .help("write `\\[` or `[[]` for a bracket that stands for itself"),
                ),
            }
        }
        all
    }
}

/// A glob on root-relative paths: `*` stops at `/`, and a folder with a `/` behind it means all that is in it.
fn path_glob(glob: &str) -> Result<GlobMatcher, globset::Error> {
    let inside = if glob.ends_with('/') { "**" } else { "" };
    let glob = format!("{}{inside}", glob.strip_prefix("./").unwrap_or(glob));
    Ok(GlobBuilder::new(&glob).literal_separator(true).build()?.compile_matcher())
}
