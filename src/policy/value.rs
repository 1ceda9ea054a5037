//! Values that may be known, partly known or unknown, and the text patterns of the policy language.

use crate::source::Origin;
use std::sync::Arc;

/// A value with its place. Two are equal if the values are, wherever they stand.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub origin: Origin,
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

/// A piece of a text of which not all is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// Text that stands for itself.
    Lit(Box<str>),
    /// `*`.
    Star,
    /// `?`.
    Any,
    /// A policy variable, as `aws:username`.
    PolicyVar(Box<str>),
    /// Not known before deployment; equal texts are equal unknowns.
    Hole(Arc<str>),
    /// Chosen at deployment by AWS, as the name of a resource or the number of the account: not known, but no wildcard.
    Assigned(Arc<str>),
}

/// The pieces of a text that is known: its wildcards apart.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['*', '?']) {
        let (literal, wild) = rest.split_at(at);
        if !literal.is_empty() {
            pieces.push(Piece::Lit(literal.into()));
        }
        pieces.push(if wild.starts_with('*') { Piece::Star } else { Piece::Any });
        rest = &wild[1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Lit(rest.into()));
    }
    pieces
}

/// Neighbouring literal pieces as one, and none that are empty.
pub(crate) fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (out.last_mut(), piece) {
            (_, Piece::Lit(text)) if text.is_empty() => {}
            (Some(Piece::Lit(last)), Piece::Lit(more)) => *last = format!("{last}{more}").into(),
            (_, piece) => out.push(piece),
        }
    }
    out
}

/// The text of some pieces, with `${name}` for what is not known.
pub(crate) fn render(pieces: &[Piece]) -> String {
    render_with(pieces, |name| format!("${{{name}}}"))
}

/// The text of some pieces, with what `unknown` makes of the name of what is not known. What AWS chooses is no wildcard,
/// and shown by its name.
pub(crate) fn render_with(pieces: &[Piece], unknown: impl Fn(&str) -> String) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Lit(text) => text.to_string(),
        Piece::Star => "*".to_owned(),
        Piece::Any => "?".to_owned(),
        Piece::PolicyVar(name) => format!("${{{name}}}"),
        Piece::Assigned(name) => format!("${{{name}}}"),
        Piece::Hole(name) => unknown(name),
    };
    pieces.iter().map(text).collect()
}

impl From<Vec<Piece>> for Value<Box<str>> {
    /// The text that some pieces make: known if all of them are.
    fn from(pieces: Vec<Piece>) -> Self {
        match &pieces[..] {
            [Piece::Hole(name)] => Value::Unknown(name.clone()),
            all if !all.iter().any(|piece| matches!(piece, Piece::Hole(_) | Piece::Assigned(_))) => {
                Value::Known(render(all).into())
            }
            _ => Value::Partly(pieces.into()),
        }
    }
}

/// A value as far as it can be known before deployment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value<T> {
    /// Known.
    Known(T),
    /// A text with holes.
    Partly(Box<[Piece]>),
    /// One of these; at most 8, more are `Unknown`.
    Either(Box<[Value<T>]>),
    /// Nothing is known but the text that stands for it.
    Unknown(Arc<str>),
}

impl<T> Value<T> {
    /// The value with what is known of it changed.
    pub fn map<U>(self, make: &mut dyn FnMut(T) -> U) -> Value<U> {
        self.and_then(&mut |value| Value::Known(make(value)))
    }

    /// The value with what is known of it read further, which may fail.
    pub fn and_then<U>(self, make: &mut dyn FnMut(T) -> Value<U>) -> Value<U> {
        match self {
            Value::Known(value) => make(value),
            Value::Partly(pieces) => Value::Partly(pieces),
            Value::Either(arms) => Value::Either(arms.into_iter().map(|arm| arm.and_then(make)).collect()),
            Value::Unknown(hole) => Value::Unknown(hole),
        }
    }

    /// The value, where it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Value::Known(value) => Some(value),
            _ => None,
        }
    }

    /// True if the test holds whatever the value turns out to be. What is unknown never holds for certain.
    pub fn must(&self, test: impl Fn(&T) -> bool + Copy) -> bool {
        match self {
            Value::Known(value) => test(value),
            Value::Either(arms) => !arms.is_empty() && arms.iter().all(|arm| arm.must(test)),
            Value::Partly(_) | Value::Unknown(_) => false,
        }
    }

    /// True if the test can hold. What is unknown may hold.
    pub fn may(&self, test: impl Fn(&T) -> bool + Copy) -> bool {
        match self {
            Value::Known(value) => test(value),
            Value::Either(arms) => arms.iter().any(|arm| arm.may(test)),
            Value::Partly(_) | Value::Unknown(_) => true,
        }
    }

    /// The values that it can be, as far as they are known.
    pub fn arms(&self) -> impl Iterator<Item = &T> {
        let arms = match self {
            Value::Either(arms) => arms,
            value => std::slice::from_ref(value),
        };
        arms.iter().filter_map(Value::known)
    }

    /// True if the test holds for the value, or for one of its arms. What is unknown does not claim.
    pub fn known_any(&self, test: impl Fn(&T) -> bool + Copy) -> bool {
        match self {
            Value::Known(value) => test(value),
            Value::Either(arms) => arms.iter().any(|arm| arm.known_any(test)),
            Value::Partly(_) | Value::Unknown(_) => false,
        }
    }
}

