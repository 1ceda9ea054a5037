//! Which files make which units: walks folders, honours `.gitignore`, and notes what was skipped and why.
//!
//! Nothing is read here but the names of files. The result is sorted and free of duplicates, whatever the order
//! of the arguments and of the folders on the disk.

use crate::engine::{Skipped, Unit};
use crate::extract::terraform::{is_terraform, is_values};
use crate::source::RelPath;
use ignore::{DirEntry, WalkBuilder, WalkState};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, FileType};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc;

/// The name of standard input among the arguments.
pub const STDIN: &str = "-";

/// Where the run stands.
#[derive(Clone, Debug)]
pub struct Place {
    /// The current folder: arguments are relative to it.
    pub current: PathBuf,
    /// The root: paths of findings are relative to it.
    pub root: PathBuf,
}

impl Place {
    /// The root is the nearest folder, from the current one upward, that holds `.git` or `whit.toml`; else the current one.
    pub fn find(current: PathBuf) -> Self {
        let is_root = |folder: &&Path| folder.join(".git").exists() || folder.join("whit.toml").exists();
        let root = current.ancestors().find(is_root).unwrap_or(&current).to_path_buf();
        Place { current, root }
    }

    /// An argument as a full path without `.` and `..`. The links in it stay, so that people find the name they wrote,
    /// but for a link before a `..`: what lies above it is above its target.
    pub fn full(&self, path: &Path) -> PathBuf {
        let mut full = PathBuf::new();
        for part in self.current.join(path).components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => {
                    if let Ok(target) = fs::read_link(&full).and_then(|_| fs::canonicalize(&full)) {
                        full = target;
                    }
                    full.pop();
                }
                part => full.push(part),
            }
        }
        full
    }

    /// A full path as findings name it: below the root if it lies there, full otherwise.
    ///
    /// # Errors
    /// The path, with the unreadable parts replaced, if it is not UTF-8.
    pub fn relative(&self, full: &Path) -> Result<RelPath, RelPath> {
        self.named(full, |folder| fs::canonicalize(folder).ok())
    }

    /// [`Place::relative`], with `real` to tell which folder a path with links in it leads to.
    fn named(&self, full: &Path, real: impl FnOnce(&Path) -> Option<PathBuf>) -> Result<RelPath, RelPath> {
        // Nearly all lie below the root as it is written: taking paths apart is for the others.
        let as_written =
            |path: &Path| Some(path.to_str()?.strip_prefix(self.root.to_str()?)?.strip_prefix('/')?.into());
        let below =
            |path: &Path| as_written(path).map_or_else(|| path.strip_prefix(&self.root).map(Path::to_path_buf), Ok);
        // The shell may know the current folder by a name with links in it, the system gives it without.
        let through_links = || {
            let (folder, name) = (full.parent()?, full.file_name()?);
            below(&real(folder)?.join(name)).ok()
        };
        let path = below(full).ok().or_else(through_links).unwrap_or_else(|| full.to_path_buf());
        path.to_str().map(with_slashes).ok_or_else(|| with_slashes(&path.to_string_lossy()))
    }

    /// The way from the root to the current folder: empty where they are one, and with a `/` at its end elsewhere.
    pub fn prefix(&self) -> String {
        let below = self.current.strip_prefix(&self.root).unwrap_or(Path::new(""));
        below.components().map(|part| format!("{}/", part.as_os_str().to_string_lossy())).collect()
    }

    /// A path as people see it from the current folder.
    pub fn shown(&self, path: &RelPath) -> String {
        let (prefix, path) = (self.prefix(), path.as_str());
        if Path::new(path).is_absolute() || path == STDIN {
            return path.to_owned();
        }
        // Up from the folders that the two do not share, down to the file.
        let shared = prefix.split_inclusive('/').zip(path.split_inclusive('/')).take_while(|(a, b)| a == b);
        let shared: usize = shared.map(|(folder, _)| folder.len()).sum();
        let up = prefix.get(shared..).map_or(0, |rest| rest.matches('/').count());
        format!("{}{}", "../".repeat(up), path.get(shared..).unwrap_or(path))
    }
}

fn with_slashes(path: &str) -> RelPath {
    if cfg!(windows) { RelPath::new(path.replace('\\', "/")) } else { RelPath::new(path) }
}

/// What is to be looked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Files, folders and `-`, as the user wrote them.
    pub paths: Vec<PathBuf>,
    /// Read what `.gitignore` files exclude, too.
    pub no_ignore: bool,
    /// Threads that walk; 0 leaves it to the machine.
    pub threads: usize,
    /// The name under which standard input is checked.
    pub stdin_name: Option<PathBuf>,
    /// The file that the report is written to: a report quotes policies, and is none.
    pub output: Option<PathBuf>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// One unit for each file, or for each module of Terraform, sorted.
    pub units: Vec<Unit>,
    /// What will not be checked.
    pub skipped: Vec<Skipped>,
    /// Modules of Terraform above what was asked for: they may name its files.
    pub asked: Vec<Unit>,
    /// Files that the user named one by one.
    pub named: BTreeSet<RelPath>,
    /// Files of `units` that can be read only once, and from where: they have to be laid over the disk.
    pub streams: BTreeMap<RelPath, Stream>,
}

