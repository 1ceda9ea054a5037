//! All that is known of a run, as JSON: one object on one line.
//!
//! `schema` is the number of this shape; it changes when something is renamed or taken away, not when something is added.
//! Paths are below the root. A region's `byte` and `byteLength` count the bytes of the file on disk, its lines and columns
//! start at 1, and a column is given in bytes of UTF-8, UTF-16 units and characters.

use super::{Each, Reporter};
use crate::engine::{Run, Skipped};
use crate::finding::{Finding, Mark, Repair, Replacement, Severity};
use crate::source::lines::{Position, Region};
use serde::Serialize;
use std::io;

const SCHEMA: u32 = 1;

/// One object for the whole run.
pub struct Json;

impl Reporter for Json {
    fn needs_excerpts(&self) -> bool {
        false
    }

    fn write(&self, run: &Run, out: &mut dyn io::Write) -> io::Result<()> {
        let count = |severity| run.findings.iter().filter(|finding| finding.severity == severity).count();
        let report = Report {
            schema: SCHEMA,
            version: env!("CARGO_PKG_VERSION"),
            findings: Each(run.findings.iter().map(FindingJson::new)),
            skipped: Each(run.skipped.iter().map(SkippedJson::new)),
            counts: Counts {
                critical: count(Severity::Critical),
                high: count(Severity::High),
                medium: count(Severity::Medium),
                low: count(Severity::Low),
                hidden: run.hidden,
                policies: run.policies,
                files: run.files,
            },
        };
        serde_json::to_writer(&mut *out, &report)?;
        writeln!(out)
    }
}

#[derive(Serialize)]
struct Report<F, S> {
    schema: u32,
    version: &'static str,
    findings: F,
    skipped: S,
    counts: Counts,
}

/// What was counted. `hidden` are findings that `--pedantic` would show.
#[derive(Serialize)]
struct Counts {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    hidden: usize,
    policies: usize,
    files: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FindingJson<'a> {
    rule: &'a str,
    severity: &'a str,
    confidence: &'a str,
    path: &'a str,
    region: RegionJson,
    message: &'a str,
    note: &'a str,
    help: &'a str,
    labels: Vec<LabelJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixJson<'a>>,
    logical_path: &'a str,
    fingerprint: String,
}

impl<'a> FindingJson<'a> {
    fn new(finding: &'a Finding) -> Self {
        FindingJson {
            rule: finding.rule.0,
            severity: finding.severity.as_str(),
            confidence: finding.confidence.as_str(),
            path: finding.path.as_str(),
            region: RegionJson::new(&finding.primary.region),
            message: &finding.message,
            note: &finding.primary.text,
            help: &finding.help,
            labels: finding.labels.iter().map(LabelJson::new).collect(),
            fix: finding.fix.as_ref().map(FixJson::new),
            logical_path: &finding.logical_path,
            fingerprint: format!("{:032x}", finding.fingerprint),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RegionJson {
    byte: u64,
    byte_length: u64,
    start: PositionJson,
    end: PositionJson,
}

impl RegionJson {
    fn new(region: &Region) -> Self {
        RegionJson {
            byte: region.byte,
            byte_length: region.byte_len,
            start: PositionJson::new(&region.start),
            end: PositionJson::new(&region.end),
        }
    }
}

/// The column stands there in three units.
#[derive(Serialize)]
struct PositionJson {
    line: u32,
    byte: u32,
    utf16: u32,
    character: u32,
}

impl PositionJson {
    fn new(position: &Position) -> Self {
        PositionJson { line: position.line, byte: position.byte, utf16: position.utf16, character: position.character }
    }
}

#[derive(Serialize)]
struct LabelJson<'a> {
    region: RegionJson,
    text: &'a str,
}

impl<'a> LabelJson<'a> {
    fn new(mark: &'a Mark) -> Self {
        LabelJson { region: RegionJson::new(&mark.region), text: &mark.text }
    }
}

#[derive(Serialize)]
struct FixJson<'a> {
    title: &'a str,
    /// True if the policy means the same afterwards.
    safe: bool,
    edits: Vec<EditJson<'a>>,
}

impl<'a> FixJson<'a> {
    fn new(repair: &'a Repair) -> Self {
        let edits = repair.replacements.iter().map(EditJson::new).collect();
        FixJson { title: &repair.title, safe: repair.safe, edits }
    }
}

#[derive(Serialize)]
struct EditJson<'a> {
    region: RegionJson,
    text: &'a str,
}

impl<'a> EditJson<'a> {
    fn new(edit: &'a Replacement) -> Self {
        EditJson { region: RegionJson::new(&edit.region), text: &edit.text }
    }
}

#[derive(Serialize)]
struct SkippedJson<'a> {
    path: &'a str,
    why: &'a str,
    error: bool,
}

impl<'a> SkippedJson<'a> {
    fn new(skipped: &'a Skipped) -> Self {
        SkippedJson { path: skipped.path.as_str(), why: &skipped.why, error: skipped.error }
    }
}
