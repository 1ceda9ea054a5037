//! Conditions: operator, key, values.

use super::value::{List, Spanned};
use crate::source::Origin;

/// One operator on one key, as `"Bool": {"aws:MultiFactorAuthPresent": "true"}`.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Key and values together: what a finding underlines.
    pub origin: Origin,
    /// The operator.
    pub operator: Spanned<Operator>,
    /// The condition key, as it is written; letter case means nothing in it.
    pub key: Spanned<Box<str>>,
    /// The values as text; JSON's `true` and numbers as they are written.
    pub values: List<Box<str>>,
}

impl Condition {
    /// True if the condition is on this key, whatever the letter case.
    pub fn is_on(&self, key: &str) -> bool {
        self.key.value.eq_ignore_ascii_case(key)
    }
}

/// A condition operator, taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Operator {
    /// `ForAnyValue:` or `ForAllValues:`.
    pub set: Option<SetOperator>,
    /// The comparison; none if AWS has no such operator.
    pub base: Option<BaseOperator>,
    /// True if it ends in `IfExists`.
    pub if_exists: bool,
    /// The text as it is written.
    pub text: Box<str>,
}

/// How an operator goes over the many values of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SetOperator {
    /// `ForAnyValue:`; false on an absent key.
    ForAnyValue,
    /// `ForAllValues:`; true on an absent key.
    ForAllValues,
}

/// A comparison.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names are the policy language's own")]
pub enum BaseOperator {
    StringEquals,
    StringNotEquals,
    StringEqualsIgnoreCase,
    StringNotEqualsIgnoreCase,
    StringLike,
    StringNotLike,
    NumericEquals,
    NumericNotEquals,
    NumericLessThan,
    NumericLessThanEquals,
    NumericGreaterThan,
    NumericGreaterThanEquals,
    DateEquals,
    DateNotEquals,
    DateLessThan,
    DateLessThanEquals,
    DateGreaterThan,
    DateGreaterThanEquals,
    Bool,
    BinaryEquals,
    IpAddress,
    NotIpAddress,
    ArnEquals,
    ArnNotEquals,
    ArnLike,
    ArnNotLike,
    Null,
}

impl BaseOperator {
    /// All operators with their names.
    pub const ALL: [(BaseOperator, &'static str); 27] = [
        (BaseOperator::StringEquals, "StringEquals"),
        (BaseOperator::StringNotEquals, "StringNotEquals"),
        (BaseOperator::StringEqualsIgnoreCase, "StringEqualsIgnoreCase"),
        (BaseOperator::StringNotEqualsIgnoreCase, "StringNotEqualsIgnoreCase"),
        (BaseOperator::StringLike, "StringLike"),
        (BaseOperator::StringNotLike, "StringNotLike"),
        (BaseOperator::NumericEquals, "NumericEquals"),
        (BaseOperator::NumericNotEquals, "NumericNotEquals"),
        (BaseOperator::NumericLessThan, "NumericLessThan"),
        (BaseOperator::NumericLessThanEquals, "NumericLessThanEquals"),
        (BaseOperator::NumericGreaterThan, "NumericGreaterThan"),
        (BaseOperator::NumericGreaterThanEquals, "NumericGreaterThanEquals"),
        (BaseOperator::DateEquals, "DateEquals"),
        (BaseOperator::DateNotEquals, "DateNotEquals"),
        (BaseOperator::DateLessThan, "DateLessThan"),
        (BaseOperator::DateLessThanEquals, "DateLessThanEquals"),
        (BaseOperator::DateGreaterThan, "DateGreaterThan"),
        (BaseOperator::DateGreaterThanEquals, "DateGreaterThanEquals"),
        (BaseOperator::Bool, "Bool"),
        (BaseOperator::BinaryEquals, "BinaryEquals"),
        (BaseOperator::IpAddress, "IpAddress"),
        (BaseOperator::NotIpAddress, "NotIpAddress"),
        (BaseOperator::ArnEquals, "ArnEquals"),
        (BaseOperator::ArnNotEquals, "ArnNotEquals"),
        (BaseOperator::ArnLike, "ArnLike"),
        (BaseOperator::ArnNotLike, "ArnNotLike"),
        (BaseOperator::Null, "Null"),
    ];

    /// True if the operator holds when *none* of the values match, and so on an absent key.
    pub fn is_negated(self) -> bool {
        use BaseOperator::*;
        matches!(
            self,
            StringNotEquals
                | StringNotEqualsIgnoreCase
                | StringNotLike
                | NumericNotEquals
                | DateNotEquals
                | NotIpAddress
                | ArnNotEquals
                | ArnNotLike
        )
    }
}

impl Operator {
    /// Takes an operator apart. Letter case is ignored, as AWS does.
    pub fn parse(text: &str) -> Self {
        let mut rest = text;
        let mut set = None;
        for (prefix, operator) in
            [("ForAnyValue:", SetOperator::ForAnyValue), ("ForAllValues:", SetOperator::ForAllValues)]
        {
            if rest.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix)) {
                set = Some(operator);
                rest = &rest[prefix.len()..];
            }
        }
        let cut = rest.len().saturating_sub("IfExists".len());
        let if_exists = rest.get(cut..).is_some_and(|tail| tail.eq_ignore_ascii_case("IfExists"));
        let name = if if_exists { &rest[..cut] } else { rest };
        let base = BaseOperator::ALL.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(base, _)| *base);
        Operator { set, base, if_exists, text: text.into() }
    }

    /// True if the operator is false on an absent key: only then can a condition in an Allow narrow.
    pub fn needs_key(&self) -> bool {
        !self.if_exists
            && self.set != Some(SetOperator::ForAllValues)
            && (self.set == Some(SetOperator::ForAnyValue) || self.base.is_some_and(|base| !base.is_negated()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_taken_apart() {
        let operator = Operator::parse("forallvalues:stringlikeifexists");
        assert_eq!(operator.set, Some(SetOperator::ForAllValues));
        assert_eq!((operator.base, operator.if_exists), (Some(BaseOperator::StringLike), true));
        assert_eq!(Operator::parse("IfExists").base, None);
        assert_eq!(Operator::parse("é").base, None);
    }

    #[test]
    fn only_some_operators_fail_without_the_key() {
        for (text, expected) in [
            ("StringEquals", true),
            ("StringNotEquals", false),
            ("StringEqualsIfExists", false),
            ("ForAllValues:StringEquals", false),
            ("ForAnyValue:StringLike", true),
            ("ForAnyValue:StringNotLike", true),
            ("Nonsense", false),
        ] {
            assert_eq!(Operator::parse(text).needs_key(), expected, "{text}");
        }
    }
}
