//! From what a rule wants changed to the bytes that are to be replaced: quotes, commas and encodings.

use crate::finding::{Edit, Fix, Repair, Replacement};
use crate::source::{Encoding, Origin, SourceFile, Span};

/// The replacements that a fix comes to. None if one of its edits cannot be made here: the text is used elsewhere too, or
/// stands in an encoding in which the new one would have to be written otherwise, or something else would be lost.
pub(crate) fn write_down(fix: Fix, file: &SourceFile<'_>) -> Option<Repair> {
    let in_place = matches!(file.encoding, Encoding::Utf8 | Encoding::Utf8Bom) && file.invalid.is_none();
    let replacement = |edit: &Edit| {
        let (span, text) = match edit {
            Edit::Value { at, text } => (inside(editable(at)?, file)?, plain(text)?.to_owned()),
            Edit::Entry { entry, before, after } => (gap(entry, before.as_ref(), after.as_ref(), file)?, String::new()),
            Edit::Unlisted { list, entry } => unlisted(editable(list)?, editable(entry)?, file)?,
            Edit::Listed { value } => {
                let span = editable(value)?;
                (span, format!("[{}]", file.slice(span)))
            }
            Edit::FirstKey { object, key, value } => first_key(editable(object)?, plain(key)?, plain(value)?, file)?,
        };
        Some(Replacement { region: file.region(span), text })
    };
    let replacements = fix.edits.iter().map(replacement).collect::<Option<Vec<_>>>()?;
    in_place.then_some(())?;
    Some(Repair { title: fix.title, safe: fix.safe, replacements })
}

fn editable(at: &Origin) -> Option<Span> {
    at.editable.then_some(at.at.span)
}

/// A text that is written the same in every encoding.
fn plain(text: &str) -> Option<&str> {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"*:/_.-".contains(&byte)).then_some(text)
}

/// What stands between the quotes of a value, however those are written; all of a value without.
fn inside(span: Span, file: &SourceFile<'_>) -> Option<Span> {
    let text = file.slice(span);
    let quotes = ["\\\\\\\"", "\\\"", "\"", "'", "%22"].into_iter();
    let mut quotes =
        quotes.filter(|quote| text.len() >= 2 * quote.len() && text.starts_with(quote) && text.ends_with(quote));
    let width = match quotes.next() {
        Some(quote) => quote.len() as u32,
        // A plain scalar of YAML; what is an expression or goes over lines is not to be touched.
        None if plain(text).is_some() && !text.is_empty() => 0,
        None => return None,
    };
    Some(Span { start: span.start + width, end: span.end - width })
}

/// An entry with the comma, the dash or the line break that parts it from the one before it, or behind it if it is the first.
fn gap(entry: &Origin, before: Option<&Origin>, after: Option<&Origin>, file: &SourceFile<'_>) -> Option<Span> {
    let own = editable(entry)?;
    let (span, parting) = match (before.and_then(editable), after.and_then(editable)) {
        (Some(before), _) if before.end <= own.start => {
            (Span { start: before.end, end: own.end }, Span { start: before.end, end: own.start })
        }
        (_, Some(after)) if own.end <= after.start => {
            (Span { start: own.start, end: after.start }, Span { start: own.end, end: after.start })
        }
        _ => return None,
    };
    // A comment behind the entry, on its line, is about it, and would come to stand behind another.
    let behind = file.text().get(own.end as usize..).unwrap_or("").trim_start_matches([' ', '\t', ',']);
    if behind.starts_with(['#', '/']) {
        return None;
    }
    // Comments would be lost.
    let only_parts = file.slice(parting).chars().all(|c| c.is_whitespace() || matches!(c, ',' | '-'));
    only_parts.then_some(span)
}

/// A list, and the text of its only entry as it is written. None where comments would be lost.
fn unlisted(list: Span, entry: Span, file: &SourceFile<'_>) -> Option<(Span, String)> {
    let around = [Span { start: list.start, end: entry.start }, Span { start: entry.end, end: list.end }];
    let only_list = |span: &Span| {
        span.start <= span.end
            && file.slice(*span).chars().all(|c| c.is_whitespace() || matches!(c, '[' | ']' | '-' | ','))
    };
    around.iter().all(only_list).then(|| (list, file.slice(entry).to_owned()))
}

/// An entry before the others of an object that is written in JSON, set off as they are.
fn first_key(object: Span, key: &str, value: &str, file: &SourceFile<'_>) -> Option<(Span, String)> {
    let inner = file.slice(object).strip_prefix('{')?;
    let space = inner.len() - inner.trim_start().len();
    let (space, rest) = inner.split_at(space);
    let at = object.start + 1;
    rest.starts_with('"').then(|| (Span { start: at, end: at }, format!("{space}\"{key}\": \"{value}\",")))
}