/// What can be read only once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stream {
    /// Standard input.
    Stdin,
    /// A FIFO or a device that the user named.
    Path(PathBuf),
}

/// What a walk or an argument came to.
enum Pick {
    File(PathBuf),
    Skip { path: PathBuf, why: String, error: bool },
}

/// Finds the files to check.
pub fn discover(place: &Place, request: &Request) -> Found {
    let mut found = Found::default();
    let mut picks = Vec::new();
    let mut folders = Vec::new();
    for path in &request.paths {
        if path.as_os_str() == STDIN {
            let name = request.stdin_name.as_ref().map(|name| place.relative(&place.full(name)));
            let name = name.unwrap_or_else(|| Ok(RelPath::new(STDIN))).unwrap_or_else(|lossy| lossy);
            found.streams.insert(name, Stream::Stdin);
            continue;
        }
        let full = place.full(path);
        match fs::metadata(&full) {
            Ok(data) if data.is_dir() => folders.push(full),
            Ok(data) if data.is_file() && data.len() == 0 && is_json(&full) => {
                picks.push(Pick::Skip { path: full, why: EMPTY.to_owned(), error: true });
            }
            Ok(data) if data.is_file() => {
                found.named.extend(place.relative(&full));
                picks.push(Pick::File(full));
            }
            Ok(_) => match place.relative(&full) {
                Ok(name) => drop(found.streams.insert(name, Stream::Path(full))),
                Err(_) => picks.push(Pick::File(full)),
            },
            Err(error) => picks.push(unreadable(full, &error)),
        }
    }
    walk(place, request, &folders, &mut picks);
    let mut files: Vec<RelPath> = found.streams.keys().cloned().collect();
    found.named.extend(files.iter().cloned());
    // The system is asked once for each folder.
    let mut known: HashMap<PathBuf, Option<PathBuf>> = HashMap::new();
    let mut real =
        |folder: &Path| known.entry(folder.to_path_buf()).or_insert_with(|| fs::canonicalize(folder).ok()).clone();
    for pick in picks {
        match pick {
            Pick::File(path) => match place.named(&path, &mut real) {
                Ok(path) => files.push(path),
                Err(path) => found.skipped.push(Skipped { path, why: NOT_UTF8.to_owned(), error: true }),
            },
            Pick::Skip { path, why, error } => {
                let path = place.named(&path, &mut real).unwrap_or_else(|lossy| lossy);
                found.skipped.push(Skipped { path, why, error });
            }
        }
    }
    files.sort_unstable();
    files.dedup();
    found.units = units(place, files);
    for unit in &mut found.units {
        unit.named = unit.report.iter().any(|path| found.named.contains(path));
    }
    found.asked = modules_above(place, &request.paths, &found.units);
    found.skipped.sort_unstable();
    found.skipped.dedup();
    found
}

/// A unit for each file, but one for all files of a module of Terraform; its files that are not to be checked are read too.
fn units(place: &Place, files: Vec<RelPath>) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut modules: BTreeMap<String, usize> = BTreeMap::new();
    for file in files {
        let folder = file.folder().to_owned();
        match modules.get(&folder).and_then(|module| units.get_mut(*module)) {
            Some(module) if is_terraform(file.file_name()) => module.report.push(file),
            _ => {
                if is_terraform(file.file_name()) {
                    modules.insert(folder, units.len());
                }
                units.push(Unit::single(file));
            }
        }
    }
    for (folder, module) in modules {
        let Some(unit) = units.get_mut(module) else { continue };
        unit.context = module_files(place, &folder);
        unit.context.retain(|path| !unit.report.contains(path));
    }
    units
}

/// The files of Terraform in a folder and the values that it gives to them, sorted.
fn module_files(place: &Place, folder: &str) -> Vec<RelPath> {
    let entries = fs::read_dir(place.root.join(folder)).into_iter().flatten().filter_map(Result::ok);
    let terraform = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok().filter(|name| is_terraform(name) || is_values(name))?;
        entry.file_type().is_ok_and(|kind| kind.is_file()).then_some(name)
    });
    let paths = terraform.map(|name| RelPath::new(if folder.is_empty() { name } else { format!("{folder}/{name}") }));
    let mut paths: Vec<RelPath> = paths.collect();
    paths.sort_unstable();
    paths
}

/// A module names files of its own folder and of folders below it, mostly not deeper than this.
const FOLDERS_ABOVE: usize = 3;

