//! What a run is to do: made from arguments and config by the command line, read by every stage.

use crate::access::ceiling::Ceiling;
use crate::catalog::Overlay;
use crate::finding::Severity;
use crate::policy::PolicyKind;
use crate::rules::RuleSet;
use crate::source::RelPath;
use globset::GlobMatcher;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Files of more bytes than this are not read, unless the user says otherwise.
pub const MAX_FILE_SIZE: u64 = 64 * 1024 * 1024;

/// Settings of a run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Show findings that only a thorough reader wants.
    pub pedantic: bool,
    /// All rules that there are, the user's own among them.
    pub rules: RuleSet,
    /// Rules to run; none means all.
    pub select: Option<BTreeSet<Box<str>>>,
    /// Rules, everywhere or below a glob, whose findings are dropped.
    pub ignore: Vec<Ignore>,
    /// Severities that the config gives to rules.
    pub severity: BTreeMap<Box<str>, Severity>,
    /// The numbers of the user's own accounts; empty means that they are not known.
    pub accounts: BTreeSet<Box<str>>,
    /// Policy kinds by glob; the first that matches holds.
    pub kinds: Vec<(GlobMatcher, PolicyKind)>,
    /// Actions that the catalogue does not have yet.
    pub overlay: Overlay,
    /// What no policy may grant.
    pub forbid: Vec<Ceiling>,
    /// True if no policy may let the general public in.
    pub forbid_public: bool,
    /// Files of more bytes are not read.
    pub max_file_size: u64,
    /// Whether findings carry the lines round them: reports that print none need none.
    pub excerpts: bool,
    /// False reads every file as if the byte scan had picked it: for the test that shows that the scan misses nothing.
    pub scan: bool,
    /// The time that counts as now, where the user gives one; files that carry a time of their own do not need it.
    pub now: Option<Timestamp>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            pedantic: false,
            rules: RuleSet::default(),
            select: None,
            ignore: Vec::new(),
            severity: BTreeMap::new(),
            accounts: BTreeSet::new(),
            kinds: Vec::new(),
            overlay: Overlay::default(),
            forbid: Vec::new(),
            forbid_public: false,
            max_file_size: MAX_FILE_SIZE,
            excerpts: true,
            scan: true,
            now: None,
        }
    }
}

/// A rule that the config switches off, with the reason.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// The rule's id.
    pub rule: Box<str>,
    /// Only for files that match; everywhere if there is none.
    pub paths: Vec<GlobMatcher>,
    /// Why.
    pub reason: Box<str>,
}

impl Settings {
    /// True if the rule is to be run.
    pub fn selects(&self, rule: &str) -> bool {
        self.select.as_ref().is_none_or(|select| select.contains(rule))
    }

    /// True if findings of a rule in a file are to be dropped.
    pub fn ignores(&self, rule: &str, path: &RelPath) -> bool {
        self.ignore.iter().any(|ignore| {
            *ignore.rule == *rule
                && (ignore.paths.is_empty() || ignore.paths.iter().any(|glob| glob.is_match(path.as_str())))
        })
    }

    /// The kind that the config gives to policies of a file.
    pub fn kind_of(&self, path: &RelPath) -> Option<&PolicyKind> {
        self.kinds.iter().find(|(glob, _)| glob.is_match(path.as_str())).map(|(_, kind)| kind)
    }
}
