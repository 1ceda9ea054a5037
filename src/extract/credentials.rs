//! Access keys that were left in a file together with their secrets.

use super::{CredentialPair, Extraction, Fact};
use crate::policy::Spanned;
use crate::source::secrets::secrets;
use crate::source::{Loc, Origin, SourceFile, Span};
use memchr::memmem;
use std::ops::Range;

/// What a file with a secret in it can contain; the other names are found by their parts.
pub(crate) const NEEDLES: &[&str] =
    &["AWS_SECRET", "SECRET_ACCESS_KEY", "secret_access_key", "SecretAccessKey", "secret_key", "secretAccessKey"];

/// A key and its secret stand so near each other, in bytes.
const NEAR: usize = 600;

/// Finds the pairs of a file.
pub(super) fn extract(file: &SourceFile<'_>, out: &mut Extraction) {
    let text = file.text();
    if !["AKIA", "ASIA"].iter().any(|begin| memmem::find(text.as_bytes(), begin.as_bytes()).is_some()) {
        return;
    }
    for secret in secrets(text).into_iter().filter(|secret| !secret.token) {
        let at = secret.name.start as usize;
        let ids = || key_ids(text, text.floor_char_boundary(at.saturating_sub(NEAR))..(at + NEAR).min(text.len()));
        let Some(id) = ids().min_by_key(|id| (id.start as usize).abs_diff(at)) else { continue };
        let value: Box<str> = file.slice(id).into();
        if value.contains("EXAMPLE") {
            continue;
        }
        let temporary = value.starts_with("ASIA");
        let loc = |span: Span| Origin::here(Loc { file: file.id, span });
        let id = Spanned { value, origin: loc(id) };
        out.facts.push(Fact::CredentialPair(CredentialPair { id, secret: loc(secret.name), temporary }));
    }
}

/// Characters of an access key id: four that say what it is, and sixteen.
const ID: usize = 20;

/// The access key ids in a part of a text.
fn key_ids(text: &str, within: Range<usize>) -> impl Iterator<Item = Span> + '_ {
    let part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let bytes = text.as_bytes();
    let begins = |begin: &'static str| {
        memmem::find_iter(bytes.get(within.clone()).unwrap_or(&[]), begin).map(|at| at + within.start)
    };
    let found: Vec<usize> = begins("AKIA").chain(begins("ASIA")).collect();
    found.into_iter().filter_map(move |at| {
        let id = bytes.get(at..at + ID)?;
        let whole = id.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        let alone = !part(at.checked_sub(1).and_then(|before| bytes.get(before))) && !part(bytes.get(at + ID));
        (whole && alone).then(|| Span::new(at, at + ID))
    })
}
