//! What the formats for people and editors print, on findings that no rule would make.

use snapbox::{IntoData, assert_data_eq, str};
use std::borrow::Cow;
use std::time::Instant;
use whit::engine::{Run, Skipped};
use whit::excerpt::Excerpt;
use whit::finding::{Confidence, Finding, Mark, Repair, Replacement, RuleId, Severity};
use whit::report::{Compact, Json, Reporter, Text, TextStyle};
use whit::source::{FileId, RelPath, SourceFile, Span};

/// A finding at the first of `marks`, each the first place of a text of the file and what is said of it.
pub(crate) fn finding(path: &str, bytes: &[u8], marks: &[(&str, &str)]) -> Finding {
    let file = SourceFile::new(FileId(0), RelPath::new(path), Cow::Borrowed(bytes));
    let spans: Vec<Span> = marks
        .iter()
        .map(|(text, _)| {
            let start = file.text().find(text).unwrap_or_else(|| panic!("`{text}` is not there"));
            Span::new(start, start + text.len())
        })
        .collect();
    let mut places =
        spans.iter().zip(marks).map(|(span, (_, said))| Mark { region: file.region(*span), text: (*said).to_owned() });
    Finding {
        path: file.path.clone(),
        primary: places.next().unwrap_or_else(|| panic!("a finding has a place")),
        rule: RuleId("wildcard-action"),
        severity: Severity::High,
        confidence: Confidence::High,
        message: "statement allows every action".to_owned(),
        help: "list the actions that are needed".to_owned(),
        labels: places.collect(),
        excerpt: Some(Box::new(Excerpt::cut(&file, &spans))),
        fix: None,
        logical_path: "Statement/0".into(),
        fingerprint: 0x0123,
    }
}

pub(crate) fn run(findings: Vec<Finding>) -> Run {
    Run { findings, ..Run::default() }
}

pub(crate) fn written(reporter: &dyn Reporter, run: &Run) -> String {
    let mut out = Vec::new();
    reporter.write(run, &mut out).unwrap_or_else(|error| panic!("{error}"));
    String::from_utf8(out).unwrap_or_else(|error| panic!("{error}"))
}

fn text(finding: Finding) -> String {
    let style = TextStyle { color: false, width: 80 };
    written(&Text { path: Box::new(ToString::to_string), style }, &run(vec![finding]))
}

const POLICY: &str = r#"{
  "Statement": [{
    "Effect": "Allow",
    "Action": "*",
    "Resource": "*"
  }]
}
"#;

