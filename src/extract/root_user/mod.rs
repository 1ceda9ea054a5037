//! Evidence that the root user exists more than it must: credential reports, account summaries, CloudTrail records, the
//! caller's identity, and profiles and scripts that use the root user's MFA device.

mod account_summary;
mod base64_text;
mod caller;
mod credential_report;
mod profile;
mod trail;

use super::Extraction;
use super::scan::Needles;
use crate::document::json::parse;
use crate::document::{NodeKind, NodeRef};
use crate::source::{Loc, Origin, SourceFile, Span};
use std::borrow::Cow;
use std::sync::LazyLock;

/// What a file with such evidence must contain, in its bytes.
pub(crate) const NEEDLES: &[&str] = &[
    // The first field of the row that a credential report is read for.
    credential_report::ROOT,
    // `user,arn,`, with which every report begins: nine bytes are twelve characters of base64, whatever follows them.
    base64_text::BEGIN,
    // Keys of `get-account-summary`; without either nothing is read. JSON's escapes, as tools write them, spare letters.
    "AccountMFAEnabled",
    "AccountAccessKeysPresent",
    // The end of the serial number, in JSON too.
    profile::DEVICE,
    // The key that makes a CloudTrail record one, also where the record is a string in which quotes are escaped.
    "userIdentity",
    // The end of the caller's ARN with the quote that closes it: nothing is written in between.
    ":root\"",
];

/// Finds evidence in a file that is not JSON.
pub fn extract_text(file: &SourceFile<'_>, out: &mut Extraction) {
    let text = file.text();
    let at = |span: Span| Loc { file: file.id, span };
    if text.contains(credential_report::ROOT) {
        credential_report::read(text, None, &at, out);
    } else if text.trim_start().starts_with(base64_text::BEGIN) {
        base64_text::from_file(text, &at, out);
    }
    if text.contains(profile::DEVICE) {
        profile::in_text(file, out);
    }
}

/// Finds evidence in a value at the top of a JSON file, however deep.
pub(crate) fn extract_json(root: NodeRef<'_>, file: &SourceFile<'_>, out: &mut Extraction) {
    static TELLING: LazyLock<Needles> = LazyLock::new(|| Needles::new(NEEDLES.iter()));
    if !TELLING.any_in(root.raw().as_bytes()) {
        return;
    }
    // What is still to be looked at, the next one last, each with the key that it stands under.
    let mut pending = vec![("", root)];
    while let Some((key, node)) = pending.pop() {
        let children = pending.len();
        match node.kind() {
            NodeKind::Map if trail::is_record(node) => trail::read(node, out),
            NodeKind::Map if caller::is_identity(node) => caller::read(node, out),
            NodeKind::Map if profile::describes_device(node) => {}
            NodeKind::Map => {
                if let Some(summary) = node.get("SummaryMap") {
                    account_summary::read(summary, out);
                }
                base64_text::from_json(node, out);
                pending.extend(node.entries().map(|(key, value)| (key.as_str().unwrap_or(""), value)));
            }
            NodeKind::Seq => pending.extend(node.items().map(|item| (key, item))),
            NodeKind::String => string(key, node, file, out),
            _ => {}
        }
        if let Some(new) = pending.get_mut(children..) {
            new.reverse();
        }
    }
}

/// A string: a record inside it, as `lookup-events` prints them, or the serial number of the device.
fn string(key: &str, node: NodeRef<'_>, file: &SourceFile<'_>, out: &mut Extraction) {
    let Some(text) = node.as_str() else { return };
    if text.trim_start().starts_with('{') {
        if text.contains("userIdentity")
            && let Some((text, map)) = node.embedded()
        {
            let (tree, _) = parse(file.id, Cow::Owned(text), Some(map));
            tree.roots().filter(|record| trail::is_record(*record)).for_each(|record| trail::read(record, out));
        }
    } else if text.contains(profile::DEVICE) {
        profile::in_json(key, node, out);
    }
}

/// The place of a key with its value.
fn entry(key: NodeRef<'_>, value: NodeRef<'_>) -> Origin {
    Origin::here(key.tree().loc(Span { start: key.span().start, end: value.span().end }))
}

/// The last entry of a map with this key.
fn find<'t>(map: NodeRef<'t>, name: &str) -> Option<(NodeRef<'t>, NodeRef<'t>)> {
    map.entries().filter(|(key, _)| key.as_str() == Some(name)).last()
}
