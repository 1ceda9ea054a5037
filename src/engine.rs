//! The pure unit of work ([`lint`]) and what crosses units ([`join`]).

use crate::access::context::moment;
use crate::access::escalation::Joined;
use crate::access::lapse::has_lapsed;
use crate::access::mfa::asks_for_mfa;
use crate::access::role::Role;
use crate::catalog;
use crate::discover::STDIN;
use crate::extract::{self, Extraction, Fact, Flaw, PolicySite};
use crate::finding::{Finding, Problem};
use crate::holders::Holders;
use crate::joints::joints;
use crate::judge::{self, Judged};
use crate::policy::{PolicyKind, Use};
use crate::roles::roles;
use crate::rules::{Bound, Entry, PolicyCx};
use crate::settings::Settings;
use crate::source::{FileId, Fills, RelPath, SourceFile, Sources};
use rayon::prelude::*;
use std::borrow::Cow;

/// A unit of more facts than this is judged by all threads at once.
const FACTS_IN_PARALLEL: usize = 64;

/// Files that are read together: most often one, or the folder of a Terraform module.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// Files that get findings.
    pub report: Vec<RelPath>,
    /// Files that are only read.
    pub context: Vec<RelPath>,
    /// What the documents that the report files consist of are used as, where another unit says so.
    pub uses: Vec<Use>,
    /// What fills in the report files, where another unit says so.
    pub fills: Fills,
    /// The values that all who use this module of Terraform hand to its variables, as a file of them.
    pub given: String,
    /// True for a file that somebody asked for by its name: it is read as what it looks like, if the name does not tell.
    pub named: bool,
}

impl Unit {
    /// A unit of one file.
    pub fn single(path: RelPath) -> Self {
        Unit { report: vec![path], ..Unit::default() }
    }

    /// The values that are handed to this module, as a file beside its own.
    pub(crate) fn given_file<'g>(&self, given: &'g str) -> Option<SourceFile<'g>> {
        let folder = self.report.iter().chain(&self.context).next()?.folder();
        let path = if folder.is_empty() { GIVEN.to_owned() } else { format!("{folder}/{GIVEN}") };
        let id = FileId((self.report.len() + self.context.len()) as u32);
        (!given.is_empty()).then(|| SourceFile::new(id, RelPath::new(path), Cow::Borrowed(given.as_bytes())))
    }

    /// True for a module of Terraform, whose files belong together.
    pub fn is_module(&self) -> bool {
        self.report.iter().chain(&self.context).any(|path| extract::terraform::is_terraform(path.file_name()))
    }
}

/// The name of the file that holds what is handed to a module: it comes after all others.
const GIVEN: &str = "~.auto.tfvars";

/// Why a file that holds policies is not read.
pub(crate) const UNREAD: &str = "was not read: neither its name nor its text tells that it is JSON, YAML or HCL; `--stdin-filename` gives it a name";

/// What came of a unit.
#[derive(Debug, Default)]
pub struct Analysis {
    /// What it tells alone.
    own: Run,
    /// What only all units together can tell.
    keep: Keep,
}

/// What a unit leaves for [`join`].
#[derive(Debug, Default)]
struct Keep {
    /// Roles whose trust policy lets nobody in without MFA, by name.
    mfa_roles: Vec<Box<str>>,
    /// Findings that are some only if such a role is among them.
    awaiting: Vec<(Box<str>, Finding)>,
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

/// A policy that may have statements which only deployment knows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Unseen {
    /// The file.
    pub path: RelPath,
    /// The line of the policy, from 1.
    pub line: u32,
    /// What stands for them, as it is written.
    pub stands_for: Vec<Box<str>>,
}

/// What came of a run, or of a part of one.
#[derive(Debug, Default)]
pub struct Run {
    /// All findings: by path, place and rule.
    pub findings: Vec<Finding>,
    /// All that was not checked, by path.
    pub skipped: Vec<Skipped>,
    /// Policies with statements that were not seen, by path.
    pub unseen: Vec<Unseen>,
    /// Findings that only `--pedantic` shows.
    pub hidden: usize,
    /// Policies found.
    pub policies: usize,
    /// Files whose content was looked at.
    pub files: usize,
}