/// One or many, as policies write it.
#[derive(Clone, Debug)]
pub struct List<T> {
    /// The entries that we see.
    pub items: Vec<Spanned<Value<T>>>,
    /// True if there may be more.
    pub open: bool,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        List { items: Vec::new(), open: false }
    }
}

impl<T> List<T> {
    /// The entries that are known, with their places.
    pub fn known(&self) -> impl Iterator<Item = (&T, &Origin)> {
        self.items.iter().filter_map(|item| Some((item.value.known()?, &item.origin)))
    }
}

/// True if `text` matches `pattern`, in which `*` stands for any text and `?` for one character. Exact in letter case.
/// Linear in time for one `*`, never worse than the product of the lengths.
pub fn glob_matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let Some(wild) = memchr::memchr2(b'*', b'?', pattern) else { return pattern == text };
    // What stands before the first wildcard answers most questions.
    let (head, pattern) = pattern.split_at(wild);
    let Some(text) = text.strip_prefix(head) else { return false };
    match pattern {
        b"*" => true,
        _ if memchr::memchr(b'?', pattern).is_none() => stars_match(pattern, text),
        _ => glob(pattern, text, |a, b| a == b),
    }
}

/// [`glob_matches`] of a pattern that begins with `*` and has no `?`: what stands between its stars is found one after the other.
fn stars_match(pattern: &[u8], text: &[u8]) -> bool {
    // What follows the last star answers most questions.
    let tail = memchr::memrchr(b'*', pattern).map_or(pattern, |star| &pattern[star + 1..]);
    if !text.ends_with(tail) {
        return false;
    }
    let (mut pattern, mut rest) = (&pattern[1..], text);
    while let Some(star) = memchr::memchr(b'*', pattern) {
        let Some(at) = find(rest, &pattern[..star]) else { return false };
        (rest, pattern) = (&rest[at + star..], &pattern[star + 1..]);
    }
    rest.ends_with(pattern)
}

/// Where a part stands first in a text. Both are short, so that nothing is worth preparing.
fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    let Some((first, rest)) = part.split_first() else { return Some(0) };
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.iter().position(|byte| byte == first)?;
        if text[at + 1..].starts_with(rest) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// [`glob_matches`], but the letter case of ASCII means nothing, as in actions.
pub(super) fn glob_ignoring_case(pattern: &[u8], text: &[u8]) -> bool {
    glob(pattern, text, |a, b| a.eq_ignore_ascii_case(&b))
}

/// True if a text matches a pattern, with `same` to compare a letter of the pattern with one of the text.
pub(super) fn glob(pattern: &[u8], text: &[u8], same: impl Fn(u8, u8) -> bool) -> bool {
    // What the pattern ends with, the text must end with.
    if let Some(last) = pattern.last().filter(|byte| !matches!(byte, b'*' | b'?'))
        && !text.last().is_some_and(|byte| same(*last, *byte))
    {
        return false;
    }
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    // `?` takes one character: the continuation bytes of the text go with its first one.
    let width = |at: usize| 1 + text[at + 1..].iter().take_while(|byte| **byte & 0xC0 == 0x80).count();
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(b'?') => {
                t += width(t);
                p += 1;
            }
            Some(&byte) if same(byte, text[t]) => {
                p += 1;
                t += 1;
            }
            _ => match &mut star {
                Some((star_p, star_t)) => {
                    *star_t += 1;
                    // On to where what follows the star can begin.
                    if let Some(&first) = pattern.get(*star_p + 1).filter(|byte| !matches!(byte, b'*' | b'?')) {
                        let Some(on) = text[*star_t..].iter().position(|byte| same(first, *byte)) else { return false };
                        *star_t += on;
                    }
                    (p, t) = (*star_p + 1, *star_t);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_as_iam_has_it() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("*", "", true),
            ("?", "", false),
            ("a*c", "abbc", true),
            ("a*c", "abb", false),
            ("*a*b", "xaxbxb", true),
            ("a?c", "aéc", true),
            ("a??c", "aéc", false),
            ("A", "a", false),
            ("arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y", true),
            ("**", "x", true),
        ] {
            assert_eq!(glob_matches(pattern, text), expected, "{pattern:?} on {text:?}");
        }
    }

    #[test]
    fn the_unknown_is_neither_safe_nor_certain() {
        let unknown: Value<u8> = Value::Unknown(Arc::from("x"));
        assert!(unknown.may(|_| true) && !unknown.must(|_| true) && !unknown.known_any(|_| true));
        let either = Value::Either([Value::Known(1), Value::Known(2)].into());
        assert!(either.may(|n| *n == 1) && !either.must(|n| *n == 1) && either.known_any(|n| *n == 2));
    }
}
