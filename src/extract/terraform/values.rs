//! The values that files beside a module give to its variables.

use super::is_values;
use crate::document::Tree;
use crate::extract::resolve::Module;
use crate::source::SourceFile;

/// What the files of a module declare, and what those of values give to its variables: the last one counts.
pub(super) fn module_of<'t>(files: &[SourceFile<'_>], trees: impl Iterator<Item = &'t Tree<'t>> + Clone) -> Module<'t> {
    let is_given = |file: &SourceFile<'_>| is_values(file.path.file_name());
    let of_module = trees.clone().zip(files).filter(|(_, file)| !is_given(file)).map(|(tree, _)| tree);
    let mut module = Module::of(of_module);
    let mut values: Vec<_> = trees.zip(files).filter(|(_, file)| is_given(file)).collect();
    values.sort_by_key(|(_, file)| (file.path.file_name().contains(".auto."), file.path.clone()));
    values.into_iter().for_each(|(tree, _)| module.give(tree));
    module
}
