//! A credential report as the API gives it: CSV in base64, in the JSON of `aws iam get-credential-report` or, with
//! `--output text`, as the first field of a line.

use super::credential_report;
use crate::document::json::string_map;
use crate::document::{NodeKind, NodeRef};
use crate::extract::Extraction;
use crate::source::{Loc, Span};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// `user,arn,` in base64.
pub(super) const BEGIN: &str = "dXNlcixhcm4s";

/// A decoded text and the offsets of the characters that it was written with.
struct Decoded {
    text: String,
    chars: Vec<u32>,
}

impl Decoded {
    /// Decodes base64; line breaks inside it do not count. None if it is none, or not of UTF-8.
    fn new(base64: &str) -> Option<Self> {
        const ENGINE: GeneralPurpose = GeneralPurpose::new(
            &STANDARD,
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
        );
        let written = || base64.bytes().enumerate().filter(|(_, byte)| !byte.is_ascii_whitespace());
        let bytes: Vec<u8> = written().map(|(_, byte)| byte).collect();
        let text = String::from_utf8(ENGINE.decode(bytes).ok()?).ok()?;
        Some(Decoded { text, chars: written().map(|(at, _)| at as u32).collect() })
    }

    /// The characters that hold the bytes of a span of the decoded text: six bits each, those at the ends shared with what
    /// stands beside the span.
    fn written_as(&self, span: Span) -> Span {
        let first = span.start as usize * 4 / 3;
        let last = (span.end as usize * 4).div_ceil(3).saturating_sub(1);
        let at = |index: usize| self.chars.get(index).or(self.chars.last()).copied().unwrap_or(0);
        Span { start: at(first), end: at(last.max(first)) + 1 }
    }
}

/// Reads a report that is the value of `Content`, with the time in `GeneratedTime`.
pub(super) fn from_json(map: NodeRef<'_>, out: &mut Extraction) {
    let Some(content) = map.get("Content").filter(|content| content.kind() == NodeKind::String) else { return };
    let Some(base64) = content.as_str().filter(|text| text.trim_start().starts_with(BEGIN)) else { return };
    let Some(decoded) = Decoded::new(base64) else { return };
    let generated = map.get("GeneratedTime").and_then(NodeRef::as_str).and_then(credential_report::time);
    let inside = string_map(content.raw(), content.span().start);
    let place = |span| content.tree().loc(inside.to_file(decoded.written_as(span)));
    credential_report::read(&decoded.text, generated, &place, out);
}

/// Reads a report at the beginning of a text that is not JSON; a time may follow it on its line.
pub(super) fn from_file(text: &str, place: &dyn Fn(Span) -> Loc, out: &mut Extraction) {
    let start = text.len() - text.trim_start().len();
    let body = text.get(start..).unwrap_or("");
    let end = body.find(|c: char| !c.is_ascii_alphanumeric() && !"+/=\r\n".contains(c)).unwrap_or(body.len());
    let (base64, rest) = body.split_at(end);
    let Some(decoded) = Decoded::new(base64) else { return };
    let generated = rest.split_whitespace().find_map(credential_report::time);
    let shifted = |span| {
        let span = decoded.written_as(span);
        place(Span { start: span.start + start as u32, end: span.end + start as u32 })
    };
    credential_report::read(&decoded.text, generated, &shifted, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_lead_to_the_characters_that_hold_them() {
        // `user,arn,x` with a line break after eight characters and without padding.
        let base64 = "dXNlcixh\ncm4seA";
        let decoded = Decoded::new(base64);
        assert_eq!(decoded.as_ref().map(|decoded| &*decoded.text), Some("user,arn,x"));
        let cut = |start, end| decoded.as_ref().map(|decoded| &base64[decoded.written_as(Span { start, end }).range()]);
        assert_eq!(cut(0, 4), Some("dXNlci"), "`user` is 32 bits: six characters");
        assert_eq!(cut(5, 8), Some("xh\ncm4"), "`arn` begins in the last two bits of `x`");
        assert_eq!(cut(9, 10), Some("eA"));
    }

    #[test]
    fn what_is_no_base64_is_no_report() {
        assert!(Decoded::new("dXNlcixhcm4s!").is_none());
        assert!(Decoded::new("/////w==").is_none(), "not UTF-8");
    }
}
