//! Positions, checked by a reader that knows nothing of whit's: it walks the bytes of the file from the beginning, as the
//! SARIF standard says how to count (§3.30: lines and columns from 1, columns in UTF-16 units, no byte-order mark).

use crate::lint::run_with;
use crate::report::written;
use serde_json::Value;
use std::fs;
use std::path::Path;
use whit::report::Sarif;
use whit::settings::Settings;

/// One character of a file: what it is, and its first byte.
struct Char {
    c: char,
    at: u64,
}

/// The characters of a file in UTF-8 or UTF-16, the byte-order mark apart, and the number of its bytes.
fn chars(bytes: &[u8]) -> (Vec<Char>, u64) {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| -> Vec<(char, u64)> {
        let units = bytes[2..].chunks(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units).flatten().map(|c| (c, 2 * c.len_utf16() as u64)).collect()
    };
    let (mut at, decoded) = match bytes {
        [0xFF, 0xFE, ..] => (2, wide(bytes, u16::from_le_bytes)),
        [0xFE, 0xFF, ..] => (2, wide(bytes, u16::from_be_bytes)),
        _ => {
            let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{error}"));
            let body = text.trim_start_matches('\u{feff}');
            ((text.len() - body.len()) as u64, body.chars().map(|c| (c, c.len_utf8() as u64)).collect())
        }
    };
    let mut chars = Vec::new();
    for (c, size) in decoded {
        chars.push(Char { c, at });
        at += size;
    }
    assert_eq!(at, bytes.len() as u64, "the reader of this test has read all");
    (chars, at)
}

/// The byte at which a line and column lie.
fn byte_at(chars: &[Char], size: u64, line: u64, column: u64) -> Option<u64> {
    let (mut this_line, mut this_column) = (1, 1);
    for (index, Char { c, at }) in chars.iter().enumerate() {
        if (this_line, this_column) == (line, column) {
            return Some(*at);
        }
        let next_is_feed = chars.get(index + 1).is_some_and(|next| next.c == '\n');
        if *c == '\n' || (*c == '\r' && !next_is_feed) {
            (this_line, this_column) = (this_line + 1, 1);
        } else {
            this_column += c.len_utf16() as u64;
        }
    }
    ((this_line, this_column) == (line, column)).then_some(size)
}

/// Checks each region of a result; how many there were.
fn check(name: &str, bytes: &[u8], settings: &Settings) -> usize {
    let text = written(&Sarif::default(), &run_with(name, bytes, settings));
    let log: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let (chars, size) = chars(bytes);
    let number = |value: &Value| value.as_u64().unwrap_or_else(|| panic!("{name}: {value} is no number"));
    let mut checked = 0;
    for result in log["runs"][0]["results"].as_array().into_iter().flatten() {
        let [main, related] = ["locations", "relatedLocations"].map(|key| result[key].as_array());
        for location in main.into_iter().chain(related).flatten() {
            let region = &location["physicalLocation"]["region"];
            let (start, length) = (number(&region["byteOffset"]), number(&region["byteLength"]));
            let place = |line, column| byte_at(&chars, size, number(&region[line]), number(&region[column]));
            assert_eq!(place("startLine", "startColumn"), Some(start), "{name}: {location}");
            assert_eq!(place("endLine", "endColumn"), Some(start + length), "{name}: {location}");
            let cut: String = chars.iter().filter(|c| (start..start + length).contains(&c.at)).map(|c| c.c).collect();
            match region["snippet"]["text"].as_str() {
                Some(snippet) => assert_eq!(snippet, cut, "{name}"),
                None => assert!(!std::ptr::eq(location, &result["locations"][0]), "{name}: a short text is shown"),
            }
            checked += 1;
        }
    }
    checked
}

/// What is wrong stands behind characters of one to four bytes, on its own line and in the middle of a long one, in a
/// document and in a string with escapes.
const POLICY: &str = r#"{
  "Version": "2012-10-17", "Id": "é",
  "Statement": [
    {"Sid": "😀é\u00e9", "Effect": "Allow", "Action": "iam:*", "Resource": "*"},
    {
      "Effect": "Allow",
      "Action": ["s3:*", "ec2:Delete*"],
      "Resource": "*", "Condition": {"StringLike": {"aws:PrincipalTag/läñd": "😀*"}}
    }
  ]
}
"#;

fn in_a_string() -> String {
    let escaped = POLICY.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace("*", "\\u002a");
    format!("{{\"Description\": \"😀\", \"PolicyDocument\": \"{escaped}\"}}\n")
}

#[test]
fn in_every_encoding_and_with_every_line_break() {
    let texts = [
        ("lines", POLICY.to_owned()),
        ("crlf", POLICY.replace('\n', "\r\n")),
        ("cr", POLICY.replace('\n', "\r")),
        ("one line", POLICY.replace('\n', " ")),
        ("no line break at the end", POLICY.trim_end().to_owned()),
        ("in a string", in_a_string()),
    ];
    let settings = Settings { pedantic: true, ..Settings::default() };
    for (name, text) in texts {
        let marked = format!("\u{feff}{text}");
        let little: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let plain = check(&format!("{name}.json"), text.as_bytes(), &settings);
        assert!(plain >= 4, "{name}: {plain} places");
        for (encoding, bytes) in [("bom", marked.as_bytes()), ("utf-16le", &little), ("utf-16be", &big)] {
            let name = format!("{name}, {encoding}.json");
            assert_eq!(check(&name, bytes, &settings), plain, "{name}: the encoding changes no finding");
        }
    }
}

#[test]
fn of_all_that_is_found_in_testdata() {
    let mut checked = 0;
    for folder in ["walkthrough", "root-user"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(folder);
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries.flatten() {
            let bytes = fs::read(entry.path()).unwrap_or_else(|error| panic!("{error}"));
            checked += check(&entry.file_name().to_string_lossy(), &bytes, &Settings::default());
        }
    }
    assert!(checked > 10, "{checked} places");
}
