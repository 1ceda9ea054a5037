//! A rule's page as the description of a rule.

use super::Message;
use crate::finding::{Confidence, Severity};
use crate::rules::RuleDoc;
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifRule<'a> {
    id: &'a str,
    short_description: Message<'a>,
    full_description: Message<'a>,
    help: Message<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<&'a str>,
    default_configuration: Configuration,
    properties: Properties<'a>,
}

impl<'a> SarifRule<'a> {
    /// The rule with the severity that it has in this run.
    pub(super) fn new(doc: &'a RuleDoc<'a>, severity: Severity) -> Self {
        SarifRule {
            id: doc.id,
            short_description: Message::of(doc.title),
            full_description: Message::from(one_line(doc.body.split("\n\n").next().unwrap_or(doc.title))),
            help: Message { text: one_line(doc.section("How to fix")).into(), markdown: Some(doc.body) },
            help_uri: doc.references.first().copied(),
            default_configuration: Configuration { level: level(severity) },
            properties: Properties {
                security_severity: security_severity(severity),
                precision: precision(doc.confidence),
                tags: ["security", doc.category.as_str()],
                equivalents: &doc.equivalents,
            },
        }
    }
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties<'a> {
    #[serde(rename = "security-severity")]
    security_severity: &'static str,
    precision: &'static str,
    tags: [&'a str; 2],
    equivalents: &'a [&'a str],
}

pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// A number in the band of the word: GitHub calls over 9 critical, from 7 high, from 4 medium.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
    }
}

fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
