//! Whether ARNs fit the formats that the catalogue has for a service's resources.

use super::slash;
use crate::catalog::{self, AccessLevel, Action, ArnFormat, ArnFormats, Field, ResourceType, Service, arn_formats};
use crate::policy::{Arn, ResourcePattern, globs_meet, has_braces, is_stand_in};
use std::borrow::Cow;

/// Why no resource of a service has such an ARN.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Misfit {
    /// No format has such a resource part.
    Resource,
    /// The region stands there and must not.
    RegionNotAllowed,
    /// The region is missing.
    RegionMissing,
    /// The account stands there and must not.
    AccountNotAllowed,
    /// The account is missing.
    AccountMissing,
    /// No bucket has a name with this character.
    BucketName(char),
    /// The name of a parameter begins with `/`, which stands in its ARN once.
    ParameterName,
}

/// True if some service has resources with this word in the third part of their ARNs, or that prefix.
pub fn is_arn_service(service: &str) -> bool {
    service.contains(OPEN) || catalog::service(service).is_some() || arn_formats(service).next().is_some()
}

/// True if a pattern may name resources: it is everything, or an ARN of a service that has some.
pub fn names_resources(resource: &ResourcePattern) -> bool {
    let known = |arn: Arn<'_>| is_arn_service(arn.service);
    resource.matches_everything()
        || resource.as_str().starts_with("arn:") && resource.arn().map_or_else(|| resource.is_shortened(), known)
}

/// What stands in a text for what is not written out.
const OPEN: [char; 5] = ['*', '?', '$', '{', '<'];

/// What keeps an ARN from being one of a resource, where it can be said: none if it fits a format, or if none is known.
pub fn misfit(arn: &Arn<'_>) -> Option<Misfit> {
    if arn.service.contains(OPEN) {
        return None;
    }
    if let Some(odd) = odd_in_bucket(arn) {
        return Some(Misfit::BucketName(odd));
    }
    // Source: "Restricting access to Parameter Store parameters using IAM policies" in the guide of Systems Manager.
    if arn.service == "ssm" && arn.resource.starts_with("parameter//") {
        return Some(Misfit::ParameterName);
    }
    let formats = arn_formats(arn.service);
    formats.clone().next()?;
    let resource = open(arn.resource);
    let (mut named, mut region, mut account) = (false, false, false);
    // Most are told apart by the resource part.
    for format in formats.clone().filter(|format| globs_meet(&resource, format.resource())) {
        let fits = [field_fits(arn.region, format.region()), field_fits(arn.account, format.account())];
        if fits == [true, true] {
            return None;
        }
        (named, region, account) = (true, region | fits[0], account | fits[1]);
    }
    // Backups are resources of the services that they are of, and of the one that makes them.
    let types = catalog::service(arn.service).into_iter().flat_map(|service| service.resource_types());
    let mut of_any_service = types.flat_map(|kind| kind.formats()).filter(ArnFormat::is_of_any_service);
    if of_any_service.any(|format| {
        globs_meet(&resource, format.resource())
            && field_fits(arn.region, format.region())
            && field_fits(arn.account, format.account())
    }) {
        return None;
    }
    if reach(arn, &resource).is_some_and(|own| formats.clone().any(|it| reaches_over(arn, &resource, own, &it))) {
        return None;
    }
    if !named {
        return Some(Misfit::Resource);
    }
    Some(match (region, account) {
        (false, _) if arn.region.is_empty() => Misfit::RegionMissing,
        (false, _) => Misfit::RegionNotAllowed,
        (_, _) if arn.account.is_empty() => Misfit::AccountMissing,
        (_, false) => Misfit::AccountNotAllowed,
        // Each fits a format, but no format both.
        _ if arn.region.is_empty() => Misfit::RegionMissing,
        _ => Misfit::RegionNotAllowed,
    })
}

/// A character that no bucket has in its name, where the ARN of one has it. Old buckets of `us-east-1` have upper case and underscores.
///
/// Source: "General purpose bucket naming rules" in the guide of Amazon S3.
fn odd_in_bucket(arn: &Arn<'_>) -> Option<char> {
    if arn.service != "s3" || !arn.region.is_empty() || !arn.account.is_empty() {
        return None;
    }
    // What stands behind a wildcard or a variable may be part of a key.
    let name = arn.resource.split(['/', '*', '?', '$', ':']).next()?;
    name.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '_'))
}

