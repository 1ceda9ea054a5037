//! Commands of the AWS CLI: what they attach, and what they use documents as.

use crate::extract::place::Path;
use crate::extract::{Attachment, Extraction, Fact, password_policy};
use crate::policy::{Holder, HolderKind, PolicyKind, Spanned, Use};
use crate::source::{Loc, Origin, SourceFile, Span};
use crate::spanmap::SpanMap;
use memchr::memmem;
use std::ops::Range;

/// A document in a text.
pub(super) struct Document<'t> {
    /// Its first byte in the text.
    pub(super) start: usize,
    /// The line before it, as `cat > trust-policy.json <<EOF`.
    pub(super) introduction: &'t str,
    /// What it told.
    pub(super) facts: Range<usize>,
}

/// The options that name a holder.
const HOLDERS: [(HolderKind, &str); 3] =
    [(HolderKind::Role, "--role-name"), (HolderKind::User, "--user-name"), (HolderKind::Group, "--group-name")];

/// A verb, its option that takes a document, and what the document is.
type DocumentOption = (&'static str, &'static str, fn() -> PolicyKind);

/// What the documents of commands are. Source: the AWS CLI command reference.
const DOCUMENTS: [DocumentOption; 10] = [
    (" create-role", "--assume-role-policy-document", || PolicyKind::Trust),
    (" update-assume-role-policy", "--policy-document", || PolicyKind::Trust),
    (" put-role-policy", "--policy-document", || PolicyKind::Identity),
    (" put-user-policy", "--policy-document", || PolicyKind::Identity),
    (" put-group-policy", "--policy-document", || PolicyKind::Identity),
    (" create-policy", "--policy-document", || PolicyKind::Identity),
    (" create-policy-version", "--policy-document", || PolicyKind::Identity),
    (" put-bucket-policy", "--policy", || PolicyKind::Resource(Some("s3".into()))),
    (" put-key-policy", "--policy", || PolicyKind::Resource(Some("kms".into()))),
    (" create-key", "--policy", || PolicyKind::Resource(Some("kms".into()))),
];

/// Tells the documents what the commands use them as: those in their arguments, and those that were written to the file
/// that an argument names.
pub(super) fn uses(text: &str, documents: &[Document<'_>], out: &mut Extraction) {
    for command in commands(text).filter(|_| !documents.is_empty()) {
        // Most lines are no command: one look at each.
        let words = text.get(command.clone()).filter(|words| words.contains("aws ") && is_run(words)).unwrap_or("");
        let Some((_, argument, kind)) = DOCUMENTS.iter().find(|(verb, ..)| has_verb(words, verb)) else { continue };
        let named = option(text, &command, argument).and_then(|span| text.get(span.range()));
        let named = named.and_then(|value| value.strip_prefix("file://")).and_then(|path| path.rsplit('/').next());
        let meant = |document: &&Document<'_>| match named {
            Some(name) => document.start < command.start && names(document.introduction, name),
            None => command.contains(&document.start),
        };
        let holder = HOLDERS.iter().find_map(|(kind, name)| {
            let name = text.get(option(text, &command, name)?.range())?;
            Some(Holder { kind: *kind, name: name.into() })
        });
        // What was written last under that name.
        let Some(document) = documents.iter().rfind(meant) else { continue };
        for fact in out.facts.get_mut(document.facts.clone()).unwrap_or_default() {
            if let Fact::Policy(site) = fact
                && site.path.is_empty()
            {
                site.uses = vec![Use { kind: kind(), holder: holder.clone() }];
            }
        }
    }
}

/// False for a line that only speaks of a command.
fn is_run(line: &str) -> bool {
    !line.trim_start().starts_with(['#', ';'])
        && !["echo ", "printf "].iter().any(|quoting| line.trim_start().starts_with(quoting))
}

fn has_verb(words: &str, verb: &str) -> bool {
    words.contains("aws ")
        && words.split(verb).nth(1).is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || c == '\\'))
}

/// True if a line writes to a file of this name.
fn names(introduction: &str, name: &str) -> bool {
    let word = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '/' | '>' | '`');
    !name.is_empty() && introduction.split(word).any(|word| word == name)
}

/// Commands that attach a managed policy.
pub(super) fn attachments(text: &str, map: Option<&SpanMap>, file: &SourceFile<'_>, out: &mut Extraction) {
    if memmem::find(text.as_bytes(), b"--policy-arn").is_none() {
        return;
    }
    const VERBS: [&str; 3] = [" attach-role-policy", " attach-user-policy", " attach-group-policy"];
    for command in commands(text) {
        let words = text.get(command.clone()).filter(|words| is_run(words)).unwrap_or("");
        let verb = VERBS.iter().position(|verb| words.contains(verb)).and_then(|at| HOLDERS.get(at));
        let (Some((kind, name)), Some(arn)) = (verb, option(text, &command, "--policy-arn")) else { continue };
        let word = |span: Span| Box::from(text.get(span.range()).unwrap_or(""));
        let holder = option(text, &command, name).map(|name| Holder { kind: *kind, name: word(name) });
        let span = map.map_or(arn, |map| map.to_file(arn));
        let policy_arn = Spanned { value: word(arn), origin: Origin::here(Loc { file: file.id, span }) };
        let path = Path::root().to_string().into();
        out.facts.push(Fact::Attachment(Attachment { holder, policy_arn, path }));
    }
}

/// Commands that set the password policy of the account.
pub(super) fn password_policies(text: &str, map: Option<&SpanMap>, file: &SourceFile<'_>, out: &mut Extraction) {
    if memmem::find(text.as_bytes(), password_policy::COMMAND.as_bytes()).is_none() {
        return;
    }
    for command in commands(text) {
        let words = text.get(command.clone()).filter(|words| is_run(words)).unwrap_or("");
        let place = |span: Span| {
            let span = Span::new(command.start + span.start as usize, command.start + span.end as usize);
            Loc { file: file.id, span: map.map_or(span, |map| map.to_file(span)) }
        };
        password_policy::in_command(words, place, out);
    }
}

/// The commands of a text: its lines, together with those that a backslash at the end continues.
fn commands(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
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

/// The value of an option of a command: the word behind blanks or `=`, without quotes.
fn option(text: &str, command: &Range<usize>, name: &str) -> Option<Span> {
    let at = command.start + text.get(command.clone())?.find(name)? + name.len();
    let rest = text.get(at..)?;
    let word = rest.trim_start_matches([' ', '\t', '=', '\\', '\n', '\r', '"', '\'']);
    let start = at + rest.len() - word.len();
    let length =
        word.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ';' | ')')).unwrap_or(word.len());
    (length > 0).then(|| Span::new(start, start + length))
}