/// Reads the files of a unit and judges what they tell. Depends on nothing but its arguments.
pub fn lint(unit: &Unit, sources: &dyn Sources, settings: &Settings) -> Analysis {
    let mut analysis = Analysis::default();
    let mut files = Vec::new();
    for (index, path) in unit.report.iter().enumerate() {
        match sources.read(path, settings.max_file_size) {
            Ok(bytes) => {
                analysis.own.files += 1;
                if !settings.scan || extract::looks_relevant(&bytes) {
                    let mut file = SourceFile::new(FileId(index as u32), path.clone(), bytes);
                    file.fills.clone_from(&unit.fills);
                    if unit.named {
                        file.guess = extract::guess(&file);
                    }
                    if unit.named && extract::is_unread(&file) {
                        // Where there is nothing else to check, it is not all right.
                        analysis.skip(path, UNREAD.to_owned(), path.as_str() == STDIN);
                    }
                    files.push(file);
                }
            }
            Err(error) => analysis.skip(path, error.to_string(), !error.may_be_passed_over(unit.named)),
        }
    }
    if unit.is_module() && !files.is_empty() {
        lint_module(unit, files, sources, settings, &mut analysis);
    } else {
        for file in &files {
            let mut extraction = extract::facts(file);
            extraction.used_as(&unit.uses);
            override_kinds(&mut extraction, file, settings);
            mark_lapsed(&mut extraction, settings);
            let told = [(&file.path, &extraction)];
            let roles = roles(&told);
            let joints = joints(&told, &roles);
            let around = Around { roles: &roles, joined: &Joined::of(&joints, &roles) };
            lint_file(file, &extraction, around, settings, &mut analysis);
        }
    }
    analysis
}

/// The files of a module of Terraform are read together: what one names, another declares.
fn lint_module<'s>(
    unit: &'s Unit,
    mut files: Vec<SourceFile<'s>>,
    sources: &'s dyn Sources,
    settings: &Settings,
    analysis: &mut Analysis,
) {
    let telling = files.len();
    let others = unit.report.iter().chain(&unit.context).enumerate();
    let others = others.filter(|(index, _)| files.iter().all(|file| file.id != FileId(*index as u32)));
    // What cannot be read of the context leaves values unknown, and is told where it is asked for.
    let others = others.filter_map(|(index, path)| {
        let bytes = sources.read(path, settings.max_file_size).ok()?;
        Some(SourceFile::new(FileId(index as u32), path.clone(), bytes))
    });
    let others: Vec<_> = others.collect();
    files.extend(others);
    files.extend(unit.given_file(&unit.given));
    let mut extractions = extract::terraform::extract_all(&files);
    for (file, extraction) in files.iter().zip(&mut extractions) {
        override_kinds(extraction, file, settings);
        mark_lapsed(extraction, settings);
    }
    let told: Vec<_> = files.iter().map(|file| &file.path).zip(&extractions).collect();
    let roles = roles(&told);
    let joints = joints(&told, &roles);
    let around = Around { roles: &roles, joined: &Joined::of(&joints, &roles) };
    for (file, extraction) in files.iter().zip(&extractions).take(telling) {
        lint_file(file, extraction, around, settings, analysis);
    }
}

/// Puts the units together. The result does not depend on their order.
pub fn join(analyses: impl IntoIterator<Item = Analysis>) -> Run {
    let mut run = Run::default();
    let mut kept = Keep::default();
    for Analysis { own, keep } in analyses {
        kept.mfa_roles.extend(keep.mfa_roles);
        kept.awaiting.extend(keep.awaiting);
        run.findings.extend(own.findings);
        run.skipped.extend(own.skipped);
        run.unseen.extend(own.unseen);
        run.hidden += own.hidden;
        run.policies += own.policies;
        run.files += own.files;
    }
    let asked = kept.awaiting.into_iter().filter(|(role, _)| kept.mfa_roles.contains(role));
    run.findings.extend(asked.map(|(_, finding)| finding));
    run.findings.sort_by(judge::order);
    run.skipped.sort();
    run.unseen.sort();
    run
}

impl Analysis {
    fn skip(&mut self, path: &RelPath, why: String, error: bool) {
        self.own.skipped.push(Skipped { path: path.clone(), why, error });
    }
}

/// What the policies of a unit are judged among.
#[derive(Clone, Copy)]
struct Around<'u> {
    roles: &'u [Role<'u>],
    joined: &'u Joined<'u>,
}

fn lint_file(
    file: &SourceFile<'_>,
    extraction: &Extraction,
    around: Around<'_>,
    settings: &Settings,
    analysis: &mut Analysis,
) {
    file.hide(extraction.hidden.clone());
    if let Some(at) = file.invalid.filter(|_| !extraction.facts.is_empty()) {
        let why = format!("is not UTF-8 at byte {at}: what follows may be misread; save the file as UTF-8");
        analysis.skip(&file.path, why, true);
    }
    if extraction.broken {
        analysis.skip(
            &file.path,
            format!("{}: only what could be read was checked", extract::broken(file, extraction)),
            true,
        );
    }
    if extraction.unfinished {
        let why = "is a template that another program fills in: what cannot be read before it does was not checked";
        analysis.skip(&file.path, why.to_owned(), false);
    }
    analysis.own.policies += extraction.facts.iter().filter(|fact| matches!(fact, Fact::Policy(_))).count();
    analysis.own.unseen.extend(extraction.facts.iter().filter_map(|fact| unseen(fact, file)));
    let facts = &extraction.facts;
    let holders = Holders::of(extraction);
    let judged: Vec<Judged<'_>> = if facts.len() > FACTS_IN_PARALLEL {
        facts.par_iter().flat_map_iter(|fact| judge_fact(fact, &holders, around, settings)).collect()
    } else {
        facts.iter().flat_map(|fact| judge_fact(fact, &holders, around, settings)).collect()
    };
    let outcome = judge::findings(judged, file, settings);
    analysis.own.findings.extend(outcome.findings);
    analysis.own.hidden += outcome.hidden;
    analysis.keep.awaiting.extend(outcome.awaiting);
    analysis.keep.mfa_roles.extend(mfa_roles(facts));
}

