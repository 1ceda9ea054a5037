//! How far a statement goes: over how many resources, under which conditions.

use super::fit::Wanted;
use crate::catalog::{self, arn_formats};
use crate::policy::{ActionPattern, Arn, List, Piece, Principal, ResourcePattern, Statement, Value, render_with};
use crate::source::Origin;
use std::cell::OnceCell;

/// How many resources a statement names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Breadth {
    /// Some, each of them by a part of its name at least, or by one value that deployment puts there.
    Narrow,
    /// A wildcard stands there, and what is not known before deployment decides what it is for.
    Unknown,
    /// All of the service, or all of one type.
    Wide,
}

/// How many resources a statement names for the actions of a pattern. What the actions cannot be on does not count; nor do ARNs of
/// other services where there are some of its own: `ssm:SendCommand` on all machines, but with one document, is little.
pub fn breadth(statement: &Statement, pattern: &ActionPattern) -> Breadth {
    widest(statement, pattern).map_or(Breadth::Unknown, |(breadth, _)| breadth)
}

/// The entry of `Resource` that is for the most resources, and for how many; the key where it is none of the entries that are
/// known. None where a statement has no resources.
pub fn widest<'s>(statement: &'s Statement, pattern: &ActionPattern) -> Option<(Breadth, &'s Origin)> {
    let list = &statement.resource.as_ref()?.list;
    let counted = Counted { pattern, list, only_own: OnceCell::new() };
    widest_of(statement, |resource| counted.is_wide(resource))
}

/// How far a statement goes, asked of many actions: which of its entries name something is looked at once.
#[derive(Debug)]
pub struct Extent<'s> {
    statement: &'s Statement,
    /// The entries that are for all of something; none where not all entries are known.
    wide: Option<Vec<(&'s ResourcePattern, &'s Origin)>>,
}

impl<'s> Extent<'s> {
    /// That of a statement.
    pub fn of(statement: &'s Statement) -> Self {
        let closed = statement.resource.as_ref().filter(|element| !element.negated && !element.list.open);
        let wide = closed.filter(|_| names_known(statement)).map(|element| {
            let known = element.list.known();
            known.filter(|(resource, _)| !is_narrow(resource)).collect()
        });
        Extent { statement, wide }
    }

    /// False if no entry is for all of something, whatever the action is.
    pub fn may_be_wide(&self) -> bool {
        self.wide.as_ref().is_none_or(|wide| !wide.is_empty())
    }

    /// The entry that is for every resource of the actions of a pattern, or for all of one type, as [`widest`] has it.
    pub fn everything(&self, pattern: &ActionPattern) -> Option<&'s Origin> {
        match &self.wide {
            Some(wide) => {
                let list = &self.statement.resource.as_ref()?.list;
                let counted = Counted { pattern, list, only_own: OnceCell::new() };
                wide.iter().find(|(resource, _)| counted.counts(resource)).map(|(_, at)| *at)
            }
            None => widest(self.statement, pattern).filter(|(breadth, _)| *breadth == Breadth::Wide).map(|(_, at)| at),
        }
    }
}

/// The same as [`widest`], where a test says which entries are for all.
pub(super) fn widest_of(
    statement: &Statement,
    is_wide: impl Fn(&ResourcePattern) -> bool,
) -> Option<(Breadth, &Origin)> {
    let element = statement.resource.as_ref()?;
    if element.negated {
        return Some((Breadth::Wide, &element.key));
    }
    // A reference may be to several things, which are named all the same.
    let referred = || element.list.items.iter().any(|item| matches!(item.value, Value::Unknown(_)));
    let unseen = if element.list.open && !referred() { Breadth::Unknown } else { Breadth::Narrow };
    let mut widest = (unseen, &element.key);
    for item in &element.list.items {
        let breadth = of_value(&item.value, &is_wide);
        if breadth > widest.0 {
            widest = (breadth, &item.origin);
        }
        if breadth == Breadth::Wide {
            break;
        }
    }
    Some(widest)
}

fn of_value(value: &Value<ResourcePattern>, is_wide: &impl Fn(&ResourcePattern) -> bool) -> Breadth {
    match value {
        Value::Known(resource) if is_wide(resource) => Breadth::Wide,
        Value::Partly(pieces) => partly(pieces, is_wide),
        Value::Either(arms) => arms.iter().map(|arm| of_value(arm, is_wide)).max().unwrap_or(Breadth::Narrow),
        // A reference is to one thing: where all are meant somebody writes a `*`.
        Value::Known(_) | Value::Unknown(_) => Breadth::Narrow,
    }
}

