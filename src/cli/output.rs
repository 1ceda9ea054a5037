//! A file that is written whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Has `write` fill the file at `path`. A reader sees the old file or the new one, never a part; devices and FIFOs are
/// written as they are. A file that is there keeps its permissions, and is left alone where those forbid to write it.
///
/// # Errors
/// Those of `write` and of the file system.
pub(super) fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A link is to keep leading to the file.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    if fs::metadata(&target).is_ok_and(|data| !data.is_file() && !data.is_dir()) {
        return fill(OpenOptions::new().write(true).open(&target)?, write);
    }
    // What may not be written may not be put in its place either.
    let permissions = match OpenOptions::new().write(true).open(&target) {
        Ok(file) => Some(file.metadata()?.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let mut name = target.file_name().ok_or(io::ErrorKind::IsADirectory)?.to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = target.with_file_name(name);
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&beside)
        .and_then(|file| {
            permissions.map_or(Ok(()), |permissions| file.set_permissions(permissions))?;
            fill(file, write)
        })
        .and_then(|()| fs::rename(&beside, &target));
    if written.is_err() {
        // It may not be there, and the first error is the one to tell.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn fill(file: fs::File, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut file = BufWriter::new(file);
    write(&mut file)?;
    file.flush()
}
