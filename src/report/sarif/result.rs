//! A finding as a result.

use super::Message;
use super::place::{ArtifactLocation, Location, Region};
use super::rule::level;
use crate::excerpt::Excerpt;
use crate::finding::{Finding, Repair, Replacement};
use crate::rules::RuleSet;
use crate::source::RelPath;
use serde::Serialize;

/// GitHub takes no more locations for a result, with the main one.
const LOCATIONS: usize = 1000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifResult<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message<'a>,
    locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixes: Option<[Fix<'a>; 1]>,
    properties: Properties<'a>,
}

impl<'a> SarifResult<'a> {
    pub(super) fn new(finding: &'a Finding, rules: &RuleSet) -> Self {
        let marked = finding.excerpt.as_deref().and_then(Excerpt::marked);
        let related = finding.labels.iter().take(LOCATIONS - 1).enumerate();
        SarifResult {
            rule_id: finding.rule.0,
            rule_index: rules.place_of(finding.rule.0),
            level: level(finding.severity),
            message: Message::from(message(finding)),
            locations: [Location::primary(&finding.path, &finding.primary, marked, &finding.logical_path)],
            related_locations: related.map(|(index, mark)| Location::related(index + 1, &finding.path, mark)).collect(),
            partial_fingerprints: Fingerprints { whit: format!("{:032x}", finding.fingerprint) },
            fixes: finding.fix.as_ref().map(|repair| [Fix::new(&finding.path, repair)]),
            properties: Properties { severity: finding.severity.as_str(), confidence: finding.confidence.as_str() },
        }
    }
}

/// On one line: what is wrong, what the marked text means, what to do.
fn message(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    if !finding.primary.text.is_empty() {
        text.push_str(" (");
        text.push_str(&finding.primary.text);
        text.push(')');
    }
    if !finding.help.is_empty() {
        text.push_str("; ");
        text.push_str(&finding.help);
    }
    text
}

/// The same finding has the same, whatever moves around it.
#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "whit/v1")]
    whit: String,
}

#[derive(Serialize)]
struct Properties<'a> {
    severity: &'a str,
    confidence: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'a> {
    description: Message<'a>,
    artifact_changes: [ArtifactChange<'a>; 1],
}

impl<'a> Fix<'a> {
    fn new(path: &RelPath, repair: &'a Repair) -> Self {
        let replacement = |edit: &'a Replacement| SarifReplacement {
            deleted_region: Region::new(&edit.region),
            inserted_content: Message::of(&edit.text),
        };
        let artifact_location = ArtifactLocation::new(path);
        let replacements = repair.replacements.iter().map(replacement).collect();
        Fix {
            description: Message::of(&repair.title),
            artifact_changes: [ArtifactChange { artifact_location, replacements }],
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'a> {
    artifact_location: ArtifactLocation,
    replacements: Vec<SarifReplacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifReplacement<'a> {
    deleted_region: Region<'a>,
    inserted_content: Message<'a>,
}
