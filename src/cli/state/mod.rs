//! A state of the policies: of files, of folders, of a revision of git.

pub(super) mod git;
mod unread;

pub(super) use unread::Unread;

use crate::access::compare::Kind;
use crate::access::evaluate::Document;
use crate::catalog;
use crate::cli::Outcome;
use crate::discover::{Place, Request, discover};
use crate::engine::{UNREAD, Unit};
use crate::extract::{self, Extraction, Fact, PolicySite};
use crate::named;
use crate::policy::{Holder, PolicyKind, Use};
use crate::settings::Settings;
use crate::source::{Disk, FileId, Origin, Overlay, RelPath, SourceFile, Sources};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A policy where it stands.
pub(in crate::cli) struct Site {
    pub(in crate::cli) document: Document,
    pub(in crate::cli) kind: Kind,
    pub(in crate::cli) holder: Option<Holder>,
    /// Where in the file it stands.
    pub(in crate::cli) path: Box<str>,
    /// True for a permissions boundary, an SCP and the like: an Allow in it grants nothing and leaves room.
    pub(in crate::cli) limit: bool,
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
}

/// What there was to compare.
pub(in crate::cli) enum What {
    Path(PathBuf),
    Commit(String),
}

impl What {
    /// Reads a word of the user.
    pub(in crate::cli) fn parse(word: &str, current: &Path) -> Outcome<Self> {
        let path = current.join(word);
        if path.exists() {
            return Ok(What::Path(path));
        }
        git::commit(current, word).map(What::Commit)
    }

    /// True for a file: its name then means nothing.
    pub(in crate::cli) fn is_file(&self) -> bool {
        matches!(self, What::Path(path) if path.is_file())
    }
}

/// Reads the policies.
pub(in crate::cli) fn read(what: &What, current: &Path) -> Outcome<State> {
    let settings = Settings::default();
    match what {
        What::Path(path) => {
            let folder = if path.is_file() { path.parent().unwrap_or(path) } else { path };
            let place = Place { current: folder.to_path_buf(), root: folder.to_path_buf() };
            let name = path.file_name().filter(|_| path.is_file()).map_or(PathBuf::from("."), PathBuf::from);
            let request = Request {
                paths: vec![name],
                no_ignore: false,
                max_file_size: settings.max_file_size,
                threads: 0,
                stdin_name: None,
                output: None,
            };
            let mut found = discover(&place, &request);
            let disk = Disk::new(&place.root);
            named::tell(&mut found.units, &found.asked, &disk, &settings);
            let mut state = sites(&found.units, &disk, &settings);
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
                if !is_module && !extract::looks_relevant(&bytes) {
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
            Ok(sites(&units, &overlay, &settings))
        }
    }
}

fn sites(units: &[Unit], sources: &dyn Sources, settings: &Settings) -> State {
    let mut state = State::default();
    for unit in units {
        let (mut files, mut report) = (Vec::new(), 0);
        for (index, path) in unit.report.iter().chain(&unit.context).enumerate() {
            let bytes = match sources.read(path, settings.max_file_size) {
                Ok(bytes) => bytes,
                Err(error) => {
                    state.unread.push(Unread::whole(path.as_str(), error.to_string()));
                    continue;
                }
            };
            if unit.is_module() || extract::looks_relevant(&bytes) {
                report += usize::from(index < unit.report.len());
                let mut file = SourceFile::new(FileId(index as u32), path.clone(), Cow::Owned(bytes.into_owned()));
                if unit.named {
                    file.guess = extract::guess(&file);
                }
                if unit.named && extract::is_unread(&file) {
                    state.unread.push(Unread::whole(path.as_str(), UNREAD.to_owned()));
                }
                files.push(file);
            }
        }
        let extractions: Vec<Extraction> = if unit.is_module() {
            extract::terraform::extract(&files, report)
        } else {
            let told = files.iter().map(|file| {
                let mut extraction = extract::facts(file);
                extraction.used_as(&unit.uses);
                extraction
            });
            told.collect()
        };
        let paths: Vec<Box<str>> = files.iter().map(|file| file.path.as_str().into()).collect();
        let files = Rc::new(files);
        for (index, (extraction, path)) in extractions.into_iter().zip(&paths).enumerate() {
            state.unread.extend(Unread::of(&extraction, &files, index));
            state.sites.extend(extraction.facts.into_iter().filter_map(|fact| site(fact, path, &files)));
        }
    }
    state
}

fn site(fact: Fact, path: &str, files: &Rc<Vec<SourceFile<'static>>>) -> Option<Site> {
    let files = Rc::clone(files);
    match fact {
        Fact::Policy(site) if site.in_force => {
            let PolicySite { policy, uses, path: inner, .. } = *site;
            let principals = policy.statements.iter().any(|statement| statement.principal.is_some());
            let kind = match uses.first().map(|first| &first.kind) {
                Some(PolicyKind::Trust | PolicyKind::Resource(_)) => Kind::Resource,
                None if principals => Kind::Resource,
                _ => Kind::Identity,
            };
            let wanted = |one: &&Use| match kind {
                Kind::Identity => one.kind == PolicyKind::Identity,
                Kind::Resource => one.kind == PolicyKind::Trust,
            };
            let holder = uses.iter().find(wanted).and_then(|one| one.holder.clone());
            let limit = !uses.is_empty() && uses.iter().all(|one| !one.kind.grants());
            let document = Document { file: path.into(), policy };
            Some(Site { document, kind, holder, path: inner, limit, attached: None, files })
        }
        Fact::Attachment(attachment) => {
            let managed = catalog::managed_policy(&attachment.policy_arn.value)?;
            let policy = extract::managed_document(managed)?;
            Some(Site {
                document: Document { file: path.into(), policy },
                kind: Kind::Identity,
                holder: attachment.holder,
                path: format!("{}/{}", attachment.path, managed.name()).into(),
                limit: false,
                attached: Some(attachment.policy_arn.origin),
                files,
            })
        }
        _ => None,
    }
}
