//! Whether ARNs fit the formats that the catalogue has for a service's resources.

use crate::catalog::{self, Action, ArnFormat, Field, arn_formats};
use crate::policy::{Arn, ResourcePattern, globs_meet, has_braces};
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
}

/// True if some service has resources with this word in the third part of their ARNs, or that prefix.
pub fn is_arn_service(service: &str) -> bool {
    service.contains(OPEN) || catalog::service(service).is_some() || arn_formats(service).next().is_some()
}

/// What stands in a text for what is not written out.
const OPEN: [char; 5] = ['*', '?', '$', '{', '<'];

/// What keeps an ARN from being one of a resource, where it can be said: none if it fits a format, or if none is known.
pub fn misfit(arn: &Arn<'_>) -> Option<Misfit> {
    if arn.service.contains(OPEN) {
        return None;
    }
    let mut formats = arn_formats(arn.service).peekable();
    formats.peek()?;
    let resource = open(arn.resource);
    let (mut named, mut region, mut account) = (false, false, false);
    // Most are told apart by the resource part.
    for format in formats.filter(|format| globs_meet(&resource, format.resource())) {
        let fits = [field_fits(arn.region, format.region()), field_fits(arn.account, format.account())];
        if fits == [true, true] {
            return None;
        }
        (named, region, account) = (true, region | fits[0], account | fits[1]);
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

/// A resource pattern, taken apart for being compared with many formats.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    everything: bool,
    arn: Option<Arn<'a>>,
    /// The resource part, or all of a pattern that is no whole ARN, with `*` for variables.
    part: Cow<'a, str>,
}

impl<'a> Wanted<'a> {
    /// Takes a pattern apart.
    pub fn of(resource: &'a ResourcePattern) -> Self {
        let arn = resource.arn();
        let part = open(arn.map_or(resource.as_str(), |arn| arn.resource));
        Wanted { everything: resource.matches_everything(), arn, part }
    }

    /// True if an action can have a resource that the pattern names, as far as the catalogue tells.
    pub fn suits(&self, action: &Action) -> bool {
        let mut targets = action.targets().peekable();
        // Without types nothing is known but that `*` is right.
        self.everything
            || targets.peek().is_none()
            || targets.any(|target| target.resource.formats().any(|format| self.is_of(&format)))
    }

    /// True if the pattern can name a resource whose ARN has a format. A `*` does not reach over the first five colons, but in
    /// a pattern that has fewer.
    fn is_of(&self, format: &ArnFormat) -> bool {
        let Some(arn) = &self.arn else { return globs_meet(&self.part, &open(format.text())) };
        // What stands in a field too many or too few is another question.
        let lenient =
            |written: &str, field: Field| written.is_empty() || field == Field::Empty || field_fits(written, field);
        (format.is_of(arn.service) || arn.service.contains(OPEN) && globs_meet(&open(arn.service), format.service()))
            && globs_meet(&self.part, format.resource())
            && lenient(arn.region, format.region())
            && lenient(arn.account, format.account())
    }
}

/// A placeholder asks for something, and an empty field for nothing.
fn field_fits(written: &str, field: Field) -> bool {
    match field {
        Field::Empty => written.bytes().all(|byte| byte == b'*') || has_braces(written),
        Field::Given => !written.is_empty(),
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
            ("arn:aws:nonsense:::x", None),
        ] {
            assert_eq!(Arn::parse(text).and_then(|arn| misfit(&arn)), expected, "{text}");
        }
        assert!(is_arn_service("elasticloadbalancing") && is_arn_service("s*") && !is_arn_service("s33"));
    }

    #[test]
    fn actions_take_the_resources_of_their_types() {
        for (action, resource, expected) in [
            ("s3:GetObject", "arn:aws:s3:::bucket/*", true),
            ("s3:GetObject", "arn:aws:s3:::bucket", false),
            ("s3:ListBucket", "arn:aws:s3:::bucket", true),
            ("iam:PassRole", "arn:aws:iam::*:user/x", false),
            ("iam:PassRole", "arn:aws:iam::*:*", true),
            ("s3:ListAllMyBuckets", "*", true),
        ] {
            let action = catalog::action(action);
            let pattern = ResourcePattern::new(resource);
            assert_eq!(action.map(|action| Wanted::of(&pattern).suits(&action)), Some(expected), "{resource}");
        }
    }
}
