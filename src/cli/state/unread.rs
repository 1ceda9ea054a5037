//! What of a state could not be read: never to be taken for nothing.

use super::Site;
use crate::extract::{self, Extraction, Fact, Flaw, FlawKind};
use crate::source::{SourceFile, Span};
use std::rc::Rc;

/// A file of which something could not be read.
pub(in crate::cli) struct Unread {
    pub(in crate::cli) path: Box<str>,
    /// A phrase that follows the path.
    pub(in crate::cli) why: String,
    /// Where that begins, if it shows.
    pub(in crate::cli) at: Option<Span>,
    /// The file, and the others of its unit; none of it if nothing could be read.
    file: Option<(Rc<Vec<SourceFile<'static>>>, usize)>,
}

impl Unread {
    /// A file that the system, or its size, keeps from being read.
    pub(super) fn whole(path: &str, why: String) -> Self {
        Unread { path: path.into(), why, at: None, file: None }
    }

    /// A file of which the end, or something in it, could not be read.
    pub(super) fn of(extraction: &Extraction, files: &Rc<Vec<SourceFile<'static>>>, index: usize) -> Option<Self> {
        let file = files.get(index)?;
        let flaw = extraction.facts.iter().find_map(broken);
        let (why, at) = if let Some(flaw) = flaw {
            (format!("cannot be read to its end: {}", flaw.detail), Some(flaw.at.at.span))
        } else if extraction.broken {
            (extract::broken(file, extraction), None)
        } else if extraction.unfinished {
            ("is a template that another program fills in: not all can be read before it does".into(), None)
        } else if let Some(at) = file.invalid.filter(|_| !extraction.facts.is_empty()) {
            (format!("is not UTF-8 at byte {at}"), None)
        } else {
            return None;
        };
        Some(Unread { path: file.path.as_str().into(), why, at, file: Some((Rc::clone(files), index)) })
    }

    /// The file, where it was read at all.
    pub(in crate::cli) fn file(&self) -> Option<&SourceFile<'static>> {
        self.file.as_ref().and_then(|(files, index)| files.get(*index))
    }

    /// The path, and the line where reading ended.
    pub(in crate::cli) fn place(&self) -> String {
        let line = self.file().zip(self.at).map(|(file, at)| file.region(at).start.line);
        line.map_or_else(|| self.path.to_string(), |line| format!("{}:{line}", self.path))
    }

    /// True for a policy of the file.
    pub(in crate::cli) fn is_of(&self, site: &Site) -> bool {
        self.path == site.document.file
    }

    /// True if the other one is the same file with the same text: nothing in it has changed.
    pub(in crate::cli) fn is_same(&self, other: &Unread) -> bool {
        let text = |unread: &Unread| unread.file().map(|file| file.text().to_owned());
        self.path == other.path && text(self).is_some() && text(self) == text(other)
    }
}

fn broken(fact: &Fact) -> Option<&Flaw> {
    let is_broken =
        |flaw: &&Flaw| matches!(flaw.kind, FlawKind::JsonSyntax | FlawKind::YamlSyntax | FlawKind::HclSyntax);
    match fact {
        Fact::Flaw(flaw) => Some(flaw).filter(is_broken),
        Fact::Policy(site) => site.flaws.iter().find(is_broken),
        _ => None,
    }
}
