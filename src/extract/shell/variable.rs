//! Variables that a script sets once, to a text that it spells out.

use std::borrow::Cow;

/// A word with the variables filled in of which the script tells the value. A variable that is set twice, in a loop, or from something
/// else may be anything.
pub(super) fn filled<'t>(script: &str, word: &'t str) -> Cow<'t, str> {
    let mut text = String::new();
    let mut rest = word;
    while let Some((before, behind)) = rest.split_once('$') {
        let braced = behind.strip_prefix('{');
        let from = braced.unwrap_or(behind);
        let length = from.bytes().take_while(|byte| is_of_name(*byte)).count();
        let (name, behind) = from.split_at(length);
        let behind = if braced.is_some() { behind.strip_prefix('}') } else { Some(behind) };
        let (Some(value), Some(behind)) = (value(script, name), behind) else { return Cow::Borrowed(word) };
        text.push_str(before);
        text.push_str(value);
        rest = behind;
    }
    if rest.len() == word.len() {
        return Cow::Borrowed(word);
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// What a variable is set to, on a line of its own.
fn value<'s>(script: &'s str, name: &str) -> Option<&'s str> {
    let mut lines = script.lines().filter(|line| sets(line, name));
    let (line, None) = (lines.next()?, lines.next()) else { return None };
    let words = ["export ", "readonly ", "local ", "declare -r ", "declare "];
    let line = words.iter().fold(line.trim(), |line, word| line.strip_prefix(word).unwrap_or(line).trim_start());
    let written = line.strip_prefix(name)?.strip_prefix('=')?;
    let (value, behind) = match written.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split_once(&written[..1])?,
        None => written.split_at(written.find(|c: char| c.is_whitespace() || c == ';').unwrap_or(written.len())),
    };
    let behind = behind.trim();
    // What is set before a command is set for that command only.
    let ends = behind.is_empty() || behind == ";" || behind.starts_with('#');
    (ends && !value.contains(['$', '`', '\\', '"', '\''])).then_some(value)
}

/// True for a line that sets a variable, or may: by `=`, by `for`, by `read`.
fn sets(line: &str, name: &str) -> bool {
    if name.is_empty() || line.trim_start().starts_with('#') {
        return false;
    }
    line.match_indices(name).any(|(at, _)| {
        let (before, behind) = (&line[..at], &line[at + name.len()..]);
        let apart = !before
            .ends_with(|c: char| c == '$' || c == '{' || c == '-' || c.is_ascii() && is_of_name(c as u8))
            && !behind.starts_with(|c: char| c.is_ascii() && is_of_name(c as u8));
        let set = behind.starts_with('=') || behind.starts_with("+=");
        let taken =
            before.split_whitespace().any(|word| matches!(word, "for" | "read" | "unset" | "select" | "printf"));
        apart && (set || taken)
    })
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_once_and_spelled_out_is_known() {
        let script = "A=arn:aws:iam::aws:policy\nexport B=\"Power User\" # people\nlocal C='x';\nTWICE=1\nTWICE=2\nD=$A\nE=1 cmd\n\
                      F=x; G=y\nfor I in 1 2; do\nread -r J\n#K=1\nL=\nM+=x\nAA=1\n";
        for (word, expected) in [
            ("$A/x", "arn:aws:iam::aws:policy/x"),
            ("${A}/${C}", "arn:aws:iam::aws:policy/x"),
            ("$B", "Power User"),
            ("plain", "plain"),
            ("$L.", "."),
            // Not known.
            ("$TWICE", "$TWICE"),
            ("$A/$D", "$A/$D"),
            ("$E", "$E"),
            ("$F", "$F"),
            ("$I", "$I"),
            ("$J", "$J"),
            ("$K", "$K"),
            ("$M", "$M"),
            ("${A:-x}", "${A:-x}"),
            ("$(A)", "$(A)"),
            ("$", "$"),
        ] {
            assert_eq!(filled(script, word), expected, "{word}");
        }
    }
}