/// How many resources a pattern names of which not all is known. What is not known stands for a name; beside a `*` it may be
/// nothing.
fn partly(pieces: &[Piece], is_wide: impl Fn(&ResourcePattern) -> bool) -> Breadth {
    // The ARN of one thing, and what is in it.
    if matches!(pieces.first(), Some(Piece::Hole(_) | Piece::Assigned(_))) {
        return Breadth::Narrow;
    }
    let is_star = |at: Option<usize>| at.and_then(|at| pieces.get(at)) == Some(&Piece::Star);
    let beside_star =
        |at: usize| matches!(pieces[at], Piece::Hole(_)) && (is_star(at.checked_sub(1)) || is_star(Some(at + 1)));
    let left = (0..pieces.len()).filter(|at| !beside_star(*at)).map(|at| pieces[at].clone());
    match is_wide(&filled(pieces)) {
        true => Breadth::Wide,
        false if is_wide(&filled(&left.collect::<Vec<Piece>>())) => Breadth::Unknown,
        false => Breadth::Narrow,
    }
}

/// Which entries of `Resource` count for the actions of a pattern.
struct Counted<'p> {
    pattern: &'p ActionPattern,
    list: &'p List<ResourcePattern>,
    /// True if ARNs of other services do not count: seldom asked.
    only_own: OnceCell<bool>,
}

impl Counted<'_> {
    fn is_wide(&self, resource: &ResourcePattern) -> bool {
        !is_narrow(resource) && self.counts(resource)
    }

    /// True if one of the actions that the pattern names can be on a resource, as far as the catalogue tells.
    fn counts(&self, resource: &ResourcePattern) -> bool {
        // Of most that are not narrow.
        if resource.matches_everything() {
            return true;
        }
        let Some(prefix) = self.pattern.named_service() else { return true };
        let own = |arn: Arn<'_>| arn.service.eq_ignore_ascii_case(prefix);
        let foreign = |arn: Arn<'_>| !arn.service.contains('*') && !own(arn);
        match (catalog::service(prefix), resource.arn()) {
            (_, Some(arn)) if foreign(arn) && self.names_own(prefix) => false,
            (Some(service), _) => {
                let named = if self.pattern.has_wildcard() { None } else { catalog::action(self.pattern.as_str()) };
                let wanted = Wanted::of(resource);
                match named {
                    Some(action) => !action.takes_only_wildcard() && wanted.suits(&action),
                    None => wanted.is_named_in(service),
                }
            }
            // Of a service that is not known, the ARN may be.
            (None, Some(arn)) => !foreign(arn) || catalog::service(arn.service).is_none(),
            (None, None) => false,
        }
    }

    /// True if one of the entries is an ARN of the service.
    fn names_own(&self, prefix: &str) -> bool {
        let own =
            |resource: &ResourcePattern| resource.arn().is_some_and(|arn| arn.service.eq_ignore_ascii_case(prefix));
        *self.only_own.get_or_init(|| {
            self.list.items.iter().any(|item| match &item.value {
                Value::Partly(pieces) => own(&filled(pieces)),
                value => value.known_any(own),
            })
        })
    }
}

/// A pattern with a name for what is not known of it.
fn filled(pieces: &[Piece]) -> ResourcePattern {
    ResourcePattern::new(&render_with(pieces, |_| "x".to_owned()))
}

/// True if all that a statement names is known before deployment.
pub fn names_known(statement: &Statement) -> bool {
    statement
        .resource
        .as_ref()
        .is_some_and(|element| !element.list.open && element.list.items.iter().all(|item| item.value.known().is_some()))
}

/// True if a statement names resources by a pattern, known to its end or not: more of them may be made.
pub fn names_by_pattern(statement: &Statement) -> bool {
    let is_pattern = |resource: &ResourcePattern| {
        // Wildcards of region and account change nothing about the name.
        resource.arn().map_or(resource.as_str(), |arn| arn.resource).contains('*')
    };
    statement.resources().iter().any(|item| match &item.value {
        Value::Partly(pieces) => is_pattern(&filled(pieces)),
        value => value.known_any(is_pattern),
    })
}

/// Services whose ARNs have the name where others have a type: `arn:aws:s3:::bucket/key`.
/// Source: the resource types of the service authorization reference.
const NAME_FIRST: [&str; 8] =
    ["codecommit", "codepipeline", "execute-api", "neptune-db", "s3", "servicequotas", "sns", "sqs"];

