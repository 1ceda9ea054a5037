//! Files that modules of Terraform name, by `file()` and `templatefile()`: the module says what their documents are used as, and what
//! fills them in.

use crate::engine::Unit;
use crate::extract::terraform::{self, NamedFiles};
use crate::policy::Use;
use crate::settings::Settings;
use crate::source::{FileId, Fills, RelPath, SourceFile, Sources};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Tells the units what the modules among them, and those of `asked`, use their files as.
pub fn tell(units: &mut [Unit], asked: &[Unit], sources: &dyn Sources, settings: &Settings) {
    let modules: Vec<&Unit> = units.iter().filter(|unit| unit.is_module()).chain(asked).collect();
    if modules.is_empty() {
        // Without threads: starting them takes longer than checking a file.
        return;
    }
    let named: Vec<NamedFiles> = modules.into_par_iter().map(|module| files_of(module, sources, settings)).collect();
    let mut by_file: BTreeMap<RelPath, Vec<Use>> = BTreeMap::new();
    // Of a file that two modules fill in, neither says what it holds.
    let mut fills: BTreeMap<RelPath, Option<Fills>> = BTreeMap::new();
    for files in named {
        for (path, used) in files.uses {
            let known = by_file.entry(path).or_default();
            if !known.contains(&used) {
                known.push(used);
            }
        }
        for (path, filled) in files.fills {
            fills.entry(path).and_modify(|fills| *fills = None).or_insert(Some(filled));
        }
    }
    if by_file.is_empty() && fills.is_empty() {
        return;
    }
    for unit in units.iter_mut().filter(|unit| !unit.is_module()) {
        if let Some(uses) = unit.report.first().and_then(|path| by_file.get(path)) {
            unit.uses = uses.clone();
        }
        if let Some(Some(filled)) = unit.report.first().and_then(|path| fills.get(path)) {
            unit.fills = filled.clone();
        }
    }
}

fn files_of(module: &Unit, sources: &dyn Sources, settings: &Settings) -> NamedFiles {
    // What cannot be read is told where the module itself is checked.
    let read = |(index, path): (usize, &RelPath)| {
        let bytes = sources.read(path, settings.max_file_size).ok()?;
        Some(SourceFile::new(FileId(index as u32), path.clone(), bytes))
    };
    let files: Vec<_> = module.report.iter().chain(&module.context).enumerate().filter_map(read).collect();
    match files.iter().any(|file| names_files(file)) {
        true => terraform::named_files(&files),
        false => NamedFiles::default(),
    }
}

fn names_files(file: &SourceFile<'_>) -> bool {
    let text = file.text();
    // What is taken to pieces, and not put together again, is data of the module's own.
    let whole = |(at, _): (usize, &str)| {
        let outer = text[..at].strip_suffix("jsondecode(").or_else(|| text[..at].strip_suffix("yamldecode("));
        outer.is_none_or(|outer| outer.ends_with("encode("))
    };
    text.match_indices("file(").any(whole) && text.contains("aws_")
}
