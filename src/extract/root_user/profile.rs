//! The serial number of the root user's virtual MFA device, in profiles, scripts and settings: who needs it there signs
//! in as the root user from a program.

use crate::document::NodeRef;
use crate::document::json::string_map;
use crate::extract::{Extraction, Fact};
use crate::policy::Spanned;
use crate::source::{Loc, Origin, SourceFile, Span};
use memchr::memmem;

/// The end of the serial number, the same in every account.
pub(super) const DEVICE: &str = "mfa/root-account-mfa-device";

/// Bytes before the device in which its line is looked for: a text may be one line of megabytes.
const LINE: usize = 1000;

/// Texts that speak of the device rather than use it.
const PROSE: [&str; 14] =
    ["md", "mdx", "markdown", "rst", "adoc", "txt", "html", "htm", "xml", "csv", "tsv", "log", "svg", "ipynb"];

/// Programs, in which the ARN may be anything, a message or a test: it counts only as a parameter of the SDK.
const PROGRAMS: [&str; 22] = [
    "py", "rb", "js", "mjs", "cjs", "ts", "jsx", "tsx", "go", "rs", "java", "kt", "cs", "php", "c", "h", "cpp",
    "swift", "scala", "pl", "lua", "groovy",
];

/// Finds the serial number in a file that is not JSON.
pub(super) fn in_text(file: &SourceFile<'_>, out: &mut Extraction) {
    let extension = file.path.extension().to_ascii_lowercase();
    if PROSE.contains(&&*extension) {
        return;
    }
    let is_program = PROGRAMS.contains(&&*extension);
    let text = file.text();
    for at in memmem::find_iter(text.as_bytes(), DEVICE) {
        let reach = text.floor_char_boundary(at.saturating_sub(LINE));
        let line_start = text.get(reach..at).and_then(|before| before.rfind('\n')).map_or(reach, |at| reach + at + 1);
        let Some(line) = text.get(line_start..) else { continue };
        let Some(arn) = serial(line, at - line_start) else { continue };
        let before = line.get(..arn.start as usize).unwrap_or("");
        if uses(before) && (!is_program || is_sdk_parameter(before)) {
            let span = Span { start: line_start as u32 + arn.start, end: line_start as u32 + arn.end };
            push(file.slice(span), Loc { file: file.id, span }, out);
        }
    }
}

/// Finds the serial number in a JSON string: as the value of a key such as `SerialNumber`, or in a command.
pub(super) fn in_json(key: &str, node: NodeRef<'_>, out: &mut Extraction) {
    let Some(text) = node.as_str() else { return };
    let Some(at) = text.find(DEVICE) else { return };
    let Some(arn) = serial(text, at) else { return };
    let whole = arn.len() == text.len();
    let before = text.get(..arn.start as usize).unwrap_or("");
    if names_serial(if whole { key } else { before }) && (whole || uses(before)) {
        let inside = string_map(node.raw(), node.span().start);
        let at = if whole { node.loc() } else { node.tree().loc(inside.to_file(arn)) };
        push(text.get(arn.range()).unwrap_or(""), at, out);
    }
}

/// True for what `list-virtual-mfa-devices`, `list-mfa-devices` and `create-virtual-mfa-device` print: that the device
/// exists is right.
pub(super) fn describes_device(map: NodeRef<'_>) -> bool {
    map.get("SerialNumber").is_some()
        && ["EnableDate", "User", "UserName", "Base32StringSeed", "QRCodePNG"]
            .into_iter()
            .any(|key| map.get(key).is_some())
}

fn push(arn: &str, at: Loc, out: &mut Extraction) {
    out.facts.push(Fact::RootMfaSerial(Spanned { value: arn.into(), origin: Origin::here(at) }));
}

/// The ARN whose last part stands at byte `at`. Its account is a number, or a variable as shells write it; a wildcard or the
/// placeholder of a text makes it no serial number.
fn serial(text: &str, at: usize) -> Option<Span> {
    let end = at + DEVICE.len();
    let longer = |c: char| c.is_ascii_alphanumeric() || "+=,.@-_/*".contains(c);
    if text.get(end..)?.starts_with(|c: char| longer(c) && !",.".contains(c)) {
        return None;
    }
    let head = text.get(..at)?;
    let start = head.rfind("arn:aws")?;
    let (partition, account) = head.get(start + "arn:".len()..)?.strip_suffix(':')?.split_once(":iam::")?;
    let digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let variable = account.starts_with('$') && !account.contains(char::is_whitespace);
    let plain = partition.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    (plain && (digits || variable)).then(|| Span::new(start, end))
}

/// True if what stands before the ARN on its line uses it: no comment, no entry of a policy's list, no removal of the device.
fn uses(before: &str) -> bool {
    let lead = before.trim_start();
    let comment =
        ["#", ";", "//", "/*", "* ", "rem "].into_iter().any(|mark| lead.starts_with(mark)) || before.contains(" #");
    let listed = lead.trim_matches(|c: char| c.is_whitespace() || "-[\"',".contains(c)).is_empty();
    let resource = lead.to_ascii_lowercase().contains("resource");
    !comment && !listed && !resource && !lead.contains("delete-virtual-mfa-device")
}

/// True behind `SerialNumber=` or `serial_number:`, as the SDKs for Python, JavaScript and Ruby have it.
fn is_sdk_parameter(before: &str) -> bool {
    let name = before.trim_end_matches(|c: char| c.is_whitespace() || "\"'`=:>".contains(c));
    name.ends_with("SerialNumber") || name.ends_with("serial_number")
}

fn names_serial(text: &str) -> bool {
    text.to_ascii_lowercase().contains("serial")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Option<&str> {
        let arn = serial(line, line.find(DEVICE)?)?;
        uses(&line[..arn.start as usize]).then(|| &line[arn.range()])
    }

    #[test]
    fn only_a_serial_number_that_is_used_counts() {
        for (line, expected) in [
            ("mfa_serial = arn:aws:iam::111122223333:mfa/root-account-mfa-device", true),
            ("MFA='arn:aws-cn:iam::111122223333:mfa/root-account-mfa-device'", true),
            ("  --serial-number \"arn:aws:iam::${ACCOUNT}:mfa/root-account-mfa-device\" \\", true),
            ("--serial-number=arn:aws-us-gov:iam::$ID:mfa/root-account-mfa-device,", true),
            ("# mfa_serial = arn:aws:iam::111122223333:mfa/root-account-mfa-device", false),
            ("Resource: arn:aws:iam::111122223333:mfa/root-account-mfa-device", false),
            ("- arn:aws:iam::111122223333:mfa/root-account-mfa-device", false),
            ("mfa = arn:aws:iam::*:mfa/root-account-mfa-device", false),
            ("mfa = arn:aws:iam::<account>:mfa/root-account-mfa-device", false),
            ("mfa = arn:aws:iam::111122223333:mfa/root-account-mfa-device-2", false),
            ("mfa = mfa/root-account-mfa-device", false),
            ("aws iam delete-virtual-mfa-device --serial-number arn:aws:iam::1:mfa/root-account-mfa-device", false),
        ] {
            assert_eq!(found(line).is_some(), expected, "{line}");
        }
        assert_eq!(
            found("x='arn:aws:iam::$ID:mfa/root-account-mfa-device'"),
            Some("arn:aws:iam::$ID:mfa/root-account-mfa-device")
        );
    }
}
