//! Files of a revision of git, by the program `git`.

use crate::cli::{Failure, Outcome};
use crate::source::RelPath;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Larger files are no policies.
const MAX_BYTES: u64 = 16 << 20;

fn output(folder: &Path, args: &[&str]) -> Outcome<Vec<u8>> {
    let output = Command::new("git").arg("-C").arg(folder).args(args).output();
    let output = output.map_err(|error| Failure::Usage(format!("`git` cannot be run: {error}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let why = String::from_utf8_lossy(&output.stderr);
    Err(Failure::Usage(format!("`git {}` failed: {}", args.join(" "), why.trim())))
}

fn line(folder: &Path, args: &[&str]) -> Outcome<String> {
    Ok(String::from_utf8_lossy(&output(folder, args)?).trim_end().to_owned())
}

/// The top folder of the repository.
pub(in crate::cli) fn top(folder: &Path) -> Outcome<PathBuf> {
    line(folder, &["rev-parse", "--show-toplevel"]).map(PathBuf::from)
}

/// The commit of a revision, where there is one of that name.
pub(in crate::cli) fn commit(folder: &Path, revision: &str) -> Outcome<String> {
    let name = format!("{revision}^{{commit}}");
    line(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &name]).map_err(|_| {
        let ways = match top(folder) {
            Ok(_) => "name a file, a folder, a revision of git, or an AWS managed policy",
            Err(_) => {
                "name a file, a folder or an AWS managed policy; revisions of git need a repository, and this folder is in none"
            }
        };
        Failure::Usage(format!("there is neither a file nor a revision of git of the name `{revision}`: {ways}"))
    })
}

/// The commit at which two parted.
pub(in crate::cli) fn merge_base(folder: &Path, one: &str, other: &str) -> Outcome<String> {
    line(folder, &["merge-base", "--end-of-options", one, other])
}

/// A file of a commit, if it has one of that path.
pub(super) fn file(folder: &Path, commit: &str, path: &str) -> Option<Vec<u8>> {
    output(folder, &["cat-file", "blob", "--", &format!("{commit}:{path}")]).ok()
}

/// The files of a commit with their bytes; links and large files are left out.
pub(in crate::cli) fn files(folder: &Path, commit: &str) -> Outcome<Vec<(RelPath, Vec<u8>)>> {
    let listed = output(folder, &["ls-tree", "-r", "-l", "-z", "--full-tree", commit])?;
    let entries = listed.split(|byte| *byte == 0).filter_map(|entry| {
        let text = String::from_utf8_lossy(entry);
        let (facts, path) = text.split_once('\t')?;
        let [mode, kind, id, size] = facts.split_whitespace().collect::<Vec<_>>().try_into().ok()?;
        let small = size.parse::<u64>().is_ok_and(|size| size <= MAX_BYTES);
        (kind == "blob" && mode != "120000" && small).then(|| (id.to_owned(), RelPath::new(path)))
    });
    let entries: Vec<(String, RelPath)> = entries.collect();
    let error = |error: std::io::Error| Failure::Usage(format!("`git cat-file` failed: {error}"));
    let mut child = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(error)?;
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else { return Ok(Vec::new()) };
    let ids: String = entries.iter().map(|(id, _)| format!("{id}\n")).collect();
    // Both ends of the pipes have to move, or they fill up. If git goes away, reading says so.
    let writer = std::thread::spawn(move || stdin.write_all(ids.as_bytes()));
    let mut stdout = BufReader::new(stdout);
    let mut files = Vec::with_capacity(entries.len());
    for (_, path) in entries {
        let mut header = String::new();
        stdout.read_line(&mut header).map_err(error)?;
        let size = header.split_whitespace().nth(2).and_then(|size| size.parse().ok()).unwrap_or(0);
        let mut bytes = vec![0; size];
        stdout.read_exact(&mut bytes).map_err(error)?;
        // A line feed follows.
        stdout.read_exact(&mut [0]).map_err(error)?;
        files.push((path, bytes));
    }
    let _ = writer.join();
    child.wait().map_err(error)?;
    Ok(files)
}
