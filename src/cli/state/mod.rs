//! A state of the policies: of files, of folders, of a revision of git.

pub(super) mod git;
mod items;
mod kinds;
mod linked;
mod unread;

pub(super) use kinds::Kinds;
pub(super) use linked::{Bound, Open};
pub(super) use unread::Unread;

use crate::access::compare::Kind;
use crate::access::evaluate::Document;
use crate::catalog;
use crate::cli::Outcome;
use crate::cli::aws_policy::AwsPolicy;
use crate::discover::{Place, Request, discover};
use crate::engine::{UNREAD, Unit};
use crate::extract::{self, Attachment, Extraction, Fact, PolicySite};
use crate::named;
use crate::policy::{Holder, PolicyKind, Spanned, Use};
use crate::settings::Settings;
use crate::source::{Disk, FileId, Origin, Overlay, RelPath, SourceFile, Sources};
use items::Way;
use linked::{Linked, Names};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A policy where it stands; once for each principal that holds it.
#[derive(Clone)]
pub(in crate::cli) struct Site {
    pub(in crate::cli) document: Document,
    pub(in crate::cli) kind: Kind,
    pub(in crate::cli) holder: Option<Holder>,
    /// Where in the file it stands.
    pub(in crate::cli) path: Box<str>,
    /// The same by the names of the items of lists.
    pub(in crate::cli) way: Way,
    /// True for a permissions boundary, an SCP and the like: an Allow in it grants nothing and leaves room.
    pub(in crate::cli) limit: bool,
    /// True for a trust policy.
    pub(in crate::cli) trust: bool,
    /// Where the holder's name means something: a file or a folder; empty for a name that AWS knows.
    pub(in crate::cli) scope: Box<str>,
    /// True if it is held by principals that are known, and told for each of them.
    pub(in crate::cli) held: bool,
    /// Where it is attached, for what AWS manages.
    pub(in crate::cli) attached: Option<Origin>,
    files: Rc<Vec<SourceFile<'static>>>,
}

impl Site {
    /// The file of an origin.
    pub(in crate::cli) fn file(&self, origin: &Origin) -> Option<&SourceFile<'static>> {
        self.files.iter().find(|file| file.id == origin.at.file)
    }
}

/// Policies, and what could not be read of them.
#[derive(Default)]
pub(in crate::cli) struct State {
    pub(in crate::cli) sites: Vec<Site>,
    pub(in crate::cli) unread: Vec<Unread>,
    /// What cannot be seen before deployment: attached policies, documents.
    pub(in crate::cli) open: Vec<Open>,
    /// The permissions boundaries of principals.
    pub(in crate::cli) bounds: Vec<Bound>,
}

/// What there was to compare.
pub(in crate::cli) enum What {
    Path(PathBuf),
    Commit(String),
    Aws(AwsPolicy),
}

impl What {
    /// Reads a word of the user.
    pub(in crate::cli) fn parse(word: &str, current: &Path) -> Outcome<Self> {
        let path = current.join(word);
        if path.exists() {
            return Ok(What::Path(path));
        }
        git::commit(current, word)
            .map(What::Commit)
            .or_else(|failure| AwsPolicy::find(word).map(What::Aws).ok_or(failure))
    }

    /// True for a file, or what stands in for one: its name then means nothing.
    pub(in crate::cli) fn is_file(&self) -> bool {
        match self {
            What::Path(path) => path.is_file(),
            What::Commit(_) => false,
            What::Aws(_) => true,
        }
    }
}

/// Reads the policies.
pub(in crate::cli) fn read(what: &What, kinds: &Kinds, current: &Path) -> Outcome<State> {
    let settings = Settings::default();
    match what {
        What::Path(path) => {
            let folder = if path.is_file() { path.parent().unwrap_or(path) } else { path };
            let place = Place { current: folder.to_path_buf(), root: folder.to_path_buf() };
            let name = path.file_name().filter(|_| path.is_file()).map_or(PathBuf::from("."), PathBuf::from);
            let request = Request { paths: vec![name], no_ignore: false, threads: 0, stdin_name: None, output: None };
            let mut found = discover(&place, &request);
            let disk = Disk::new(&place.root);
            named::tell(&mut found.units, &found.asked, &disk, &settings);
            let mut state = sites(&found.units, &disk, &settings, kinds);
            let skipped = found.skipped.into_iter().filter(|skipped| skipped.error);
            state.unread.extend(skipped.map(|skipped| Unread::whole(skipped.path.as_str(), skipped.why)));
            Ok(state)
        }
        What::Commit(commit) => {
            let nothing = Disk::new(current);
            let mut overlay = Overlay::over(&nothing);
            let mut modules: BTreeMap<String, Vec<RelPath>> = BTreeMap::new();
            let mut units = Vec::new();
            for (path, bytes) in git::files(&git::top(current)?, commit)? {
                let is_module = extract::terraform::is_terraform(path.file_name());
                if !is_module && !is_relevant(&bytes) {
                    continue;
                }
                overlay.insert(path.clone(), bytes);
                if is_module {
                    modules.entry(path.folder().to_owned()).or_default().push(path);
                } else {
                    units.push(Unit::single(path));
                }
            }
            units.extend(modules.into_values().map(|report| Unit { report, ..Unit::default() }));
            named::tell(&mut units, &[], &overlay, &settings);
            Ok(sites(&units, &overlay, &settings, kinds))
        }
        What::Aws(policy) => {
            let nothing = Disk::new(current);
            let mut overlay = Overlay::over(&nothing);
            let path = RelPath::new(format!("{}.json", policy.name));
            overlay.insert(path.clone(), policy.document().into_bytes());
            Ok(sites(&[Unit::single(path)], &overlay, &settings, kinds))
        }
    }
}