/// A resource pattern, taken apart for being compared with many formats.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    everything: bool,
    arn: Option<Arn<'a>>,
    /// The resource part, or all of a pattern that is no whole ARN, with `*` for variables.
    part: Cow<'a, str>,
    /// What [`reach`] says of it.
    reach: Option<usize>,
    /// The formats of the service that its ARN names.
    formats: Option<ArnFormats>,
}

impl<'a> Wanted<'a> {
    /// Takes a pattern apart.
    pub fn of(resource: &'a ResourcePattern) -> Self {
        let arn = resource.arn();
        let part = open(arn.map_or(resource.as_str(), |arn| arn.resource));
        let reach = arn.and_then(|arn| reach(&arn, &part));
        let formats = arn.map(|arn| arn_formats(arn.service));
        Wanted { everything: resource.matches_everything(), arn, part, reach, formats }
    }

    /// True if an action can have a resource that the pattern names, by the types that the reference lists for it.
    pub fn suits(&self, action: &Action) -> bool {
        let mut targets = action.targets().peekable();
        // Without types nothing is known but that `*` is right.
        self.everything || targets.peek().is_none() || targets.any(|target| self.is_of_type(target.resource))
    }

    /// True if the pattern can name a resource of a type.
    pub fn is_of_type(&self, kind: ResourceType) -> bool {
        self.everything || kind.formats().any(|format| self.is_of(&format))
    }

    /// The same where a `*` at the end of the region or the account reaches over colons: nobody who writes that means it, but it
    /// matches.
    pub fn reaches_type(&self, kind: ResourceType) -> bool {
        let over = |arn: &Arn<'_>, own: usize| {
            kind.formats().any(|format| self.names_service_of(format) && reaches_over(arn, &self.part, own, &format))
        };
        self.is_of_type(kind) || self.arn.as_ref().zip(self.reach).is_some_and(|(arn, own)| over(arn, own))
    }

    /// True if the pattern may name a resource of an action's service, of whatever type.
    pub fn may_be_of_service(&self, action: &Action) -> bool {
        let kin = |arn: &str| {
            let prefix = action.service();
            // `ssmmessages` works on what `ssm` has.
            arn.starts_with(prefix) || !arn.is_empty() && prefix.starts_with(arn)
        };
        self.arn.is_none_or(|arn| arn.service.contains(OPEN) || kin(arn.service))
    }

    /// True if the pattern can name a resource of some type of a service.
    pub fn is_named_in(&self, service: Service) -> bool {
        service.resource_types().any(|kind| self.is_of_type(kind))
    }

    /// True for an ARN such as the service has, of a type that none of its actions is known to take: the reference lists some
    /// types later than AWS has them. One whose name is only spelled otherwise is no such type.
    pub(super) fn is_new_to(&self, service: Service) -> bool {
        let Some(word) = type_word(&self.part).filter(|_| self.arn.is_some()) else { return false };
        let kinds = || service.resource_types();
        let own = || kinds().flat_map(|kind| kind.formats()).filter(|format| self.names_service_of(*format));
        let mut named = kinds().filter(|kind| self.is_of_type(*kind)).peekable();
        if named.peek().is_none() {
            let known = |format: ArnFormat| type_word(format.resource()).is_some_and(|known| is_same_word(known, word));
            let typed = |format: ArnFormat| format.resource().contains(['/', ':']);
            // A name alone is no type: the type was left out, if the name is one.
            let untyped = word.len() == self.part.len() && !is_stand_in(word) && own().all(typed);
            return own().next().is_some() && !untyped && !own().any(known);
        }
        !named.any(|kind| service.actions().any(|action| action.targets().any(|target| target.resource == kind)))
    }

    /// True if ARNs of a format name the very service that the pattern names.
    fn names_service_of(&self, format: ArnFormat) -> bool {
        self.formats.as_ref().is_some_and(|own| own.has(format))
    }

    /// True if the pattern can name a resource whose ARN has a format. A `*` does not reach over the first five colons, but in
    /// a pattern that has fewer.
    fn is_of(&self, format: &ArnFormat) -> bool {
        let Some(arn) = &self.arn else { return globs_meet(&self.part, &open(format.text())) };
        // What stands in a field too many or too few is another question. But in S3 nothing there makes it a bucket.
        let few = arn.service != "s3";
        let lenient = |written: &str, field: Field| {
            few && written.is_empty() || field == Field::Empty || field_fits(written, field)
        };
        (self.names_service_of(*format)
            || format.is_of_any_service()
            || arn.service.contains(OPEN) && globs_meet(&open(arn.service), format.service()))
            && slash::meets(&self.part, arn, format)
            && lenient(arn.region, format.region())
            && lenient(arn.account, format.account())
    }
}

