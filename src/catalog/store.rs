//! Where the facts lie: tables of 32-bit words, and one text that they point into. They are read in place; nothing is parsed
//! or allocated when a run starts.
//!
//! Both files are built from the text below `catalog/`, and a test compares them with it.

/// The tables: a header of two words each (first word, number of records), then the records. Little-endian.
static WORDS: &[u8] = include_bytes!("facts.bin");

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
}

impl Table {
    /// Words of a record.
    fn width(self) -> u32 {
        match self {
            Table::Services => 5,
            Table::Actions | Table::Partitions | Table::Keys | Table::GlobalKeys | Table::Formats => 3,
            Table::Resources | Table::Retired | Table::ArnServices => 2,
            Table::Lists | Table::Principals | Table::ResourceControl | Table::Federated | Table::Regions => 1,
        }
    }

    /// How many records there are.
    pub(super) fn len(self) -> u32 {
        word(self as u32 * 2 + 1)
    }

    /// A word of a record.
    pub(super) fn field(self, record: u32, field: u32) -> u32 {
        word(word(self as u32 * 2) + record * self.width() + field)
    }

    /// A word of a record that points to a name.
    pub(super) fn name(self, record: u32, field: u32) -> &'static str {
        text(self.field(record, field))
    }

    /// The records of which a field of the record at hand is the end, and begins where the one before ends.
    pub(super) fn range(self, record: u32, field: u32) -> std::ops::Range<u32> {
        let start = if record == 0 { 0 } else { self.field(record - 1, field) };
        start..self.field(record, field)
    }

    /// The first of a range of records for which `before` is false; those for which it is true come first.
    pub(super) fn lower_bound(self, range: std::ops::Range<u32>, before: impl Fn(u32) -> bool) -> u32 {
        let (mut low, mut high) = (range.start, range.end);
        while low < high {
            let middle = low + (high - low) / 2;
            if before(middle) { low = middle + 1 } else { high = middle }
        }
        low
    }
}

/// The words of [`Table::Lists`] from `at` on.
pub(super) fn list(at: u32, length: u32) -> impl ExactSizeIterator<Item = u32> + Clone {
    (0..length).map(move |index| Table::Lists.field(at + index, 0))
}

/// The name that a word points to: its offset, and in the last byte its length.
pub(super) fn text(reference: u32) -> &'static str {
    let (start, length) = ((reference >> 8) as usize, (reference & 0xFF) as usize);
    TEXT.get(start..start + length).unwrap_or("")
}

fn word(at: u32) -> u32 {
    let at = at as usize * 4;
    let bytes = WORDS.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
    u32::from_le_bytes(bytes.unwrap_or_default())
}
