//! The condition keys that narrow who, and the values that do.

use crate::access::Truth;
use crate::policy::Arn;

/// How values are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Matching {
    /// Letter by letter; a wildcard is a letter like others.
    Exact,
    /// ARNs, part by part: a `*` does not cross the first five colons.
    Segments,
    /// Text with wildcards that cross everything.
    Across,
    /// Ranges of addresses.
    Address,
}

/// A value with the way in which it is compared.
pub(super) struct Pattern<'a> {
    pub(super) text: &'a str,
    pub(super) matching: Matching,
}

impl<'a> Pattern<'a> {
    /// True if the value matches itself only.
    fn is_exact(&self) -> bool {
        self.matching == Matching::Exact || !self.text.contains(['*', '?'])
    }

    /// What precedes the first wildcard.
    fn head(&self) -> &'a str {
        self.text.split(['*', '?']).next().unwrap_or("")
    }

    /// True if nothing but wildcards is there.
    fn is_anything(&self) -> bool {
        !self.is_exact() && self.text.bytes().all(|byte| matches!(byte, b'*' | b'?'))
    }
}

/// How a key narrows.
pub(super) struct Key {
    /// Whether a value without policy variables narrows.
    pub(super) test: fn(&Pattern<'_>) -> Truth,
    /// What holds of a value under an exact operator that is known at deployment only.
    pub(super) unknown: Truth,
    /// True if the key has many values.
    pub(super) many: bool,
    /// True if policy variables narrow too.
    pub(super) variables: bool,
    /// True for addresses.
    pub(super) network: bool,
}

const fn text(test: fn(&Pattern<'_>) -> Truth) -> Key {
    Key { test, unknown: Truth::Yes, many: false, variables: false, network: false }
}

const fn many(test: fn(&Pattern<'_>) -> Truth) -> Key {
    Key { many: true, ..text(test) }
}

/// The keys that keep the general public out, each by itself.
pub(super) fn everyone(name: &str) -> Option<Key> {
    Some(match &*name.to_ascii_lowercase() {
        "aws:principalaccount"
        | "aws:sourceaccount"
        | "aws:sourceowner"
        | "aws:vpceaccount"
        | "kms:calleraccount"
        | "s3:dataaccesspointaccount" => text(account),
        "aws:sourceorgid" | "aws:vpceorgid" => text(organization_id),
        "aws:sourceorgpaths" | "aws:vpceorgpaths" => many(organization_path),
        "aws:principalarn" => text(principal_arn),
        "aws:userid" => text(unique_id),
        "aws:sourcevpc" => text(|pattern| begins_with(pattern, "vpc-", 8)),
        "aws:sourcevpce" => text(|pattern| begins_with(pattern, "vpce-", 8)),
        "aws:sourcearn" | "aws:sourcevpcarn" | "s3:dataaccesspointarn" => text(source_arn),
        "sns:endpoint" => text(endpoint),
        "aws:sourceip" => Key { network: true, ..text(|_| Truth::No) },
        // The same principals as `"Principal": {"Service": ...}` names.
        "aws:principalservicename" => text(|pattern| (!pattern.head().is_empty()).into()),
        // Fixed by a variable only: see `pairs_up`.
        "aws:resourceaccount" | "aws:resourceorgid" => Key { unknown: Truth::No, ..text(|_| Truth::No) },
        _ => return organization(name),
    })
}

/// The keys that tell the caller's organisation.
pub(super) fn organization(name: &str) -> Option<Key> {
    if name.eq_ignore_ascii_case("aws:PrincipalOrgID") {
        Some(text(organization_id))
    } else if name.eq_ignore_ascii_case("aws:PrincipalOrgPaths") {
        Some(many(organization_path))
    } else {
        None
    }
}

/// The keys that pick principals of one account.
pub(super) fn within_account(name: &str) -> Option<Key> {
    Some(match &*name.to_ascii_lowercase() {
        "aws:principalarn" => text(one_of_account),
        "aws:userid" => text(unique_id),
        key if key.starts_with("aws:principaltag/") => {
            Key { variables: true, ..text(|pattern| (!pattern.is_anything()).into()) }
        }
        _ => return None,
    })
}

/// The external id: a shared word, of which no wildcard may leave nothing.
pub(super) fn external_id(name: &str) -> Option<Key> {
    let test = |pattern: &Pattern<'_>| match pattern.is_exact() {
        true => (!pattern.text.is_empty()).into(),
        false if pattern.is_anything() => Truth::No,
        false => Truth::Maybe,
    };
    name.eq_ignore_ascii_case("sts:ExternalId").then(|| text(test))
}

/// The principal's ARN, for roles.
pub(super) fn roles(name: &str) -> Option<Key> {
    let test = |pattern: &Pattern<'_>| match Arn::parse(pattern.text) {
        Some(arn) => (fixed_account(&arn) && arn.resource.starts_with("role/")).into(),
        None => Truth::No,
    };
    name.eq_ignore_ascii_case("aws:PrincipalArn").then(|| Key { unknown: Truth::Maybe, ..text(test) })
}

/// Keys of the caller with the key of the resource that says the same of it: `"aws:PrincipalAccount":
/// "${aws:ResourceAccount}"` lets in whoever is of the resource's own account.
const PAIRS: [(&str, &str); 4] = [
    ("aws:PrincipalAccount", "aws:ResourceAccount"),
    ("aws:SourceAccount", "aws:ResourceAccount"),
    ("aws:PrincipalOrgID", "aws:ResourceOrgID"),
    ("aws:SourceOrgID", "aws:ResourceOrgID"),
];

/// True if a key and the variable that is its value make such a pair, either way round.
pub(super) fn pairs_up(name: &str, value: &str) -> bool {
    let Some(variable) = value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else { return false };
    let same = |a: &str, b: &str| name.eq_ignore_ascii_case(a) && variable.eq_ignore_ascii_case(b);
    PAIRS.iter().any(|(caller, resource)| same(caller, resource) || same(resource, caller))
}

/// An account's number.
fn account(pattern: &Pattern<'_>) -> Truth {
    (pattern.is_exact() || begins_with_account(pattern.head())).into()
}

/// `o-` with at least ten letters or digits: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html>.
fn organization_id(pattern: &Pattern<'_>) -> Truth {
    begins_with(pattern, "o-", 10)
}

/// `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*`.
fn organization_path(pattern: &Pattern<'_>) -> Truth {
    let whole = pattern.head().split_once('/').is_some_and(|(id, _)| !id.is_empty());
    (pattern.is_exact() || whole).into()
}

/// A wildcard may follow a whole id, not take the place of a part of it.
fn begins_with(pattern: &Pattern<'_>, prefix: &str, length: usize) -> Truth {
    let whole = pattern.head().strip_prefix(prefix).is_some_and(|id| id.len() >= length);
    (pattern.is_exact() || whole).into()
}

fn begins_with_account(text: &str) -> bool {
    text.get(..12).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// True if an account is written: a number, or what a template has in its place (`{{account}}`, `<account-id>`).
fn fixed_account(arn: &Arn<'_>) -> bool {
    !arn.account.is_empty() && !arn.account.contains(['*', '?'])
}

/// True if a `*` that crosses colons stands before the account: then a path or a name that the caller chose may match the
/// part with the number.
fn star_before_account(pattern: &Pattern<'_>, arn: &Arn<'_>) -> bool {
    pattern.matching == Matching::Across
        && [arn.partition, arn.service, arn.region].iter().any(|part| part.contains('*'))
}

/// The ARN of a principal: of an account whose number is written.
fn principal_arn(pattern: &Pattern<'_>) -> Truth {
    match Arn::parse(pattern.text) {
        _ if pattern.is_exact() => Truth::Yes,
        Some(arn) if fixed_account(&arn) && star_before_account(pattern, &arn) => Truth::Maybe,
        Some(arn) => fixed_account(&arn).into(),
        None => Truth::No,
    }
}

/// The ARN of a principal, given the account: of a user or a role of which a part of the name is written.
fn one_of_account(pattern: &Pattern<'_>) -> Truth {
    let named = |arn: Arn<'_>| {
        let name = arn.resource.strip_prefix("role/").or_else(|| arn.resource.strip_prefix("user/"));
        name.is_some_and(|name| name.contains(|letter| !matches!(letter, '*' | '?' | '/')))
    };
    (pattern.is_exact() || Arn::parse(pattern.text).is_some_and(named)).into()
}

/// `AROA...:*`, `AIDA...`, or an account's number with what follows it.
fn unique_id(pattern: &Pattern<'_>) -> Truth {
    let id = pattern.head();
    let unique =
        ["AROA", "AIDA"].iter().any(|kind| id.starts_with(kind)) && id.split(':').next().unwrap_or("").len() >= 12;
    (pattern.is_exact() || unique || begins_with_account(id)).into()
}

/// Where the messages of a topic go: whoever subscribes it, they reach none but its owner. A queue or a function of an account
/// whose number is written, or addresses of one domain.
fn endpoint(pattern: &Pattern<'_>) -> Truth {
    let at_domain = pattern.text.rsplit_once('@').is_some_and(|(_, domain)| !domain.contains(['*', '?']));
    match Arn::parse(pattern.text) {
        _ if pattern.is_exact() => Truth::Yes,
        Some(arn) if fixed_account(&arn) && star_before_account(pattern, &arn) => Truth::Maybe,
        Some(arn) => fixed_account(&arn).into(),
        None => at_domain.into(),
    }
}

/// The ARN of the resource that calls: of an account whose number is written, or a bucket, whose name is its own.
fn source_arn(pattern: &Pattern<'_>) -> Truth {
    let Some(arn) = Arn::parse(pattern.text) else { return pattern.is_exact().into() };
    let bucket = arn.service == "s3" && !arn.resource.is_empty() && !arn.resource.contains(['*', '?']);
    (pattern.is_exact() || fixed_account(&arn) || bucket).into()
}
