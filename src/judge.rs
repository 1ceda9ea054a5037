//! From what the rules said to what people read: which finding stands for another, which are shown, in which order.

use crate::excerpt::Excerpt;
use crate::extract::{self, PolicySite};
use crate::finding::{Finding, Mark, Problem, RuleId};
use crate::policy::Statement;
use crate::repair;
use crate::rules::{Entry, Shown};
use crate::settings::Settings;
use crate::source::{FileId, Loc, Origin, SourceFile, Span};
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
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
        self.problem.pedantic || self.entry.doc.shown == Shown::Pedantic
    }

    /// All that the problem rests on.
    fn evidence(&self) -> impl Iterator<Item = &Loc> {
        let labels = self.problem.labels.iter().map(|label| &label.at.at);
        std::iter::once(&self.problem.at.at).chain(labels).chain(self.problem.beyond.iter().map(|at| &at.at))
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

/// What came of the problems of a file.
#[derive(Default)]
pub(crate) struct Outcome {
    /// The findings that are to be shown, in order.
    pub(crate) findings: Vec<Finding>,
    /// How many only `--pedantic` would show.
    pub(crate) hidden: usize,
    /// Findings that are some only if a role of this name asks for MFA.
    pub(crate) awaiting: Vec<(Box<str>, Finding)>,
}

/// Makes findings of the problems of a file.
pub(crate) fn findings(judged: Vec<Judged<'_>>, file: &SourceFile<'_>, settings: &Settings) -> Outcome {
    let shadowed: Vec<bool> = shadowed(&judged, settings);
    let mut outcome = Outcome::default();
    let mut said = HashSet::new();
    for (mut problem, shadowed) in judged.into_iter().zip(shadowed) {
        if shadowed || settings.ignores(problem.entry.doc.id, &file.path) {
            continue;
        }
        // Alternatives that stand in the place of one thing are each judged, and mostly say the same.
        let of = &problem.problem;
        if !said.insert((problem.entry.doc.id, of.at.at, of.message.clone())) {
            continue;
        }
        if problem.is_pedantic() && !settings.pedantic {
            outcome.hidden += 1;
            continue;
        }
        let role = problem.problem.if_role_asks_for_mfa.take();
        let finding = finding(problem, file, settings);
        match role {
            Some(role) => outcome.awaiting.push((role, finding)),
            None => outcome.findings.push(finding),
        }
    }
    outcome.findings.sort_by(order);
    number_equals(&mut outcome.findings);
    outcome
}

/// Which problems others stand for: those whose bytes lie in the evidence of a rule that theirs yields to. Asked among the
/// problems of one policy.
fn shadowed(judged: &[Judged<'_>], settings: &Settings) -> Vec<bool> {
    let same = |a: &Judged<'_>, b: &Judged<'_>| match (a.site, b.site) {
        (Some(a), Some(b)) => std::ptr::eq(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    let mut shadowed = Vec::with_capacity(judged.len());
    for group in judged.chunk_by(same) {
        if group.iter().all(|problem| problem.entry.doc.yields_to.is_empty()) {
            shadowed.extend(std::iter::repeat_n(false, group.len()));
            continue;
        }
        let all = Cover::of(group.iter());
        // What is not shown must not stand for what is.
        let shown = Cover::of(group.iter().filter(|problem| !problem.is_pedantic()));
        shadowed.extend(group.iter().map(|problem| {
            let cover = if settings.pedantic || problem.is_pedantic() { &all } else { &shown };
            problem.entry.doc.yields_to.iter().any(|rule| cover.contains(rule, problem.problem.at.at))
        }));
    }
    shadowed
}

/// The evidence of each rule in a file: starts in order, each with the furthest end so far. A policy can have thousands.
struct Cover(HashMap<(&'static str, FileId), Vec<Span>>);

impl Cover {
    fn of<'j, 'f: 'j>(problems: impl Iterator<Item = &'j Judged<'f>>) -> Self {
        let mut cover: HashMap<(&'static str, FileId), Vec<Span>> = HashMap::new();
        for problem in problems {
            for loc in problem.evidence() {
                cover.entry((problem.entry.doc.id, loc.file)).or_default().push(loc.span);
            }
        }
        for spans in cover.values_mut() {
            spans.sort_unstable();
            let mut furthest = 0;
            for span in spans {
                furthest = furthest.max(span.end);
                span.end = furthest;
            }
        }
        Cover(cover)
    }

    /// True if one of the rule's evidence holds all of a place.
    fn contains(&self, rule: &str, at: Loc) -> bool {
        let Some((_, spans)) = self.0.iter().find(|((id, file), _)| *id == rule && *file == at.file) else {
            return false;
        };
        let begun = spans.partition_point(|span| span.start <= at.span.start);
        spans[..begun].last().is_some_and(|span| span.end >= at.span.end)
    }
}

fn finding(judged: Judged<'_>, file: &SourceFile<'_>, settings: &Settings) -> Finding {
    let Judged { entry, problem, site } = judged;
    let said = |text: String| extract::in_language_of(&file.path, &text).into_owned();
    let mark = |at: &Origin, text: String| Mark { region: file.region(at.at.span), text: said(text) };
    let spans: Vec<Span> =
        std::iter::once(&problem.at).chain(problem.labels.iter().map(|label| &label.at)).map(|at| at.at.span).collect();
    let logical_path: Box<str> = site.map_or("", |site| &site.path).into();
    let ceiling = entry.doc.confidence;
    let statement = statement(site, &problem.at);
    let chosen = statement.is_some_and(|statement| statement.contingent) || problem.is_replaceable();
    let certain = problem.certain && !chosen;
    let sid = statement.and_then(Statement::known_sid).unwrap_or("");
    Finding {
        path: file.path.clone(),
        rule: RuleId(entry.doc.id),
        severity: settings.severity.get(entry.doc.id).copied().unwrap_or(entry.doc.severity),
        confidence: if certain { ceiling } else { ceiling.lowered() },
        fingerprint: fingerprint(entry.doc.id, file, &logical_path, sid, &spans),
        excerpt: settings.excerpts.then(|| Box::new(Excerpt::cut(file, &spans))),
        primary: mark(&problem.at, problem.note),
        labels: problem.labels.into_iter().map(|label| mark(&label.at, label.text)).collect(),
        message: said(problem.message),
        help: said(problem.help),
        fix: problem.fix.and_then(|fix| repair::write_down(fix, file)),
        logical_path,
    }
}

/// The statement in which a place lies.
fn statement<'a>(site: Option<&'a PolicySite>, at: &Origin) -> Option<&'a Statement> {
    let statements = site.map_or(&[][..], |site| &site.policy.statements);
    // They stand in the order of the file.
    let begun = statements.partition_point(|statement| statement.origin.at.span.start <= at.at.span.start);
    let last = statements[..begun].last();
    last.filter(|statement| statement.origin.at.span.contains(at.at.span))
}

/// `whit/v1`: what a finding is about, and nothing of where it stands in the file: rule, path of the file, way to the
/// policy without list indices, Sid, and the marked texts that may be shown. A marked object counts by its being there: its text depends on
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
        // Whoever knows the rest would find a password by trying.
        let counts = !marked.starts_with(['{', '[']) && !file.hides(*span);
        let _ = write!(text, "\0{}", if counts { marked } else { "" });
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