/// How many colons the resource part has of an ARN of which the region or the account ends with `*`: AWS lets that reach over colons,
/// so that `arn:aws:logs:*:*:/aws/x` is a log group's. None for other ARNs.
///
/// Source: "IAM JSON policy elements: Resource" in the IAM user guide.
fn reach(arn: &Arn<'_>, resource: &str) -> Option<usize> {
    (arn.region.ends_with('*') || arn.account.ends_with('*')).then(|| colons(resource))
}

/// True if an ARN for which [`reach`] gives `own` is one of a format that has more parts. `resource` is its resource part, with `*` for
/// variables.
fn reaches_over(arn: &Arn<'_>, resource: &str, own: usize, format: &ArnFormat) -> bool {
    if colons(format.resource()) <= own {
        return false;
    }
    let written: Vec<&str> = [arn.region, arn.account].into_iter().chain(resource.split(':')).collect();
    let text = open(format.text());
    let known: Vec<&str> = text.split(':').skip(3).collect();
    parts_meet(&written, &known)
}

fn colons(text: &str) -> usize {
    memchr::memchr_iter(b':', text.as_bytes()).count()
}

fn parts_meet(written: &[&str], known: &[&str]) -> bool {
    match (written, known) {
        ([], []) => true,
        ([first, rest @ ..], [other, behind @ ..]) => {
            let over = || first.ends_with('*') && (1..=behind.len()).any(|over| parts_meet(rest, &behind[over..]));
            globs_meet(first, other) && (parts_meet(rest, behind) || over())
        }
        _ => false,
    }
}

/// Actions on the tags of whatever resource. Their names say no type, and where several pages of the reference share a prefix, or
/// where a type is new, it lists only a part of those that they take.
const ABOUT_TAGS: [&str; 14] = [
    "AddTags",
    "AddTagsToResource",
    "CreateTags",
    "DeleteTags",
    "DescribeTags",
    "GetTags",
    "ListTags",
    "ListTagsForResource",
    "ListTagsForResources",
    "RemoveTags",
    "RemoveTagsFromResource",
    "TagResource",
    "UntagResource",
    "UpdateTags",
];

pub(super) fn is_about_tags(action: &Action) -> bool {
    let level = matches!(action.level, AccessLevel::Tagging | AccessLevel::Read | AccessLevel::List);
    level && ABOUT_TAGS.iter().any(|name| name.eq_ignore_ascii_case(action.name()))
}

/// What the resource part of an ARN begins with, where that names a type: `table` of `table/orders`.
fn type_word(resource: &str) -> Option<&str> {
    let word = resource.split(['/', ':', '*', '?']).next()?;
    let plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    (plain && !word.is_empty()).then_some(word)
}

/// True for words that differ in letter case, hyphens or a plural only.
fn is_same_word(one: &str, other: &str) -> bool {
    fn letters(word: &str) -> impl Iterator<Item = u8> {
        let word = word.strip_suffix('s').unwrap_or(word);
        word.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase())
    }
    letters(one).eq(letters(other))
}

/// A placeholder asks for something, and an empty field for nothing.
fn field_fits(written: &str, field: Field) -> bool {
    match field {
        Field::Empty => written.bytes().all(|byte| byte == b'*') || has_braces(written),
        Field::Given => !written.is_empty(),
        // In the format too, `*` is whatever stands there.
        Field::Fixed("*") => true,
        Field::Fixed(text) => written == text || written.contains(OPEN) && globs_meet(&open(written), text),
    }
}