/// The modules in the folders above the arguments, as far as the run does not check them.
fn modules_above(place: &Place, paths: &[PathBuf], units: &[Unit]) -> Vec<Unit> {
    let mut folders = BTreeSet::new();
    for path in paths.iter().filter(|path| path.as_os_str() != STDIN) {
        let full = place.full(path);
        let above =
            full.ancestors().skip(1).take(FOLDERS_ABOVE).filter_map(|folder| folder.strip_prefix(&place.root).ok());
        folders.extend(above.filter_map(Path::to_str).map(with_slashes));
    }
    let known: BTreeSet<&str> =
        units.iter().filter(|unit| unit.is_module()).filter_map(|unit| Some(unit.report.first()?.folder())).collect();
    let others = folders.iter().filter(|folder| !known.contains(folder.as_str()));
    let modules = others.map(|folder| Unit { context: module_files(place, folder.as_str()), ..Unit::default() });
    modules.filter(Unit::is_module).collect()
}

/// A policy that was to come and did not: a command that failed before a pipe, a file that was never written.
pub(crate) const EMPTY: &str = "is empty: there is nothing to check";

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

const NOT_UTF8: &str = "has a name that is not UTF-8, which no report can show; rename it";

fn unreadable(path: PathBuf, error: &io::Error) -> Pick {
    Pick::Skip { path, why: format!("cannot be read: {error}"), error: true }
}

fn walk(place: &Place, request: &Request, folders: &[PathBuf], picks: &mut Vec<Pick>) {
    let Some((first, others)) = folders.split_first() else { return };
    let mut builder = WalkBuilder::new(first);
    for folder in others {
        builder.add(folder);
    }
    let respect = !request.no_ignore;
    builder
        .current_dir(&place.current)
        .threads(request.threads)
        .skip_stdout(true)
        // Credentials and pipelines live in hidden files.
        .hidden(false)
        // What git ignores, and nothing else: `.ignore` files are for search tools.
        .ignore(false)
        .parents(respect)
        .git_ignore(respect)
        .git_exclude(respect)
        .git_global(respect)
        // An exported tree without `.git` is the same tree.
        .require_git(false)
        .filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".git");
    let output = request.output.as_ref().map(|path| place.full(path));
    let (sender, receiver) = mpsc::channel();
    builder.build_parallel().run(|| {
        let (sender, output) = (sender.clone(), &output);
        Box::new(move |entry| {
            let pick = match entry {
                Ok(entry) if output.as_deref() == Some(entry.path()) => None,
                Ok(entry) => judge(entry),
                Err(error) => blame(error, None),
            };
            // The receiver outlives the walk: sending cannot fail.
            pick.into_iter().for_each(|pick| drop(sender.send(pick)));
            WalkState::Continue
        })
    });
    drop(sender);
    picks.extend(receiver);
}

/// What to do with an entry of a walk. It opens nothing: a FIFO would wait for ever.
fn judge(entry: DirEntry) -> Option<Pick> {
    let kind = entry.file_type()?;
    if kind.is_dir() {
        return None;
    }
    if !kind.is_file() {
        let why = format!("is {}; name it to check it", name_of(kind));
        return Some(Pick::Skip { path: entry.into_path(), why, error: false });
    }
    Some(Pick::File(entry.into_path()))
}

fn name_of(kind: FileType) -> &'static str {
    if kind.is_symlink() { "a symbolic link" } else { "no regular file" }
}

/// The file and the reason that an error of the walk speaks of; a flaw in a `.gitignore` file is not ours to report.
fn blame(error: ignore::Error, path: Option<PathBuf>) -> Option<Pick> {
    match error {
        ignore::Error::WithPath { path, err } => blame(*err, Some(path)),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => blame(*err, path),
        ignore::Error::Io(error) => Some(unreadable(path?, &error)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(current: &str, root: &str) -> Place {
        Place { current: current.into(), root: root.into() }
    }

    #[test]
    fn a_path_is_shown_from_the_current_folder() {
        for (current, path, shown) in [
            ("/r", "a/b.json", "a/b.json"),
            ("/r/a", "a/b.json", "b.json"),
            ("/r/a", "ab/c.json", "../ab/c.json"),
            ("/r/a/b", "a/c/d.json", "../c/d.json"),
            ("/r/a", "/elsewhere/x.json", "/elsewhere/x.json"),
            ("/r/a", "-", "-"),
        ] {
            assert_eq!(place(current, "/r").shown(&RelPath::new(path)), shown, "{path} from {current}");
        }
    }

    #[test]
    fn arguments_become_full_paths_without_dots() {
        let place = place("/nowhere/r/a", "/nowhere/r");
        for (argument, full) in
            [("x", "/nowhere/r/a/x"), ("./x/.", "/nowhere/r/a/x"), ("../b//y", "/nowhere/r/b/y"), ("/z", "/z")]
        {
            assert_eq!(place.full(Path::new(argument)), Path::new(full), "{argument}");
        }
        assert_eq!(place.relative(Path::new("/nowhere/r/b/y")), Ok(RelPath::new("b/y")));
        assert_eq!(place.relative(Path::new("/z")), Ok(RelPath::new("/z")));
    }
}
