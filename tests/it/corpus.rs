//! Real input: `$WHIT_CORPUS`, else `../shared/corpus`. Where there is none the tests print `not run`.

use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;
use whit::catalog;
use whit::engine::{self, Run, Unit};
use whit::finding::{Finding, Severity};
use whit::rules::{self, Category};
use whit::settings::Settings;
use whit::source::{Disk, Overlay, RelPath};

/// A folder of the corpus.
pub(crate) fn corpus(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("WHIT_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from);
    let path = root.join(folder);
    let found = path.is_dir().then_some(path);
    if found.is_none() {
        println!("not run: no `{folder}` in `$WHIT_CORPUS` or `../shared/corpus`");
    }
    found
}

/// Lints all files below a folder, each by itself.
fn run(folder: &Path, settings: &Settings) -> Run {
    let sources = Disk::new(folder);
    let mut files: Vec<RelPath> = WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| Some(RelPath::new(entry.path().strip_prefix(folder).ok()?.to_str()?)))
        .collect();
    files.sort();
    let analyses: Vec<_> =
        files.into_par_iter().map(|path| engine::lint(&Unit::single(path), &sources, settings)).collect();
    engine::join(analyses)
}

#[test]
fn managed_policies_are_read_whole_and_valid() {
    let Some(folder) = corpus("managed") else { return };
    let run = run(&folder, &Settings { pedantic: true, ..Settings::default() });
    assert_eq!((run.files, run.policies), (1582, 1582));
    assert_eq!(run.skipped, [], "AWS's own policies are read without an error");
    let of = |path: &str| -> Vec<&str> {
        run.findings.iter().filter(|finding| finding.path.as_str() == path).map(|finding| finding.rule.0).collect()
    };
    assert_eq!(of("AdministratorAccess.json"), ["administrator-access"]);
    assert_eq!(of("AmazonS3ReadOnlyAccess.json"), ["unscoped-data-access"], "it reads every object: said once");
    assert_eq!(of("AmazonSNSReadOnlyAccess.json"), [] as [&str; 0]);
}

/// The AWS managed policies, from the catalogue, so that every machine has them.
fn managed() -> Run {
    let mut sources = Overlay::default();
    let names: Vec<RelPath> = catalog::managed_policies()
        .map(|policy| {
            let name = RelPath::new(format!("{}.json", policy.name()));
            sources.insert(name.clone(), policy.document());
            name
        })
        .collect();
    let settings = Settings { pedantic: true, ..Settings::default() };
    let lint = |name: RelPath| engine::lint(&Unit::single(name), &sources, &settings);
    engine::join(names.into_par_iter().map(lint).collect::<Vec<_>>())
}

#[test]
fn nothing_serious_is_invalid_in_what_aws_manages() {
    let validity = |finding: &&Finding| {
        let category = rules::find(finding.rule.0).map(|entry| entry.doc.category);
        category == Some(Category::Validity) && finding.severity >= Severity::High
    };
    let run = managed();
    let serious: Vec<&Finding> = run.findings.iter().filter(validity).collect();
    assert!(serious.is_empty(), "{serious:#?}");
}

/// How often each rule speaks on real input. A line that changes is to be looked at before it is written anew.
#[test]
fn rules_speak_as_often_as_they_did() {
    let mut counts = String::new();
    let count = |counts: &mut String, name: &str, run: &Run| {
        let mut of_rule: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in &run.findings {
            *of_rule.entry(finding.rule.0).or_default() += 1;
        }
        for (rule, times) in of_rule {
            let _ = writeln!(counts, "{name} {rule} {times}");
        }
    };
    count(&mut counts, "managed", &managed());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus-counts.txt");
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let settings = Settings { pedantic: true, ..Settings::default() };
    let folders = ["aws-cf-templates", "aws-cloudformation-templates", "service-control-policy-examples"];
    for name in folders {
        match corpus(name) {
            Some(folder) => count(&mut counts, name, &run(&folder, &settings)),
            // What cannot be counted here stays as it is.
            None => counts.extend(
                committed.lines().filter(|line| line.starts_with(&format!("{name} "))).flat_map(|line| [line, "\n"]),
            ),
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &counts).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let changed: Vec<&str> = counts.lines().filter(|line| !committed.lines().any(|known| known == *line)).collect();
    let gone: Vec<&str> = committed.lines().filter(|line| !counts.lines().any(|known| known == *line)).collect();
    let update = std::env::var_os("UPDATE").is_some();
    assert!(
        update || changed.is_empty() && gone.is_empty(),
        "now: {changed:#?}\nbefore: {gone:#?}\nlook, then `UPDATE=1 cargo test --test it -- corpus`"
    );
}

#[test]
fn the_byte_scan_misses_nothing() {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    for folder in [Some(testdata), corpus("")].into_iter().flatten() {
        let settings = Settings { pedantic: true, ..Settings::default() };
        let (with, without) = (run(&folder, &settings), run(&folder, &Settings { scan: false, ..settings }));
        assert_eq!(with.findings, without.findings, "{}", folder.display());
        assert_eq!(with.policies, without.policies, "{}", folder.display());
        assert!(with.policies > 0, "{} holds no policy", folder.display());
    }
}

/// Policies that stand in the files of one extension. The figures are those of another reader (maps with the key `Statement`, by
/// PyYAML and Python's json), with the differences looked at one by one: web ACLs, which have a `Statement` too, are no
/// policies, and policies in strings are some: in `Fn::Sub`, and in the inline code of a function. So are permissions of functions,
/// which have no `Statement`: as many as `grep` finds types of them.
#[test]
fn templates_hold_as_many_policies_as_another_reader_finds() {
    for (folder, extension, files, another, web_acls, in_strings, permissions) in [
        ("aws-cloudformation-templates", "json", 152, 205, 1, 3, 12),
        ("aws-cloudformation-templates", "yaml", 142, 202, 1, 3, 12),
        ("aws-cloudformation-templates", "yml", 17, 8, 1, 0, 2),
        ("aws-cf-templates", "yaml", 66, 180, 3, 0, 4),
        // It cannot read one of the files, which has comments.
        ("service-control-policy-examples", "json", 57, 56 + 1, 0, 0, 0),
    ] {
        let Some(folder) = corpus(folder) else { continue };
        let sources = Disk::new(&folder);
        let paths =
            WalkDir::new(&folder).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
        let paths = paths.filter_map(|entry| Some(entry.path().strip_prefix(&folder).ok()?.to_str()?.to_owned()));
        let of_extension = paths.filter(|path| Path::new(path).extension().is_some_and(|found| found == extension));
        let run = engine::join(
            of_extension.map(|path| engine::lint(&Unit::single(RelPath::new(path)), &sources, &Settings::default())),
        );
        assert_eq!(run.skipped, [], "{extension} of {}", folder.display());
        let expected = another - web_acls + in_strings + permissions;
        assert_eq!((run.files, run.policies), (files, expected), "{extension} of {}", folder.display());
    }
}
