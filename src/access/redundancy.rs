//! Entries and statements that others include.

use super::covers;
use crate::letter_case;
use crate::policy::{
    Arn, BaseOperator, Condition, Element, IamEntity, Principal, ResourcePattern, Spanned, Statement, Value,
    glob_matches,
};
use crate::source::Origin;

/// An entry that another one of the same list includes.
#[derive(Clone, Debug)]
pub struct Redundant<'a> {
    /// The entry.
    pub at: &'a Origin,
    /// Its text.
    pub text: &'a str,
    /// The entry that includes it.
    pub by: &'a Origin,
    /// The entries before and behind it in their list.
    pub neighbours: Neighbours<'a>,
}

/// The places before and behind the entry with this number.
fn neighbours<'a, T>(known: &[T], at: usize, place: impl Fn(&T) -> &'a Origin) -> Neighbours<'a> {
    (at.checked_sub(1).and_then(|before| known.get(before)).map(&place), known.get(at + 1).map(&place))
}

type Neighbours<'a> = (Option<&'a Origin>, Option<&'a Origin>);

/// The known entries of a list, if there are several.
fn several<T>(element: Option<&Element<T>>) -> Option<Vec<(&T, &Origin)>> {
    let items = &element?.list.items;
    (items.len() > 1).then(|| {
        let mut known = Vec::with_capacity(items.len());
        known.extend(items.iter().filter_map(|item| Some((item.value.known()?, &item.origin))));
        known
    })
}

/// The redundant entries of `Action` or `NotAction`.
pub fn actions(statement: &Statement) -> Vec<Redundant<'_>> {
    let Some(known) = several(statement.action.as_ref()) else { return Vec::new() };
    let wide: Vec<usize> = (0..known.len()).filter(|at| known[*at].0.has_wildcard()).collect();
    of(&known, &wide, covers, |pattern| pattern.as_str(), str::eq_ignore_ascii_case)
}

/// The redundant entries of `Resource` or `NotResource`.
pub fn resources(statement: &Statement) -> Vec<Redundant<'_>> {
    let Some(known) = several(statement.resource.as_ref()) else { return Vec::new() };
    let wide: Vec<usize> = (0..known.len()).filter(|at| known[*at].0.as_str().contains('*')).collect();
    of(&known, &wide, resource_covers, |resource| resource.as_str(), |one, other| one == other)
}

/// Sessions of a role that is listed itself.
pub fn principals(statement: &Statement) -> Vec<Redundant<'_>> {
    let known: Vec<_> = statement.principal.iter().flat_map(|element| element.list.known()).collect();
    let role_of = |principal: &Principal, wanted: IamEntity| match principal {
        Principal::Iam { arn, entity } if *entity == wanted => {
            let arn = Arn::parse(arn)?;
            let mut parts = arn.resource.split('/').skip(1);
            let name = if wanted == IamEntity::Role { parts.last() } else { parts.next() };
            Some((arn.account.to_owned(), name?.to_owned()))
        }
        _ => None,
    };
    let sessions = known
        .iter()
        .enumerate()
        .filter_map(|(number, (principal, at))| Some((role_of(principal, IamEntity::Session)?, principal, at, number)));
    let redundant = sessions.filter_map(|(role, principal, at, number)| {
        let (_, by) = known.iter().find(|(other, _)| role_of(other, IamEntity::Role).as_ref() == Some(&role))?;
        let Principal::Iam { arn, .. } = *principal else { return None };
        Some(Redundant { at, text: arn, by, neighbours: neighbours(&known, number, |(_, at)| at) })
    });
    redundant.collect()
}

/// Numbers under an operator that compares by size, where another number decides.
pub fn numbers(statement: &Statement) -> Vec<Redundant<'_>> {
    let mut found = Vec::new();
    for condition in &statement.conditions {
        let least = match condition.operator.value.base {
            // One of them is enough: the largest bound is the one that counts.
            Some(BaseOperator::NumericLessThan | BaseOperator::NumericLessThanEquals) => false,
            Some(BaseOperator::NumericGreaterThan | BaseOperator::NumericGreaterThanEquals) => true,
            _ => continue,
        };
        let known: Vec<(f64, &str, &Origin)> =
            condition.values.known().filter_map(|(value, at)| Some((value.parse().ok()?, &**value, at))).collect();
        let deciding = known.iter().copied().reduce(|a, b| if (b.0 < a.0) == least && a.0 != b.0 { b } else { a });
        let Some((_, _, by)) = deciding else { continue };
        let others = known.iter().enumerate().filter(|(_, (.., at))| *at != by);
        found.extend(others.map(|(number, (_, text, at))| Redundant {
            at,
            text,
            by,
            neighbours: neighbours(&known, number, |(.., at)| at),
        }));
    }
    found
}