fn sites(units: &[Unit], sources: &dyn Sources, settings: &Settings, kinds: &Kinds) -> State {
    let mut state = State::default();
    let mut linked = Linked::default();
    for unit in units {
        let (mut files, mut report) = (Vec::new(), 0);
        for (index, path) in unit.report.iter().chain(&unit.context).enumerate() {
            let bytes = match sources.read(path, settings.max_file_size) {
                Ok(bytes) => bytes,
                Err(error) if error.may_be_passed_over(unit.named) => continue,
                Err(error) => {
                    state.unread.push(Unread::whole(path.as_str(), error.to_string()));
                    continue;
                }
            };
            if unit.is_module() || is_relevant(&bytes) {
                report += usize::from(index < unit.report.len());
                let mut file = SourceFile::new(FileId(index as u32), path.clone(), Cow::Owned(bytes.into_owned()));
                if unit.named {
                    file.guess = extract::guess(&file);
                }
                file.fills.clone_from(&unit.fills);
                if unit.named && extract::is_unread(&file) {
                    state.unread.push(Unread::whole(path.as_str(), UNREAD.to_owned()));
                }
                files.push(file);
            }
        }
        let extractions: Vec<Extraction> = if unit.is_module() {
            extract::terraform::extract_linked(&files, report)
        } else {
            let told = files.iter().map(|file| {
                let mut extraction = extract::linked_facts(file);
                extraction.used_as(&unit.uses);
                extraction
            });
            told.collect()
        };
        for (file, extraction) in files.iter().zip(&extractions) {
            file.hide(extraction.hidden.clone());
        }
        let paths: Vec<Box<str>> = files.iter().map(|file| file.path.as_str().into()).collect();
        let files = Rc::new(files);
        let mut told = Vec::new();
        let (names, scope) = Names::of(&extractions, &files, unit.is_module());
        for (index, (mut extraction, path)) in extractions.into_iter().zip(&paths).enumerate() {
            state.unread.extend(Unread::of(&extraction, &files, index));
            for fact in &mut extraction.facts {
                if let (Fact::Policy(site), Some(kind)) = (fact, kinds.kind_of(path)) {
                    site.uses.iter_mut().for_each(|used| used.kind = kind.clone());
                }
            }
            let mut own: Vec<Site> = extraction.facts.into_iter().flat_map(|fact| site(fact, path, &files)).collect();
            if let Some(file) = files.get(index) {
                items::name(&mut own, file);
            }
            told.extend(own);
            linked.links.extend(extraction.links.into_iter().map(|link| (index, link)));
        }
        told.iter_mut().for_each(|site| names.settle(site));
        linked.unit(&mut state, told, &names, &scope, &files);
    }
    linked.finish(&mut state);
    state
}

/// True if a file may hold a policy, or a word that stands for one.
fn is_relevant(bytes: &[u8]) -> bool {
    const DOCUMENT: &[u8] = b"PolicyDocument";
    extract::looks_relevant(bytes) || bytes.windows(DOCUMENT.len()).any(|window| window == DOCUMENT)
}

fn site(fact: Fact, path: &str, files: &Rc<Vec<SourceFile<'static>>>) -> Vec<Site> {
    match fact {
        Fact::Policy(site) if site.in_force => {
            let PolicySite { policy, uses, path: inner, .. } = *site;
            let principals = policy.statements.iter().any(|statement| statement.principal.is_some());
            let kind = match uses.first().map(|first| &first.kind) {
                Some(PolicyKind::Trust | PolicyKind::Resource(_)) => Kind::Resource,
                // Those of resources name everybody.
                Some(PolicyKind::ResourceControl | PolicyKind::Endpoint) if principals => Kind::Resource,
                None if principals => Kind::Resource,
                _ => Kind::Identity,
            };
            let wanted = |one: &&Use| match kind {
                Kind::Identity => one.kind == PolicyKind::Identity,
                Kind::Resource => one.kind == PolicyKind::Trust,
            };
            let mut holders: Vec<Option<Holder>> = uses.iter().filter(wanted).map(|one| one.holder.clone()).collect();
            let mut seen = HashSet::new();
            holders.retain(|holder| seen.insert(holder.clone()));
            if holders.is_empty() {
                holders.push(None);
            }
            let limit = !uses.is_empty() && uses.iter().all(|one| !one.kind.grants());
            let trust = uses.iter().any(|one| one.kind == PolicyKind::Trust);
            let document = Document { file: path.into(), policy };
            let one = |holder| Site {
                document: document.clone(),
                kind,
                holder,
                path: inner.clone(),
                way: Way::default(),
                limit,
                trust,
                scope: "".into(),
                held: false,
                attached: None,
                files: Rc::clone(files),
            };
            holders.into_iter().map(one).collect()
        }
        Fact::Attachment(attachment) => {
            let Attachment { holder, policy_arn: Spanned { value, origin }, path: inner } = attachment;
            managed(&value, holder, origin, &inner, path, files).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// A managed policy of AWS where it is attached.
fn managed(
    arn: &str,
    holder: Option<Holder>,
    at: Origin,
    inner: &str,
    path: &str,
    files: &Rc<Vec<SourceFile<'static>>>,
) -> Option<Site> {
    let managed = catalog::managed_policy(arn)?;
    let policy = extract::managed_document(managed)?.clone();
    Some(Site {
        document: Document { file: path.into(), policy },
        kind: Kind::Identity,
        holder,
        path: format!("{inner}/{}", managed.name()).into(),
        way: Way::default(),
        limit: false,
        trust: false,
        scope: "".into(),
        held: false,
        attached: Some(at),
        files: Rc::clone(files),
    })
}
