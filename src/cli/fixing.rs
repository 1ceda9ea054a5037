//! `--fix`, `--unsafe-fixes`, `--diff`: checks, changes and checks again until nothing is left to change.

use super::check::lint_all;
use super::output;
use crate::discover::{Found, Place};
use crate::engine::{self, Run};
use crate::excerpt::visible::escaped;
use crate::finding::{Finding, Severity};
use crate::fix::{self, Choice};
use crate::rules::{self, Category};
use crate::settings::Settings;
use crate::source::{Overlay, RelPath, Sources};
use similar::TextDiff;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Instant;

/// Rounds after which what still changes is left as it is.
const ROUNDS: usize = 10;

/// What was changed.
pub(super) struct Changed {
    /// The run over what the files have become.
    pub(super) run: Run,
    /// Old and new bytes of each changed file.
    files: BTreeMap<RelPath, (Vec<u8>, Vec<u8>)>,
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
        applied: 0,
    };
    let before = broken(&changed.run);
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
                changed.applied += fixed.applied;
                news.push((path, old, fixed.bytes));
            }
        }
        if news.is_empty() {
            break;
        }
        for (path, old, new) in news {
            overlay.insert(path.clone(), new.clone());
            changed.files.entry(path).or_insert_with(|| (old, Vec::new())).1 = new;
        }
        changed.run = engine::join(lint_all(&found.units, overlay, settings, since));
    }
    keep_whole(&before, found, overlay, settings, since, &mut changed);
    changed
}

/// Takes back what broke a file: a fix that AWS would refuse is none.
fn keep_whole(
    before: &BTreeMap<RelPath, usize>,
    found: &Found,
    overlay: &mut Overlay<'_>,
    settings: &Settings,
    since: Instant,
    changed: &mut Changed,
) {
    let after = broken(&changed.run);
    let worse: Vec<RelPath> = after
        .into_iter()
        .filter(|(path, count)| *count > before.get(path).copied().unwrap_or(0))
        .map(|(path, _)| path)
        .collect();
    let mut taken_back = false;
    for path in worse {
        if let Some((old, _)) = changed.files.remove(&path) {
            overlay.insert(path, old);
            taken_back = true;
        }
    }
    if taken_back {
        changed.run = engine::join(lint_all(&found.units, overlay, settings, since));
    }
}

/// How many findings say of each file that it cannot be read or will be refused.
fn broken(run: &Run) -> BTreeMap<RelPath, usize> {
    let mut counts = BTreeMap::new();
    for finding in &run.findings {
        let category = rules::find(finding.rule.0).map(|entry| entry.doc.category);
        let of_the_text = ["duplicate-key", "unknown-element"].contains(&finding.rule.0);
        if category == Some(Category::Validity) && (finding.severity >= Severity::High || of_the_text) {
            *counts.entry(finding.path.clone()).or_default() += 1;
        }
    }
    counts
}

impl Changed {
    /// True if there is nothing to write.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Shows the changes as a unified diff.
    ///
    /// # Errors
    /// Those of `out`.
    pub(super) fn diff(&self, place: &Place, out: &mut dyn Write) -> io::Result<()> {
        for (path, (old, new)) in &self.files {
            let name = escaped(&place.shown(path)).to_string();
            let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
            let diff = TextDiff::from_lines(&old, &new);
            write!(out, "{}", diff.unified_diff().header(&name, &name))?;
        }
        out.flush()
    }

    /// Writes the changed files, each whole or not at all, and says on `err` what was done; true if all could be written.
    pub(super) fn write(&self, place: &Place, err: &mut dyn Write) -> bool {
        let mut written = 0;
        for (path, (_, new)) in &self.files {
            match output::replace(&place.root.join(path.as_str()), |file| file.write_all(new)) {
                Ok(()) => written += 1,
                Err(error) => {
                    let _ = writeln!(err, "error: `{}` cannot be written: {error}", escaped(&place.shown(path)));
                }
            }
        }
        if written > 0 {
            let (fixes, files) =
                (if self.applied == 1 { "finding" } else { "findings" }, if written == 1 { "file" } else { "files" });
            let _ = writeln!(err, "fixed {} {fixes} in {written} {files}", self.applied);
        }
        written == self.files.len()
    }
}