fn of<'a, T>(
    known: &[(&'a T, &'a Origin)],
    wide: &[usize],
    covers: impl Fn(&T, &T) -> bool,
    text: impl Fn(&'a T) -> &'a str,
    same: fn(&str, &str) -> bool,
) -> Vec<Redundant<'a>> {
    if known.len() < 2 {
        return Vec::new();
    }
    let texts: Vec<&str> = known.iter().map(|(entry, _)| text(entry)).collect();
    let firsts = firsts(&texts, same);
    if wide.is_empty() && firsts.iter().enumerate().all(|(at, first)| at == *first) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let shared = shared(&texts);
    let wide = Heads::of(wide.iter().map(|at| (*at, texts[*at])), shared);
    for (at, (entry, origin)) in known.iter().enumerate() {
        let (own, first) = (texts[at], firsts[at]);
        let rest = &own.as_bytes()[shared..];
        let by = match first != at {
            true => Some(first),
            false => {
                let includes = |other: &usize| {
                    let (wider, _) = known[*other];
                    *other != at && text(wider) != own && covers(wider, entry) && (*other < at || !covers(entry, wider))
                };
                wide.that_may_hold(rest).filter(includes).min()
            }
        };
        // What deployment fills in stands for several places at one, and what it may replace includes nothing for certain.
        let is_sure = |by: &usize| known[*by].1 != *origin && !known[*by].1.replaceable && !origin.replaceable;
        if let Some(by) = by.filter(is_sure) {
            let neighbours = neighbours(known, at, |(_, at)| at);
            found.push(Redundant { at: origin, text: own, by: known[by].1, neighbours });
        }
    }
    found
}

/// For each text the number of the first one that is the same.
fn firsts(texts: &[&str], same: fn(&str, &str) -> bool) -> Vec<usize> {
    // Each text has a place by its hash, or the next one that is free; half of them stay so.
    let mut places: Vec<Option<usize>> = vec![None; (texts.len() * 2).next_power_of_two()];
    let last = places.len() - 1;
    let first_of = |(at, text): (usize, &&str)| {
        let mut place = letter_case::hash(text) as usize & last;
        while let Some(earlier) = places[place] {
            if same(texts[earlier], text) {
                return earlier;
            }
            place = (place + 1) & last;
        }
        places[place] = Some(at);
        at
    };
    texts.iter().enumerate().map(first_of).collect()
}

/// With how many bytes all texts begin: they tell nothing apart.
fn shared(texts: &[&str]) -> usize {
    let same = |one: &str, other: &str| one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    texts.windows(2).map(|pair| same(pair[0], pair[1])).min().unwrap_or(0)
}

/// How many bytes of a text are compared at once.
const START: usize = 16;

/// Set in every byte, it makes letters of both cases the same; a few other characters too, so that what is the same by it need
/// not be the same.
const CASE: u128 = u128::from_be_bytes([0x20; START]);

/// What bytes begin with, the first letter in the highest bits, letter case left out.
fn start(text: &[u8]) -> u128 {
    match text.first_chunk() {
        Some(bytes) => u128::from_be_bytes(*bytes) | CASE,
        None => {
            let mut bytes = [0; START];
            bytes[..text.len()].copy_from_slice(text);
            u128::from_be_bytes(bytes) | CASE
        }
    }
}

/// What a wide entry begins with, the narrow one must begin with: so most pairs are told apart.
struct Head {
    /// The number of the entry.
    at: usize,
    start: u128,
    mask: u128,
    letters: u64,
}

impl Head {
    /// That of a pattern: what stands between the bytes that all share and its first wildcard.
    fn of(at: usize, pattern: &[u8], shared: usize) -> Self {
        let wild = memchr::memchr2(b'*', b'?', pattern).unwrap_or(pattern.len());
        let mask = match wild.saturating_sub(shared) {
            0 => 0,
            START.. => u128::MAX,
            some => u128::MAX << (8 * (START - some)),
        };
        let rest = &pattern[shared..];
        Head { at, start: start(rest) & mask, mask, letters: letters(rest) }
    }

    /// False if a text certainly lacks what the wide entry has.
    fn may_hold(&self, start: u128, letters: u64) -> bool {
        start & self.mask == self.start && self.letters & !letters == 0
    }
}

