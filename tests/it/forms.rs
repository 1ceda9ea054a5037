//! `testdata/forms/`: the same policy in every form that whit reads. One finding for each time it stands there, at the bytes of
//! the action that is wrong.

use crate::lint::underlined;
use std::fs;
use std::path::{Path, PathBuf};
use whit::discover::{Place, Request, discover};
use whit::engine;
use whit::settings::Settings;
use whit::source::Disk;

fn forms() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/forms")
}

/// File, rule and underlined text of all findings below the folder, or of one file of it.
fn findings(below: &str) -> Vec<(String, &'static str, String)> {
    let place = Place { current: forms(), root: forms() };
    let request = Request { paths: vec![below.into()], no_ignore: true, threads: 1, stdin_name: None, output: None };
    let disk = Disk::new(forms());
    let units = discover(&place, &request).units;
    let run = engine::join(units.iter().map(|unit| engine::lint(unit, &disk, &Settings::default())));
    assert!(run.skipped.is_empty(), "{:?}", run.skipped);
    // The Sid of the policy is there for its letters, and the read beside the wildcard: both are wrong by themselves.
    let beside = ["invalid-sid", "unscoped-data-access"];
    let about_the_action = run.findings.iter().filter(|finding| !beside.contains(&finding.rule.0));
    let told = about_the_action.map(|finding| {
        let text = fs::read_to_string(forms().join(finding.path.as_str())).unwrap_or_default();
        (finding.path.to_string(), finding.rule.0, underlined(finding, &text).to_owned())
    });
    told.collect()
}

/// Each file, and what is underlined in it.
const FORMS: [(&str, &[&str]); 21] = [
    ("README-crlf.md", &["\"ec2:*\"", "\"ec2:*\""]),
    ("README.md", &["\"ec2:*\"", "\"ec2:*\""]),
    ("ack.yaml", &["\"ec2:*\""]),
    ("anchors.yaml", &["\"ec2:*\""]),
    ("block-scalar.yaml", &["\"ec2:*\""]),
    ("flow.yaml", &["'ec2:*'"]),
    ("json-module/main.tf.json", &["\\\"ec2:*\\\""]),
    ("module/blocks.tf", &["\"ec2:\\u002a\""]),
    ("module/heredoc.tf", &["\"ec2:*\""]),
    ("module/jsonencode.tf", &["\"ec2:*\""]),
    ("module/string.tf", &["\\\"ec2:*\\\""]),
    ("plan.json", &["\\\"ec2:*\\\""]),
    ("policy.json", &["\"ec2:\\u002a\""]),
    ("sam.yaml", &["\"ec2:*\""]),
    ("script.sh", &["\"ec2:*\"", "\"ec2:*\"", "\\\"ec2:*\\\""]),
    ("serverless.yml", &["\"ec2:*\""]),
    ("string.json", &["\\\"ec2:\\u002a\\\""]),
    ("template-crlf.yaml", &["\"ec2:\\u002a\""]),
    ("template.json", &["\"ec2:*\""]),
    ("template.yaml", &["\"ec2:\\u002a\""]),
    ("url-encoded.json", &["%22ec2%3A%2A%22"]),
];

#[test]
fn every_form_gives_the_same_finding_at_its_own_bytes() {
    let expected: Vec<(String, &str, String)> = FORMS
        .iter()
        .flat_map(|(file, texts)| texts.iter().map(|text| ((*file).to_owned(), "service-wildcard", (*text).to_owned())))
        .collect();
    assert_eq!(findings("."), expected);
}

#[test]
fn every_file_is_listed() {
    let files =
        walkdir::WalkDir::new(forms()).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    let relative = |path: &Path| path.strip_prefix(forms()).map(|path| path.display().to_string()).unwrap_or_default();
    let mut files: Vec<String> = files.map(|entry| relative(entry.path())).collect();
    files.sort_unstable();
    assert_eq!(files, FORMS.map(|(file, _)| file));
}

#[test]
fn one_file_alone_gives_what_it_gives_among_all() {
    let all = findings(".");
    for (file, _) in FORMS {
        let among: Vec<_> = all.iter().filter(|(path, ..)| path == file).cloned().collect();
        assert_eq!(findings(file), among, "{file}");
    }
}
