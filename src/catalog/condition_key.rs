//! Condition keys.

use super::action::parts;
use super::service;
use super::store::Table;
use std::ops::Range;

/// A condition key.
#[derive(Clone, Copy, Debug)]
pub struct ConditionKey {
    /// Its name, as `s3:prefix` or `aws:RequestTag/${TagKey}`.
    pub name: &'static str,
    /// The type of its values, where it is known.
    pub kind: Option<KeyType>,
    fixed: u32,
    open: bool,
}

/// The type of a condition key's values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyType {
    /// Text.
    String,
    /// An ARN.
    Arn,
    /// `true` or `false`.
    Bool,
    /// A number.
    Numeric,
    /// A date, or seconds since 1970.
    Date,
    /// An address, or a range of them.
    IpAddress,
    /// Bytes in base64.
    Binary,
    /// Several of a type.
    Many(Scalar),
}

/// The types of which a key can have several values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scalar {
    /// Text.
    String,
    /// ARNs.
    Arn,
    /// `true` or `false`.
    Bool,
}

impl KeyType {
    fn from_number(number: u32) -> Option<Self> {
        Some(match number {
            0 => KeyType::String,
            1 => KeyType::Many(Scalar::String),
            2 => KeyType::Arn,
            3 => KeyType::Many(Scalar::Arn),
            4 => KeyType::Bool,
            5 => KeyType::Many(Scalar::Bool),
            6 => KeyType::Numeric,
            7 => KeyType::Date,
            8 => KeyType::IpAddress,
            9 => KeyType::Binary,
            _ => return None,
        })
    }

    /// True if a request can carry several values of the key.
    pub fn is_multivalued(self) -> bool {
        matches!(self, KeyType::Many(_))
    }

    /// AWS's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            KeyType::String => "String",
            KeyType::Arn => "ARN",
            KeyType::Bool => "Bool",
            KeyType::Numeric => "Numeric",
            KeyType::Date => "Date",
            KeyType::IpAddress => "IPAddress",
            KeyType::Binary => "Binary",
            KeyType::Many(Scalar::String) => "ArrayOfString",
            KeyType::Many(Scalar::Arn) => "ArrayOfARN",
            KeyType::Many(Scalar::Bool) => "ArrayOfBool",
        }
    }
}

impl ConditionKey {
    pub(super) fn at(index: u32) -> Self {
        Self::of(Table::Keys, index)
    }

    fn of(table: Table, index: u32) -> Self {
        let fixed = table.field(index, 2);
        let kind = KeyType::from_number(table.field(index, 1));
        ConditionKey { name: table.name(index, 0), kind, fixed: fixed & !OPEN, open: fixed & OPEN != 0 }
    }

    /// The first of some records that a written key is.
    fn find(table: Table, mut records: Range<u32>, written: &str) -> Option<Self> {
        records.find(|index| Self::is_in(table, *index, written)).map(|index| Self::of(table, index))
    }

    fn is_in(table: Table, index: u32, written: &str) -> bool {
        // Most differ in length already, and need not be looked at.
        let fixed = table.field(index, 2);
        fits(fixed & !OPEN, fixed & OPEN != 0, written) && table.begins_alike(index, (fixed & !OPEN) as usize, written)
    }

    /// True if a written key is the one with this number, as [`ConditionKey::matches`].
    pub(super) fn is(index: u32, written: &str) -> bool {
        Self::is_in(Table::Keys, index, written)
    }

    /// True if a written key is this one: letter case means nothing, and a placeholder stands for anything. The reference writes
    /// placeholders as `${TagKey}`, `<key>`, `tag-key`, or leaves them out behind the slash.
    pub fn matches(&self, written: &str) -> bool {
        let fixed = self.fixed as usize;
        let head = || written.as_bytes().get(..fixed).zip(self.name.as_bytes().get(..fixed));
        fits(self.fixed, self.open, written)
            && head().is_some_and(|(written, known)| written.eq_ignore_ascii_case(known))
    }

    /// True if the name of a tag follows what is fixed of the key.
    pub fn names_tag(&self) -> bool {
        self.open
    }
}

/// True if a written key is as long as one with this much that is fixed.
fn fits(fixed: u32, open: bool, written: &str) -> bool {
    let fixed = fixed as usize;
    if open { written.len() > fixed } else { written.len() == fixed }
}

/// Set in the word of a key whose name goes on with what the reader puts there.
const OPEN: u32 = 1 << 31;

/// The global condition keys, which are no service's own.
pub fn global_keys() -> impl Iterator<Item = ConditionKey> {
    (0..Table::GlobalKeys.len()).map(|index| ConditionKey::of(Table::GlobalKeys, index))
}

/// The keys that only some actions support, although they are global.
const BOUND: [&str; 3] = ["aws:requesttag/", "aws:resourcetag/", "aws:tagkeys"];

/// True for a global key that is not bound to some actions: any request may carry it.
pub fn is_everywhere(key: &str) -> bool {
    let begins = |prefix: &str| key.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    begins("aws:") && !BOUND.iter().any(|bound| begins(bound))
}

/// The key of the catalogue that a written key is; none where it is not known.
pub fn key(written: &str) -> Option<ConditionKey> {
    let (prefix, _) = parts(written)?;
    if prefix.eq_ignore_ascii_case("aws")
        && let Some(global) = ConditionKey::find(Table::GlobalKeys, 0..Table::GlobalKeys.len(), written)
    {
        return Some(global);
    }
    let of_service =
        service(prefix).and_then(|service| ConditionKey::find(Table::Keys, service.key_numbers(), written));
    of_service.or_else(|| {
        // The keys of identity providers are those of STS, and a few services have the keys of others.
        ConditionKey::find(Table::Keys, 0..Table::Keys.len(), written)
    })
}

/// Keys that come with the credentials of a role's session, and so with requests to every service.
/// Source: "Properties of role sessions" among the global condition context keys of the IAM guide.
const OF_SESSIONS: [&str; 7] = [
    "ec2:RoleDelivery",
    "ec2:SourceInstanceArn",
    "glue:CredentialIssuingService",
    "glue:RoleAssumedBy",
    "identitystore:UserId",
    "lambda:SourceFunctionArn",
    "ssm:SourceInstanceArn",
];

/// True if some action of the service that a written key is of is known to carry it, and others are not. Of keys that none
/// carries the reference only says that they exist.
pub fn is_carried(written: &str) -> bool {
    if OF_SESSIONS.iter().any(|key| key.eq_ignore_ascii_case(written)) {
        return false;
    }
    // Those of identity providers are no service's own.
    let own = parts(written).and_then(|(prefix, _)| service(prefix));
    let carries = |service: super::Service| {
        let known: Vec<u32> = service.key_numbers().filter(|key| ConditionKey::is(*key, written)).collect();
        let carried = |action: super::Action| action.key_numbers().any(|key| known.contains(&key));
        !known.is_empty() && (is_everywhere(written) || service.actions().any(carried))
    };
    super::services().filter(|service| own.is_none_or(|own| own == *service)).any(carries)
}

/// True if a key is one of an identity provider, as `token.actions.githubusercontent.com:sub`, by its prefix.
pub fn is_federated(written: &str) -> bool {
    let prefix = written.rsplit_once(':').map_or("", |(prefix, _)| prefix);
    (0..Table::Federated.len()).any(|index| {
        let known = Table::Federated.name(index, 0);
        let fixed = known.find("${").unwrap_or(known.len());
        prefix.get(..fixed).is_some_and(|head| head.eq_ignore_ascii_case(&known[..fixed]))
    })
}
