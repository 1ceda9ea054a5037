//! URL-encoding (RFC 3986): how the IAM API returns policy documents.

use crate::source::Span;
use crate::spanmap::SpanMap;

/// The text that `%XX` stands for, and how it lies in `text`: each escape is one segment. `+` is a plus sign; a `%` without
/// two hexadecimal digits stands for itself. None if the bytes are not UTF-8.
pub(super) fn percent(text: &str) -> Option<(String, SpanMap)> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut map = SpanMap::default();
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let (byte, len) = match *rest {
            [b'%', high, low, ..] => hex(high, low).map_or((b'%', 1), |byte| (byte, 3)),
            [byte, ..] => (byte, 1),
            [] => break,
        };
        decoded.push(byte);
        map.push(1, Span::new(at, at + len));
        at += len;
    }
    Some((String::from_utf8(decoded).ok()?, map))
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(text: &str) -> Option<String> {
        percent(text).map(|(text, _)| text)
    }

    #[test]
    fn only_whole_escapes_are_decoded() {
        for (text, wanted) in [
            ("%7B%22a%22%3A1%7d", Some("{\"a\":1}")),
            ("a+b", Some("a+b")),
            ("%C3%A9%F0%9F%98%80", Some("é😀")),
            ("100%", Some("100%")),
            ("%7", Some("%7")),
            ("%%41%zz%+1", Some("%A%zz%+1")),
            ("%252A", Some("%2A")),
            ("%C3", None),
        ] {
            assert_eq!(decoded(text).as_deref(), wanted, "{text}");
        }
    }

    proptest! {
        /// What is decoded is found again at the bytes that it was written as, however much of it was escaped.
        #[test]
        fn every_character_leads_back(text: Vec<(char, bool)>) {
            let (mut written, mut places, mut wanted) = (String::new(), Vec::new(), String::new());
            for (character, escape) in text {
                let (start, from) = (wanted.len(), written.len());
                wanted.push(character);
                if escape || character == '%' {
                    let mut buffer = [0; 4];
                    character.encode_utf8(&mut buffer).bytes().for_each(|byte| written += &format!("%{byte:02x}"));
                } else {
                    written.push(character);
                }
                places.push((Span::new(start, wanted.len()), Span::new(from, written.len())));
            }
            let read = percent(&written);
            prop_assert_eq!(read.as_ref().map(|(text, _)| text), Some(&wanted));
            for (span, place) in places {
                prop_assert_eq!(read.as_ref().map(|(_, map)| map.to_file(span)), Some(place));
            }
        }
    }
}
