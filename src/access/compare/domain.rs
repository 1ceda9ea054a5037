//! The values of a condition key that a question tells apart.

use super::Values;
use crate::access::Truth;
use crate::access::context::{self, Context, moment, parse_range};
use crate::access::narrowing::Range;
use crate::access::sets::{Atoms, Bits, Glob, TooMany};
use crate::catalog::{self, KeyType};
use crate::policy::{BaseOperator, Condition};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Above so many single values, not all pairs of a multivalued key are tried.
const MOST_IN_PAIRS: usize = 40;

/// A moment like others.
const SOME_DAY: &str = "2026-01-01T00:00:00Z";

/// The values of a key: none at first, which is the key being absent.
pub(super) struct Domain {
    pub(super) key: Box<str>,
    pub(super) values: Vec<Option<Values>>,
    /// False if there may be values that none of these stands for.
    pub(super) complete: bool,
}

/// Operators that read values alike.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Family {
    Text,
    Number,
    Date,
    Address,
    Bool,
    Binary,
    Presence,
}

fn family(base: BaseOperator) -> Family {
    use BaseOperator::*;
    match base {
        NumericEquals
        | NumericNotEquals
        | NumericLessThan
        | NumericLessThanEquals
        | NumericGreaterThan
        | NumericGreaterThanEquals => Family::Number,
        DateEquals | DateNotEquals | DateLessThan | DateLessThanEquals | DateGreaterThan | DateGreaterThanEquals => {
            Family::Date
        }
        IpAddress | NotIpAddress => Family::Address,
        Bool => Family::Bool,
        BinaryEquals => Family::Binary,
        Null => Family::Presence,
        _ => Family::Text,
    }
}

impl Domain {
    /// The values that conditions on one key tell apart; `samples` are among those that are tried. One that is `carried` is never
    /// absent.
    pub(super) fn of(
        key: &str,
        conditions: &[&Condition],
        literal: bool,
        samples: Vec<String>,
        carried: bool,
    ) -> Result<Self, TooMany> {
        let mut singles: Vec<String> = samples;
        let mut families: Vec<Family> = Vec::new();
        let mut globs = Vec::new();
        let mut complete = true;
        for condition in conditions {
            let Some(base) = condition.operator.value.base else { continue };
            let family = family(base);
            if family != Family::Presence && !families.contains(&family) {
                families.push(family);
            }
            for (value, _) in condition.values.known() {
                match family {
                    Family::Text => globs.push(glob(base, value)),
                    Family::Number => complete &= numbers(value, &mut singles),
                    Family::Date => dates(value, &mut singles),
                    Family::Address => addresses(value, &mut singles),
                    Family::Binary => singles.push(value.to_string()),
                    Family::Bool | Family::Presence => {}
                }
            }
        }
        if families.contains(&Family::Address) {
            singles.extend(["198.51.100.1", "2001:db8:ffff::1"].map(str::to_owned));
            // The first that the conditions agree on is shown: one that a request can come from, and that looks like one.
            let of_internet = key.eq_ignore_ascii_case("aws:SourceIp");
            singles.sort_by_key(|text| rank(text, of_internet));
        }
        if families.contains(&Family::Bool) {
            singles.extend(["true", "false"].map(str::to_owned));
        }
        let shortest: Vec<String> = globs.iter().map(Glob::sample).collect();
        let atoms = Atoms::of(globs, shortest)?;
        let mut texts = atoms.texts;
        texts.append(&mut singles);
        // A value that no operator can read, and one for keys that are only asked to be there.
        texts.push("other".to_owned());
        texts.sort_by_key(|text| text.is_empty());
        let mut seen = std::collections::HashSet::new();
        texts.retain(|text| seen.insert(text.clone()));
        let kind = catalog::key(key).and_then(|key| key.kind).filter(|_| carried);
        match kind {
            // It is written in one way only.
            Some(KeyType::Bool) => texts = ["true", "false"].map(str::to_owned).to_vec(),
            Some(KeyType::Date) if families.iter().all(|family| *family == Family::Date) => {
                texts.retain(|text| moment(text).is_some());
                texts.push(SOME_DAY.to_owned());
            }
            _ => {}
        }
        let mut values: Vec<Option<Values>> = if carried { Vec::new() } else { vec![None] };
        values.extend(texts.iter().cloned().map(|text| Some(Values::One(text))));
        if conditions.iter().any(|condition| condition.operator.value.set.is_some()) {
            complete &= texts.len() <= MOST_IN_PAIRS;
            values.extend(texts.iter().cloned().map(|text| Some(Values::Many(vec![text]))));
            let few: Vec<&String> = texts.iter().take(MOST_IN_PAIRS).collect();
            for (at, one) in few.iter().enumerate() {
                let pairs = few.iter().skip(at + 1).map(|other| vec![one.to_string(), other.to_string()]);
                values.extend(pairs.map(|pair| Some(Values::Many(pair))));
            }
        }
        // Only one of the values that all conditions agree on is needed.
        let complete = complete && families.len() <= 1 || kind == Some(KeyType::Bool);
        let domain = Domain { key: key.into(), values, complete };
        Ok(domain.distinct(conditions, literal))
    }

