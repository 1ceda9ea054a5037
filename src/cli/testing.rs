//! `whit rules --test`.

use super::args::{Color, ConfigOptions};
use super::configured::{current_folder, find};
use super::shelf::Shelf;
use super::{NOT_DONE, Outcome, color};
use crate::catalog::Overlay;
use crate::config::Draft;
use crate::discover::Place;
use crate::example::{Tried, try_page};
use std::io::{self, Write};
use std::path::Path;

/// Tries the examples of the pages in a folder; the exit code.
pub(super) fn run(folder: &Path, options: &ConfigOptions, out: &mut dyn Write) -> Outcome<u8> {
    let place = Place::find(current_folder()?);
    // Of the config only the actions count that the catalogue does not have: examples say by themselves what they need.
    let draft = find(&place, options)?.and_then(|(_, text)| Draft::parse(&text).ok());
    let overlay = draft.map_or_else(Overlay::default, |draft| draft.overlay());
    let mut shelf = Shelf::default();
    shelf.add_named(&place, folder, &overlay, color::wanted(Color::Auto, &io::stderr()))?;
    let mut code = 0;
    for page in &shelf.pages {
        let tried = try_page(page.entry.doc.id, &page.text, &shelf.rules);
        tell(&place.shown(&page.path), &tried, out)?;
        code = code.max(match (tried.broken.is_empty(), tried.failures.is_empty()) {
            (false, _) => NOT_DONE,
            (true, failed_none) => u8::from(!failed_none),
        });
    }
    Ok(code)
}

fn tell(path: &str, tried: &Tried, out: &mut dyn Write) -> io::Result<()> {
    let Tried { bad, good, failures, broken } = tried;
    if failures.is_empty() && broken.is_empty() {
        return writeln!(out, "{path}: passed, {bad} bad and {good} good");
    }
    writeln!(out, "{path}: failed")?;
    for mistake in broken.iter().chain(failures) {
        writeln!(out, "  {path}:{}: {}", mistake.line, mistake.message)?;
    }
    Ok(())
}
