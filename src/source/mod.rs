//! The text of files and places in it.
//!
//! Everything below the readers speaks of places as [`Span`]s, bytes of a file's text; lines and columns exist only at
//! the edge ([`lines`]), with their unit in the type.

mod disk;
mod file;
mod fill;
pub mod lines;
mod oversized;
pub mod secrets;

pub(crate) use disk::read_at_most;
pub use disk::{Disk, Overlay};
pub use file::{Encoding, Language, SourceFile};
pub use fill::{Fill, Fills};

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::sync::Arc;

/// A file of the unit at hand: an index into its report files, then its context files.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct FileId(pub u32);

/// A half-open range of bytes of a text. Of a file's text, unless said otherwise.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to, not including, `end`. No text is larger than `u32::MAX` bytes (`max-file-size` sees to
    /// that); a larger offset saturates.
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The span as a range for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// True for a span of no bytes.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// True if every byte of `inner` lies in this span.
    pub fn contains(self, inner: Span) -> bool {
        self.start <= inner.start && inner.end <= self.end
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// A place: bytes of one file's text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Loc {
    /// The file.
    pub file: FileId,
    /// Bytes of that file's text, however deep the thing at hand was encoded.
    pub span: Span,
}

/// Where something was written, and where it is used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    /// Where the text is written: what a finding underlines.
    pub at: Loc,
    /// Where it is used, if that is elsewhere (through a reference, an alias, a file).
    pub via: Option<Box<Loc>>,
    /// Whether changing the text at `at` changes this use only, so that a fix may be offered.
    pub editable: bool,
    /// True if deployment may put something else there: it is the default of a parameter, what a function falls back to, or one
    /// of several to choose from. What rests on it is not certain.
    pub replaceable: bool,
}

impl Origin {
    /// Text that is written where it is used.
    pub fn here(at: Loc) -> Self {
        Origin { at, via: None, editable: true, replaceable: false }
    }
}

/// A path below the root, with `/` between its parts and never a `.` or `..` part; `-` for standard input without a name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelPath(Arc<str>);

impl RelPath {
    /// Takes a path that is relative and has `/` between its parts.
    pub fn new(path: impl AsRef<str>) -> Self {
        RelPath(Arc::from(path.as_ref()))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The path of the folder; empty for a file at the root.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The path that one written from this folder leads to; none if it leads out of the root.
    pub fn joined(&self, path: &str) -> Option<RelPath> {
        let mut parts: Vec<&str> = self.0.split('/').filter(|part| !part.is_empty()).collect();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()?),
                part => parts.push(part),
            }
        }
        Some(RelPath::new(parts.join("/")))
    }

    /// What follows the last dot of the file name; empty where there is none.
    pub fn extension(&self) -> &str {
        self.file_name().rsplit_once('.').map_or("", |(_, ext)| ext)
    }
}

impl fmt::Debug for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why the bytes of a file could not be had.
#[derive(Debug)]
pub enum ReadError {
    /// The system said no.
    Io(io::Error),
    /// The file has more bytes than `limit`.
    TooLarge {
        /// Bytes at the most.
        limit: u64,
        /// True if it looks to hold a policy.
        tells: bool,
    },
}

impl ReadError {
    /// True for a file that a walk came upon, and that is too large: nobody asked for it, and it looks to hold no policy.
    pub fn may_be_passed_over(&self, named: bool) -> bool {
        !named && matches!(self, ReadError::TooLarge { tells: false, .. })
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Io(error) => write!(f, "cannot be read: {error}"),
            ReadError::TooLarge { limit, tells } => {
                let tells = if *tells { " and looks like a policy" } else { "" };
                write!(f, "is larger than {} MiB{tells}; raise `--max-file-size` to check it", limit / (1024 * 1024))
            }
        }
    }
}

/// Where files come from. The engine reads nothing else: no path, environment variable or clock.
pub trait Sources: Sync {
    /// All bytes of the file, if there are at most `limit` of them.
    ///
    /// # Errors
    /// What the system says, or [`ReadError::TooLarge`].
    fn read(&self, path: &RelPath, limit: u64) -> Result<Cow<'_, [u8]>, ReadError>;
}
