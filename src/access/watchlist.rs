//! Lists of actions that rules look for: which of them a policy may allow at all. Few policies name one.

use super::Truth;
use super::grants::{Granted, Grants};
use crate::policy::{ActionPattern, Statement, Value};
use std::borrow::Cow;
use std::ops::Range;

/// Actions, sorted so that those of a service stand together.
#[derive(Debug)]
pub struct Watchlist {
    actions: Vec<&'static str>,
    /// The services, sorted.
    services: Vec<Service>,
    /// A bit for each of them, by [`ActionPattern::service_bits`].
    bits: u64,
    /// For each of those bits, a bit for each action of its services, by [`bit`]: nearly all that a policy names is told apart here.
    actions_of: [u64; 64],
}

/// A service of a list.
#[derive(Debug)]
struct Service {
    prefix: &'static str,
    /// Where its actions stand.
    actions: Range<usize>,
}

impl Watchlist {
    /// The list of these actions, each once.
    pub fn of(actions: impl IntoIterator<Item = &'static str>) -> Self {
        let mut actions: Vec<&str> = actions.into_iter().collect();
        actions.sort_unstable_by_key(|action| (prefix(action), *action));
        actions.dedup();
        let mut services: Vec<Service> = Vec::new();
        for (at, action) in actions.iter().enumerate() {
            match services.last_mut().filter(|service| service.prefix == prefix(action)) {
                Some(service) => service.actions.end = at + 1,
                None => services.push(Service { prefix: prefix(action), actions: at..at + 1 }),
            }
        }
        let (mut bits, mut actions_of) = (0, [0; 64]);
        for action in &actions {
            let service = ActionPattern::new(action).service_bits();
            bits |= service;
            actions_of[service.trailing_zeros() as usize % 64] |= bit(action);
        }
        Watchlist { actions, services, bits, actions_of }
    }

    /// The actions that some Allow among the statements may reach, whatever a Deny says.
    pub fn reached(&self, statements: &[Statement]) -> Vec<&'static str> {
        let mut found = Vec::new();
        for statement in statements.iter().filter(|statement| statement.may_allow()) {
            let Some(element) = &statement.action else { continue };
            if element.negated {
                return self.actions.clone();
            }
            let mut near = (None, &self.actions[..]);
            for item in &element.list.items {
                match &item.value {
                    Value::Known(pattern) => self.named_by(pattern, &mut near, &mut found),
                    value => value.arms().for_each(|pattern| self.named_by(pattern, &mut near, &mut found)),
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Adds the actions that a pattern names. `near` is the service that was asked for last, with its actions: neighbours are mostly of
    /// one.
    fn named_by<'p>(
        &'p self,
        pattern: &'p ActionPattern,
        near: &mut (Option<&'p str>, &'p [&'static str]),
        found: &mut Vec<&'static str>,
    ) {
        if !self.may_name(pattern) {
            return;
        }
        let service = pattern.named_service();
        if service != near.0 {
            *near = (service, service.map_or(&self.actions[..], |service| self.of_service(service)));
        }
        found.extend(near.1.iter().copied().filter(|action| pattern.matches(action)));
    }

    /// False for a pattern that certainly names none of the actions.
    fn may_name(&self, pattern: &ActionPattern) -> bool {
        let service = pattern.service_bits();
        service & self.bits != 0
            && (pattern.has_wildcard()
                || service == u64::MAX
                || self.actions_of[service.trailing_zeros() as usize % 64] & bit(pattern.as_str()) != 0)
    }

    /// The actions that a policy certainly grants on every resource, or on all of a type, with what grants them.
    pub fn granted_everywhere<'a>(&self, grants: &Grants<'a>) -> Vec<(&'static str, Granted<'a>)> {
        let granted = self.reached(grants.statements()).into_iter().flat_map(|action| {
            let wide = |granted: &Granted<'_>| granted.on_every_resource(action) == Truth::Yes;
            grants.grants(action).filter(wide).map(move |granted| (action, granted))
        });
        granted.collect()
    }

    /// The actions of a service, whatever its letter case.
    fn of_service(&self, service: &str) -> &[&'static str] {
        // Nearly all are written in lower case.
        let mut wanted = Cow::Borrowed(service);
        if service.bytes().any(|byte| byte.is_ascii_uppercase()) {
            wanted.to_mut().make_ascii_lowercase();
        }
        match self.services.binary_search_by(|known| known.prefix.cmp(&wanted)) {
            Ok(at) => &self.actions[self.services[at].actions.clone()],
            Err(_) => &[],
        }
    }
}

/// One of 64 bits, by the length and the last letter of an action: most names are told apart by it.
fn bit(action: &str) -> u64 {
    let last = action.bytes().last().unwrap_or(0) % 32;
    1 << ((action.len() * 5 + usize::from(last)) % 64)
}

/// What precedes the colon of an action.
pub(super) fn prefix(action: &str) -> &str {
    action.split(':').next().unwrap_or(action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_that_begin_alike_are_told_apart() {
        let list = Watchlist::of(["s3:GetObject", "s3-object-lambda:GetObject", "s3:GetObject", "iam:PassRole"]);
        assert_eq!(list.of_service("S3"), ["s3:GetObject"]);
        assert_eq!(list.of_service("s3-object-lambda"), ["s3-object-lambda:GetObject"]);
        assert_eq!(list.actions.len(), 3);
        assert!(list.of_service("ec2").is_empty());
    }

    #[test]
    fn what_a_pattern_may_name_is_never_left_out() {
        let list = Watchlist::of(["s3:GetObject", "iam:PassRole"]);
        for (pattern, expected) in [
            ("s3:GetObject", true),
            ("S3:getobject", true),
            ("s3:Get*", true),
            ("*", true),
            ("i?m:PassRole", true),
            ("s3:DeleteObject", false),
            ("ec2:DescribeInstances", false),
            ("ec2:*", false),
        ] {
            assert_eq!(list.may_name(&ActionPattern::new(pattern)), expected, "{pattern}");
        }
    }
}
