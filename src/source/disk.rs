//! Files from the disk, and files from memory laid over them.

use super::{ReadError, RelPath, Sources, oversized};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

/// The files below a root folder.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// Reads below `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Disk { root: root.into() }
    }
}

impl Sources for Disk {
    fn read(&self, path: &RelPath, limit: u64) -> Result<Cow<'_, [u8]>, ReadError> {
        // `join` with an absolute path gives that path: arguments outside the root keep their full path.
        let file = File::open(self.root.join(path.as_str())).map_err(ReadError::Io)?;
        read_file(file, path, limit).map(Cow::Owned)
    }
}

/// Bytes for which there is room at first: for most files that hold policies, so that nobody need ask how large they are.
const ROOM: usize = 8 * 1024;

/// All bytes of a file, if there are at most `limit` of them. Only of a file that is not small the system is asked for the
/// size, before the rest is read: asking costs about as much as reading.
fn read_file(mut file: File, path: &RelPath, limit: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::with_capacity(ROOM);
    file.by_ref().take(ROOM as u64).read_to_end(&mut bytes).map_err(ReadError::Io)?;
    if bytes.len() == ROOM {
        let size = file.metadata().map_err(ReadError::Io)?.len();
        if size > limit {
            return Err(ReadError::TooLarge {
                limit,
                tells: oversized::looks_like_policy(path, (&*bytes).chain(file)),
            });
        }
        bytes.reserve(usize::try_from(size).unwrap_or(ROOM).saturating_sub(ROOM) + 1);
        file.take((limit + 1).saturating_sub(ROOM as u64)).read_to_end(&mut bytes).map_err(ReadError::Io)?;
    }
    within(bytes, limit)
}

/// All bytes of a stream, if there are at most `limit` of them: a FIFO has no size, and a file can grow while it is read.
///
/// # Errors
/// What the system says, or [`ReadError::TooLarge`].
pub(crate) fn read_at_most(stream: impl Read, limit: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::with_capacity(ROOM);
    stream.take(limit + 1).read_to_end(&mut bytes).map_err(ReadError::Io)?;
    within(bytes, limit)
}

fn within(bytes: Vec<u8>, limit: u64) -> Result<Vec<u8>, ReadError> {
    if bytes.len() as u64 > limit { Err(ReadError::TooLarge { limit, tells: false }) } else { Ok(bytes) }
}

/// Files held in memory, laid over other sources: editor buffers, standard input, examples.
#[derive(Default)]
pub struct Overlay<'a> {
    files: BTreeMap<RelPath, Vec<u8>>,
    below: Option<&'a dyn Sources>,
}

impl<'a> Overlay<'a> {
    /// An overlay with nothing in it; what it lacks is read from `below`.
    pub fn over(below: &'a dyn Sources) -> Self {
        Overlay { files: BTreeMap::new(), below: Some(below) }
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: RelPath, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path, bytes.into());
    }
}

impl Sources for Overlay<'_> {
    fn read(&self, path: &RelPath, limit: u64) -> Result<Cow<'_, [u8]>, ReadError> {
        match (self.files.get(path), self.below) {
            (Some(bytes), _) if bytes.len() as u64 > limit => Err(ReadError::TooLarge { limit, tells: false }),
            (Some(bytes), _) => Ok(Cow::Borrowed(bytes)),
            (None, Some(below)) => below.read(path, limit),
            (None, None) => Err(ReadError::Io(io::ErrorKind::NotFound.into())),
        }
    }
}
