//! SARIF against the standard's schema, against a reader of the format, and against the limits of code scanning.

use crate::lint::run_with;
use crate::report::{finding, run, written};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use whit::engine::{Run, Skipped};
use whit::finding::{Finding, Repair, Replacement, RuleId, Severity};
use whit::report::Sarif;
use whit::rules;
use whit::settings::Settings;
use whit::source::RelPath;

/// The log of a run, after the standard's schema and the reader of `serde-sarif` have taken it.
fn log(run: &Run) -> Value {
    checked(&written(&Sarif::default(), run))
}

/// A log, after the standard's schema and the reader of `serde-sarif` have taken it.
fn checked(text: &str) -> Value {
    let log: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"));
    let errors: Vec<String> =
        validator().iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    let read: serde_sarif::sarif::Sarif = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"));
    let results = read.runs.first().and_then(|run| run.results.as_ref()).map_or(0, Vec::len);
    assert_eq!(Some(results), log["runs"][0]["results"].as_array().map(Vec::len));
    log
}

/// The official schema, which `serde-sarif` was made from and ships.
fn validator() -> jsonschema::Validator {
    let path = schema_path();
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut schema: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}"));
    let wrong = r"^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$";
    let corrected = replace_strings(&mut schema, wrong, r"^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    assert_eq!(corrected, 2, "the schema has changed: see whether the correction is still needed");
    jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{error}"))
}

