//! The pages of the user's own rules, from their folders.

use super::Failure;
use crate::catalog::Overlay;
use crate::config::{self, read_page};
use crate::discover::Place;
use crate::rules::{Entry, RuleSet};
use crate::source::RelPath;
use std::fs;
use std::path::{Path, PathBuf};

/// A page of more bytes is a mistake.
const LARGEST_PAGE: u64 = 1024 * 1024;

/// What was read.
#[derive(Default)]
pub(super) struct Shelf {
    /// The rules of `whit`, and those of the pages.
    pub(super) rules: RuleSet,
    /// The pages, in the order in which they were read.
    pub(super) pages: Vec<Page>,
    folders: Vec<PathBuf>,
}

/// A page of a rule.
pub(super) struct Page {
    pub(super) path: RelPath,
    pub(super) text: String,
    pub(super) entry: &'static Entry,
}

/// Why a folder was not read.
pub(super) enum Trouble {
    /// The folder itself: a phrase that follows its name.
    Folder(String),
    /// Its pages, drawn.
    Pages(String),
}

impl Shelf {
    /// Reads the pages of a folder, which is a full path. One that was read already is not read again.
    pub(super) fn add(&mut self, place: &Place, folder: &Path, overlay: &Overlay, color: bool) -> Result<(), Trouble> {
        let real = fs::canonicalize(folder).map_err(|error| Trouble::Folder(format!("cannot be read: {error}")))?;
        if self.folders.contains(&real) {
            return Ok(());
        }
        self.folders.push(real);
        let listed = fs::read_dir(folder).map_err(|error| Trouble::Folder(format!("cannot be read: {error}")))?;
        let mut paths: Vec<PathBuf> = listed.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| is_page(path));
        paths.sort();
        if paths.is_empty() {
            return Err(Trouble::Folder("holds no page of a rule: a page is a Markdown file, `.md`".to_owned()));
        }
        let mut drawn = String::new();
        for path in paths {
            let name = place.relative(&path).unwrap_or_else(|lossy| lossy);
            let shown = place.shown(&name);
            let text = match text_of(&path) {
                Ok(text) => text,
                Err(why) => {
                    drawn += &format!("error: `{shown}` {why}\n");
                    continue;
                }
            };
            match read_page(&text, overlay, &self.rules) {
                Ok(entry) => {
                    self.rules = self.rules.with([entry]);
                    self.pages.push(Page { path: name, text, entry });
                }
                Err(problems) => {
                    drawn.extend(problems.iter().map(|problem| config::draw(problem, &shown, &text, color)));
                }
            }
        }
        if drawn.is_empty() { Ok(()) } else { Err(Trouble::Pages(drawn)) }
    }

    /// The same for a folder that an option names.
    pub(super) fn add_named(
        &mut self,
        place: &Place,
        folder: &Path,
        overlay: &Overlay,
        color: bool,
    ) -> Result<(), Failure> {
        self.add(place, &place.full(folder), overlay, color).map_err(|trouble| match trouble {
            Trouble::Folder(why) => Failure::Usage(format!("the folder `{}` {why}", folder.display())),
            Trouble::Pages(drawn) => Failure::Config(drawn),
        })
    }

    /// True for a file that is one of the pages: its examples are wrong on purpose.
    pub(super) fn holds(&self, path: &RelPath) -> bool {
        self.pages.iter().any(|page| page.path == *path)
    }
}

/// What a folder says of itself is no page.
fn is_page(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    name.ends_with(".md") && !name.eq_ignore_ascii_case("README.md") && path.is_file()
}

fn text_of(path: &Path) -> Result<String, String> {
    if fs::metadata(path).is_ok_and(|data| data.len() > LARGEST_PAGE) {
        return Err("is larger than 1 MiB".to_owned());
    }
    let bytes = fs::read(path).map_err(|error| format!("cannot be read: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())?;
    Ok(text.trim_start_matches('\u{feff}').replace("\r\n", "\n"))
}
