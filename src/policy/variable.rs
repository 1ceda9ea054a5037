//! Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`.
//!
//! Source: [IAM policy elements: variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).

use super::Statement;
use crate::source::Origin;

/// A policy variable in a text, or what was meant to be one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Variable<'t> {
    /// All of it, from `${` to `}`; to the end of the text where that is missing.
    pub text: &'t str,
    /// What is wrong with it.
    pub flaw: Option<VariableFlaw>,
}

impl<'t> Variable<'t> {
    /// The condition key that it stands for, as it is written: none for `${*}` and its like, and where something is wrong with it.
    pub fn key(self) -> Option<&'t str> {
        let inner = self.text.strip_prefix("${")?.strip_suffix('}').filter(|_| self.flaw.is_none())?;
        let key = inner.split(',').next()?.trim();
        key.contains(':').then_some(key)
    }
}

/// What can be wrong with a policy variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VariableFlaw {
    /// `}` is missing.
    Unclosed,
    /// There is nothing in it.
    Empty,
    /// A space stands in the name.
    Space,
    /// The default does not stand in single quotes.
    Unquoted,
    /// A character that no name has.
    Symbol,
}

/// The policy variables of a text, in order. What templates of other programs fill in (`${name}`, without a colon) is none.
pub fn variables(text: &str) -> impl Iterator<Item = Variable<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            // Most texts have none.
            memchr::memchr(b'$', rest.as_bytes())?;
            let (_, from) = rest.split_at_checked(rest.find("${")?)?;
            let end = from.find('}').map_or(from.len(), |at| at + 1);
            let (text, behind) = from.split_at(end);
            rest = behind;
            if let Some(flaw) = judge(text) {
                return Some(Variable { text, flaw });
            }
        }
    })
}

/// The texts of a statement in which policy variables may stand, with their places.
pub fn variable_texts(statement: &Statement) -> impl Iterator<Item = (&str, &Origin)> {
    let resources = statement.resource.iter().flat_map(|element| element.list.known());
    let resources = resources.map(|(resource, at)| (resource.as_str(), at));
    let values = statement.conditions.iter().flat_map(|condition| condition.values.known());
    resources.chain(values.map(|(value, at)| (&**value, at)))
}

/// True if a program, or the reader, puts something in before AWS sees the text: `{{name}}`, `<name>`, `%s`, `%{name}`,
/// `#{name}`, `##NAME##`, `${name}`, `BUCKET_ARN`, `...`.
pub fn has_placeholder(text: &str) -> bool {
    // Most texts have none of the letters.
    let bytes = text.as_bytes();
    if memchr::memchr3(b'{', b'<', b'$', bytes).is_none() && memchr::memchr3(b'%', b'#', b'[', bytes).is_none() {
        let marked = || is_capitals(text) || text.split(['/', ':']).any(is_mark);
        return text.ends_with("...") || memchr::memchr(b'_', bytes).is_some() && marked();
    }
    let between = |open: &str, close: &str| text.split_once(open).is_some_and(|(_, rest)| rest.contains(close));
    ["{{", "#{", "$(", "%s", "%(", "%{"].iter().any(|mark| text.contains(mark))
        || between("<", ">")
        || between("##", "##")
        || text.starts_with('{') && text.ends_with('}')
        || has_name_in_braces(text)
        || has_name_in_brackets(text)
        || text.contains("${")
            && text.split("${").skip(1).any(|rest| is_filled_in(rest.split('}').next().unwrap_or("")))
}

/// True for `{name}` in a text. Behind a `$` it is something else.
fn has_name_in_braces(text: &str) -> bool {
    let name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.match_indices('{').filter(|(at, _)| !text[..*at].ends_with('$')).any(|(at, _)| {
        let inner = text[at + 1..].split_once('}').map_or("", |(inner, _)| inner);
        !inner.is_empty() && inner.bytes().all(name)
    })
}

/// True for `[ACCOUNT ID]` in a text, as guides for people write it. `[a-z]` and `[0-9]` are mistaken for patterns.
fn has_name_in_brackets(text: &str) -> bool {
    let name = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b' ');
    text.split('[').skip(1).filter_map(|rest| rest.split_once(']')).any(|(inner, _)| {
        inner.len() > 3 && inner.starts_with(|first: char| first.is_ascii_uppercase()) && inner.bytes().all(name)
    })
}

/// True for what modules put something in for, as `_S3_BUCKET_ARN_`.
fn is_mark(part: &str) -> bool {
    part.len() > 2 && part.starts_with('_') && part.ends_with('_') && is_capitals(part)
}

/// True for words that documentation writes where the reader puts something: `ACCOUNT_ID`, `YOUR_ACCOUNT`,
/// `_S3_BUCKET_ARN_`, `account-id`. Asked of what cannot be a word by itself, as a part of an ARN.
pub fn is_stand_in(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    is_capitals(text)
        || is_repeated(text)
        || ["region", "account", "your", "xxx"].iter().any(|word| lower.contains(word))
}

