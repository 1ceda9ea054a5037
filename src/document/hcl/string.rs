//! Quoted strings of HCL: escapes are decoded, and what stands in `${}` or `%{}` is left as it is written.

use crate::source::Span;
use crate::spanmap::SpanMap;

/// A piece of a string: bytes of the token, and the character that they stand for where that is not themselves.
struct Piece {
    from: usize,
    to: usize,
    decoded: Option<char>,
}

/// The text of a quoted string; None if it is the text between the quotes.
pub(super) fn decode(token: &str) -> Option<String> {
    if !token.contains('\\') {
        return None;
    }
    let text = pieces(token).map(|piece| match piece.decoded {
        Some(c) => c.to_string(),
        None => token.get(piece.from..piece.to).unwrap_or("").to_owned(),
    });
    Some(text.collect())
}

/// How the decoded text lies in the text: `token` with its quotes at byte `start`.
pub(in crate::document) fn string_map(token: &str, start: u32) -> SpanMap {
    let mut map = SpanMap::default();
    for piece in pieces(token) {
        let file = Span::new(start as usize + piece.from, start as usize + piece.to);
        map.push(piece.decoded.map_or(file.len(), char::len_utf8), file);
    }
    map
}

fn pieces(token: &str) -> impl Iterator<Item = Piece> + '_ {
    let end = token.len().saturating_sub(1);
    let mut at = 1;
    std::iter::from_fn(move || {
        let rest = token.get(at..end).filter(|rest| !rest.is_empty())?;
        let (length, decoded) = match rest.as_bytes() {
            [b'$' | b'%', b'{', ..] => (interpolation(rest), None),
            // `$${` is text, and no interpolation.
            [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => (3, None),
            [b'\\', escape, ..] => escaped(rest, *escape),
            _ => (rest.chars().next().map_or(1, char::len_utf8), None),
        };
        let from = at;
        at = (at + length).min(end);
        Some(Piece { from, to: at, decoded })
    })
}

fn escaped(rest: &str, escape: u8) -> (usize, Option<char>) {
    let code = |digits: usize| {
        let code = rest.get(2..2 + digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        (2 + digits, code.and_then(char::from_u32).or(Some('\u{fffd}')))
    };
    match escape {
        b'n' => (2, Some('\n')),
        b'r' => (2, Some('\r')),
        b't' => (2, Some('\t')),
        b'u' => code(4),
        b'U' => code(8),
        _ => match rest.chars().nth(1) {
            Some(c) => (1 + c.len_utf8(), Some(c)),
            None => (1, Some('\\')),
        },
    }
}

/// Length of the interpolation that a text begins with, up to the bracket that closes it; strings inside may hold brackets.
pub(crate) fn interpolation(text: &str) -> usize {
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_and_interpolations_left() {
        for (token, decoded) in [
            (r#""a""#, None),
            (r#""\u002a\"\\""#, Some("*\"\\")),
            (r#""\n${f("\"}")}é$${x}""#, Some("\n${f(\"\\\"}\")}é$${x}")),
            (r#""${open""#, None),
            (r#""\""#, Some("\\")),
        ] {
            assert_eq!(decode(token).as_deref(), decoded, "{token}");
        }
        let token = r#""a\u002ab""#;
        let map = string_map(token, 10);
        assert_eq!(map.to_file(Span::new(1, 2)), Span::new(12, 18));
        assert_eq!(map.to_file(Span::new(2, 3)), Span::new(18, 19));
    }
}
