//! Which values a condition can take, by its operator and its key.

use super::context::{Decimal, boolean, moment, parse_range};
use crate::catalog::{self, KeyType, Scalar, looks_like_service};
use crate::policy::{Arn, BaseOperator, Condition, has_placeholder};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What is wrong with a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each is what the value should have been")]
pub enum Wrong {
    Bool,
    Number,
    Date,
    /// Digits only, which are read as seconds since 1970.
    Seconds,
    Address,
    Base64,
    Arn,
    Region,
    Vpc,
    VpcEndpoint,
    KmsKey,
    Service,
    /// One with its region.
    RegionalService,
}

/// What is wrong with a value of a condition, if anything is. What variables and templates fill in is right.
pub fn wrong(condition: &Condition, value: &str) -> Option<Wrong> {
    use BaseOperator as Op;
    if value.is_empty() || value.contains("${") || has_placeholder(value) {
        return None;
    }
    let unless = |right: bool, wrong: Wrong| (!right).then_some(wrong);
    match condition.operator.value.base? {
        Op::Bool | Op::Null => unless(boolean(value).is_some(), Wrong::Bool),
        Op::NumericEquals
        | Op::NumericNotEquals
        | Op::NumericLessThan
        | Op::NumericLessThanEquals
        | Op::NumericGreaterThan
        | Op::NumericGreaterThanEquals => unless(Decimal::parse(value).is_some(), Wrong::Number),
        Op::DateEquals
        | Op::DateNotEquals
        | Op::DateLessThan
        | Op::DateLessThanEquals
        | Op::DateGreaterThan
        | Op::DateGreaterThanEquals => date(&condition.key.value, value),
        Op::IpAddress | Op::NotIpAddress => unless(parse_range(value).is_some(), Wrong::Address),
        Op::BinaryEquals => unless(STANDARD.decode(value).is_ok(), Wrong::Base64),
        Op::ArnEquals | Op::ArnNotEquals | Op::ArnLike | Op::ArnNotLike => {
            unless(value == "*" || value.starts_with("arn:*") || Arn::parse(value).is_some(), Wrong::Arn)
        }
        Op::StringEquals | Op::StringEqualsIgnoreCase | Op::StringNotEquals | Op::StringNotEqualsIgnoreCase => {
            of_key(&condition.key.value, value)
        }
        Op::StringLike | Op::StringNotLike if !value.contains(['*', '?']) => of_key(&condition.key.value, value),
        Op::StringLike | Op::StringNotLike => None,
    }
}

/// True for a Bool condition with several values.
pub fn is_bool_of_many(condition: &Condition) -> bool {
    condition.operator.value.base == Some(BaseOperator::Bool) && condition.values.items.len() > 1
}

fn date(key: &str, value: &str) -> Option<Wrong> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    match moment(value) {
        None => Some(Wrong::Date),
        Some(_) if digits && value.len() > 4 && !key.eq_ignore_ascii_case("aws:EpochTime") => Some(Wrong::Seconds),
        Some(_) => None,
    }
}

/// What is wrong with a text that stands for something known.
fn of_key(key: &str, value: &str) -> Option<Wrong> {
    // Under exact operators a wildcard is another rule's.
    if value.contains(['*', '?']) {
        return None;
    }
    let unless = |right: bool, wrong: Wrong| (!right).then_some(wrong);
    let is = |name: &str| key.eq_ignore_ascii_case(name);
    if is("aws:RequestedRegion") || is("ec2:Region") {
        // Requests that no region was chosen for, as those of Bedrock's global inference profiles.
        return unless(catalog::is_region(value) || value == "unspecified", Wrong::Region);
    }
    if is("aws:SourceVpc") {
        return unless(is_id(value, "vpc-"), Wrong::Vpc);
    }
    if is("aws:SourceVpce") {
        return unless(is_id(value, "vpce-"), Wrong::VpcEndpoint);
    }
    if is("kms:ViaService") {
        let regional = looks_like_service(value) && value.split('.').nth(1).is_some_and(catalog::looks_like_region);
        return unless(regional, Wrong::RegionalService);
    }
    if is("aws:PrincipalServiceName") || is("iam:PassedToService") {
        return unless(looks_like_service(value), Wrong::Service);
    }
    if is("s3:x-amz-server-side-encryption-aws-kms-key-id") {
        let key = Arn::parse(value).is_some_and(|arn| arn.service == "kms" && arn.resource.starts_with("key/"));
        return unless(key, Wrong::KmsKey);
    }
    None
}

