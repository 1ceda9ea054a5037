//! What `docs/editors.md` tells to paste reads what `--format compact` prints.

use crate::report::{finding, run, written};
use regex::Regex;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use whit::engine::Run;
use whit::finding::{Finding, Severity};
use whit::report::Compact;

/// The block of the page with this language.
fn block(language: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/editors.md");
    let page = fs::read_to_string(&path).unwrap_or_else(|error| panic!("docs/editors.md: {error}"));
    let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap_or_else(|| panic!("no block of {language}"));
    rest.split("```").next().unwrap_or("").to_owned()
}

/// A place as an editor's list shows it.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    path: String,
    line: u64,
    column: u64,
    kind: char,
    message: String,
    rule: String,
}

/// Findings in files of odd names, with odd messages, and what an editor is to make of them.
fn cases() -> (Run, Vec<Entry>) {
    let rows = [
        ("a.json", Severity::Critical, 'e', "all is allowed"),
        ("dir/with space/b c.json", Severity::High, 'e', "`s3:*` at 10:20: high: and more [not-a-rule]"),
        ("odd:12:3.json", Severity::Medium, 'w', "medium: (twice)"),
        ("../é/😀.json", Severity::Low, 'i', "naïve"),
        ("/tmp/policy (1).json", Severity::Low, 'i', "a\u{1b}[31m\nb"),
    ];
    let policy = "{\n  \"Effect\": \"Allow\",\n  \"Action\": \"*\"\n}\n";
    let (mut findings, mut entries) = (Vec::new(), Vec::new());
    for (path, severity, kind, message) in rows {
        let found = finding(path, policy.as_bytes(), &[("\"*\"", "every action")]);
        findings.push(Finding { severity, message: message.to_owned(), ..found });
        let message = message.replace('\u{1b}', "\\u{1b}").replace('\n', "\\n");
        let (path, rule) = (path.to_owned(), "wildcard-action".to_owned());
        entries.push(Entry { path, line: 3, column: 13, kind, message, rule });
    }
    (run(findings), entries)
}

fn compact(run: &Run) -> String {
    written(&Compact { path: Box::new(ToString::to_string) }, run)
}

#[test]
fn the_problem_matchers_of_vs_code() {
    let tasks: Value = serde_json::from_str(&block("json")).unwrap_or_else(|error| panic!("{error}"));
    let matchers = tasks["tasks"][0]["problemMatcher"].as_array().map_or(&[][..], Vec::as_slice);
    let compiled: Vec<(Regex, &Value)> = matchers
        .iter()
        .map(|matcher| {
            let pattern = matcher["pattern"]["regexp"].as_str().unwrap_or_default();
            (Regex::new(pattern).unwrap_or_else(|error| panic!("{error}")), matcher)
        })
        .collect();
    let (run, expected) = cases();
    let mut entries = Vec::new();
    for line in compact(&run).lines() {
        let hits: Vec<_> =
            compiled.iter().filter_map(|(regex, matcher)| Some((regex.captures(line)?, *matcher))).collect();
        assert_eq!(hits.len(), 1, "one matcher takes {line:?}");
        let (captures, matcher) = &hits[0];
        let part = |name: &str| {
            let group = matcher["pattern"][name].as_u64().unwrap_or(u64::MAX) as usize;
            captures.get(group).map_or("", |group| group.as_str())
        };
        entries.push(Entry {
            path: part("file").to_owned(),
            line: part("line").parse().unwrap_or(0),
            column: part("column").parse().unwrap_or(0),
            kind: matcher["severity"].as_str().and_then(|word| word.chars().next()).unwrap_or('?'),
            message: part("message").to_owned(),
            rule: part("code").to_owned(),
        });
    }
    assert_eq!(entries, expected);
    let other = ["9 findings (2 critical, 2 high, 5 medium) in 4 policies, 5 files, 0.02 s", "a.json:1:1: note: x [y]"];
    assert!(other.iter().all(|line| compiled.iter().all(|(regex, _)| !regex.is_match(line))));
}

#[test]
fn the_errorformat_of_vim() {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).unwrap_or_else(|error| panic!("{error}"));
    };
    let (run, expected) = cases();
    write("settings.vim", &block("vim"));
    write("findings", &compact(&run));
    let list = "map(getqflist(), {_, q -> json_encode([bufname(q.bufnr), q.lnum, q.col, q.type, q.text, q.valid])})";
    write("list.vim", &format!("set encoding=utf-8\ncgetfile findings\ncall writefile({list}, 'list')\nqall!\n"));
    let vim = Command::new("vim")
        .args(["-es", "-N", "-u", "NONE", "-i", "NONE", "-S", "settings.vim", "-S", "list.vim"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status();
    if vim.is_err() {
        println!("not run: there is no vim here");
        return;
    }
    let Ok(list) = fs::read_to_string(folder.path().join("list")) else {
        println!("not run: this vim has no quickfix list");
        return;
    };
    let entries: Vec<Entry> = list
        .lines()
        .map(|line| {
            let (path, line, column, kind, text, valid): (String, u64, u64, char, String, u8) =
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(valid, 1, "{text}");
            let (message, rule) = text.rsplit_once(" [").unwrap_or((&text, ""));
            let (message, rule) = (message.to_owned(), rule.trim_end_matches(']').to_owned());
            Entry { path, line, column, kind: kind.to_ascii_lowercase(), message, rule }
        })
        .collect();
    assert_eq!(entries, expected);
}
