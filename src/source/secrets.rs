//! Secrets that stand in a text: the secret halves of access keys and session tokens. They are found to be reported, and so
//! that no report shows them.

use super::Span;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// The names under which secrets stand, in lower case: of environment variables, of settings, and of what AWS returns.
pub(crate) const NAMES: [&str; 6] =
    ["aws_secret", "secret_access_key", "secretaccesskey", "secret_key", "session_token", "sessiontoken"];

/// A secret, where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Secret {
    /// The name that it stands under.
    pub name: Span,
    /// The secret itself.
    pub value: Span,
    /// True for a session token, which nobody can use without the other two halves.
    pub token: bool,
}

/// Characters of a secret access key.
const KEY: usize = 40;
/// A session token has hundreds of characters.
const SHORTEST_TOKEN: usize = 60;
/// So many quotes, blanks and signs stand between a name and its value at the most.
const BETWEEN: usize = 12;

/// The secrets of a text, in order. What AWS's documentation shows as a sample is none, nor is what only stands for a value.
pub fn secrets(text: &str) -> Vec<Secret> {
    static NAMED: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(NAMES).ok());
    // One name can be a part of another.
    let found = NAMED.iter().flat_map(|named| named.find_overlapping_iter(text));
    found.filter_map(|name| secret(text, name.start(), name.end())).collect()
}

fn secret(text: &str, start: usize, end: usize) -> Option<Secret> {
    let rest = text.get(end..)?;
    let between = rest.bytes().take_while(|byte| b"\"'`\\:=> \t".contains(byte)).count();
    let value = rest.get(between..).filter(|_| (1..=BETWEEN).contains(&between))?;
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"/+=".contains(byte);
    let length = value.bytes().take_while(is_part).count();
    let value = value.get(..length)?;
    let token = text.get(start..end).is_some_and(|name| name.to_ascii_lowercase().ends_with("token"));
    let whole = if token { length >= SHORTEST_TOKEN } else { length == KEY };
    let has = |test: fn(&u8) -> bool| value.as_bytes().iter().any(test);
    let random = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit);
    let at = end + between;
    (whole && random && !value.contains("EXAMPLE")).then(|| Secret {
        name: Span::new(start, end),
        value: Span::new(at, at + length),
        token,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_from_samples_and_placeholders() {
        // Made up: it was never valid.
        let key = "q7Rz0TfK3mVhX1bLw8YcD5nGp2SjUa9EoIxHt4Zk";
        for (text, found) in [
            (format!("export AWS_SECRET_ACCESS_KEY={key}"), 1),
            (format!("\"SecretAccessKey\": \"{key}\","), 1),
            (format!("aws_secret_access_key = {key}\r\n"), 1),
            (format!("secret_key: '{key}'"), 1),
            (format!("AWS_SECRET = \"{key}\""), 1),
            (format!("AWS_SECRET_KEY={key}"), 1),
            (format!("SECRET_ACCESS_KEY={key}x"), 0),
            (key.to_owned(), 0),
            ("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(), 0),
            ("AWS_SECRET_ACCESS_KEY=${SECRET}".to_owned(), 0),
            ("AWS_SECRET_ACCESS_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".to_owned(), 0),
            (format!("AWS_SESSION_TOKEN={key}{key}"), 1),
        ] {
            let secrets = secrets(&text);
            assert_eq!(secrets.len(), found, "{text}");
            assert!(secrets.iter().all(|secret| text[secret.value.range()].starts_with(key)), "{text}");
        }
    }
}
