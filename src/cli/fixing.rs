//! `--fix`, `--unsafe-fixes`, `--diff`: checks, changes and checks again until nothing is left to change.

use super::check::lint_all;
use super::output;
use crate::discover::{Found, Place};
use crate::engine::{self, Run, Unit};
use crate::excerpt::visible::escaped;
use crate::extract;
use crate::finding::{Finding, Severity};
use crate::fix::{self, Choice};
use crate::rules::{self, Category};
use crate::settings::Settings;
use crate::source::{FileId, Overlay, RelPath, SourceFile, Sources, Span};
use similar::TextDiff;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::time::Instant;

/// Rounds after which what still changes is left as it is.
const ROUNDS: usize = 10;

/// What was changed.
pub(super) struct Changed {
    /// The run over what the files have become.
    pub(super) run: Run,
    files: BTreeMap<RelPath, Change>,
    /// Files that are left as they were, and why: a phrase that follows the path.
    left: BTreeMap<RelPath, &'static str>,
}

/// What became of a file.
struct Change {
    old: Vec<u8>,
    new: Vec<u8>,
    /// How many findings were fixed.
    applied: usize,
}

/// Applies fixes in memory.
pub(super) fn fix_all(
    found: &Found,
    overlay: &mut Overlay<'_>,
    settings: &Settings,
    choice: Choice,
    since: Instant,
) -> Changed {
    let mut changed = Changed {
        run: engine::join(lint_all(&found.units, overlay, settings, since)),
        files: BTreeMap::new(),
        left: BTreeMap::new(),
    };
    for _ in 0..ROUNDS {
        let mut of_file: BTreeMap<RelPath, Vec<&Finding>> = BTreeMap::new();
        for finding in changed.run.findings.iter().filter(|finding| finding.fix.is_some()) {
            of_file.entry(finding.path.clone()).or_default().push(finding);
        }
        let mut news = Vec::new();
        for (path, findings) in of_file {
            let Ok(old) = overlay.read(&path, settings.max_file_size).map(std::borrow::Cow::into_owned) else {
                continue;
            };
            if let Some(fixed) = fix::apply(&old, findings, choice) {
                news.push((path, old, fixed));
            }
        }
        if news.is_empty() {
            break;
        }
        for (path, old, fixed) in news {
            overlay.insert(path.clone(), fixed.bytes.clone());
            let change = changed.files.entry(path).or_insert(Change { old, new: Vec::new(), applied: 0 });
            change.new = fixed.bytes;
            change.applied += fixed.applied;
        }
        changed.run = engine::join(lint_all(&found.units, overlay, settings, since));
    }
    keep_whole(found, overlay, settings, since, &mut changed);
    not_utf8(overlay, settings, &mut changed);
    changed
}

/// Takes back what broke a file: a fix that AWS would refuse is none.
fn keep_whole(found: &Found, overlay: &mut Overlay<'_>, settings: &Settings, since: Instant, changed: &mut Changed) {
    let touched = |unit: &&Unit| unit.report.iter().any(|path| changed.files.contains_key(path));
    let units: Vec<Unit> = found.units.iter().filter(touched).cloned().collect();
    if units.is_empty() {
        return;
    }
    // Whether a text can be read does not depend on what the user wants to see.
    let all = Settings {
        pedantic: true,
        select: None,
        ignore: Vec::new(),
        severity: BTreeMap::new(),
        excerpts: false,
        ..settings.clone()
    };
    let mut original = Overlay::over(overlay);
    for (path, change) in &changed.files {
        original.insert(path.clone(), change.old.clone());
    }
    let before = flaws(&engine::join(lint_all(&units, &original, &all, since)));
    let after = flaws(&engine::join(lint_all(&units, overlay, &all, since)));
    let worse = after.into_iter().filter(|(flaw, count)| *count > before.get(flaw).copied().unwrap_or(0));
    let worse: BTreeSet<RelPath> = worse.map(|((path, _), _)| path).collect();
    let mut taken_back = false;
    for path in worse {
        if let Some(change) = changed.files.remove(&path) {
            overlay.insert(path.clone(), change.old);
            changed.left.insert(path, "is left as it was: its fixes together would break it");
            taken_back = true;
        }
    }
    if taken_back {
        changed.run = engine::join(lint_all(&found.units, overlay, settings, since));
    }
}