/// A text with `*` for every placeholder and variable in it.
pub(super) fn open(text: &str) -> Cow<'_, str> {
    if !has_braces(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once("${") {
        out.push_str(before);
        out.push('*');
        rest = from.split_once('}').map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_told_from_what_no_resource_has() {
        for (text, expected) in [
            ("arn:aws:s3:::bucket/key", None),
            ("arn:aws:s3:*:*:bucket", None),
            ("arn:aws:s3:::größe-bucket/*", Some(Misfit::BucketName('ö'))),
            ("arn:aws:s3:::my bucket", Some(Misfit::BucketName(' '))),
            ("arn:aws:s3:::bucket/größe", None),
            ("arn:aws:s3:::bucket*größe", None),
            ("arn:aws:s3:::${aws:username}ö", None),
            ("arn:aws:s3:::Old_Bucket.of-1999", None),
            ("arn:aws:s3:eu-west-1::bucket", Some(Misfit::RegionNotAllowed)),
            ("arn:aws:s3::111122223333:bucket/*", Some(Misfit::AccountNotAllowed)),
            ("arn:aws:iam::111122223333:role/x", None),
            ("arn:aws:iam::111122223333:roles/x", Some(Misfit::Resource)),
            ("arn:aws:iam:eu-west-1:111122223333:role/x", Some(Misfit::RegionNotAllowed)),
            ("arn:aws:iam:::role/x", Some(Misfit::AccountMissing)),
            ("arn:aws:iam::aws:policy/ReadOnlyAccess", None),
            ("arn:aws:sqs:eu-west-1:111122223333:queue", None),
            ("arn:aws:sqs::111122223333:queue", Some(Misfit::RegionMissing)),
            ("arn:aws:sqs:eu-west-1::queue", Some(Misfit::AccountMissing)),
            ("arn:aws:dynamodb:*:*:table/*/index/*", None),
            ("arn:aws:dynamodb:*:*:tables/x", Some(Misfit::Resource)),
            ("arn:aws:lambda:*:*:function:${name}:*", None),
            ("arn:aws:logs:*:*:*", None),
            // A `*` at the end of a part reaches over colons.
            ("arn:aws:logs:*:*:/aws-glue/*", None),
            ("arn:aws:logs:eu-west-1:111122223333:/aws-glue/*", Some(Misfit::Resource)),
            ("arn:aws:secretsmanager:*:*:sqlworkbench!*", None),
            ("arn:aws:nonsense:::x", None),
            ("arn:aws:ssm:eu-west-1:111122223333:parameter/db/password", None),
            ("arn:aws:ssm:eu-west-1:111122223333:parameter//db/password", Some(Misfit::ParameterName)),
            // What AWS itself owns is in no account.
            ("arn:aws:ssm:eu-west-1::document/AWS-RunShellScript", None),
            ("arn:aws:ssm:*::automation-definition/AWS-RestartEC2Instance:*", None),
            ("arn:aws:ssm:*::parameter/aws/service/ami-amazon-linux-latest/*", None),
            ("arn:aws:ssm:*::parameter/mine", Some(Misfit::AccountMissing)),
            ("arn:aws:ssm::111122223333:document/mine", Some(Misfit::RegionMissing)),
            ("arn:aws:resource-explorer-2:us-east-1::view/AWSServiceViewForX/service-view", None),
            ("arn:aws:bedrock:::foundation-model/anthropic.claude-sonnet-4-20250514-v1:0", None),
            ("arn:aws:bedrock:*::foundation-model/*", None),
            ("arn:aws:bedrock:*:111122223333:foundation-model/*", Some(Misfit::AccountNotAllowed)),
            ("arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31", None),
            ("arn:aws:cloudformation:us-east-1:aws:transforms/x", Some(Misfit::Resource)),
            // A format has `*` there.
            ("arn:aws:braket:us-east-1::device/qpu/ionq/Aria-1", None),
            ("arn:aws:braket:::device/quantum-simulator/amazon/sv1", None),
            // The format names no service.
            ("arn:aws:backup:*:*:recovery-point:*", None),
            ("arn:aws:backup:eu-west-1:111122223333:recovery-points/x", Some(Misfit::Resource)),
        ] {
            assert_eq!(Arn::parse(text).and_then(|arn| misfit(&arn)), expected, "{text}");
        }
        assert!(is_arn_service("elasticloadbalancing") && is_arn_service("s*") && !is_arn_service("s33"));
    }
}