/// True for a prefix and 8 or 17 hexadecimal digits.
fn is_id(value: &str, prefix: &str) -> bool {
    let digits = value.strip_prefix(prefix).unwrap_or("");
    matches!(digits.len(), 8 | 17) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The range that a text in CIDR notation stands for, as it is written at best; none for one address and for what is no range.
pub fn canonical_range(text: &str) -> Option<String> {
    text.contains('/').then_some(())?;
    let (network, length) = parse_range(text)?;
    let begin: IpAddr = match network {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
            Ipv4Addr::from_bits(address.to_bits() & mask).into()
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
            Ipv6Addr::from_bits(address.to_bits() & mask).into()
        }
    };
    // An address in another spelling is the same one.
    if begin == network { Some(text.to_owned()) } else { Some(format!("{begin}/{length}")) }
}

/// The type of value that an operator compares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names are the policy language's own")]
pub enum Family {
    String,
    Numeric,
    Date,
    Bool,
    Binary,
    IpAddress,
    Arn,
}

/// The family of an operator; none for `Null`, which suits every key.
pub fn family(operator: BaseOperator) -> Option<Family> {
    use BaseOperator as Op;
    Some(match operator {
        Op::StringEquals
        | Op::StringNotEquals
        | Op::StringEqualsIgnoreCase
        | Op::StringNotEqualsIgnoreCase
        | Op::StringLike
        | Op::StringNotLike => Family::String,
        Op::NumericEquals
        | Op::NumericNotEquals
        | Op::NumericLessThan
        | Op::NumericLessThanEquals
        | Op::NumericGreaterThan
        | Op::NumericGreaterThanEquals => Family::Numeric,
        Op::DateEquals
        | Op::DateNotEquals
        | Op::DateLessThan
        | Op::DateLessThanEquals
        | Op::DateGreaterThan
        | Op::DateGreaterThanEquals => Family::Date,
        Op::Bool => Family::Bool,
        Op::BinaryEquals => Family::Binary,
        Op::IpAddress | Op::NotIpAddress => Family::IpAddress,
        Op::ArnEquals | Op::ArnNotEquals | Op::ArnLike | Op::ArnNotLike => Family::Arn,
        Op::Null => return None,
    })
}

impl Family {
    /// True if the family compares values of a type, as the key has them. `arns` says that the values are ARNs: then text is
    /// compared as such, which works.
    pub fn suits(self, kind: KeyType, key: &str, arns: bool) -> bool {
        match kind {
            KeyType::String | KeyType::Many(Scalar::String) => match self {
                Family::String => true,
                Family::Arn => arns,
                // The reference calls many numbers and dates strings, and what a tag holds is not known.
                Family::Numeric | Family::Date => {
                    let tag = catalog::key(key).is_some_and(|known| known.names_tag());
                    tag || !catalog::is_everywhere(key)
                }
                _ => false,
            },
            KeyType::Arn | KeyType::Many(Scalar::Arn) => matches!(self, Family::Arn | Family::String),
            KeyType::Bool | KeyType::Many(Scalar::Bool) => self == Family::Bool,
            KeyType::Numeric => self == Family::Numeric,
            KeyType::Date => {
                self == Family::Date || self == Family::Numeric && key.eq_ignore_ascii_case("aws:EpochTime")
            }
            KeyType::IpAddress => self == Family::IpAddress,
            KeyType::Binary => self == Family::Binary,
        }
    }

    /// True if the condition certainly does not do what it should: numbers and flags are text too, so that text operators on
    /// them can work.
    pub fn is_certain(self, kind: KeyType) -> bool {
        self != Family::String || matches!(kind, KeyType::IpAddress)
    }

    /// An operator for a type.
    pub fn instead(self, kind: KeyType) -> &'static str {
        match kind {
            KeyType::String => "StringEquals",
            KeyType::Many(Scalar::String) => "ForAnyValue:StringEquals",
            KeyType::Arn => "ArnEquals",
            KeyType::Many(Scalar::Arn) => "ForAnyValue:ArnEquals",
            KeyType::Bool => "Bool",
            KeyType::Many(Scalar::Bool) => "ForAnyValue:Bool",
            KeyType::Numeric => "NumericEquals",
            KeyType::Date => "DateLessThan",
            KeyType::IpAddress => "IpAddress",
            KeyType::Binary => "BinaryEquals",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_begin_where_they_say() {
        for (text, range) in [
            ("203.0.113.77/24", Some("203.0.113.0/24")),
            ("203.0.113.0/24", Some("203.0.113.0/24")),
            ("203.0.113.77", None),
            ("203.0.113.77/32", Some("203.0.113.77/32")),
            ("1.2.3.4/0", Some("0.0.0.0/0")),
            ("2001:db8::1/32", Some("2001:db8::/32")),
            ("2001:DB8::/32", Some("2001:DB8::/32")),
            ("nonsense/8", None),
        ] {
            assert_eq!(canonical_range(text).as_deref(), range, "{text}");
        }
    }
}
