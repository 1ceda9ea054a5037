//! Shell scripts, and whatever else quotes the AWS CLI: JSON documents in heredocs, arguments and output, and the commands
//! that attach policies.

mod command;
mod commands;
mod entity;
mod permission;

use super::resolve::{Filled, Shell};
use super::walk::{self, Host};
use super::{Extraction, Fact};
use crate::document::json;
use crate::policy::lower::Resolve;
use crate::source::{Loc, RelPath, SourceFile, Span};
use crate::spanmap::SpanMap;
use commands::Document;
use std::borrow::Cow;

/// What a command that attaches a policy contains.
const ATTACHING: &[&str] = &["--policy-arn"];

/// What a script that tells something, and quotes no document, contains.
pub(crate) const NEEDLES: [&[&str]; 3] = [ATTACHING, permission::NEEDLES, entity::NEEDLES];

/// True if a script may tell something without a document in it.
pub(super) fn tells(text: &str) -> bool {
    NEEDLES.iter().copied().flatten().any(|needle| text.contains(needle))
}

/// True if the file is a script of a shell.
pub fn is_shell(file: &SourceFile<'_>) -> bool {
    let named =
        ["sh", "bash", "zsh", "ksh", "envrc"].iter().any(|known| file.path.extension().eq_ignore_ascii_case(known));
    let first = file.text().lines().next().unwrap_or("");
    named || (first.starts_with("#!") && first.contains("sh"))
}

/// Finds what a text tells that is all of a file, or a part of it that `map` leads back to. Of documents that are no JSON
/// what can be read is taken if `lenient`.
pub(super) fn extract(text: &str, map: Option<&SpanMap>, lenient: bool, file: &SourceFile<'_>, out: &mut Extraction) {
    let telling = ["Statement", "ManagedPolic", "AttachedPolicies"].iter().any(|needle| text.contains(needle));
    let (mut at, mut budget) = (0, BUDGET * text.len());
    let mut documents = Vec::new();
    let filled = Filled { rest: &Shell, names: &file.fills };
    let resolve: &dyn Resolve = if file.fills.is_empty() { &Shell } else { &filled };
    let mut next = |at| telling.then(|| next_document(text, at, &mut budget)).flatten();
    while let Some(found) = next(at) {
        at = found.range.end.max(at + 1);
        let inner = found.map();
        let map = map.map_or(inner.clone(), |outer| outer.compose(&inner));
        let (tree, errors) = json::parse(file.id, Cow::Owned(found.text), Some(map));
        if !lenient && errors.iter().any(|error| error.kind.is_obstacle()) {
            continue;
        }
        let before = out.facts.len();
        let introduction = hint(text, found.range.start);
        let host = Host { file, hint: RelPath::new(introduction), resolve };
        walk::tree_in(&tree, &host, out);
        without_flaws(out, before);
        documents.push(Document { start: found.range.start, introduction, facts: before..out.facts.len() });
    }
    let place = |span: Span| Loc { file: file.id, span: map.map_or(span, |map| map.to_file(span)) };
    commands::uses(text, &documents, out);
    commands::attachments(text, &place, out);
    commands::password_policies(text, &place, out);
    commands::permissions(text, &place, out);
    // Prose shows how a key is made; a script makes it.
    if lenient {
        commands::entities(text, &place, out);
    }
}

/// Finds what a script tells that stands in a string, which `map` leads back to.
pub(super) fn extract_inner(text: &str, map: &SpanMap, file: &SourceFile<'_>, out: &mut Extraction) {
    extract(text, Some(map), false, file, out);
    commands::entities(text, &|span| Loc { file: file.id, span: map.to_file(span) }, out);
}

/// What a quoted document lacks may be what the author left out: those among the facts from `before` on.
pub(super) fn without_flaws(out: &mut Extraction, before: usize) {
    for fact in out.facts.iter_mut().skip(before) {
        if let Fact::Policy(site) = fact {
            site.flaws.clear();
            site.quoted = true;
        }
    }
}

/// A document inside a text.
struct Found {
    range: std::ops::Range<usize>,
    text: String,
    /// True where `\"` stands for a quote.
    escaped: bool,
}

