//! The AWS managed policies of the `aws` partition, with their documents.
//!
//! A document is kept as minified JSON in symbols: characters, actions, and pairs of other symbols, so that what many policies
//! share stands there once.

use super::action::Action;

/// A header of two words (policies, actions), the records of the policies (eight words each); then in halves of words the
/// numbers of the policies by their digests, what the first 128 bytes of a document stand for, the numbers of the actions, and
/// the pairs; then the documents in bytes.
static WORDS: &[u8] = include_bytes!("managed.bin");

/// Names, each with a line feed behind it.
static TEXT: &str = include_str!("managed.txt");

/// A managed policy of AWS.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ManagedPolicy(u32);

/// Words before the first record, and of a record.
const HEADER: u32 = 2;
const RECORD: u32 = 8;

/// The symbols that are characters of ASCII; those of actions follow, then those of pairs.
const CHARACTERS: u32 = 128;

/// So many bytes stand for a frequent symbol; one that is larger is half of a symbol.
const FREQUENT: u32 = 128;

impl ManagedPolicy {
    fn field(&self, field: u32) -> u32 {
        word(HEADER + self.0 * RECORD + field)
    }

    /// Where it stands among [`managed_policies`].
    pub fn index(&self) -> usize {
        self.0 as usize
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

    /// How many characters the document has, as minified JSON.
    pub fn length(&self) -> usize {
        self.field(5) as usize
    }

    /// XXH3 of the document as minified JSON.
    fn digest(&self) -> u64 {
        u64::from(self.field(6)) | u64::from(self.field(7)) << 32
    }

    /// The document, as minified JSON.
    pub fn document(&self) -> String {
        let next = ManagedPolicy(self.0 + 1);
        let end = if next.0 < word(0) { next.field(4) as usize } else { WORDS.len() };
        let mut bytes = WORDS.get(self.field(4) as usize..end).unwrap_or(&[]).iter().copied();
        let mut out = String::with_capacity(4096);
        // What is to be written before the bytes go on, the first of it on top.
        let mut open = Vec::new();
        let actions = word(1);
        while let Some(symbol) = open.pop().or_else(|| symbol(&mut bytes)) {
            match symbol.checked_sub(CHARACTERS) {
                None => out.push(char::from(symbol as u8)),
                Some(action) if action < actions => {
                    out.extend(["\"", Action::at(symbol_at(FREQUENT + action)).full_name, "\""]);
                }
                Some(pair) => {
                    let at = FREQUENT + actions + (pair - actions) * 2;
                    open.extend([symbol_at(at + 1), symbol_at(at)]);
                }
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

/// The managed policy whose document in minified JSON has this digest (XXH3); none if it is not known.
pub fn managed_like(digest: u64) -> Option<ManagedPolicy> {
    let (mut low, mut high) = (0, word(0));
    while low < high {
        let middle = low + (high - low) / 2;
        if ManagedPolicy(half(middle)).digest() < digest { low = middle + 1 } else { high = middle }
    }
    Some(low).filter(|at| *at < word(0)).map(|at| ManagedPolicy(half(at))).filter(|policy| policy.digest() == digest)
}

/// The next symbol of a document.
fn symbol(bytes: &mut impl Iterator<Item = u8>) -> Option<u32> {
    let first = u32::from(bytes.next()?);
    match first.checked_sub(FREQUENT) {
        None => Some(symbol_at(first)),
        Some(upper) => Some(upper << 8 | u32::from(bytes.next()?)),
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

/// A symbol of the tables of symbols, which follow the numbers by digest.
fn symbol_at(at: u32) -> u32 {
    half(word(0) + at)
}

/// A half of a word, counted from behind the records.
fn half(at: u32) -> u32 {
    let at = (HEADER + word(0) * RECORD) as usize * 4 + at as usize * 2;
    let bytes = WORDS.get(at..at + 2).and_then(|bytes| bytes.try_into().ok());
    u32::from(u16::from_le_bytes(bytes.unwrap_or_default()))
}
