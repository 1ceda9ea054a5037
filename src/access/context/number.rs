//! Exact decimals, and points in time.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::cmp::Ordering;

/// A decimal number of any length: `-12.50`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decimal<'t> {
    negative: bool,
    /// Without leading zeros.
    whole: &'t str,
    /// Without trailing zeros.
    fraction: &'t str,
}

impl<'t> Decimal<'t> {
    /// Reads digits with a sign and a point; no exponents, which the user guide does not show.
    pub(crate) fn parse(text: &'t str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !(plain(whole) && plain(fraction)) || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let zero = whole.is_empty() && fraction.is_empty();
        Some(Decimal { negative: negative && !zero, whole, fraction })
    }
}

impl Ord for Decimal<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |a: &Self, b: &Self| {
            a.whole
                .len()
                .cmp(&b.whole.len())
                .then_with(|| a.whole.cmp(b.whole))
                .then_with(|| a.fraction.cmp(b.fraction))
        };
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => size(self, other),
            (true, true) => size(other, self),
        }
    }
}

impl PartialOrd for Decimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal<'_> {}

/// Reads a W3C date (`2026-01-31`, `2026-01-31T12:00:00Z`; a year or a month alone means its first day), or seconds since
/// 1970.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.len() != 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Timestamp::from_second(text.parse().ok()?).ok();
    }
    let day = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        10 => text.to_owned(),
        _ => return text.parse().ok(),
    };
    Some(day.parse::<Date>().ok()?.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_compare_exactly() {
        let rising =
            ["-10", "-9.5", "-0.1", "0", "0.1", "0.11", "3600", "3600.000000000000000001", "10000000000000000000"];
        for (at, left) in rising.iter().enumerate() {
            for (other, right) in rising.iter().enumerate() {
                assert_eq!(Decimal::parse(left).cmp(&Decimal::parse(right)), at.cmp(&other), "{left} and {right}");
            }
        }
        for (left, right) in [("1", "1.0"), ("01", "1"), ("-0", "0"), (".5", "0.50"), ("+2", "2.")] {
            assert_eq!(Decimal::parse(left), Decimal::parse(right));
        }
        for text in ["", ".", "-", "1e3", "1,5", "0x1", " 1", "--1", "1.2.3"] {
            assert_eq!(Decimal::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn moments_in_all_spellings() {
        let same = ["1767225600", "2026", "2026-01", "2026-01-01", "2026-01-01T00:00Z", "2026-01-01T01:00:00+01:00"];
        let expected = Timestamp::from_second(1_767_225_600).ok();
        for text in same {
            assert_eq!(moment(text), expected, "{text}");
        }
        assert!(moment("2026-01-01T00:00:00.5Z") > expected);
        for text in ["", "-", "tomorrow", "2026-13-01", "2026-1-1", "99999999999999999999", "2026-01-01T00:00:00"] {
            assert_eq!(moment(text), None, "{text:?}");
        }
    }
}
