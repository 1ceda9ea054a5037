//! A file as text: decoded by its byte-order mark, with a way back to the bytes on disk.

use super::lines::{LineIndex, Region};
use super::secrets::{Secret, secrets};
use super::{FileId, Fills, RelPath, Span};
use std::borrow::Cow;
use std::sync::OnceLock;

/// How the bytes of a file became text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// UTF-8 without a byte-order mark.
    Utf8,
    /// UTF-8 behind a byte-order mark.
    Utf8Bom,
    /// UTF-16, least significant byte first (what PowerShell's `>` writes).
    Utf16Le,
    /// UTF-16, most significant byte first.
    Utf16Be,
}

/// The language of a text, where the name of the file does not tell it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Language {
    Json,
    Yaml,
    Hcl,
}

/// What stands for a hidden part.
const STARS: &str = "********";

/// One file, decoded. Lives and dies inside `lint`.
pub struct SourceFile<'a> {
    /// Its number in the unit.
    pub id: FileId,
    /// Its path below the root.
    pub path: RelPath,
    /// How its bytes became [`SourceFile::text`].
    pub encoding: Encoding,
    /// Offset in the file of the first byte that is not UTF-8 (or not UTF-16), if any. Each such byte stands in the text as
    /// one `?`, so that all offsets stay true.
    pub invalid: Option<usize>,
    /// What it looks to be written in, where somebody asked for it by a name that does not tell.
    pub guess: Option<Language>,
    /// What stands in it for names in braces, as `${name}`: a module of Terraform fills it in.
    pub fills: Fills,
    text: Cow<'a, str>,
    lines: OnceLock<LineIndex>,
    secrets: OnceLock<Vec<Secret>>,
    hidden: OnceLock<Vec<Span>>,
}

impl<'a> SourceFile<'a> {
    /// Decodes `bytes` by their byte-order mark, as UTF-8 where there is none.
    pub fn new(id: FileId, path: RelPath, bytes: Cow<'a, [u8]>) -> Self {
        let (encoding, text, invalid) = match &*bytes {
            [0xFF, 0xFE, rest @ ..] => decode_utf16(Encoding::Utf16Le, rest, u16::from_le_bytes),
            [0xFE, 0xFF, rest @ ..] => decode_utf16(Encoding::Utf16Be, rest, u16::from_be_bytes),
            [0xEF, 0xBB, 0xBF, ..] => {
                let (text, invalid) = decode_utf8(match bytes {
                    Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[3..]),
                    Cow::Owned(mut bytes) => {
                        bytes.drain(..3);
                        Cow::Owned(bytes)
                    }
                });
                (Encoding::Utf8Bom, text, invalid.map(|at| at + 3))
            }
            _ => {
                let (text, invalid) = decode_utf8(bytes);
                (Encoding::Utf8, text, invalid)
            }
        };
        let (lines, secrets, hidden) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        SourceFile { id, path, encoding, invalid, guess: None, fills: Vec::new(), text, lines, secrets, hidden }
    }

    /// The decoded text, without its byte-order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text at a span, cut back to character boundaries.
    pub fn slice(&self, span: Span) -> &str {
        let start = self.text.floor_char_boundary(span.start as usize);
        let end = self.text.floor_char_boundary(span.end as usize);
        self.text.get(start..end).unwrap_or("")
    }

    /// Says which parts are never to be shown, not even how long they are. Only the first time counts: a file is read once.
    pub fn hide(&self, mut parts: Vec<Span>) {
        parts.sort_unstable();
        self.hidden.get_or_init(|| parts);
    }

    /// The parts of a span that are never to be shown, in order.
    fn hidden_in(&self, span: Span) -> impl Iterator<Item = &Span> {
        let hidden = self.hidden.get().map_or(&[][..], Vec::as_slice);
        hidden.iter().filter(move |part| part.start < span.end && span.start < part.end)
    }

    /// True if a part of the span is never to be shown.
    pub fn hides(&self, span: Span) -> bool {
        self.hidden_in(span).next().is_some()
    }

    /// [`SourceFile::slice`] as it may be shown: with `*` for every character of a secret, and with the same stars for whatever is
    /// hidden.
    pub fn shown(&self, span: Span) -> Cow<'_, str> {
        if !self.hides(span) {
            return self.without_secrets(span);
        }
        let (mut shown, mut from) = (String::new(), span.start);
        for part in self.hidden_in(span) {
            shown.push_str(&self.without_secrets(Span { start: from, end: part.start.max(from) }));
            shown.push_str(STARS);
            from = from.max(part.end);
        }
        shown.push_str(&self.without_secrets(Span { start: from, end: span.end.max(from) }));
        Cow::Owned(shown)
    }

    fn without_secrets(&self, span: Span) -> Cow<'_, str> {
        let slice = self.slice(span);
        let secrets = self.secrets.get_or_init(|| secrets(&self.text));
        let mut inside = secrets.iter().filter(|secret| secret.value.start < span.end && span.start < secret.value.end);
        if inside.next().is_none() {
            return Cow::Borrowed(slice);
        }
        let hidden =
            |at: usize| secrets.iter().any(|secret| secret.value.range().contains(&(span.start as usize + at)));
        Cow::Owned(slice.char_indices().map(|(at, c)| if hidden(at) { '*' } else { c }).collect())
    }

    /// Where the lines of the text begin; found when first asked for.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// A span in every unit that a reader may ask for.
    pub fn region(&self, span: Span) -> Region {
        let byte = self.byte_on_disk(span.start);
        Region {
            byte,
            byte_len: self.byte_on_disk(span.end) - byte,
            start: self.lines().position(&self.text, span.start),
            end: self.lines().position(&self.text, span.end),
        }
    }

    /// The byte on disk at which the character that stands at `offset` of the text begins.
    pub fn byte_on_disk(&self, offset: u32) -> u64 {
        match self.encoding {
            Encoding::Utf8 => u64::from(offset),
            Encoding::Utf8Bom => u64::from(offset) + 3,
            Encoding::Utf16Le | Encoding::Utf16Be => {
                let offset = self.text.floor_char_boundary(offset as usize);
                2 + 2 * u64::from(self.lines().length_before(&self.text, offset).utf16)
            }
        }
    }
}

