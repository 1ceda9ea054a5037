//! The AWS managed policies of the `aws` partition, with their documents.
//!
//! A document is kept as numbers of its strings: the policies share most of them. What is written here reads as minified JSON.

use super::action::Action;

/// A header of two words (policies, strings), the records of the policies (six words each), the strings (one word each),
/// then the documents in bytes.
static WORDS: &[u8] = include_bytes!("managed.bin");

/// Names, and the strings of the documents that are no actions, as JSON escapes them, each with a line feed behind it.
static TEXT: &str = include_str!("managed.txt");

/// A managed policy of AWS.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ManagedPolicy(u32);

/// Words before the first record, and of a record.
const HEADER: u32 = 2;
const RECORD: u32 = 6;

/// The numbers that stand for brackets; those of strings follow.
const OPEN_MAP: u32 = 0;
const CLOSE_MAP: u32 = 1;
const OPEN_LIST: u32 = 2;
const CLOSE_LIST: u32 = 3;
const STRINGS: u32 = 4;

/// Set in the word of a string that is the full name of an action: the rest is the action's number.
const ACTION: u32 = 1 << 31;

impl ManagedPolicy {
    fn field(&self, field: u32) -> u32 {
        word(HEADER + self.0 * RECORD + field)
    }

    /// Its name, as `AmazonS3ReadOnlyAccess`.
    pub fn name(&self) -> &'static str {
        line(self.field(0))
    }

    /// Its path, as `/service-role/`.
    pub fn path(&self) -> &'static str {
        line(self.field(1))
    }

    /// Its default version, as `v3`.
    pub fn version(&self) -> &'static str {
        line(self.field(2))
    }

    /// The day of that version, as `YYYY-MM-DD`.
    pub fn updated(&self) -> &'static str {
        line(self.field(3))
    }

    /// Its ARN in the `aws` partition.
    pub fn arn(&self) -> String {
        format!("arn:aws:iam::aws:policy{}{}", self.path(), self.name())
    }

    /// The document, as minified JSON.
    pub fn document(&self) -> String {
        let (start, end) = (self.field(4) as usize, self.field(5) as usize);
        let mut bytes = WORDS.get(start..end).unwrap_or(&[]).iter().copied();
        let mut out = String::new();
        // Which of the open brackets are maps, and how many entries each has had.
        let mut open: Vec<(bool, u32)> = Vec::new();
        while let Some(token) = number(&mut bytes) {
            if !matches!(token, CLOSE_MAP | CLOSE_LIST)
                && let Some((map, entries)) = open.last_mut()
            {
                match (*map && *entries % 2 == 1, *entries) {
                    (true, _) => out.push(':'),
                    (false, 0) => {}
                    (false, _) => out.push(','),
                }
                *entries += 1;
            }
            match token {
                OPEN_MAP | OPEN_LIST => {
                    open.push((token == OPEN_MAP, 0));
                    out.push(if token == OPEN_MAP { '{' } else { '[' });
                }
                CLOSE_MAP | CLOSE_LIST => {
                    open.pop();
                    out.push(if token == CLOSE_MAP { '}' } else { ']' });
                }
                string => push_string(string - STRINGS, &mut out),
            }
        }
        out
    }
}

/// All managed policies, sorted by the lower case of their names.
pub fn managed_policies() -> impl Iterator<Item = ManagedPolicy> {
    (0..word(0)).map(ManagedPolicy)
}

/// The managed policy with this name or ARN, of whatever partition; none if it is not known.
pub fn managed_policy(name_or_arn: &str) -> Option<ManagedPolicy> {
    let (mut low, mut high) = (0, word(0));
    let name = name_or_arn.rsplit('/').next().unwrap_or(name_or_arn);
    let order = |policy: ManagedPolicy| {
        let letters = |text: &'static str| text.bytes().map(|byte| byte.to_ascii_lowercase());
        letters(policy.name()).cmp(name.bytes().map(|byte| byte.to_ascii_lowercase()))
    };
    while low < high {
        let middle = low + (high - low) / 2;
        if order(ManagedPolicy(middle)).is_lt() { low = middle + 1 } else { high = middle }
    }
    let found = Some(ManagedPolicy(low)).filter(|policy| low < word(0) && policy.name() == name)?;
    match name_or_arn.split_once(":iam::aws:policy") {
        Some((_, path)) => (path.strip_suffix(name) == Some(found.path())).then_some(found),
        None => (name == name_or_arn).then_some(found),
    }
}

/// True if a managed policy has this very string, where it is the name of no action that is known.
pub fn is_named_by_managed(string: &str) -> bool {
    let line = format!("\n{string}\n");
    memchr::memmem::find(TEXT.as_bytes(), line.as_bytes()).is_some()
}

/// Marks before a kept string: it is no string but another scalar, or an ARN without its beginning.
const SCALAR: char = '\u{1}';
const ARN: char = '\u{2}';

fn push_string(string: u32, out: &mut String) {
    let kept = match word(HEADER + word(0) * RECORD + string) {
        action if action & ACTION != 0 => Action::at(action & !ACTION).full_name,
        at => line(at),
    };
    if let Some(scalar) = kept.strip_prefix(SCALAR) {
        out.push_str(scalar);
        return;
    }
    let (begin, rest) = kept.strip_prefix(ARN).map_or(("", kept), |rest| ("arn:aws:", rest));
    out.extend(["\"", begin, rest, "\""]);
}

/// A number, seven bits in a byte, the lowest first; a set eighth bit says that more follow.
fn number(bytes: &mut impl Iterator<Item = u8>) -> Option<u32> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = bytes.next()?;
        number |= u32::from(byte & 0x7F).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift += 7;
    }
}

/// The text from an offset to the end of its line.
fn line(at: u32) -> &'static str {
    let rest = TEXT.get(at as usize..).unwrap_or("");
    rest.split_once('\n').map_or("", |(line, _)| line)
}

fn word(at: u32) -> u32 {
    let at = at as usize * 4;
    let bytes = WORDS.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
    u32::from_le_bytes(bytes.unwrap_or_default())
}