    fn distinct(self, conditions: &[&Condition], literal: bool) -> Self {
        let mut seen = std::collections::HashSet::new();
        let Domain { key, mut values, complete } = self;
        values.retain(|value| {
            let context = context_of(&key, value, literal);
            // What is absent, single and multivalued is kept apart: witnesses differ in it.
            let shape = value.as_ref().map(|value| matches!(value, Values::Many(_)));
            let answers: Vec<Truth> = conditions.iter().map(|it| context::evaluate(it, &context)).collect();
            seen.insert((shape, answers))
        });
        Domain { key, values, complete }
    }

    /// True if requests need the key to have one of some of its values, and might come without it.
    pub(super) fn is_asked_for(&self, values: &Bits) -> bool {
        self.values.first().is_some_and(Option::is_none) && !values.contains(0)
    }

    /// The place of the value that stands for another one: the conditions agree on the two.
    pub(super) fn standing_for(&self, value: Option<&str>, conditions: &[&Condition], literal: bool) -> Option<usize> {
        let answers = |value: &Option<Values>| {
            let context = context_of(&self.key, value, literal);
            conditions.iter().map(|it| context::evaluate(it, &context)).collect::<Vec<Truth>>()
        };
        let wanted = value.map(|text| Values::One(text.to_owned()));
        let asked = answers(&wanted);
        let alike = |value: &Option<Values>| {
            value.is_some() == wanted.is_some() && !matches!(value, Some(Values::Many(_))) && answers(value) == asked
        };
        self.values.iter().position(alike)
    }

    /// The values on which a condition holds, or may.
    pub(super) fn holding(&self, condition: &Condition, literal: bool, accept: fn(Truth) -> bool) -> Bits {
        Bits::filter(self.values.len(), |at| {
            let value = self.values.get(at);
            value.is_some_and(|value| accept(context::evaluate(condition, &context_of(&self.key, value, literal))))
        })
    }
}

fn context_of(key: &str, value: &Option<Values>, literal: bool) -> Context {
    let context = Context::complete();
    let context = if literal { context.with_literal_variables() } else { context };
    match value {
        None => context,
        Some(Values::One(value)) => context.with(key, value),
        Some(Values::Many(values)) => context.with_values(key, &values.iter().map(|it| &**it).collect::<Vec<_>>()),
    }
}

fn glob(base: BaseOperator, value: &str) -> Glob {
    use BaseOperator::*;
    match base {
        StringLike | StringNotLike => Glob::new(value),
        StringEqualsIgnoreCase | StringNotEqualsIgnoreCase => Glob::ignoring_case(value),
        ArnEquals | ArnNotEquals | ArnLike | ArnNotLike => Glob::of_arn(value),
        _ => Glob::exactly(value),
    }
}

/// The number and its nearest neighbours, in thousand millionths; false for one that is finer, or too large.
fn numbers(text: &str, into: &mut Vec<String>) -> bool {
    const ONE: i128 = 1_000_000_000;
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if fraction.len() > 8 || whole.len() > 25 {
        return false;
    }
    let Ok(scaled) = format!("{whole}{fraction:0<9}").parse::<i128>() else { return false };
    let scaled = if negative { -scaled } else { scaled };
    into.extend([scaled, scaled - 1, scaled + 1, scaled - ONE, scaled + ONE].map(|number| {
        let sign = if number < 0 { "-" } else { "" };
        let (whole, fraction) = (number.abs() / ONE, number.abs() % ONE);
        if fraction == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction:09}") }
    }));
    true
}

/// The moment, and a second before and after.
fn dates(text: &str, into: &mut Vec<String>) {
    let Some(moment) = moment(text) else { return };
    into.push(text.to_owned());
    let seconds = [-1, 1].map(|by| jiff::Timestamp::from_second(moment.as_second() + by));
    into.extend(seconds.into_iter().flatten().map(|moment| moment.to_string()));
}

/// How far an address is from being shown: documentation's own, then others, then the ends of a network, then those that no request
/// comes from over the internet.
fn rank(text: &str, of_internet: bool) -> u8 {
    let private = |text: &str| Range::parse(text).is_some_and(|range| range.is_private());
    match text.parse::<IpAddr>() {
        Ok(_) if of_internet && private(text) => 3,
        Ok(IpAddr::V4(address)) if matches!(address.octets()[3], 0 | 255) => 2,
        Ok(_) if text.starts_with("198.51.100.") || text.starts_with("2001:db8:") => 0,
        _ => 1,
    }
}

/// The address that is written, the first and the last address of its range, one inside, and those round it.
fn addresses(text: &str, into: &mut Vec<String>) {
    let Some((network, length)) = parse_range(text) else { return };
    let (bits, size) = match network {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32_u32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    let hosts = size - u32::from(length);
    let mask = if hosts >= 128 { u128::MAX } else { (1 << hosts) - 1 };
    let (first, last) = (bits & !mask, bits | mask);
    let top = if size == 32 { u128::from(u32::MAX) } else { u128::MAX };
    let after = |address: u128, within: u128| address.checked_add(1).filter(|next| *next <= within);
    let around = [Some(bits), Some(first), Some(last), after(first, last), first.checked_sub(1), after(last, top)];
    into.extend(around.into_iter().flatten().map(|bits| match u32::try_from(bits) {
        Ok(bits) if size == 32 => Ipv4Addr::from_bits(bits).to_string(),
        _ => Ipv6Addr::from_bits(bits).to_string(),
    }));
}