/// True for letters in the place of the digits of an account: `YYYYYYYYYYYY`, `aaaabbbbcccc`.
fn is_repeated(text: &str) -> bool {
    const DIGITS: usize = 12;
    let mut letters = text.bytes().collect::<Vec<_>>();
    letters.dedup();
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_alphabetic()) && letters.len() <= DIGITS / 4
}

/// True for words in capital letters with underscores between them, as `ACCOUNT_ID`: no name that AWS gives looks so.
fn is_capitals(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    text.contains('_') && text.bytes().all(known) && text.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// True if `${` stands in a text, of a policy variable or of something that is filled in.
pub fn has_braces(text: &str) -> bool {
    // Few texts have a `$` at all.
    memchr::memchr(b'$', text.as_bytes()).is_some() && text.contains("${")
}

/// The sources of variables of the Serverless Framework, which look like prefixes of condition keys.
const SOURCES: [&str; 9] = ["self", "env", "opt", "file", "ssm", "cf", "sls", "param", "git"];

/// Variables of the Serverless Framework that look like ones of policies.
/// Source: <https://www.serverless.com/framework/docs/guides/variables/aws>
const OF_SERVERLESS: [&str; 2] = ["aws:accountId", "aws:region"];

/// True for what stands in `${}` and is for a program to fill in: it has no colon, or another grammar.
fn is_filled_in(inner: &str) -> bool {
    if OF_SERVERLESS.contains(&inner) {
        return true;
    }
    let prefix = inner.split([':', '.', '(']).next().unwrap_or("");
    !inner.contains(':') || inner.contains("::") || inner.starts_with(['!', '{']) || SOURCES.contains(&prefix)
}

/// None for what is no policy variable, else what is wrong with it.
fn judge(text: &str) -> Option<Option<VariableFlaw>> {
    let Some(inner) = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else {
        return text.contains(':').then_some(Some(VariableFlaw::Unclosed));
    };
    if inner.is_empty() {
        return Some(Some(VariableFlaw::Empty));
    }
    if is_filled_in(inner) && inner.contains(':') {
        return None;
    }
    if matches!(inner, "*" | "?" | "$") {
        return Some(None);
    }
    let (name, default) = inner.split_once(',').map_or((inner, None), |(name, default)| (name, Some(default.trim())));
    if !name.contains(':') {
        return None;
    }
    let quoted = |text: &str| text.len() >= 2 && text.starts_with('\'') && text.ends_with('\'');
    let known = |c: char| c.is_alphanumeric() || ":/_-.+=@".contains(c);
    Some(if name.trim().contains(' ') || name.starts_with(' ') || name.ends_with(' ') {
        Some(VariableFlaw::Space)
    } else if default.is_some_and(|default| !quoted(default)) {
        Some(VariableFlaw::Unquoted)
    } else if !name.chars().all(known) {
        Some(VariableFlaw::Symbol)
    } else {
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_reader_puts_in_is_told_from_what_is_written() {
        for text in ["ACCOUNT_ID", "_S3_BUCKET_ARN_", "AWS_ACCOUNT_ID_2"] {
            assert!(is_capitals(text) && is_stand_in(text), "{text}");
        }
        for text in ["account-id", "YOUR-ACCOUNT", "XXXXXXXXXXXX", "region"] {
            assert!(is_stand_in(text) && !is_capitals(text), "{text}");
        }
        for text in ["", "_", "111122223333", "99999", "AROAEXAMPLE", "alice", "s3"] {
            assert!(!is_stand_in(text), "{text}");
        }
    }

    #[test]
    fn variables_are_found_and_judged() {
        for (text, expected) in [
            ("arn:aws:s3:::b/${aws:username}/*", vec![("${aws:username}", None)]),
            ("${aws:PrincipalTag/team, 'none'}", vec![("${aws:PrincipalTag/team, 'none'}", None)]),
            ("${*}${?}${$}", vec![("${*}", None), ("${?}", None), ("${$}", None)]),
            ("${aws:username", vec![("${aws:username", Some(VariableFlaw::Unclosed))]),
            ("${}", vec![("${}", Some(VariableFlaw::Empty))]),
            ("${aws: username}", vec![("${aws: username}", Some(VariableFlaw::Space))]),
            ("${aws:PrincipalTag/team, none}", vec![("${aws:PrincipalTag/team, none}", Some(VariableFlaw::Unquoted))]),
            ("${aws:user#name}", vec![("${aws:user#name}", Some(VariableFlaw::Symbol))]),
            ("${bucket}/${AWS::Region}/${!x}", vec![]),
            ("arn:aws:sqs:${aws:region}:${aws:accountId}:orders", vec![]),
        ] {
            let found: Vec<_> = variables(text).map(|variable| (variable.text, variable.flaw)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
