//! From what the rules said to what people read: which finding stands for another, which are shown, in which order.

use crate::excerpt::Excerpt;
use crate::extract::PolicySite;
use crate::finding::{Finding, Mark, Problem, Replacement, RuleId};
use crate::rules::Entry;
use crate::settings::Settings;
use crate::source::{Origin, SourceFile, Span};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt::Write as _;
use xxhash_rust::xxh3::xxh3_128;

/// A problem with the rule that found it and the policy in which it stands.
pub(crate) struct Judged<'f> {
    pub(crate) entry: &'static Entry,
    pub(crate) problem: Problem,
    pub(crate) site: Option<&'f PolicySite>,
}

impl Judged<'_> {
    fn is_pedantic(&self) -> bool {
        self.problem.pedantic || self.entry.doc.pedantic
    }

    /// True if this stands for `other`: its rule is one that the other's yields to, and it covers the bytes that are wrong.
    fn covers(&self, other: &Judged<'_>, settings: &Settings) -> bool {
        let at = &other.problem.at.at;
        let inside = |origin: &Origin| origin.at.file == at.file && origin.at.span.contains(at.span);
        other.entry.doc.yields_to.contains(&self.entry.doc.id)
            && (settings.pedantic || !self.is_pedantic() || other.is_pedantic())
            && (inside(&self.problem.at) || self.problem.labels.iter().any(|label| inside(&label.at)))
    }
}

/// The order of a run: path, place (the wider first), rule.
pub(crate) fn order(a: &Finding, b: &Finding) -> Ordering {
    let key = |finding: &Finding| {
        let region = finding.primary.region;
        (region.byte, u64::MAX - region.byte_len, finding.rule)
    };
    a.path.cmp(&b.path).then_with(|| key(a).cmp(&key(b))).then_with(|| a.message.cmp(&b.message))
}

/// The findings of a file that are to be shown, in order, and how many only `--pedantic` would show.
pub(crate) fn findings(judged: Vec<Judged<'_>>, file: &SourceFile<'_>, settings: &Settings) -> (Vec<Finding>, usize) {
    let shadowed: Vec<bool> = shadowed(&judged, settings);
    let mut hidden = 0;
    let mut findings = Vec::new();
    for (problem, shadowed) in judged.into_iter().zip(shadowed) {
        if shadowed || settings.ignores(problem.entry.doc.id, &file.path) {
            continue;
        }
        if problem.is_pedantic() && !settings.pedantic {
            hidden += 1;
            continue;
        }
        findings.push(finding(problem, file, settings));
    }
    findings.sort_by(order);
    number_equals(&mut findings);
    (findings, hidden)
}

/// Which problems others stand for. Asked among the problems of one policy only, so that many policies stay cheap.
fn shadowed(judged: &[Judged<'_>], settings: &Settings) -> Vec<bool> {
    let same = |a: &Judged<'_>, b: &Judged<'_>| match (a.site, b.site) {
        (Some(a), Some(b)) => std::ptr::eq(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    judged
        .chunk_by(same)
        .flat_map(|group| {
            group.iter().map(|problem| {
                let yields = !problem.entry.doc.yields_to.is_empty();
                yields && group.iter().any(|other| other.covers(problem, settings))
            })
        })
        .collect()
}

fn finding(judged: Judged<'_>, file: &SourceFile<'_>, settings: &Settings) -> Finding {
    let Judged { entry, problem, site } = judged;
    let mark = |at: &Origin, text: String| Mark { region: file.region(at.at.span), text };
    let spans: Vec<Span> =
        std::iter::once(&problem.at).chain(problem.labels.iter().map(|label| &label.at)).map(|at| at.at.span).collect();
    let logical_path: Box<str> = site.map_or("", |site| &site.path).into();
    let ceiling = entry.doc.confidence;
    Finding {
        path: file.path.clone(),
        rule: RuleId(entry.doc.id),
        severity: settings.severity.get(entry.doc.id).copied().unwrap_or(entry.doc.severity),
        confidence: if problem.certain { ceiling } else { ceiling.lowered() },
        fingerprint: fingerprint(entry.doc.id, file, &logical_path, sid(site, &problem.at), &spans),
        excerpt: settings.excerpts.then(|| Box::new(Excerpt::cut(file, &spans))),
        primary: mark(&problem.at, problem.note),
        labels: problem.labels.into_iter().map(|label| mark(&label.at, label.text)).collect(),
        message: problem.message,
        help: problem.help,
        fix: problem.fix.map(|fix| {
            let edit =
                |edit: crate::finding::Edit| Replacement { region: file.region(edit.at.at.span), text: edit.text };
            (fix.title, fix.edits.into_iter().map(edit).collect())
        }),
        logical_path,
    }
}

/// The `Sid` of the statement in which a place lies.
fn sid<'a>(site: Option<&'a PolicySite>, at: &Origin) -> &'a str {
    let statements = site.map_or(&[][..], |site| &site.policy.statements);
    let statement = statements.iter().find(|statement| statement.origin.at.span.contains(at.at.span));
    statement.and_then(|statement| statement.known_sid()).unwrap_or("")
}

/// `whit/v1`: what a finding is about, and nothing of where it stands in the file: rule, path of the file, way to the
/// policy without list indices, Sid, and the marked texts. A marked object counts by its being there: its text depends on
/// white space and on the order of its keys.
fn fingerprint(rule: &str, file: &SourceFile<'_>, logical_path: &str, sid: &str, spans: &[Span]) -> u128 {
    let mut text = String::new();
    let way = logical_path.split('/').filter(|step| !step.bytes().all(|byte| byte.is_ascii_digit()));
    let _ = write!(text, "whit/v1\0{rule}\0{}\0", file.path);
    way.for_each(|step| {
        let _ = write!(text, "{step}/");
    });
    let _ = write!(text, "\0{sid}");
    for span in spans {
        let marked = file.slice(*span);
        let _ = write!(text, "\0{}", if marked.starts_with(['{', '[']) { "" } else { marked });
    }
    xxh3_128(text.as_bytes())
}

/// Tells equal fingerprints of a file apart by their order.
fn number_equals(findings: &mut [Finding]) {
    let mut seen: HashMap<u128, u32> = HashMap::new();
    for finding in findings {
        let count = seen.entry(finding.fingerprint).or_default();
        if *count > 0 {
            let mut bytes = finding.fingerprint.to_le_bytes().to_vec();
            bytes.extend(count.to_le_bytes());
            finding.fingerprint = xxh3_128(&bytes);
        }
        *count += 1;
    }
}