/// Where cargo put `serde-sarif`.
fn schema_path() -> PathBuf {
    let cargo = |args: &[&str]| {
        let output = Command::new(env!("CARGO")).args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output();
        let output = output.unwrap_or_else(|error| panic!("cargo: {error}"));
        assert!(output.status.success(), "cargo {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap_or_else(|error| panic!("{error}"))
    };
    // Of other platforms' packages there is nothing on this machine.
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_else(|| panic!("{version}"));
    let args = ["metadata", "--offline", "--locked", "--format-version", "1", "--filter-platform", host];
    let metadata: Value = serde_json::from_str(&cargo(&args)).unwrap_or_else(|error| panic!("{error}"));
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let manifest =
        packages.filter(|package| package["name"] == "serde-sarif").find_map(|p| p["manifest_path"].as_str());
    let manifest = manifest.map(PathBuf::from).unwrap_or_else(|| panic!("serde-sarif is not among the packages"));
    manifest.with_file_name("src").join("schema.json")
}

/// The schema gives the language of a run and of a tool by a pattern with a bracket too many, which jsonschema refuses as the
/// regular expression of ECMAScript that it has to be. How many strings were replaced.
fn replace_strings(value: &mut Value, from: &str, to: &str) -> usize {
    match value {
        Value::String(text) if text == from => {
            to.clone_into(text);
            1
        }
        Value::Array(items) => items.iter_mut().map(|item| replace_strings(item, from, to)).sum(),
        Value::Object(map) => map.values_mut().map(|item| replace_strings(item, from, to)).sum(),
        _ => 0,
    }
}

const POLICY: &str = "{\n  \"é😀\": 1, \"Action\": \"*\",\n  \"Resource\": \"*\"\n}\n";

fn sample() -> Finding {
    let marks = [("\"Action\": \"*\"", "every action"), ("\"Resource\"", "of all"), ("\"é😀\"", "")];
    finding("a b/é#.json", POLICY.as_bytes(), &marks)
}

#[test]
fn a_result_says_what_where_and_how_bad() {
    let mut found = sample();
    found.fix = Some(Repair {
        title: "name one".to_owned(),
        safe: true,
        replacements: vec![Replacement {
            region: found.primary.region,
            text: "\"Action\": \"s3:GetObject\"".to_owned(),
        }],
    });
    let result = &log(&run(vec![found]))["runs"][0]["results"][0];
    let artifact = serde_json::json!({"uri": "a%20b/%C3%A9%23.json", "uriBaseId": "%SRCROOT%"});
    let region = |lines: [u32; 4], bytes: [u32; 2]| {
        serde_json::json!({
            "startLine": lines[0], "startColumn": lines[1], "endLine": lines[2], "endColumn": lines[3],
            "byteOffset": bytes[0], "byteLength": bytes[1],
        })
    };
    let at = region([2, 13, 2, 26], [17, 13]);
    let mut shown = at.clone();
    shown["snippet"] = serde_json::json!({"text": "\"Action\": \"*\""});
    let index = rules::all().iter().position(|entry| entry.doc.id == "wildcard-action");
    let expected = serde_json::json!({
        "ruleId": "wildcard-action",
        "ruleIndex": index,
        "level": "error",
        "message": {"text": "statement allows every action (every action); list the actions that are needed"},
        "locations": [{
            "physicalLocation": {"artifactLocation": artifact, "region": shown},
            "logicalLocations": [{"fullyQualifiedName": "Statement/0"}],
        }],
        "relatedLocations": [
            {
                "id": 1,
                "physicalLocation": {"artifactLocation": artifact, "region": region([3, 3, 3, 13], [34, 10])},
                "message": {"text": "of all"},
            },
            {"id": 2, "physicalLocation": {"artifactLocation": artifact, "region": region([2, 3, 2, 8], [4, 8])}},
        ],
        "partialFingerprints": {"whit/v1": "00000000000000000000000000000123"},
        "fixes": [{
            "description": {"text": "name one"},
            "artifactChanges": [{
                "artifactLocation": artifact,
                "replacements": [{"deletedRegion": at, "insertedContent": {"text": "\"Action\": \"s3:GetObject\""}}],
            }],
        }],
        "properties": {"severity": "high", "confidence": "high"},
    });
    assert_eq!(*result, expected);
}

#[test]
fn a_long_text_is_not_repeated() {
    let list = format!("[\n{}\"s3:Get*\"]", "\"s3:Put*\",\n".repeat(500));
    let found = finding("a.json", list.as_bytes(), &[(&list, "")]);
    let region = &log(&run(vec![found]))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    let expected = serde_json::json!({
        "startLine": 1, "startColumn": 1, "endLine": 502, "endColumn": 11, "byteOffset": 0, "byteLength": list.len(),
    });
    assert_eq!(*region, expected);
}

#[test]
fn every_rule_is_described_with_its_page() {
    let log = log(&Run::default());
    let driver = &log["runs"][0]["tool"]["driver"];
    let described = driver["rules"].as_array().map_or(&[][..], Vec::as_slice);
    assert_eq!(described.len(), rules::all().len());
    for (rule, entry) in described.iter().zip(rules::all()) {
        let (id, doc) = (entry.doc.id, &entry.doc);
        assert_eq!((rule["id"].as_str(), rule["shortDescription"]["text"].as_str()), (Some(id), Some(doc.title)));
        assert_eq!(rule["help"]["markdown"].as_str(), Some(doc.body));
        assert_eq!(rule["helpUri"].as_str(), doc.references.first().copied(), "{id}");
        assert_eq!(rule["properties"]["equivalents"], serde_json::json!(doc.equivalents));
        // GitHub's limits: 1,024 characters for each description, 20 tags; it needs a help text.
        for key in ["shortDescription", "fullDescription", "help"] {
            let length = rule[key]["text"].as_str().map_or(0, |text| text.chars().count());
            assert!((1..=1024).contains(&length), "{id}: {key} has {length} characters");
        }
        let tags = rule["properties"]["tags"].as_array().map_or(0, Vec::len);
        assert!((1..=20).contains(&tags), "{id} has {tags} tags");
    }
}

#[test]
fn severity_of_result_and_rule_agree_where_the_config_changes_it() {
    for (severity, level, number) in [
        (Severity::Critical, "error", "9.5"),
        (Severity::High, "error", "8.0"),
        (Severity::Medium, "warning", "5.5"),
        (Severity::Low, "note", "3.0"),
    ] {
        let log = log(&run(vec![Finding { severity, ..sample() }]));
        let result = &log["runs"][0]["results"][0];
        let index = result["ruleIndex"].as_u64().unwrap_or(u64::MAX) as usize;
        let rule = &log["runs"][0]["tool"]["driver"]["rules"][index];
        assert_eq!((result["level"].as_str(), rule["id"].as_str()), (Some(level), result["ruleId"].as_str()));
        assert_eq!(rule["defaultConfiguration"]["level"], level);
        assert_eq!(rule["properties"]["security-severity"], number);
    }
}

#[test]
fn what_was_not_checked_is_told_and_what_was_skipped_on_purpose_is_not() {
    let skipped = |path: &str, error| Skipped { path: RelPath::new(path), why: "is not JSON".to_owned(), error };
    let run = Run { skipped: vec![skipped("a b.json", true), skipped("large.bin", false)], ..Run::default() };
    let expected = serde_json::json!([{
        "executionSuccessful": false,
        "toolExecutionNotifications": [{
            "level": "error",
            "message": {"text": "`a b.json` is not JSON"},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": "a%20b.json", "uriBaseId": "%SRCROOT%"},
            }}],
        }],
    }]);
    assert_eq!(log(&run)["runs"][0]["invocations"], expected);
    let fine = Run { skipped: vec![skipped("large.bin", false)], ..Run::default() };
    let expected = serde_json::json!([{"executionSuccessful": true, "toolExecutionNotifications": []}]);
    assert_eq!(log(&fine)["runs"][0]["invocations"], expected);
}

