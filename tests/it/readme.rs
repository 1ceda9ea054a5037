//! What the README shows is what the program prints. `UPDATE=1 cargo test readme` writes it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use whit::rules;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Standard output of the program, run in `folder`.
pub(crate) fn stdout(folder: &Path, args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_whit"))
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap_or_else(|error| panic!("whit {args:?}: {error}"));
    String::from_utf8(output.stdout).unwrap_or_else(|error| panic!("whit {args:?}: {error}"))
}

/// The text with the fenced block or the lines after `begin` replaced, up to `end`.
fn replaced(text: &str, begin: &str, end: &str, content: &str) -> String {
    let (before, rest) = text.split_once(begin).unwrap_or_else(|| panic!("`{begin}` is missing"));
    let (_, after) = rest.split_once(end).unwrap_or_else(|| panic!("`{end}` is missing after `{begin}`"));
    format!("{before}{begin}{content}{end}{after}")
}

/// The blocks of the README that follow `<!-- output: whit ... -->`.
fn with_outputs(readme: &str) -> String {
    let mut text = readme.to_owned();
    for line in readme.lines() {
        let Some(command) = line.strip_prefix("<!-- output: whit ").and_then(|rest| rest.strip_suffix(" -->")) else {
            continue;
        };
        let args: Vec<&str> = command.split_whitespace().collect();
        let shown = stdout(&root(), &args);
        assert!(!shown.trim().is_empty(), "`whit {command}` prints nothing");
        let lines: Vec<&str> = shown.trim_matches('\n').lines().map(str::trim_end).collect();
        text = replaced(&text, &format!("{line}\n```text\n"), "```\n", &format!("{}\n", lines.join("\n")));
    }
    text
}

fn rule_table() -> String {
    let mut table = String::from("| rule | severity | what it finds |\n|---|---|---|\n");
    for entry in rules::all() {
        let doc = &entry.doc;
        let _ = writeln!(table, "| [{}](rules/{}.md) | {} | {} |", doc.id, doc.id, doc.severity, doc.title);
    }
    table
}

#[test]
fn readme_shows_what_the_program_prints() {
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).unwrap_or_else(|error| panic!("README.md: {error}"));
    let wanted = replaced(&with_outputs(&readme), "<!-- rules: begin -->\n", "<!-- rules: end -->", &rule_table());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, wanted).unwrap_or_else(|error| panic!("README.md: {error}"));
        return;
    }
    assert!(
        readme == wanted,
        "the README is not what the program prints: `UPDATE=1 cargo test readme` writes it\n{wanted}"
    );
}