/// True if a pattern names some resources of a service by a part of their name, and not merely all of a type:
/// `table/orders-*` does, `table/*` does not.
pub(super) fn is_narrow(resource: &ResourcePattern) -> bool {
    if resource.matches_everything() {
        return false;
    }
    let Some(arn) = resource.arn() else {
        // Too short for an ARN: with a `*` at its end it still matches all that begins so. What is filled in later is one.
        return !resource.is_shortened() || resource.as_str().starts_with("${");
    };
    let names = |text: &str| text.bytes().any(|byte| byte.is_ascii_alphanumeric());
    let path = arn.resource.trim_start_matches('/');
    if NAME_FIRST.contains(&arn.service) {
        return names(path);
    }
    let mut parts = path.split(['/', ':']).map(|part| (part, names(part))).peekable();
    let mut before = parts.next().is_some_and(|(_, named)| named);
    if parts.peek().is_none() {
        // `table*` is all tables, and more; `*-orders` is what is called so.
        return names(path) && (path.starts_with('*') || !path.contains(['*', '?']));
    }
    // The first part is the type, and a word between wildcards may be that of an inner resource: `table/*/index/*`.
    while let Some((part, named)) = parts.next() {
        let between = !before && parts.peek().is_some_and(|(_, named)| !named);
        if named && !(between && is_type(arn.service, part)) {
            return true;
        }
        before = named;
    }
    false
}

/// True if a word stands in the ARNs of a service for a type; of services without known ARNs every word may.
fn is_type(service: &str, word: &str) -> bool {
    let mut formats = arn_formats(service).peekable();
    formats.peek().is_none() || formats.any(|format| format.resource().split(['/', ':']).any(|part| part == word))
}

/// True if all resources of a statement are the caller's own user, `user/${aws:username}`, or MFA devices.
pub fn is_only_self(statement: &Statement) -> bool {
    every_resource(statement, |resource| {
        resource.arn().is_some_and(|arn| {
            arn.service == "iam" && (arn.resource.contains("${aws:username}") || arn.resource.starts_with("mfa/"))
        })
    })
}

/// True if all resources of a statement are service-linked roles, or those that IAM Identity Center keeps: whom they trust and what
/// they may do is for their service to say.
pub fn is_only_service_linked(statement: &Statement) -> bool {
    let linked = |text: &str| text.contains(":role/aws-service-role/") || text.contains(":role/aws-reserved/");
    every_resource(statement, |resource| linked(resource.as_str()))
}

/// True if there are resources, all are listed, and each passes a test: those that are known in part by what is.
fn every_resource(statement: &Statement, test: impl Fn(&ResourcePattern) -> bool + Copy) -> bool {
    let open = statement.resource.as_ref().is_none_or(|element| element.negated || element.list.open);
    let mut resources = statement.resources().iter().map(|resource| &resource.value);
    !open
        && !statement.resources().is_empty()
        && resources.all(|value| match value {
            Value::Partly(pieces) => test(&ResourcePattern::new(&render_with(pieces, |name| format!("${{{name}}}")))),
            value => value.must(test),
        })
}

