//! `whit.toml`: read once, with the place of every value, so that a wrong one is shown where it stands.

mod document;
mod problem;
mod schema;
mod violation;

pub use problem::{ConfigProblem, draw, position};
pub use schema::{KINDS, schema};

use crate::catalog::{self, Overlay};
use crate::finding::Severity;
use crate::policy::PolicyKind;
use crate::settings::{Ignore, Settings};
use crate::source::RelPath;
use document::Document;
use globset::{GlobBuilder, GlobMatcher};
use serde::Deserialize;
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

impl Config {
    /// Reads a config.
    ///
    /// # Errors
    /// All that is wrong with it, in the order of the text.
    pub fn read(text: &str) -> Result<Self, Vec<ConfigProblem>> {
        let document = Document::read(text).map_err(|problem| vec![problem])?;
        let problems = violation::find(&document);
        if !problems.is_empty() {
            return Err(problems);
        }
        let raw = Raw::deserialize(&document.value)
            .map_err(|error| vec![ConfigProblem::new(document.value_span(""), error.to_string())])?;
        let mut globs = Globs { document: &document, made: Vec::new(), problems: Vec::new() };
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
            kinds.extend(paths.into_iter().zip(kind.into_iter().cycle()));
        }
        if !globs.problems.is_empty() {
            return Err(globs.problems);
        }
        let placed =
            |(index, name): (usize, Box<str>)| (name, document.value_span(&format!("/catalog/actions/{index}")));
        let severity = raw.severity.into_iter().filter_map(|(id, name)| Some((id, Severity::from_name(&name)?)));
        Ok(Config {
            select: raw.select,
            ignore,
            accounts: raw.accounts,
            kinds,
            severity: severity.collect(),
            fail_on: raw.fail_on.as_deref().and_then(FailOn::from_name),
            pedantic: raw.pedantic,
            actions: raw.catalog.actions.into_iter().enumerate().map(placed).collect(),
            globs: globs.made,
        })
    }

    /// Puts the config's wishes into settings that have none of their own yet.
    pub fn apply(&self, settings: &mut Settings) {
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
