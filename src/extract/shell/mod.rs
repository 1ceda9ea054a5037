//! Shell scripts, and whatever else quotes the AWS CLI: JSON documents in heredocs, arguments and output, and the commands
//! that attach policies.

mod command;
mod commands;
mod documents;
mod entity;
mod permission;
mod quotation;
mod variable;

use super::json::syntax;
use super::resolve::{Filled, Shell};
use super::walk::{self, Host};
use super::{Extraction, Fact};
use crate::document::json;
use crate::policy::lower::Resolve;
use crate::source::{Loc, RelPath, SourceFile, Span};
use crate::spanmap::SpanMap;
use commands::Document;
pub(super) use quotation::expansion;
use std::borrow::Cow;

/// What a command that attaches a policy contains.
const ATTACHING: &[&str] = &["--policy-arn", "--managed-policy-arn"];

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

/// What a text is in which documents are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    /// A file that is a script: of documents that are no JSON what can be read is taken.
    Script,
    /// A string that may be a script.
    Inner,
    /// A code block of prose, which leaves things out.
    Prose,
}

/// Finds what a text tells that is all of a file, or a part of it that `map` leads back to.
pub(super) fn extract(text: &str, map: Option<&SpanMap>, kind: Text, file: &SourceFile<'_>, out: &mut Extraction) {
    let telling = ["Statement", "ManagedPolic", "AttachedPolicies"].iter().any(|needle| text.contains(needle));
    let mut documents = Vec::new();
    let filled = Filled { rest: &Shell, names: &file.fills };
    let resolve: &dyn Resolve = if file.fills.is_empty() { &Shell } else { &filled };
    for found in telling.then(|| documents::all(text, kind == Text::Script)).into_iter().flatten() {
        let map = map.map_or(found.map.clone(), |outer| outer.compose(&found.map));
        let (tree, errors) = json::parse(file.id, Cow::Owned(found.text), Some(map));
        let readable = !errors.iter().any(|error| error.kind.is_obstacle());
        let whole = found.whole && kind != Text::Prose;
        let before = out.facts.len();
        let introduction = documents::hint(text, found.range.start);
        if readable || whole || kind == Text::Script {
            let host = Host { file, hint: RelPath::new(introduction), resolve };
            walk::tree_in(&tree, &host, out);
        }
        quoted(out, before, !(readable && whole));
        documents.push(Document { start: found.range.start, introduction, facts: before..out.facts.len() });
        if whole {
            syntax(&tree, &errors, true, out);
        }
    }
    let place = |span: Span| Loc { file: file.id, span: map.map_or(span, |map| map.to_file(span)) };
    commands::uses(text, &documents, out);
    commands::attachments(text, &place, out);
    commands::password_policies(text, &place, out);
    commands::permissions(text, &place, out);
    // Prose shows how a key is made; a script makes it.
    if kind != Text::Prose {
        commands::entities(text, &place, out);
    }
}

/// Finds what a script tells that stands in a string, which `map` leads back to.
pub(super) fn extract_inner(text: &str, map: &SpanMap, file: &SourceFile<'_>, out: &mut Extraction) {
    extract(text, Some(map), Text::Inner, file, out);
}

/// What a quoted document lacks may be what the author left out: those among the facts from `before` on.
pub(super) fn without_flaws(out: &mut Extraction, before: usize) {
    quoted(out, before, true);
}

/// Says of the documents among the facts from `before` on that they are quoted, and whether only in part.
fn quoted(out: &mut Extraction, before: usize, partial: bool) {
    for fact in out.facts.iter_mut().skip(before) {
        if let Fact::Policy(site) = fact {
            (site.quoted, site.partial) = (true, partial);
            if partial {
                site.flaws.clear();
            }
        }
    }
}