impl Found {
    /// How the document lies in the text.
    fn map(&self) -> SpanMap {
        let mut map = SpanMap::default();
        if !self.escaped {
            map.push(self.text.len(), Span::new(self.range.start, self.range.end));
            return map;
        }
        // Each character that is not written as itself has a backslash before it.
        let mut at = self.range.start;
        for piece in &self.pieces() {
            map.push(piece.0, Span::new(at, at + piece.1));
            at += piece.1;
        }
        map
    }

    /// Bytes of decoded text and the bytes that they are written as.
    fn pieces(&self) -> Vec<(usize, usize)> {
        let special = |byte| matches!(byte, b'"' | b'\\' | b'`');
        self.text.bytes().map(|byte| (1, 1 + usize::from(special(byte)))).collect()
    }
}

/// So often is each byte looked at, at the most, to find where documents end: brackets that are never closed lead nowhere.
const BUDGET: usize = 16;

/// The next document at or behind `from`: a bracket that begins a line, or that a quote stands before.
fn next_document(text: &str, from: usize, budget: &mut usize) -> Option<Found> {
    let mut search = from;
    loop {
        let at = search + text.get(search..)?.find(['{', '['])?;
        search = at + 1;
        let before = text.get(..at)?.trim_end_matches([' ', '\t', '\n', '\r']);
        let own_line = text.get(before.len()..at)?.contains('\n') || before.is_empty();
        let found = match before.as_bytes().last() {
            Some(b'"') if begins_heredoc(hint(text, at)) => verbatim(text, at, budget),
            Some(b'"') => quoted(text, at, budget),
            Some(b'\'') => verbatim(text, at, budget),
            _ if own_line => verbatim(text, at, budget),
            _ => None,
        };
        let Some(found) = found else { continue };
        let holds = |needle| found.text.contains(needle);
        let policy = holds("Statement") && (holds("Effect") || holds("Action"));
        if policy || holds("ManagedPolic") || holds("AttachedPolicies") {
            return Some(found);
        }
        search = found.range.end;
    }
}

/// True for a line that ends with the delimiter of a heredoc in double quotes, as `cat > policy.json <<"EOF"`: what follows is no
/// argument.
fn begins_heredoc(line: &str) -> bool {
    let before = line.strip_suffix('"').and_then(|line| line.rsplit_once('"'));
    before.is_some_and(|(before, _)| before.trim_end_matches([' ', '-']).ends_with("<<"))
}

/// The bytes from an offset that may still be looked at.
fn allowed(text: &str, at: usize, budget: usize) -> &str {
    let end = text.floor_char_boundary(text.len().min(at.saturating_add(budget)));
    text.get(at..end).unwrap_or("")
}

/// From a bracket to the one that closes it.
fn verbatim(text: &str, at: usize, budget: &mut usize) -> Option<Found> {
    let (mut depth, mut inside, mut escaped) = (0_u32, false, false);
    for (offset, byte) in allowed(text, at, *budget).bytes().enumerate() {
        *budget -= 1;
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b'{' | b'[' if !inside => depth += 1,
            b'}' | b']' if !inside => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    let end = at + offset + 1;
                    return Some(Found { range: at..end, text: text.get(at..end)?.to_owned(), escaped: false });
                }
            }
            _ => {}
        }
    }
    None
}

/// From a bracket to the double quote that ends the argument: `\"`, `\\` and `` \` `` stand for what follows the backslash.
fn quoted(text: &str, at: usize, budget: &mut usize) -> Option<Found> {
    let mut decoded = String::new();
    let mut rest = allowed(text, at, *budget).chars();
    let mut end = at;
    while let Some(c) = rest.next() {
        end += c.len_utf8();
        *budget = budget.saturating_sub(c.len_utf8());
        match c {
            '"' => return Some(Found { range: at..end - 1, text: decoded, escaped: true }),
            '\\' => {
                let next = rest.next()?;
                // Other escapes of the shell would need a map of their own: JSON in arguments has none.
                if !matches!(next, '"' | '\\' | '`') {
                    return None;
                }
                end += 1;
                decoded.push(next);
            }
            '`' => return None,
            c => decoded.push(c),
        }
    }
    None
}

/// The line that a document is introduced by: `cat > trust-policy.json <<EOF`, `--assume-role-policy-document '{`.
fn hint(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or("").trim_end();
    before.rsplit('\n').next().unwrap_or("")
}
