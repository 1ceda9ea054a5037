//! Where the facts lie: tables of 32-bit words, and one text that they point into. They are read in place; nothing is parsed
//! or allocated when a run starts.
//!
//! Both files are built from the text below `catalog/`, and a test compares them with it.

use crate::letter_case;
use std::cmp::Ordering;
use std::ops::Range;

/// The tables: a header of two words each (first word, number of records), then the records. Little-endian.
static WORDS: &[u8] = include_bytes!("facts.bin");

/// The header, as the compiler reads it.
const HEADER: [[u32; 2]; TABLES] = {
    let bytes = include_bytes!("facts.bin");
    let mut header = [[0; 2]; TABLES];
    let mut at = 0;
    while at < TABLES * 2 {
        let word = [bytes[at * 4], bytes[at * 4 + 1], bytes[at * 4 + 2], bytes[at * 4 + 3]];
        header[at / 2][at % 2] = u32::from_le_bytes(word);
        at += 1;
    }
    header
};

/// How many tables there are.
const TABLES: usize = Table::Internal as usize + 1;

/// All names, one after the other.
static TEXT: &str = include_str!("facts.txt");

/// A table, by its place in the header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Table {
    /// Prefix, name, and the ends of the service's actions, resource types and condition keys, which begin where the ones of
    /// the service before end.
    Services,
    /// Full name; level, flags and service; its lists.
    Actions,
    /// Name; its lists.
    Resources,
    /// Name; type; length of what is fixed of the name, and in the highest bit whether more follows.
    Keys,
    /// Words that the other tables point to.
    Lists,
    /// Full name; level.
    Retired,
    /// Name.
    Principals,
    /// As [`Table::Keys`].
    GlobalKeys,
    /// Prefix of a service.
    ResourceControl,
    /// Prefix of a condition key.
    Federated,
    /// Name, suffix of its domain names, end of its regions.
    Partitions,
    /// Name.
    Regions,
    /// The services of ARNs, sorted: name, end of its formats.
    ArnServices,
    /// Formats of ARNs, by their service: the whole, the resource part with `*` for its placeholders, what region and account are.
    Formats,
    /// Where the actions are found by the hash of their full names: two places to a word, a power of two of them. In each stands
    /// the number of an action, counted from 1, which may also have gone to the next free place; or 0.
    ActionPlaces,
    /// The same of the services, by their prefixes.
    ServicePlaces,
    /// The same of the services of ARNs.
    ArnServicePlaces,
    /// Prefix of a service that is gone.
    RetiredServices,
    /// What is written as an action in managed policies and is none.
    Internal,
}

impl Table {
    /// Words of a record.
    fn width(self) -> u32 {
        match self {
            Table::Services => 5,
            Table::Actions | Table::Partitions | Table::Keys | Table::GlobalKeys | Table::Formats => 3,
            Table::Resources | Table::Retired | Table::ArnServices => 2,
            Table::Lists
            | Table::Principals
            | Table::ResourceControl
            | Table::Federated
            | Table::Regions
            | Table::RetiredServices
            | Table::Internal
            | Table::ActionPlaces
            | Table::ServicePlaces
            | Table::ArnServicePlaces => 1,
        }
    }

    /// How many records there are.
    pub(super) fn len(self) -> u32 {
        HEADER[self as usize][1]
    }

    /// A word of a record.
    pub(super) fn field(self, record: u32, field: u32) -> u32 {
        word(HEADER[self as usize][0] + record * self.width() + field)
    }

