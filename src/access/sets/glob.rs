//! Patterns of texts as automata.

use std::collections::BTreeMap;

/// What a place in a pattern takes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Symbol {
    /// This letter.
    Char(char),
    /// This letter in either case; it is written in lower case.
    Folded(char),
    /// One letter.
    Any,
    /// One letter, but no colon.
    AnyButColon,
    /// Any text.
    Star,
    /// Any text without a colon.
    StarButColon,
}

impl Symbol {
    pub(super) fn is_star(self) -> bool {
        matches!(self, Symbol::Star | Symbol::StarButColon)
    }

    /// True if the letter is taken. What stands for an unknown text is no single letter: only a star takes it.
    pub(super) fn takes(self, letter: char) -> bool {
        match self {
            Symbol::Char(own) => own == letter,
            Symbol::Folded(own) => own == letter.to_ascii_lowercase(),
            Symbol::Any => !Letters::is_one(letter),
            Symbol::AnyButColon => letter != ':' && !Letters::is_one(letter),
            Symbol::Star => true,
            Symbol::StarButColon => letter != ':',
        }
    }
}

/// A pattern of texts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Glob {
    pub(super) symbols: Vec<Symbol>,
}

impl Glob {
    /// Only this text, letter by letter.
    pub fn exactly(text: &str) -> Self {
        Glob { symbols: text.chars().map(Symbol::Char).collect() }
    }

    /// Only this text, in any letter case of ASCII.
    pub fn ignoring_case(text: &str) -> Self {
        Glob { symbols: text.chars().map(|letter| Symbol::Folded(letter.to_ascii_lowercase())).collect() }
    }

    /// `*` is any text and `?` one letter.
    pub fn new(text: &str) -> Self {
        Glob { symbols: text.chars().map(wildcard).collect() }
    }

    /// [`Glob::new`] with letters in any case, as in actions.
    pub fn of_action(text: &str) -> Self {
        let fold = |symbol| match symbol {
            Symbol::Char(letter) => Symbol::Folded(letter.to_ascii_lowercase()),
            other => other,
        };
        Glob { symbols: text.chars().map(wildcard).map(fold).collect() }
    }

    /// As `ArnLike` has it: a wildcard crosses none of the first five colons; a lone `*` is any text.
    pub fn of_arn(text: &str) -> Self {
        if text == "*" {
            return Glob::new(text);
        }
        let mut colons = 0;
        let symbol = |letter| {
            colons += usize::from(letter == ':');
            match wildcard(letter) {
                Symbol::Star if colons < 5 => Symbol::StarButColon,
                Symbol::Any if colons < 5 => Symbol::AnyButColon,
                other => other,
            }
        };
        Glob { symbols: text.chars().map(symbol).collect() }
    }

    /// This pattern, then another.
    #[must_use]
    pub fn then(mut self, next: Glob) -> Self {
        self.symbols.extend(next.symbols);
        self
    }

    /// The pattern in which what stands for unknown texts is any text.
    #[must_use]
    pub fn widened(&self) -> Self {
        let widen = |symbol: &Symbol| match symbol {
            Symbol::Char(letter) | Symbol::Folded(letter) if Letters::is_one(*letter) => Symbol::Star,
            other => *other,
        };
        Glob { symbols: self.symbols.iter().map(widen).collect() }
    }

    /// True if something in it stands for an unknown text.
    pub fn has_unknown(&self) -> bool {
        let unknown = |symbol: &Symbol| matches!(symbol, Symbol::Char(letter) | Symbol::Folded(letter) if Letters::is_one(*letter));
        self.symbols.iter().any(unknown)
    }

    /// A text that matches, with `x` for wildcards: easy to read.
    pub fn sample(&self) -> String {
        let letter = |symbol: &Symbol| match symbol {
            Symbol::Char(letter) | Symbol::Folded(letter) => *letter,
            _ => 'x',
        };
        self.symbols.iter().map(letter).collect()
    }

    /// False if no text can match both: what they begin with differs.
    pub fn meets(&self, other: &Glob) -> bool {
        let plain = |symbol: &Symbol| matches!(symbol, Symbol::Char(_) | Symbol::Folded(_));
        let heads = self.symbols.iter().zip(&other.symbols).take_while(|(one, other)| plain(one) && plain(other));
        heads.into_iter().all(|(one, other)| match (one, other) {
            (Symbol::Char(one) | Symbol::Folded(one), Symbol::Char(other) | Symbol::Folded(other)) => {
                one.eq_ignore_ascii_case(other)
            }
            _ => true,
        })
    }

    /// True if the text matches.
    pub fn matches(&self, text: &str) -> bool {
        let mut places = self.closed(vec![0]);
        for letter in text.chars() {
            let mut next = Vec::new();
            for at in places {
                match self.symbols.get(at) {
                    Some(symbol) if symbol.takes(letter) => next.push(if symbol.is_star() { at } else { at + 1 }),
                    _ => {}
                }
            }
            places = self.closed(next);
        }
        places.contains(&self.symbols.len())
    }

    /// With the places that are reached without a letter: past each star. Sorted, each once.
    pub(super) fn closed(&self, mut places: Vec<usize>) -> Vec<usize> {
        let mut at = 0;
        while let Some(place) = places.get(at).copied() {
            if self.symbols.get(place).is_some_and(|symbol| symbol.is_star()) {
                places.push(place + 1);
            }
            at += 1;
        }
        places.sort_unstable();
        places.dedup();
        places
    }
}

fn wildcard(letter: char) -> Symbol {
    match letter {
        '*' => Symbol::Star,
        '?' => Symbol::Any,
        other => Symbol::Char(other),
    }
}

/// Letters that stand for texts that are not known: one for each name. Equal names are equal unknowns.
#[derive(Clone, Default, Debug)]
pub struct Letters {
    names: BTreeMap<Box<str>, char>,
}

/// The first letter of Unicode's private use.
const FIRST: u32 = 0xE000;
/// And the last.
const LAST: u32 = 0xF8FF;

impl Letters {
    /// The letter of a name. There are 6,400; names beyond that share the last, which makes them equal.
    pub fn of(&mut self, name: &str) -> char {
        let next = FIRST + u32::try_from(self.names.len()).unwrap_or(u32::MAX - FIRST);
        *self.names.entry(name.into()).or_insert(char::from_u32(next.min(LAST)).unwrap_or('\u{F8FF}'))
    }

    /// True for a letter that stands for an unknown text.
    pub fn is_one(letter: char) -> bool {
        (FIRST..=LAST).contains(&u32::from(letter))
    }

    /// The names with their letters.
    pub fn iter(&self) -> impl Iterator<Item = (&str, char)> {
        self.names.iter().map(|(name, letter)| (&**name, *letter))
    }
}