/// How often each rule says of each file that it cannot be read or will be refused; no rule says it of what was not read.
fn flaws(run: &Run) -> BTreeMap<(RelPath, &'static str), usize> {
    let refused = |finding: &&Finding| {
        rules::find(finding.rule.0).is_some_and(|entry| {
            let validity = entry.doc.category == Category::Validity && entry.doc.severity >= Severity::High;
            validity || !entry.rule.claims().is_empty()
        })
    };
    let told = run.findings.iter().filter(refused).map(|finding| (finding.path.clone(), finding.rule.0));
    let unread = run.skipped.iter().filter(|skipped| skipped.error).map(|skipped| (skipped.path.clone(), ""));
    let mut counts = BTreeMap::new();
    for flaw in told.chain(unread) {
        *counts.entry(flaw).or_default() += 1;
    }
    counts
}

/// Names the files whose findings have no fixes because of how their text is encoded.
fn not_utf8(sources: &dyn Sources, settings: &Settings, changed: &mut Changed) {
    let paths: BTreeSet<&RelPath> = changed.run.findings.iter().map(|finding| &finding.path).collect();
    for path in paths {
        let Ok(bytes) = sources.read(path, settings.max_file_size) else { continue };
        if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
            changed.left.insert(path.clone(), "is UTF-16, which is not fixed: save it as UTF-8");
        }
    }
}

/// A file as a report may show it.
fn shown(path: &RelPath, bytes: &[u8]) -> String {
    let mut file = SourceFile::new(FileId(0), path.clone(), Cow::Borrowed(bytes));
    file.guess = extract::guess(&file);
    file.hide(extract::passwords(&file));
    file.shown(Span::new(0, file.text().len())).into_owned()
}

impl Changed {
    /// True if there is nothing to write.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Shows the changes as a unified diff. Secrets are hidden, as every report hides them.
    ///
    /// # Errors
    /// Those of `out`.
    pub(super) fn diff(&self, place: &Place, out: &mut dyn Write) -> io::Result<()> {
        for (path, Change { old, new, .. }) in &self.files {
            let name = escaped(&place.shown(path)).to_string();
            let (old, new) = (shown(path, old), shown(path, new));
            let diff = TextDiff::from_lines(&old, &new);
            write!(out, "{}", diff.unified_diff().header(&name, &name))?;
        }
        out.flush()
    }

    /// Names the files that are left as they were.
    ///
    /// # Errors
    /// Those of `err`.
    pub(super) fn tell_left(&self, place: &Place, err: &mut dyn Write) -> io::Result<()> {
        for (path, why) in &self.left {
            writeln!(err, "warning: `{}` {why}", escaped(&place.shown(path)))?;
        }
        Ok(())
    }

    /// Writes the changed files, each whole or not at all, and says on `err` what was done; what could not be written, with what
    /// stands there still.
    pub(super) fn write(&mut self, place: &Place, err: &mut dyn Write) -> Vec<(RelPath, Vec<u8>)> {
        let (mut written, mut applied) = (0, 0);
        let mut unwritten = Vec::new();
        for (path, change) in std::mem::take(&mut self.files) {
            match output::replace(&place.root.join(path.as_str()), |file| file.write_all(&change.new)) {
                Ok(()) => {
                    written += 1;
                    applied += change.applied;
                }
                Err(error) => {
                    let _ = writeln!(err, "error: `{}` cannot be written: {error}", escaped(&place.shown(&path)));
                    unwritten.push((path, change.old));
                }
            }
        }
        if written > 0 {
            let findings = if applied == 1 { "finding" } else { "findings" };
            let files = if written == 1 { "file" } else { "files" };
            let _ = writeln!(err, "fixed {applied} {findings} in {written} {files}");
        }
        unwritten
    }
}
