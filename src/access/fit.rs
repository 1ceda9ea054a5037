//! Whether ARNs fit the formats that the catalogue has for a service's resources.

use crate::catalog::{self, Action};
use crate::policy::{Arn, ResourcePattern, globs_meet};

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
    service.contains(['*', '?', '$', '{', '<'])
        || catalog::service(service).is_some()
        || formats().any(|format| Arn::parse(format).is_some_and(|arn| arn.service == service))
}

/// What keeps an ARN from being one of a resource, where it can be said: none if it fits a format, or if none is known.
pub fn misfit(arn: &Arn<'_>) -> Option<Misfit> {
    if arn.service.contains(['*', '?', '$', '{', '<']) {
        return None;
    }
    let of_service = catalog::service(arn.service).into_iter().flat_map(|service| service.resource_types());
    let own: Vec<Arn<'_>> = of_service.flat_map(|kind| kind.arns()).filter_map(Arn::parse).collect();
    let own = own.into_iter().filter(|format| format.service == arn.service).collect::<Vec<_>>();
    if own.iter().any(|format| region_fits(arn, format) && account_fits(arn, format) && resource_fits(arn, format)) {
        return None;
    }
    let all: Vec<Arn<'_>> = formats().filter_map(Arn::parse).filter(|format| format.service == arn.service).collect();
    if all.is_empty()
        || all.iter().any(|format| region_fits(arn, format) && account_fits(arn, format) && resource_fits(arn, format))
    {
        return None;
    }
    let named: Vec<&Arn<'_>> = all.iter().filter(|format| resource_fits(arn, format)).collect();
    if named.is_empty() {
        return Some(Misfit::Resource);
    }
    let any = |test: fn(&Arn<'_>, &Arn<'_>) -> bool| named.iter().any(|format| test(arn, format));
    Some(match (any(region_fits), any(account_fits)) {
        (false, _) if arn.region.is_empty() => Misfit::RegionMissing,
        (false, _) => Misfit::RegionNotAllowed,
        (_, _) if arn.account.is_empty() => Misfit::AccountMissing,
        (_, false) => Misfit::AccountNotAllowed,
        // Each fits a format, but no format both.
        _ if arn.region.is_empty() => Misfit::RegionMissing,
        _ => Misfit::RegionNotAllowed,
    })
}

/// True if an action can have a resource that a pattern names, as far as the catalogue tells.
pub fn can_take(action: &Action, resource: &ResourcePattern) -> bool {
    if resource.matches_everything() {
        return true;
    }
    let mut targets = action.targets().peekable();
    // Without types nothing is known but that `*` is right.
    targets.peek().is_none() || targets.any(|target| target.resource.arns().any(|format| is_of(resource, format)))
}

/// True if a pattern can name a resource whose ARN has a format. A `*` does not reach over the first five colons, but in a
/// pattern that has fewer.
fn is_of(resource: &ResourcePattern, format: &str) -> bool {
    match (resource.arn(), Arn::parse(format)) {
        (Some(arn), Some(format)) => {
            // What stands in a field too many or too few is another question.
            let lenient =
                |written: &str, format: &str| written.is_empty() || format.is_empty() || field_fits(written, format);
            globs_meet(&open(arn.service), format.service)
                && lenient(arn.region, format.region)
                && lenient(arn.account, format.account)
                && resource_fits(&arn, &format)
        }
        _ => globs_meet(&open(resource.as_str()), &open(format)),
    }
}

fn formats() -> impl Iterator<Item = &'static str> {
    catalog::services().flat_map(|service| service.resource_types()).flat_map(|kind| kind.arns())
}

fn region_fits(arn: &Arn<'_>, format: &Arn<'_>) -> bool {
    field_fits(arn.region, format.region)
}

fn account_fits(arn: &Arn<'_>, format: &Arn<'_>) -> bool {
    field_fits(arn.account, format.account)
}

/// A placeholder asks for something, and an empty field for nothing.
fn field_fits(written: &str, format: &str) -> bool {
    match (written.is_empty(), format.is_empty()) {
        (true, true) => true,
        (true, false) => !format.contains("${"),
        (false, true) => written.bytes().all(|byte| byte == b'*') || written.contains("${"),
        (false, false) => globs_meet(&open(written), &open(format)),
    }
}

fn resource_fits(arn: &Arn<'_>, format: &Arn<'_>) -> bool {
    globs_meet(&open(arn.resource), &open(format.resource))
}

/// A text with `*` for every placeholder and variable in it.
fn open(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once("${") {
        out.push_str(before);
        out.push('*');
        rest = from.split_once('}').map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    out
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
            assert_eq!(
                action.map(|action| can_take(&action, &ResourcePattern::new(resource))),
                Some(expected),
                "{resource}"
            );
        }
    }
}
