//! SARIF 2.1.0, for code scanning.
//!
//! The shape is the OASIS standard's; where that leaves a choice, what GitHub reads decides ("SARIF support for code scanning"
//! in its documentation). No path of the machine is in it: addresses are relative to the root, `%SRCROOT%`.

mod place;
mod result;
mod rule;
mod uri;

pub(crate) use uri::of_path;

use super::{Each, Reporter};
use crate::engine::{Run, Skipped};
use crate::finding::{Finding, Severity};
use crate::rules::RuleSet;
use place::{ArtifactLocation, PhysicalLocation};
use result::SarifResult;
use rule::SarifRule;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;

/// Where the schema of the format is.
pub(crate) const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// GitHub takes no more results in a run ("SARIF results exceed one or more limits"; it shows 5,000 of them).
const RESULTS: usize = 25_000;

/// One log with one run.
#[derive(Default)]
pub struct Sarif {
    /// The rules of the run.
    pub rules: RuleSet,
}

impl Reporter for Sarif {
    fn needs_excerpts(&self) -> bool {
        // For the text of the region.
        true
    }

    fn write(&self, run: &Run, out: &mut dyn io::Write) -> io::Result<()> {
        let findings = most_severe(&run.findings, RESULTS);
        let left_out = run.findings.len() - findings.len();
        // A severity that the config gives holds for all findings of a rule.
        let severities: BTreeMap<&str, Severity> =
            findings.iter().map(|finding| (finding.rule.0, finding.severity)).collect();
        let unchecked = run.skipped.iter().filter(|skipped| skipped.error);
        let notifications = unchecked.clone().map(Notification::unchecked);
        let log = Log {
            schema: SCHEMA,
            version: "2.1.0",
            runs: [SarifRun {
                tool: Tool {
                    driver: Driver {
                        name: "whit",
                        semantic_version: env!("CARGO_PKG_VERSION"),
                        rules: Each(self.rules.iter().map(|entry| {
                            let severity = severities.get(entry.doc.id).copied().unwrap_or(entry.doc.severity);
                            SarifRule::new(&entry.doc, severity)
                        })),
                    },
                },
                automation_details: AutomationDetails { id: "whit/" },
                original_uri_base_ids: BaseIds {
                    root: Base { description: Message::of("the root of the repository") },
                },
                column_kind: "utf16CodeUnits",
                newline_sequences: ["\r\n", "\n", "\r"],
                invocations: [Invocation {
                    execution_successful: unchecked.count() == 0,
                    tool_execution_notifications: Each(
                        notifications.chain(std::iter::once(left_out).filter_map(Notification::left_out)),
                    ),
                }],
                results: Each(findings.iter().map(|finding| SarifResult::new(finding, &self.rules))),
            }],
        };
        serde_json::to_writer(&mut *out, &log)?;
        writeln!(out)
    }
}

/// At most `limit` findings: the most severe, in the order of the run.
fn most_severe(findings: &[Finding], limit: usize) -> Vec<&Finding> {
    let mut kept: Vec<(usize, &Finding)> = findings.iter().enumerate().collect();
    if kept.len() > limit {
        kept.sort_by_key(|(_, finding)| Reverse(finding.severity));
        kept.truncate(limit);
        kept.sort_unstable_by_key(|(index, _)| *index);
    }
    kept.into_iter().map(|(_, finding)| finding).collect()
}

#[derive(Serialize)]
struct Log<R> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [R; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifRun<U, N, R> {
    tool: Tool<U>,
    automation_details: AutomationDetails,
    original_uri_base_ids: BaseIds,
    column_kind: &'static str,
    newline_sequences: [&'static str; 3],
    invocations: [Invocation<N>; 1],
    results: R,
}

#[derive(Serialize)]
struct Tool<U> {
    driver: Driver<U>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<U> {
    name: &'static str,
    semantic_version: &'static str,
    rules: U,
}

/// What an upload replaces: an earlier one with the same id.
#[derive(Serialize)]
struct AutomationDetails {
    id: &'static str,
}

#[derive(Serialize)]
struct BaseIds {
    #[serde(rename = "%SRCROOT%")]
    root: Base<'static>,
}

/// Where it is, the reader knows.
#[derive(Serialize)]
struct Base<'a> {
    description: Message<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<N> {
    execution_successful: bool,
    tool_execution_notifications: N,
}

/// What the tool says of its own run.
#[derive(Serialize)]
struct Notification<'a> {
    level: &'static str,
    message: Message<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locations: Option<[NotificationLocation; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NotificationLocation {
    physical_location: PhysicalLocation<'static>,
}

impl<'a> Notification<'a> {
    fn unchecked(skipped: &'a Skipped) -> Self {
        let artifact_location = ArtifactLocation::new(&skipped.path);
        let physical_location = PhysicalLocation { artifact_location, region: None };
        Notification {
            level: "error",
            message: Message::from(format!("`{}` {}", skipped.path, skipped.why)),
            locations: Some([NotificationLocation { physical_location }]),
        }
    }

    fn left_out(count: usize) -> Option<Self> {
        let message = format!(
            "{count} findings are left out, the least severe: code scanning takes {RESULTS} results; \
             `whit check --format json` has all"
        );
        (count > 0).then(|| Notification { level: "warning", message: Message::from(message), locations: None })
    }
}

/// A text; with Markdown, where a reader can show it.
#[derive(Serialize)]
struct Message<'a> {
    text: std::borrow::Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<&'a str>,
}

impl<'a> Message<'a> {
    fn of(text: &'a str) -> Self {
        Message { text: text.into(), markdown: None }
    }
}

impl From<String> for Message<'_> {
    fn from(text: String) -> Self {
        Message { text: text.into(), markdown: None }
    }
}