/// True if a statement of a resource-based policy is for whole accounts only, which `delegates` accepts each: what their
/// principals may do is then up to the policies of these accounts.
pub fn is_delegation(statement: &Statement, delegates: impl Fn(&str) -> bool + Copy) -> bool {
    let account = |principal: &Principal| match principal {
        Principal::Account { id, .. } => delegates(id),
        _ => false,
    };
    let open = statement.principal.as_ref().is_none_or(|element| element.list.open);
    let principals = statement.principals();
    !open && !principals.is_empty() && principals.iter().all(|principal| principal.value.must(account))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_no_name() {
        for (text, expected) in [
            ("*", false),
            ("arn:aws:s3:::*", false),
            ("arn:aws:s3:*", false),
            ("arn:aws:s3:::*/*", false),
            ("arn:aws:s3:::bucket", true),
            ("arn:aws:s3:::*-logs/*", true),
            ("arn:aws:s3:::*/logs/*", true),
            ("arn:aws:sqs:eu-west-1:111122223333:*", false),
            ("arn:aws:sqs:*:*:orders-*", true),
            ("arn:aws:dynamodb:*:111122223333:table/*", false),
            ("arn:aws:dynamodb:*:*:table/orders", true),
            ("arn:aws:dynamodb:*:*:table/*/index/*", false),
            ("arn:aws:dynamodb:*:*:table/orders/index/*", true),
            ("arn:aws:dynamodb:*:*:*", false),
            ("arn:aws:dynamodb:*:*:table*", false),
            ("arn:aws:logs:*:*:log-group:*:log-stream:*", false),
            ("arn:aws:logs:*:*:log-group:/aws/lambda/*", true),
            ("arn:aws:apigateway:eu-west-1::/restapis/*", false),
            ("arn:aws:iam::111122223333:user/${aws:username}", true),
            ("arn:aws:wafv2:*:*:*/webacl/*/*", false),
            ("arn:aws:wafv2:*:*:regional/webacl/front/*", true),
            ("arn:aws:iam::*:role/*", false),
            ("arn:aws:iam::*:role/service-role/*", true),
            ("arn:aws:iam::*:role/*/aws-pcs/*", true),
            ("arn:aws:codebuild:*:111122223333:*account-request*", true),
            ("${bucket_arn}/*", true),
            ("arn:aws:s3::bucket/*", true),
            ("arn:aws:logs:*", false),
        ] {
            assert_eq!(is_narrow(&ResourcePattern::new(text)), expected, "{text}");
        }
    }

    fn asked<'p>(pattern: &'p ActionPattern, list: &'p List<ResourcePattern>) -> Counted<'p> {
        Counted { pattern, list, only_own: OnceCell::new() }
    }

    #[test]
    fn what_an_action_cannot_be_on_does_not_count() {
        for (action, resource, expected) in [
            ("s3:GetObject", "*", true),
            ("s3:GetObject", "arn:aws:s3:::*", true),
            ("s3:GetObject", "arn:aws:s3:::*/*", true),
            ("s3:ListBucket", "arn:aws:s3:::b/*", false),
            ("s3:GetObject", "arn:aws:athena:eu-west-2:111122223333:queryexecution/*", false),
            ("s3:GetObject", "aws:s3:::b/*", false),
            ("s3:GetObject", "<bucket>/*", false),
            ("ebs:GetSnapshotBlock", "arn:aws:ec2:*::snapshot/*", true),
            ("iam:PassRole", "arn:aws:iam::*:user/*", false),
            ("iam:*", "arn:aws:iam::*:user/*", true),
            ("iam:*", "arn:aws:s3:::*", false),
            ("*:Put*", "arn:aws:s3:::*", true),
            ("ssm:GetParameter", "arn:aws:codepipeline:*:*:*", false),
            ("nonsense:*", "arn:aws:nonsense:::*", true),
            ("nonsense:*", "arn:aws:s3:::*", false),
        ] {
            let pattern = ActionPattern::new(action);
            let wide = asked(&pattern, &List::default()).is_wide(&ResourcePattern::new(resource));
            assert_eq!(wide, expected, "{action} {resource}");
        }
    }

    #[test]
    fn a_hole_is_one_name_unless_a_star_stands_beside_it() {
        let lit = |text: &str| Piece::Lit(text.into());
        let hole = || Piece::Hole("x".into());
        for (pieces, expected) in [
            (vec![lit("arn:aws:iam::1:role/"), hole()], Breadth::Narrow),
            (vec![lit("arn:aws:iam::1:role/"), hole(), lit("-"), Piece::Star], Breadth::Narrow),
            (vec![lit("arn:aws:iam::1:role/"), hole(), Piece::Star], Breadth::Unknown),
            (vec![lit("arn:aws:iam::1:role/"), Piece::Star, hole()], Breadth::Unknown),
            (vec![lit("arn:aws:iam::"), hole(), lit(":role/"), Piece::Star], Breadth::Wide),
            (vec![lit("arn:aws:iam::"), Piece::Star, lit(":role/"), hole()], Breadth::Narrow),
            (vec![lit("arn:aws:s3:::"), hole(), lit("/"), Piece::Star], Breadth::Narrow),
            (vec![hole(), lit("/"), Piece::Star], Breadth::Narrow),
            (vec![lit("arn:"), hole(), lit(":sqs:"), hole(), lit(":1:"), Piece::Star], Breadth::Narrow),
        ] {
            let pattern = ActionPattern::new("iam:PassRole");
            let list = List::default();
            let counted = asked(&pattern, &list);
            assert_eq!(partly(&pieces, |resource| counted.is_wide(resource)), expected, "{pieces:?}");
        }
    }
}