/// A bit for each letter of a text but wildcards, letter case left out: some letters share one.
fn letters(text: &[u8]) -> u64 {
    text.iter().filter(|byte| !matches!(byte, b'*' | b'?')).fold(0, |bits, byte| bits | 1 << ((byte | 0x20) % 64))
}

/// The heads of all wide entries of a list. Long lists are of many services, and so are their wildcards.
struct Heads {
    /// Those of fewer than [`Heads::LETTERS`] letters.
    short: Vec<Head>,
    /// The others, sorted by their starts.
    long: Vec<Head>,
}

impl Heads {
    const LETTERS: u32 = 4;
    const FEW: usize = 3;

    fn of<'t>(patterns: impl Iterator<Item = (usize, &'t str)>, shared: usize) -> Self {
        let heads = patterns.map(|(at, pattern)| Head::of(at, pattern.as_bytes(), shared));
        let (short, mut long): (Vec<Head>, Vec<Head>) =
            heads.partition(|head| head.mask.leading_ones() < 8 * Self::LETTERS);
        long.sort_unstable_by_key(|head| head.start);
        Heads { short, long }
    }

    /// The numbers of the entries that may include one, by what stands in it behind the bytes that all share.
    fn that_may_hold(&self, text: &[u8]) -> impl Iterator<Item = usize> {
        let start = start(text);
        let first = |start: u128| start >> (u128::BITS - 8 * Self::LETTERS);
        let from = self.long.partition_point(|head| first(head.start) < first(start));
        let alike = self.long[from..].iter().take_while(move |head| first(head.start) == first(start));
        // A few are asked sooner than the letters are known.
        let letters = if self.short.len() > Self::FEW { letters(text) } else { u64::MAX };
        self.short.iter().chain(alike).filter(move |head| head.may_hold(start, letters)).map(|head| head.at)
    }
}

fn resource_covers(wide: &ResourcePattern, narrow: &ResourcePattern) -> bool {
    // The wildcards of the narrow one are letters that only a `*` of the wide one takes.
    wide.matches_everything() || glob_matches(wide.as_str(), narrow.as_str()) && !wide.as_str().contains('?')
}

/// True if a statement says all that another one does, with the same effect, principals and conditions.
pub fn includes(wide: &Statement, narrow: &Statement) -> bool {
    let effect = |statement: &Statement| statement.effect.as_ref().and_then(|effect| effect.value.known().copied());
    let plain =
        |statement: &Statement| !statement.contingent && !statement.conditions_open && statement.unknown.is_empty();
    plain(wide)
        && plain(narrow)
        && effect(wide).is_some()
        && effect(wide) == effect(narrow)
        && same_list(wide.principal.as_ref(), narrow.principal.as_ref())
        && same_conditions(&wide.conditions, &narrow.conditions)
        // The lists of resources are the shorter ones.
        && element_includes(wide.resource.as_ref(), narrow.resource.as_ref(), resource_covers)
        && element_includes(wide.action.as_ref(), narrow.action.as_ref(), covers)
}

pub(super) fn same_list<T: PartialEq>(one: Option<&Element<T>>, other: Option<&Element<T>>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => {
            one.negated == other.negated && !one.list.open && !other.list.open && one.list.items == other.list.items
        }
        _ => false,
    }
}

pub(super) fn same_conditions(one: &[Condition], other: &[Condition]) -> bool {
    let same = |a: &Condition, b: &Condition| {
        a.operator.value.text.eq_ignore_ascii_case(&b.operator.value.text)
            && a.is_on(&b.key.value)
            && !a.values.open
            && a.values.items == b.values.items
    };
    one.len() == other.len() && one.iter().all(|a| other.iter().any(|b| same(a, b)))
}

fn element_includes<T: PartialEq>(
    wide: Option<&Element<T>>,
    narrow: Option<&Element<T>>,
    covers: impl Fn(&T, &T) -> bool,
) -> bool {
    match (wide, narrow) {
        (None, None) => true,
        (Some(wide), Some(narrow)) if !wide.negated && !narrow.negated && !narrow.list.open => {
            narrow.list.items.iter().all(|item: &Spanned<Value<T>>| {
                let Some(entry) = item.value.known() else { return false };
                wide.list.known().any(|(wider, _)| wider == entry || covers(wider, entry))
            })
        }
        (Some(wide), Some(narrow)) => same_list(Some(wide), Some(narrow)),
        _ => false,
    }
}
