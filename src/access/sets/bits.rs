//! Sets of small numbers.

/// A set of numbers below some length.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// No number of those below `length`.
    pub fn none(length: usize) -> Self {
        Bits { words: vec![0; length.div_ceil(64)] }
    }

    /// The numbers below `length` that pass a test.
    pub fn filter(length: usize, test: impl Fn(usize) -> bool) -> Self {
        let mut bits = Bits::none(length);
        (0..length).filter(|at| test(*at)).for_each(|at| bits.insert(at));
        bits
    }

    /// Adds a number; one that is not below the length is left out.
    pub fn insert(&mut self, at: usize) {
        if let Some(word) = self.words.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    /// True if the number is in the set.
    pub fn contains(&self, at: usize) -> bool {
        self.words.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// The numbers, rising.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.words.len() * 64).filter(|at| self.contains(*at))
    }

    /// The numbers in both.
    #[must_use]
    pub fn and(&self, other: &Bits) -> Bits {
        self.zip(other, |one, other| one & other)
    }

    /// The numbers that are not in the other.
    #[must_use]
    pub fn minus(&self, other: &Bits) -> Bits {
        self.zip(other, |one, other| one & !other)
    }

    fn zip(&self, other: &Bits, join: fn(u64, u64) -> u64) -> Bits {
        Bits { words: self.words.iter().zip(&other.words).map(|(one, other)| join(*one, *other)).collect() }
    }
}
