//! The inside of a string token: what stands as it is, and escapes.

use std::ops::Range;

/// A part of the inside of a string.
pub(super) struct Piece {
    /// Its bytes in the token.
    pub(super) at: Range<usize>,
    /// The character that it decodes to; none for text that stands as it is.
    pub(super) decoded: Option<char>,
    /// What is wrong with it.
    pub(super) wrong: Option<&'static str>,
}

/// The pieces of `token`, which begins with its quote and ends with the same one, unless it is never closed.
pub(super) fn pieces(token: &str) -> Pieces<'_> {
    Pieces { token, quote: token.bytes().next().unwrap_or(b'"'), at: 1 }
}

/// The text that a token decodes to; `wrong` is told of each escape that is none.
pub(super) fn decode(token: &str, mut wrong: impl FnMut(Range<usize>, &'static str)) -> String {
    let mut text = String::with_capacity(token.len());
    for piece in pieces(token) {
        if let Some(why) = piece.wrong {
            wrong(piece.at.clone(), why);
        }
        match piece.decoded {
            Some(decoded) => text.push(decoded),
            None => text.push_str(token.get(piece.at).unwrap_or("")),
        }
    }
    text
}

pub(super) struct Pieces<'s> {
    token: &'s str,
    quote: u8,
    at: usize,
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let start = self.at;
        let rest = self.token.as_bytes().get(start..)?;
        let verbatim = memchr::memchr2(b'\\', self.quote, rest).unwrap_or(rest.len());
        if verbatim > 0 {
            self.at += verbatim;
            return Some(Piece { at: start..self.at, decoded: None, wrong: None });
        }
        if rest.first() != Some(&b'\\') {
            return None;
        }
        let (len, decoded, wrong) = escape(self.token.get(start..)?);
        self.at += len;
        Some(Piece { at: start..self.at, decoded: Some(decoded), wrong })
    }
}

/// The escape at the beginning of `text`: its length, its character, and what is wrong with it.
fn escape(text: &str) -> (usize, char, Option<&'static str>) {
    let Some(second) = text[1..].chars().next() else {
        return (1, '\\', Some("nothing follows this `\\`"));
    };
    let plain = match second {
        '"' | '\\' | '/' => second,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode_escape(text),
        // The backslash falls away, as in the languages that allow any escape.
        _ => {
            return (
                1 + second.len_utf8(),
                second,
                Some("JSON has no such escape; a backslash itself is written `\\\\`"),
            );
        }
    };
    (2, plain, None)
}

fn unicode_escape(text: &str) -> (usize, char, Option<&'static str>) {
    let Some(unit) = code_unit(text) else {
        return (2, 'u', Some("`\\u` needs four hexadecimal digits"));
    };
    if let Some(character) = char::from_u32(unit) {
        return (6, character, None);
    }
    let low = text.get(6..).and_then(code_unit).filter(|low| (0xDC00..0xE000).contains(low));
    if let (0xD800..0xDC00, Some(low)) = (unit, low) {
        let combined = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        return (12, char::from_u32(combined).unwrap_or(char::REPLACEMENT_CHARACTER), None);
    }
    (6, char::REPLACEMENT_CHARACTER, Some("this is half of a surrogate pair, no character"))
}

/// The code unit of a `\uXXXX` at the beginning of `text`.
fn code_unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(token: &str) -> (String, Vec<Range<usize>>) {
        let mut wrong = Vec::new();
        let text = decode(token, |at, _| wrong.push(at));
        (text, wrong)
    }

    #[test]
    fn every_escape_of_json_is_known() {
        let (text, wrong) = decoded(r#""\"\\\/\b\f\n\r\t\u0041\u00e9\uD83D\ude00""#);
        assert_eq!((&*text, wrong), ("\"\\/\u{8}\u{c}\n\r\tAé😀", vec![]));
    }

    #[test]
    fn wrong_escapes_keep_what_can_be_kept() {
        for (token, text, wrong) in [
            (r#""\x41""#, "x41", 1..3),
            (r#""\é""#, "é", 1..4),
            (r#""\u12""#, "u12", 1..3),
            (r#""\u+123""#, "u+123", 1..3),
            (r#""\ud800x""#, "\u{FFFD}x", 1..7),
            (r#""\ud800\u0041""#, "\u{FFFD}A", 1..7),
            (r#""\udc00""#, "\u{FFFD}", 1..7),
            ("\"a\\", "a\\", 2..3),
        ] {
            assert_eq!(decoded(token), (text.to_owned(), vec![wrong]), "{token}");
        }
    }

    #[test]
    fn a_token_ends_at_its_own_quote() {
        assert_eq!(decoded(r#"'say "x" \u0041'"#).0, "say \"x\" A");
        assert_eq!(decoded(r#""never closed \""#).0, "never closed \"");
    }
}