    /// A word of a record that points to a name.
    pub(super) fn name(self, record: u32, field: u32) -> &'static str {
        text(self.field(record, field))
    }

    /// The records of which a field of the record at hand is the end, and begins where the one before ends.
    pub(super) fn range(self, record: u32, field: u32) -> Range<u32> {
        let start = if record == 0 { 0 } else { self.field(record - 1, field) };
        start..self.field(record, field)
    }

    /// The record with this name, whatever its letter case, by a table of the places of names.
    pub(super) fn at_place(self, places: Table, name: &str) -> Option<u32> {
        // There are so many that one of them is free, and a power of two.
        let last = places.len() * 2 - 1;
        let mut place = letter_case::hash(name) as u32 & last;
        loop {
            let found = places.field(place / 2, 0) >> (16 * (place % 2)) & 0xFFFF;
            let record = found.checked_sub(1)?;
            if self.is(record, name) {
                return Some(record);
            }
            place = (place + 1) & last;
        }
    }

    /// The records of a range whose names begin so, whatever the letter case, which are sorted by their lower case. All
    /// have the same first `skip` bytes, which are left out.
    pub(super) fn starting_with(self, range: Range<u32>, skip: usize, prefix: &str) -> Range<u32> {
        let begins = |at: u32| compare(self.rest(at, skip), prefix.as_bytes(), 0).0 == prefix.len();
        let start = self.search(range.clone(), skip, prefix.as_bytes()).unwrap_or_else(|next| next);
        // Most prefixes have few: their end is looked for from their start on, with larger and larger steps.
        let (mut last, mut step) = (start, 1);
        while last + step < range.end && begins(last + step) {
            (last, step) = (last + step, step * 2);
        }
        start..self.lower_bound(last..range.end.min(last + step), begins)
    }

    /// True if the first `length` bytes of a record's name are those of a text that has as many, whatever the letter case.
    pub(super) fn begins_alike(self, record: u32, length: usize, text: &str) -> bool {
        let (start, _) = place(self.field(record, 0));
        let known = TEXT.as_bytes().get(start..start + length);
        // Most are told apart by their last letter.
        let last = |bytes: &[u8]| bytes.last().map(|byte| byte | 0x20);
        known
            .zip(text.as_bytes().get(..length))
            .is_some_and(|(known, text)| last(known) == last(text) && known.eq_ignore_ascii_case(text))
    }

    /// True if a record has this name, whatever its letter case.
    fn is(self, record: u32, name: &str) -> bool {
        self.rest(record, 0).eq_ignore_ascii_case(name.as_bytes())
    }

    /// What follows the first `skip` bytes of a record's name.
    fn rest(self, record: u32, skip: usize) -> &'static [u8] {
        let (start, length) = place(self.field(record, 0));
        TEXT.as_bytes().get(start + skip..start + length).unwrap_or(&[])
    }

    /// The record of a range with this name, or else the first one behind it.
    fn search(self, range: Range<u32>, skip: usize, wanted: &[u8]) -> Result<u32, u32> {
        let (mut low, mut high) = (range.start, range.end);
        // What is wanted has this much in common with the names on both sides, so that all between them begin so too.
        let (mut below, mut above) = (0, 0);
        while low < high {
            let middle = low + (high - low) / 2;
            match compare(self.rest(middle, skip), wanted, below.min(above)) {
                (same, Ordering::Less) => (low, below) = (middle + 1, same),
                (_, Ordering::Equal) => return Ok(middle),
                (same, Ordering::Greater) => (high, above) = (middle, same),
            }
        }
        Err(low)
    }

    /// The first of a range of records for which `before` is false; those for which it is true come first.
    pub(super) fn lower_bound(self, range: Range<u32>, before: impl Fn(u32) -> bool) -> u32 {
        let (mut low, mut high) = (range.start, range.end);
        while low < high {
            let middle = low + (high - low) / 2;
            if before(middle) { low = middle + 1 } else { high = middle }
        }
        low
    }
}

/// How many bytes two texts have in common, and how they stand to each other, letter case ignored; `known` are certainly the same.
fn compare(one: &[u8], other: &[u8], known: usize) -> (usize, Ordering) {
    let mut same = known;
    while let (Some(a), Some(b)) = (one.get(same), other.get(same)) {
        // Most letters are the same as they stand.
        if a != b {
            let order = a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase());
            if order != Ordering::Equal {
                return (same, order);
            }
        }
        same += 1;
    }
    (same, one.len().cmp(&other.len()))
}

/// The words of [`Table::Lists`] from `at` on.
pub(super) fn list(at: u32, length: u32) -> impl ExactSizeIterator<Item = u32> + Clone {
    (0..length).map(move |index| Table::Lists.field(at + index, 0))
}

/// The name that a word points to: its offset, and in the last byte its length.
pub(super) fn text(reference: u32) -> &'static str {
    let (start, length) = place(reference);
    TEXT.get(start..start + length).unwrap_or("")
}

/// Where a name stands in the text, and how long it is.
fn place(reference: u32) -> (usize, usize) {
    ((reference >> 8) as usize, (reference & 0xFF) as usize)
}

fn word(at: u32) -> u32 {
    let at = at as usize * 4;
    let bytes = WORDS.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
    u32::from_le_bytes(bytes.unwrap_or_default())
}
