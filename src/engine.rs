//! The pure unit of work ([`lint`]) and what crosses units ([`join`]).

use crate::extract::{Attachment, PolicySite};
use crate::finding::Finding;
use crate::source::RelPath;

/// Files that are read together: most often one, or the folder of a Terraform module.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// Files that get findings.
    pub report: Vec<RelPath>,
    /// Files that are only read.
    pub context: Vec<RelPath>,
}

impl Unit {
    /// A unit of one file.
    pub fn single(path: RelPath) -> Self {
        Unit { report: vec![path], context: Vec::new() }
    }
}

/// What came of a unit.
#[derive(Debug, Default)]
pub struct Analysis {
    /// Findings, in the order of the run.
    pub findings: Vec<Finding>,
    /// Policies and attachments that other units may matter to.
    pub keep: Vec<Kept>,
    /// What was not checked.
    pub skipped: Vec<Skipped>,
    /// Findings that only `--pedantic` shows.
    pub hidden: usize,
    /// Policies found.
    pub policies: usize,
    /// Files whose content was looked at.
    pub files: usize,
}

/// What outlives its unit.
#[derive(Debug)]
pub enum Kept {
    /// A policy of a principal.
    Policy(RelPath, Box<PolicySite>),
    /// A managed policy's attachment.
    Attachment(RelPath, Attachment),
}

/// A file that was not checked, or not all of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Skipped {
    /// The file.
    pub path: RelPath,
    /// Why, and the way out: a phrase that follows the path.
    pub why: String,
    /// True if it had to be checked: the run then ends in 2.
    pub error: bool,
}

/// What came of a run.
#[derive(Debug, Default)]
pub struct Run {
    /// All findings: by path, place and rule.
    pub findings: Vec<Finding>,
    /// All that was not checked, by path.
    pub skipped: Vec<Skipped>,
    /// Findings that only `--pedantic` shows.
    pub hidden: usize,
    /// Policies found.
    pub policies: usize,
    /// Files whose content was looked at.
    pub files: usize,
}