/// What a policy does not show of its statements.
fn unseen(fact: &Fact, file: &SourceFile<'_>) -> Option<Unseen> {
    let Fact::Policy(site) = fact else { return None };
    let policy = Some(&site.policy).filter(|policy| policy.open && site.in_force)?;
    let line = file.lines().line_of(policy.origin.at.span.start);
    Some(Unseen { path: file.path.clone(), line, stands_for: policy.unseen.clone() })
}

/// The roles of a file whose trust policy lets nobody in without MFA.
fn mfa_roles(facts: &[Fact]) -> impl Iterator<Item = Box<str>> + '_ {
    let sites = facts.iter().filter_map(|fact| match fact {
        Fact::Policy(site) if site.in_force => Some(site),
        _ => None,
    });
    sites.flat_map(|site| {
        let trust = site.uses.iter().filter(|used| used.kind == PolicyKind::Trust && asks_for_mfa(&site.policy));
        trust.filter_map(|used| Some(used.holder.as_ref()?.name.clone()))
    })
}

/// Marks the statements that hold no more. Where the user names no time, the catalogue's date has passed for certain.
fn mark_lapsed(extraction: &mut Extraction, settings: &Settings) {
    let Some(now) = settings.now.or_else(|| moment(catalog::DATE)) else { return };
    for fact in &mut extraction.facts {
        if let Fact::Policy(site) = fact {
            for statement in &mut site.policy.statements {
                statement.lapsed = has_lapsed(statement, now);
            }
        }
    }
}

/// The config knows better what the policies of a file are.
fn override_kinds(extraction: &mut Extraction, file: &SourceFile<'_>, settings: &Settings) {
    let Some(kind) = settings.kind_of(&file.path) else { return };
    for fact in &mut extraction.facts {
        if let Fact::Policy(site) = fact {
            for used in &mut site.uses {
                used.kind = kind.clone();
            }
        }
    }
}

/// Asks every selected rule about a fact.
fn judge_fact<'f>(fact: &'f Fact, holders: &Holders<'f>, around: Around<'_>, settings: &Settings) -> Vec<Judged<'f>> {
    let entries = || settings.rules.iter().filter(|entry| settings.selects(entry.doc.id));
    let mut judged = Vec::new();
    let mut problems = Vec::new();
    let mut take = |entry: &'static Entry, site: Option<&'f PolicySite>, problems: &mut Vec<Problem>| {
        // Most rules find nothing.
        if !problems.is_empty() {
            judged.extend(problems.drain(..).map(|problem| Judged { entry, problem, site }));
        }
    };
    let mut flaw = |flaw: &Flaw, site: Option<&'f PolicySite>| {
        for entry in entries().filter(|entry| entry.rule.claims().contains(&flaw.kind)) {
            entry.rule.flaw(flaw, &mut problems);
            take(entry, site, &mut problems);
        }
    };
    match fact {
        Fact::Flaw(of_file) => flaw(of_file, None),
        Fact::Policy(site) => {
            if site.in_force {
                site.flaws.iter().for_each(|of_policy| flaw(of_policy, Some(site)));
                let bound = Bound::of(site, holders.denies(site));
                let cx = PolicyCx::new(site, settings, &bound, around.roles, around.joined.at(site));
                for entry in entries() {
                    entry.rule.policy(&cx, &mut problems);
                    take(entry, Some(site), &mut problems);
                }
            }
        }
        _ => {
            for entry in entries() {
                entry.rule.fact(fact, settings, &mut problems);
                take(entry, None, &mut problems);
            }
        }
    }
    if let Fact::Attachment(attachment) = fact {
        let judging = entries().filter(|entry| entry.rule.judges_attached(settings)).collect::<Vec<_>>();
        let attached = if judging.is_empty() { None } else { extract::attached_policy(attachment) };
        if let Some(site) = attached {
            let bound = Bound::of(&site, holders.denies_of(attachment.holder.as_ref()));
            let cx = PolicyCx::new(&site, settings, &bound, around.roles, &[]);
            for entry in judging {
                entry.rule.policy(&cx, &mut problems);
                // All stand for what is attached: one is enough.
                let arn = &attachment.policy_arn;
                let first = problems.drain(..).next().map(|problem| problem.of_attached(&arn.value, &arn.origin));
                judged.extend(first.map(|problem| Judged { entry, problem, site: None }));
            }
        }
    }
    judged
}
