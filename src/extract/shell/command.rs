//! Commands in a text, and the words of each.

use crate::policy::Value;
use crate::source::Span;
use std::ops::Range;
use std::sync::Arc;

/// A command: a line, together with those that a backslash at its end continues.
pub(super) struct Command<'t> {
    text: &'t str,
    range: Range<usize>,
}

impl<'t> Command<'t> {
    /// The commands of a text that are run: not those that a comment or an `echo` only speaks of.
    pub(super) fn all(text: &'t str) -> impl Iterator<Item = Command<'t>> {
        ranges(text).map(move |range| Command { text, range }).filter(|command| is_run(command.words()))
    }

    /// Its first byte in the text.
    pub(super) fn start(&self) -> usize {
        self.range.start
    }

    /// True if a byte of the text is one of its own.
    pub(super) fn contains(&self, at: usize) -> bool {
        self.range.contains(&at)
    }

    /// The command as it is written.
    pub(super) fn words(&self) -> &'t str {
        self.text.get(self.range.clone()).unwrap_or("")
    }

    /// Where it says that the AWS CLI is to do this, as `add-permission` of `lambda`.
    pub(super) fn verb(&self, service: &str, verb: &str) -> Option<Span> {
        let words = self.words();
        let is_verb = |at: usize| {
            let (before, behind) = (words[..at].trim_end(), &words[at + verb.len()..]);
            let ends =
                behind.is_empty() || behind.starts_with(|c: char| c.is_whitespace() || matches!(c, '\\' | ')' | '`'));
            // Options for all commands may stand between them.
            let is_of = |between: &str| between.split_whitespace().any(|word| word == service);
            before.len() < at && ends && before.rsplit_once("aws ").is_some_and(|(_, between)| is_of(between))
        };
        let at = words.match_indices(verb).map(|(at, _)| at).find(|at| is_verb(*at))?;
        Some(self.span(at, verb.len()))
    }

    /// The value of an option: the word behind blanks or `=`, without quotes. In bytes of the text.
    pub(super) fn option(&self, name: &str) -> Option<Span> {
        let words = self.words();
        let at = self.behind(name)?;
        let word = words[at..].trim_start_matches([' ', '\t', '=', '\\', '\n', '\r', '"', '\'']);
        let length = length(word);
        (length > 0).then(|| self.span(words.len() - word.len(), length))
    }

    /// The values of an option that takes several, up to the next option.
    pub(super) fn values(&self, name: &str) -> Vec<Span> {
        let words = self.words();
        let Some(mut at) = self.behind(name) else { return Vec::new() };
        let mut found = Vec::new();
        loop {
            let word = words[at..].trim_start_matches([' ', '\t', '=', '\\', '\n', '\r', '"', '\'', ',']);
            let length = length(word);
            if length == 0 || word.starts_with("--") || word.starts_with(['|', '&', '>', '<', ';', ')']) {
                return found;
            }
            at = words.len() - word.len() + length;
            found.push(self.span(at - length, length));
        }
    }

    /// True if an option is there, with a value or without.
    pub(super) fn has(&self, option: &str) -> bool {
        self.behind(option).is_some()
    }

    /// What stands at a span of the text. What the shell fills in is not known.
    pub(super) fn value(&self, span: Span) -> Value<Box<str>> {
        let word = self.text.get(span.range()).unwrap_or("");
        match word.contains(['$', '`']) {
            true => Value::Unknown(Arc::from(word)),
            false => Value::Known(word.into()),
        }
    }

    /// What stands at a span of the text.
    pub(super) fn word(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// Where the name of an option ends, in bytes of the command. Some names begin with others.
    fn behind(&self, option: &str) -> Option<usize> {
        let words = self.words();
        let ends = words.match_indices(option).map(|(at, _)| at + option.len());
        ends.into_iter().find(|end| {
            let next = words[*end..].chars().next();
            next.is_none_or(|next| next.is_whitespace() || matches!(next, '=' | '\\' | ')' | '`'))
        })
    }

    fn span(&self, at: usize, length: usize) -> Span {
        Span::new(self.range.start + at, self.range.start + at + length)
    }
}

/// How far a word goes.
fn length(word: &str) -> usize {
    word.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ';' | ')')).unwrap_or(word.len())
}

fn ranges(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut lines = text.split_inclusive('\n');
    let mut end = 0;
    std::iter::from_fn(move || {
        let start = end;
        for line in lines.by_ref() {
            end += line.len();
            if !line.trim_end().ends_with('\\') {
                break;
            }
        }
        (end > start).then_some(start..end)
    })
}

/// False for a line that only speaks of a command.
fn is_run(line: &str) -> bool {
    !line.trim_start().starts_with(['#', ';'])
        && !["echo ", "printf "].iter().any(|quoting| line.trim_start().starts_with(quoting))
}