#[test]
fn a_finding_shows_header_lines_labels_and_help() {
    let marks = [("\"*\"", "every action"), ("\"Allow\"", ""), ("\"Resource\"", "of these")];
    let expected = str![[r#"
high: statement allows every action   wildcard-action
   ╭─[a.json:4:15]
 2 │   "Statement": [{
 3 │     "Effect": "Allow",
   ·               ───────
 4 │     "Action": "*",
   ·               ─┬─
   ·                ╰── every action
 5 │     "Resource": "*"
   ·     ─────┬────
   ·          ╰── of these
 6 │   }]
   ╰────
  help: list the actions that are needed; `whit explain wildcard-action`


"#]];
    assert_data_eq!(text(finding("a.json", POLICY.as_bytes(), &marks)), expected.clone());
    let crlf = POLICY.replace('\n', "\r\n");
    assert_data_eq!(text(finding("a.json", crlf.as_bytes(), &marks)), expected.raw());
}

#[test]
fn lines_that_are_far_from_each_other_are_apart_and_a_mark_over_several_lines_is_drawn_beside_them() {
    let lines: Vec<String> = (1..=20).map(|number| format!("line {number:02}\n")).collect();
    let drawn =
        text(finding("a.json", lines.concat().as_bytes(), &[("12\nline 13", "two lines"), ("line 02", "far away")]));
    assert_data_eq!(
        drawn,
        str![[r#"
high: statement allows every action   wildcard-action
   ╭─[a.json:2:1]
 1 │ line 01
 2 │ line 02
   · ───┬───
   ·    ╰── far away
 3 │ line 03
   ╰────
    ╭─[a.json:12:6]
 11 │     line 11
 12 │ ╭─▶ line 12
 13 │ ├─▶ line 13
    · ╰──── two lines
 14 │     line 14
    ╰────
  help: list the actions that are needed; `whit explain wildcard-action`


"#]]
    );
}

#[test]
fn nothing_of_the_file_reaches_the_terminal_as_a_command() {
    let hostile = "{\"Sid\": \"\u{1b}[2J\u{9b}31m\u{202e}\",\t\"Action\": \"*\"}";
    let mut finding = finding("a\n\u{1b}.json", hostile.as_bytes(), &[("\"*\"", "note \u{1b}]0;x\u{7}")]);
    finding.message = "`\u{1b}[31m` and\nmore".to_owned();
    finding.help = "\u{202e}".to_owned();
    let run = run(vec![finding.clone()]);
    let compact = written(&Compact { path: Box::new(ToString::to_string) }, &run);
    assert_eq!(compact, "a\\n\\u{1b}.json:1:32: high: `\\u{1b}[31m` and\\nmore [wildcard-action]\n");
    let drawn = text(finding);
    assert!(drawn.contains("{\"Sid\": \"␛[2J\u{fffd}31m\u{fffd}\","), "{drawn}");
    for printed in [compact, drawn, written(&Json, &run)] {
        assert!(!printed.contains(|c: char| c != '\n' && (c.is_control())), "{printed:?}");
    }
}

#[test]
fn the_header_counts_characters_and_the_underline_meets_wide_ones() {
    let drawn = text(finding("a.json", "{\"é😀\":\t\"*\"}".as_bytes(), &[("\"*\"", "here")]));
    let lines: Vec<&str> = drawn.lines().collect();
    assert_eq!(lines[1], "   ╭─[a.json:1:8]");
    // `😀` is two columns wide, the tab ends at a multiple of four.
    assert_eq!(lines[2..4], [" 1 │ {\"é😀\":  \"*\"}", "   ·          ─┬─"]);
}

#[test]
fn a_finding_without_lines_still_says_where_it_is() {
    let mut bare = finding("a.json", POLICY.as_bytes(), &[("\"*\"", "every action")]);
    bare.excerpt = None;
    bare.help.clear();
    assert_data_eq!(
        text(bare),
        str![[r#"
high: statement allows every action   wildcard-action
  at a.json:4:15
  help: `whit explain wildcard-action`


"#]]
    );
}

#[test]
fn what_may_turn_out_wrong_says_so() {
    for (confidence, doubt) in
        [(Confidence::Low, " (low confidence)"), (Confidence::Medium, " (medium confidence)"), (Confidence::High, "")]
    {
        let found = Finding { confidence, ..finding("a.json", "{\"Action\": \"*\"}".as_bytes(), &[("\"*\"", "")]) };
        let compact = written(&Compact { path: Box::new(ToString::to_string) }, &run(vec![found.clone()]));
        assert!(compact.ends_with(&format!(": statement allows every action{doubt} [wildcard-action]\n")), "{compact}");
        let header = format!("high: statement allows every action{doubt}   wildcard-action\n");
        assert!(text(found).starts_with(&header), "{header}");
    }
}

#[test]
fn a_place_without_bytes_can_be_shown() {
    let drawn = text(finding("a.json", b"", &[("", "nothing here")]));
    assert!(drawn.contains("[a.json:1:1]") && drawn.contains("╰── nothing here"), "{drawn}");
    let drawn = text(finding("a.json", "{\n  \"Action\":\n".as_bytes(), &[(":\n", "no value")]));
    assert!(drawn.contains("[a.json:2:11]") && drawn.contains("╰── no value"), "{drawn}");
}

#[test]
fn a_label_at_column_three_million_and_a_line_of_60_kb_are_clipped() {
    let far = format!("[{}\"*\"]", "\"x\",".repeat(750_000));
    let drawn = text(finding("a.json", far.as_bytes(), &[("\"*\"", "every action")]));
    assert!(drawn.contains("[a.json:1:3000002]"), "{drawn}");
    assert!(drawn.contains("\"x\",\"*\"]\n") && drawn.contains("╰── every action"), "{drawn}");
    let near = format!("[\"*\",\"{}\"]", "é".repeat(30_000));
    let clipped = text(finding("a.json", near.as_bytes(), &[("\"*\"", "every action")]));
    for drawn in [drawn, clipped] {
        let shown: Vec<&str> = drawn.lines().filter_map(|line| line.strip_prefix(" 1 │ ")).collect();
        assert!(shown.iter().all(|line| line.chars().count() <= 122) && shown.len() == 1, "{drawn}");
    }
    let since = Instant::now();
    let all = run(vec![finding("a.json", far.as_bytes(), &[("\"*\"", "every action")]); 1000]);
    let style = TextStyle { color: false, width: 80 };
    written(&Text { path: Box::new(ToString::to_string), style }, &all);
    assert!(since.elapsed().as_secs() < 5, "the file is not read again for each finding: {:?}", since.elapsed());
}

#[test]
fn colour_changes_nothing_but_the_colour() {
    let marks = [("\"*\"", "every action"), ("\"Allow\"", "granted")];
    for severity in Severity::ALL {
        let mut finding = finding("a.json", POLICY.as_bytes(), &marks);
        finding.severity = severity;
        let style = TextStyle { color: true, width: 80 };
        let text_of = |style| Text { path: Box::new(ToString::to_string), style };
        let colored = written(&text_of(style), &run(vec![finding.clone()]));
        assert!(colored.starts_with("\u{1b}["), "{colored:?}");
        let plain = anstream::adapter::strip_str(&colored).to_string();
        assert_eq!(plain, text(finding));
    }
}

#[test]
fn compact_columns_count_utf16_units() {
    let finding = finding("é b.json", "{\"é😀\": \"*\"}".as_bytes(), &[("\"*\"", "")]);
    let expected = "é b.json:1:9: high: statement allows every action [wildcard-action]\n";
    assert_eq!(written(&Compact { path: Box::new(ToString::to_string) }, &run(vec![finding])), expected);
}

#[test]
fn json_holds_all_that_is_known() {
    let mut found = finding("é b.json", "{\"é😀\": \"*\"}\n".as_bytes(), &[("\"*\"", "every action"), ("{", "")]);
    let edit = Replacement { region: found.primary.region, text: "\"s3:GetObject\"".to_owned() };
    found.fix = Some(Repair { title: "name one".to_owned(), safe: true, replacements: vec![edit] });
    let skipped = Skipped { path: RelPath::new("b"), why: "is broken".to_owned(), error: true };
    let run =
        Run { findings: vec![found], skipped: vec![skipped], unseen: Vec::new(), hidden: 3, policies: 2, files: 5 };
    let region = serde_json::json!({
        "byte": 11, "byteLength": 3,
        "start": {"line": 1, "byte": 12, "utf16": 9, "character": 8},
        "end": {"line": 1, "byte": 15, "utf16": 12, "character": 11},
    });
    let expected = serde_json::json!({
        "schema": 1,
        "version": env!("CARGO_PKG_VERSION"),
        "findings": [{
            "rule": "wildcard-action",
            "severity": "high",
            "confidence": "high",
            "path": "é b.json",
            "region": region,
            "message": "statement allows every action",
            "note": "every action",
            "help": "list the actions that are needed",
            "labels": [{
                "region": {
                    "byte": 0, "byteLength": 1,
                    "start": {"line": 1, "byte": 1, "utf16": 1, "character": 1},
                    "end": {"line": 1, "byte": 2, "utf16": 2, "character": 2},
                },
                "text": "",
            }],
            "fix": {"safe": true, "title": "name one", "edits": [{"region": region, "text": "\"s3:GetObject\""}]},
            "logicalPath": "Statement/0",
            "fingerprint": "00000000000000000000000000000123",
        }],
        "skipped": [{"path": "b", "why": "is broken", "error": true}],
        "counts": {"critical": 0, "high": 1, "medium": 0, "low": 0, "hidden": 3, "policies": 2, "files": 5},
    });
    let printed = written(&Json, &run);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&printed).ok(), Some(expected));
    assert_eq!(printed.lines().count(), 1);
}
