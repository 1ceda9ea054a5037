//! The words of JSON, and of what people write instead: where they end.

use memchr::memmem;

/// Placeholders and tags of templates are looked for so far.
const TEMPLATE_REACH: usize = 2048;

/// The first byte from `at` on that ends or interrupts a string: a double quote, a backslash or a control character; the
/// length of the text if there is none. Eight bytes at a time: strings are most of a policy, and short.
pub(super) fn string_stop(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    // The lowest marked byte is right; those above it may be marked by a borrow.
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & HIGHS;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let quote = below(word ^ (ONES * u64::from(b'"')), 1);
        let backslash = below(word ^ (ONES * u64::from(b'\\')), 1);
        let stops = quote | backslash | below(word, 0x20);
        if stops != 0 {
            return at + stops.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or(&[]);
    at + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len())
}

/// The first byte from `at` on that is not white space.
pub(super) fn skip_white(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match bytes.get(at) {
            Some(b' ') => {
                // Indentation.
                while bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) == Some(&[b' '; 8]) {
                    at += 8;
                }
                at += usize::from(bytes.get(at) == Some(&b' '));
            }
            Some(b'\n' | b'\r' | b'\t') => at += 1,
            _ => return at,
        }
    }
}

/// The next closing double quote from `at` on.
pub(super) fn next_quote(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        match bytes.get(at)? {
            b'"' => return Some(at),
            _ => at += 2,
        }
    }
}

/// The end of the string in single quotes that begins at `at`, if one does and is closed on its line.
pub(super) fn single_quoted(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at) != Some(&b'\'') {
        return None;
    }
    let mut end = at + 1;
    loop {
        match bytes.get(end)? {
            b'\'' => return Some(end + 1),
            b'\n' | b'\r' => return None,
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
}

/// The end of the placeholder or tag of a template language that begins at `at`, if one does.
pub(super) fn template(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let closing: &[u8] = match rest.first_chunk::<2>()? {
        // Braces that are doubled, as in format strings, have a key in them.
        b"{{" if bytes.get(skip_white(bytes, at + 2)) != Some(&b'"') => b"}}",
        b"${" => b"}",
        b"{%" => b"%}",
        b"%{" => b"}",
        b"{#" => b"#}",
        b"<%" => b"%>",
        _ => return None,
    };
    let reach = rest.get(2..rest.len().min(TEMPLATE_REACH))?;
    memmem::find(reach, closing).map(|found| at + 2 + found + closing.len())
}

/// True for what a shell, or `envsubst`, fills in: `$NAME`, `$(command)`, `` `command` ``.
pub(super) fn is_of_shell(word: &str) -> bool {
    let behind = word.strip_prefix('$');
    word.starts_with('`') || behind.is_some_and(|rest| rest.starts_with(|c: char| c == '(' || c.is_ascii_alphabetic()))
}

/// The end of the tag that begins at `at`, if one does: a template's part that stands for no value, as `{% if %}` or
/// `{# note #}`.
pub(super) fn tag(bytes: &[u8], at: usize) -> Option<usize> {
    let stands_alone = match bytes.get(at..)? {
        [b'{', b'%' | b'#', ..] | [b'%', b'{', ..] => true,
        [b'<', b'%', after, ..] => *after != b'=',
        _ => false,
    };
    stands_alone.then(|| template(bytes, at)).flatten()
}

fn comment_starts(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at..), Some([b'#', ..] | [b'/', b'/' | b'*', ..]))
}

/// The end of the comment that begins at `at`, if one does, and whether it is closed.
pub(super) fn comment(bytes: &[u8], at: usize) -> Option<(usize, bool)> {
    match bytes.get(at..)? {
        [b'/', b'*', rest @ ..] => Some(match memmem::find(rest, b"*/") {
            Some(found) => (at + 2 + found + 2, true),
            None => (bytes.len(), false),
        }),
        rest if comment_starts(bytes, at) => {
            Some((at + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len()), true))
        }
        _ => None,
    }
}

/// Characters that are white space to people and not to JSON.
pub(super) fn looks_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{FEFF}' | '\u{200B}')
}

/// The end of the brackets that open at `at`, whatever is in them; the end of the text if they are never closed.
pub(super) fn bracketed(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return at,
            b'}' | b']' => depth -= 1,
            b'"' => at = next_quote(bytes, at).map_or(bytes.len(), |quote| quote + 1),
            _ => {}
        }
    }
    bytes.len()
}

fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The end of the word without quotes that begins at `at`: up to white space, a bracket, a comma, a colon, a double quote or
/// a comment. Never empty.
pub(super) fn word(bytes: &[u8], at: usize) -> usize {
    let mut end = template(bytes, at).unwrap_or(at + 1);
    while let Some(&byte) = bytes.get(end) {
        end = match byte {
            b'{' | b'$' => match template(bytes, end) {
                Some(past) => past,
                None if byte == b'$' => end + 1,
                None => return end,
            },
            b',' | b':' | b'}' | b']' | b'[' | b'"' | b'=' => return end,
            b'/' if comment_starts(bytes, end) => return end,
            _ if is_white(byte) => return end,
            _ => end + 1,
        };
    }
    // A template of the last bytes may not end behind the text.
    end.min(bytes.len())
}

/// The end of what stands in the place of a value and begins with the word that ends at `end`: further words on the line, up
/// to what can only belong to the JSON around it.
pub(super) fn rest_of_value(bytes: &[u8], mut end: usize) -> usize {
    loop {
        let mut next = end;
        while matches!(bytes.get(next), Some(b' ' | b'\t')) {
            next += 1;
        }
        end = match bytes.get(next) {
            None | Some(b',' | b'}' | b']' | b'[' | b'"' | b'\n' | b'\r') => return end,
            Some(_) if comment_starts(bytes, next) && next > end => return end,
            Some(b'{') if template(bytes, next).is_none() => return end,
            Some(b':' | b'=' | b'/') => next + 1,
            Some(_) => word(bytes, next),
        };
    }
}

/// What is to be said of a placeholder.
pub(super) fn not_filled_in(word: &str) -> String {
    format!("{} is a placeholder, and no JSON before it is filled in", shown(word))
}

/// A word as a message shows it.
fn shown(word: &str) -> String {
    const SHOWN: usize = 40;
    match word.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("`{}...`", word.get(..end).unwrap_or("")),
        None => format!("`{word}`"),
    }
}

/// What is wrong with a word without quotes; `rule` is what it offends against if it is no other word of JSON misspelt.
pub(super) fn wrong_word(word: &str, rule: &str) -> String {
    let shown = shown(word);
    let near = match word {
        "None" | "nil" | "undefined" => Some("null"),
        _ => ["true", "false", "null"].into_iter().find(|known| known.eq_ignore_ascii_case(word)),
    };
    if let Some(near) = near {
        return format!("{shown} is written `{near}`");
    }
    match word.as_bytes() {
        [b'0'..=b'9', ..] | [b'+' | b'-' | b'.', b'0'..=b'9', ..] => format!("{shown} is no number"),
        _ => format!("{shown} is not JSON: {rule}"),
    }
}

/// True for a number in JSON's grammar.
pub(super) fn is_number(word: &[u8]) -> bool {
    let digits = |rest: &mut &[u8]| {
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        *rest = rest.get(count..).unwrap_or(&[]);
        count > 0
    };
    let mut rest = word.strip_prefix(b"-").unwrap_or(word);
    let leading_zero = rest.first() == Some(&b'0') && rest.get(1).is_some_and(u8::is_ascii_digit);
    if leading_zero || !digits(&mut rest) {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix(b".") {
        rest = fraction;
        if !digits(&mut rest) {
            return false;
        }
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        rest = exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        if !digits(&mut rest) {
            return false;
        }
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_grammar() {
        for number in ["0", "-0", "10", "1.5", "-1.50", "1e5", "1E+5", "0.1e-5"] {
            assert!(is_number(number.as_bytes()), "{number}");
        }
        for word in ["", "-", "01", "-01", "+1", ".5", "1.", "1.e5", "1e", "1e+", "0x10", "1_000", "NaN", "1-"] {
            assert!(!is_number(word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn a_string_stops_at_the_first_special_byte_wherever_it_stands() {
        let plain = "abcdéfgh!#~\u{7f}xyz😀 plain text";
        for stop in ['"', '\\', '\n', '\0', '\u{1f}'] {
            for (before, _) in plain.char_indices() {
                let text = format!("{}{stop}\"{plain}", &plain[..before]);
                assert_eq!(string_stop(text.as_bytes(), 0), before, "{text:?}");
            }
        }
        assert_eq!(string_stop(plain.as_bytes(), 0), plain.len());
    }

    #[test]
    fn words_end_where_json_goes_on() {
        for (text, end) in [
            ("Allow,", 5),
            ("Allow }", 5),
            ("{{ x }},", 7),
            ("${var.x}/*]", 8),
            ("a${b}c:", 6),
            ("x//y", 1),
            ("s3:Get", 2),
            ("=", 1),
        ] {
            assert_eq!(word(text.as_bytes(), 0), end, "{text}");
        }
        for (text, end) in [("s3:GetObject,", 12), ("a b  // c", 3), ("f(x) \"", 4), ("x {{ y }} }", 9)] {
            assert_eq!(rest_of_value(text.as_bytes(), word(text.as_bytes(), 0)), end, "{text}");
        }
    }
}
