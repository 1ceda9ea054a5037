//! What the modules of a run hand to the modules in the folders below them: a value where all who use a module agree on it.
//!
//! Only those count that stand above the module: a run over one file finds them as a run over all does.

use crate::engine::Unit;
use crate::extract::terraform::{Arguments, arguments_of_modules};
use crate::settings::Settings;
use crate::source::{FileId, RelPath, SourceFile, Sources};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Fewer folders are read one after the other.
const FOLDERS_IN_PARALLEL: usize = 16;

/// Tells the modules among the units what those above them hand to their variables.
pub fn tell(units: &mut [Unit], asked: &[Unit], sources: &dyn Sources, settings: &Settings) {
    let folder = |unit: &Unit| unit.report.iter().chain(&unit.context).next().map(|path| path.folder().to_owned());
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate().filter(|(_, unit)| unit.is_module()) {
        places.extend(folder(unit).map(|folder| (folder, index)));
    }
    let others = asked.iter().filter_map(|unit| Some((folder(unit)?, unit)));
    let others: BTreeMap<String, &Unit> = others.filter(|(folder, _)| !places.contains_key(folder)).collect();
    let mut all: Vec<&String> = places.keys().chain(others.keys()).collect();
    // Whoever hands on what it was handed stands above; those of one depth have nothing to do with one another.
    let depth = |folder: &str| folder.matches('/').count() + usize::from(!folder.is_empty());
    all.sort_by_key(|folder| depth(folder));
    let mut handed: BTreeMap<String, Vec<Arguments>> = BTreeMap::new();
    for level in all.chunk_by(|one, other| depth(one) == depth(other)) {
        let of_folder = |folder: &&String| {
            let own = handed.get(folder.as_str()).map(|calls| text(calls)).unwrap_or_default();
            let unit = places.get(*folder).map(|index| &units[*index]).or_else(|| others.get(*folder).copied());
            unit.map(|unit| uses(unit, &own, sources, settings)).unwrap_or_default()
        };
        let found: Vec<_> = match level.len() {
            // Starting threads takes longer.
            ..FOLDERS_IN_PARALLEL => level.iter().map(of_folder).collect(),
            _ => level.par_iter().with_max_len(1).map(of_folder).collect(),
        };
        for (folder, uses) in level.iter().zip(found) {
            for (source, arguments) in uses {
                let Some(below) = RelPath::new(folder).joined(&source) else { continue };
                handed.entry(below.as_str().to_owned()).or_default().push(arguments);
            }
        }
    }
    for (folder, calls) in &handed {
        if let Some(unit) = places.get(folder).and_then(|index| units.get_mut(*index)) {
            unit.given = text(calls);
        }
    }
}

/// The modules below it that a module uses.
fn uses(unit: &Unit, given: &str, sources: &dyn Sources, settings: &Settings) -> Vec<(Box<str>, Arguments)> {
    let read = |(index, path): (usize, &RelPath)| {
        let bytes = sources.read(path, settings.max_file_size).ok()?;
        Some(SourceFile::new(FileId(index as u32), path.clone(), bytes))
    };
    let mut files: Vec<_> = unit.report.iter().chain(&unit.context).enumerate().filter_map(read).collect();
    if !files.iter().any(|file| uses_folders_below(file.text())) {
        return Vec::new();
    }
    files.extend(unit.given_file(given));
    arguments_of_modules(&files)
}

/// True if a text may have `source = "./folder"`.
fn uses_folders_below(text: &str) -> bool {
    let source = |(at, _): (usize, &str)| {
        let before = text[..at].trim_end().strip_suffix(['=', ':']);
        before.is_some_and(|before| before.trim_end().trim_end_matches('"').ends_with("source"))
    };
    text.match_indices("\"./").any(source)
}

/// The values as a file of them. What not all say alike is null: nobody knows it.
fn text(calls: &[Arguments]) -> String {
    let mut names: Vec<&str> = calls.iter().flat_map(|call| call.keys()).map(|name| &**name).collect();
    names.sort_unstable();
    names.dedup();
    let line = |name: &str| {
        let mut values = calls.iter().map(|call| call.get(name).cloned().flatten());
        let first = values.next().flatten();
        let agreed = first.filter(|first| values.all(|value| value.as_ref() == Some(first)));
        format!("{name} = {}\n", agreed.as_deref().unwrap_or("null"))
    };
    names.into_iter().map(line).collect()
}
