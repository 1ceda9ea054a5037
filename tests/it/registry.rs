//! Pages, rule files and the list in `src/rules/mod.rs` agree. `UPDATE=1 cargo test registry` rewrites the list.

use crate::pages::pages;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use whit::rules;

const BEGIN: &str = "    // registry: begin\n";
const END: &str = "    // registry: end\n";
/// Files of `src/rules/` that are no rules.
const NO_RULES: [&str; 8] = ["context", "equivalents", "everyone", "mod", "own", "page", "set", "way"];

fn source() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/rules")
}

#[test]
fn registry_is_complete() {
    let mut files: Vec<String> = fs::read_dir(source())
        .unwrap_or_else(|error| panic!("`src/rules/`: {error}"))
        .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".rs")?.to_owned()))
        .filter(|name| !NO_RULES.contains(&&**name))
        .collect();
    files.sort();
    let ids: Vec<String> = pages().into_iter().map(|(id, _)| id).collect();
    let expected: Vec<String> = ids.iter().map(|id| id.replace('-', "_")).collect();
    assert_eq!(files, expected, "each page in `rules/` has a file in `src/rules/`, and the other way round");

    let path = source().join("mod.rs");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (before, rest) = text.split_once(BEGIN).unwrap_or_else(|| panic!("no `registry: begin`"));
    let (listed, after) = rest.split_once(END).unwrap_or_else(|| panic!("no `registry: end`"));
    let mut wanted = String::new();
    for (id, module) in ids.iter().zip(&expected) {
        let name: String = id.split('-').map(capitalised).collect();
        let one_line = format!("    (include_str!(\"../../rules/{id}.md\"), &{module}::{name}),\n");
        let _ = write!(wanted, "{one_line}");
    }
    if std::env::var_os("UPDATE").is_some() {
        let updated = format!("{before}{BEGIN}{wanted}{END}{after}");
        fs::write(&path, updated).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return;
    }
    assert_eq!(listed, wanted, "paste this between the markers in src/rules/mod.rs:\n{wanted}");
    for module in &expected {
        assert!(before.contains(&format!("\nmod {module};\n")), "`mod {module};` is missing in src/rules/mod.rs");
    }
}

#[test]
fn pages_say_whether_findings_are_kept_for_pedantic_runs() {
    for (id, page) in pages() {
        let path = source().join(format!("{}.rs", id.replace('-', "_")));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let said = rules::RuleDoc::read(&page).shown;
        assert_eq!(
            text.contains("pedantic"),
            said == rules::Shown::Partly,
            "`pedantic: sometimes` belongs on the page of a rule that says it of some findings, and on no other: {id}"
        );
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
}