#[test]
fn no_more_results_than_code_scanning_takes_and_those_are_the_worst() {
    let mut findings = vec![Finding { severity: Severity::Low, excerpt: None, ..sample() }; 25_010];
    for (index, finding) in findings.iter_mut().enumerate() {
        finding.fingerprint = index as u128;
    }
    findings[25_005].severity = Severity::Critical;
    findings[7].rule = RuleId("a-rule-that-is-not-listed");
    let text = written(&Sarif::default(), &run(findings));
    let log: Value = serde_json::from_str(&text).unwrap_or_default();
    let results = log["runs"][0]["results"].as_array().map_or(&[][..], Vec::as_slice);
    let numbers: Vec<&str> =
        results.iter().filter_map(|result| result["partialFingerprints"]["whit/v1"].as_str()).collect();
    assert_eq!(numbers.len(), 25_000);
    assert!(numbers.is_sorted(), "they keep the order of the run");
    assert_eq!(numbers.last().copied(), Some(&*format!("{:032x}", 25_005)));
    assert_eq!((results[7]["ruleId"].as_str(), results[7].get("ruleIndex")), (Some("a-rule-that-is-not-listed"), None));
    let notification = log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].as_str();
    assert!(notification.is_some_and(|text| text.starts_with("10 findings are left out")), "{notification:?}");
}

#[test]
fn a_result_has_no_more_locations_than_code_scanning_takes() {
    let mut found = sample();
    found.labels = vec![found.primary.clone(); 3000];
    let result = &log(&run(vec![found]))["runs"][0]["results"][0];
    assert_eq!(result["relatedLocations"].as_array().map(Vec::len), Some(999));
}

#[test]
fn real_findings_are_valid_have_rules_and_fingerprints_of_their_own() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/walkthrough");
    let mut all = Run::default();
    for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
        let bytes = fs::read(entry.path()).unwrap_or_else(|error| panic!("{error}"));
        let name = entry.file_name().to_string_lossy().into_owned();
        all.findings.extend(run_with(&name, &bytes, &Settings::default()).findings);
    }
    let log = log(&all);
    let results = log["runs"][0]["results"].as_array().map_or(&[][..], Vec::as_slice);
    assert!(results.len() > 5, "the walkthrough has findings");
    let prints: BTreeSet<_> =
        results.iter().filter_map(|result| result["partialFingerprints"]["whit/v1"].as_str()).collect();
    assert_eq!(prints.len(), results.len());
    for result in results {
        let index = result["ruleIndex"].as_u64().unwrap_or(u64::MAX) as usize;
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    let text = log.to_string();
    assert!(!text.contains(env!("CARGO_MANIFEST_DIR")), "no path of the machine");
}

/// `.ci/run` has the release build write the log of the whole of `testdata/` and names it here.
#[test]
fn sarif_of_the_environment_is_valid() {
    let Some(path) = std::env::var_os("WHIT_SARIF") else {
        println!("not run: `WHIT_SARIF` names no file");
        return;
    };
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let log = checked(&text);
    let results = log["runs"][0]["results"].as_array().map_or(0, Vec::len);
    assert!(results > 20, "{results} results");
}