fn decode_utf8(bytes: Cow<'_, [u8]>) -> (Cow<'_, str>, Option<usize>) {
    match bytes {
        Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => (Cow::Borrowed(text), None),
            Err(error) => (Cow::Owned(replace_invalid(bytes)), Some(error.valid_up_to())),
        },
        Cow::Owned(bytes) => match String::from_utf8(bytes) {
            Ok(text) => (Cow::Owned(text), None),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                (Cow::Owned(replace_invalid(error.as_bytes())), Some(at))
            }
        },
    }
}

/// The text with one `?` for every byte that is not UTF-8, so that offsets stay true.
fn replace_invalid(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    text
}

fn decode_utf16(
    encoding: Encoding,
    bytes: &[u8],
    unit: fn([u8; 2]) -> u16,
) -> (Encoding, Cow<'static, str>, Option<usize>) {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    let (mut at, mut invalid) = (2, None);
    for decoded in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
        match decoded {
            Ok(c) => {
                text.push(c);
                at += 2 * c.len_utf16();
            }
            Err(_) => {
                invalid.get_or_insert(at);
                text.push('?');
                at += 2;
            }
        }
    }
    if !odd.is_empty() {
        invalid.get_or_insert(at);
    }
    (encoding, Cow::Owned(text), invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: &[u8]) -> SourceFile<'_> {
        SourceFile::new(FileId(0), RelPath::new("f.json"), Cow::Borrowed(bytes))
    }

    #[test]
    fn invalid_bytes_keep_all_offsets() {
        let file = file(b"a\xFF\xE2\x82z");
        assert_eq!(file.text(), "a???z");
        assert_eq!(file.invalid, Some(1));
    }

    #[test]
    fn what_is_hidden_does_not_tell_its_length() {
        let all = |text: &str| Span::new(0, text.len());
        for text in ["a: x\nb", "a: a long password\nb"] {
            let file = file(text.as_bytes());
            file.hide(vec![Span::new(3, text.len() - 2)]);
            assert_eq!(file.shown(all(text)), "a: ********\nb");
            // A mark that begins and ends there.
            assert_eq!(file.shown(Span::new(3, text.len() - 2)), "********");
            assert_eq!(file.shown(Span::new(0, 3)), "a: ");
            assert!(file.hides(Span::new(0, 4)) && !file.hides(Span::new(0, 3)));
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_text_but_counts_on_disk() {
        let file = file("\u{feff}{é}".as_bytes());
        assert_eq!(file.text(), "{é}");
        assert_eq!((file.encoding, file.byte_on_disk(0), file.byte_on_disk(3)), (Encoding::Utf8Bom, 3, 6));
    }

    #[test]
    fn utf16_in_both_orders_leads_back_to_its_bytes() {
        for (mark, order) in [([0xFF, 0xFE], u16::to_le_bytes as fn(u16) -> [u8; 2]), ([0xFE, 0xFF], u16::to_be_bytes)]
        {
            let mut bytes = mark.to_vec();
            bytes.extend("é😀x".encode_utf16().flat_map(order));
            let file = file(&bytes);
            assert_eq!((file.text(), file.invalid), ("é😀x", None));
            let x = file.text().find('x').unwrap_or(0) as u32;
            assert_eq!(&bytes[file.byte_on_disk(x) as usize..], order(u16::from(b'x')));
        }
    }
}
