//! Lists of actions that rules look for: which of them a policy may allow at all. Few policies name one.

use super::Truth;
use super::grants::{Granted, Grants};
use crate::policy::{ActionPattern, Statement};

/// Actions, sorted so that those of a service stand together.
#[derive(Debug)]
pub struct Watchlist(Vec<&'static str>);

impl Watchlist {
    /// The list of these actions, each once.
    pub fn of(actions: impl IntoIterator<Item = &'static str>) -> Self {
        let mut actions: Vec<&str> = actions.into_iter().collect();
        actions.sort_unstable_by_key(|action| (prefix(action), *action));
        actions.dedup();
        Watchlist(actions)
    }

    /// The actions that some Allow among the statements may reach, whatever a Deny says.
    pub fn reached(&self, statements: &[Statement]) -> Vec<&'static str> {
        let mut found = Vec::new();
        for statement in statements.iter().filter(|statement| statement.may_allow()) {
            let Some(element) = &statement.action else { continue };
            if element.negated {
                return self.0.clone();
            }
            for pattern in element.list.items.iter().flat_map(|item| item.value.arms()) {
                found.extend(self.of_service(pattern).filter(|action| pattern.matches(action)));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The actions that a policy certainly grants on every resource, or on all of a type, with what grants them.
    pub fn granted_everywhere<'a>(&self, grants: &Grants<'a>) -> Vec<(&'static str, Granted<'a>)> {
        let granted = self.reached(grants.statements()).into_iter().flat_map(|action| {
            let wide = |granted: &Granted<'_>| granted.on_every_resource(action) == Truth::Yes;
            grants.grants(action).filter(wide).map(move |granted| (action, granted))
        });
        granted.collect()
    }

    /// The actions of the service that a pattern names, or all where that is a pattern itself.
    fn of_service<'a>(&'a self, pattern: &'a ActionPattern) -> impl Iterator<Item = &'static str> + 'a {
        let named = pattern.service().filter(|service| !service.bytes().any(|byte| matches!(byte, b'*' | b'?')));
        let before = |action: &str, service: &str| {
            prefix(action).bytes().lt(service.bytes().map(|byte| byte.to_ascii_lowercase()))
        };
        let from = named.map_or(0, |service| self.0.partition_point(|action| before(action, service)));
        let same = move |action: &&str| named.is_none_or(|service| service.eq_ignore_ascii_case(prefix(action)));
        self.0[from..].iter().copied().take_while(same)
    }
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
        let named = |text| list.of_service(&ActionPattern::new(text)).collect::<Vec<_>>();
        assert_eq!(named("S3:*"), ["s3:GetObject"]);
        assert_eq!(named("s3-object-lambda:Get*"), ["s3-object-lambda:GetObject"]);
        assert_eq!(named("*").len(), 3);
        assert!(named("ec2:*").is_empty());
    }
}
