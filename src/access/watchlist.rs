//! Lists of actions that rules look for: which of them a policy may allow at all. Few policies name one.

use super::Truth;
use super::grants::{Granted, Grants};
use crate::policy::Statement;
use std::ops::Range;

/// Actions, sorted so that those of a service stand together.
#[derive(Debug)]
pub struct Watchlist {
    actions: Vec<&'static str>,
    /// The services, sorted, and where their actions stand.
    services: Vec<(&'static str, Range<usize>)>,
}

impl Watchlist {
    /// The list of these actions, each once.
    pub fn of(actions: impl IntoIterator<Item = &'static str>) -> Self {
        let mut actions: Vec<&str> = actions.into_iter().collect();
        actions.sort_unstable_by_key(|action| (prefix(action), *action));
        actions.dedup();
        let mut services: Vec<(&str, Range<usize>)> = Vec::new();
        for (at, action) in actions.iter().enumerate() {
            match services.last_mut().filter(|(service, _)| *service == prefix(action)) {
                Some((_, range)) => range.end = at + 1,
                None => services.push((prefix(action), at..at + 1)),
            }
        }
        Watchlist { actions, services }
    }

    /// The actions that some Allow among the statements may reach, whatever a Deny says.
    pub fn reached(&self, statements: &[Statement]) -> Vec<&'static str> {
        let mut found = Vec::new();
        for statement in statements.iter().filter(|statement| statement.may_allow()) {
            let Some(element) = &statement.action else { continue };
            if element.negated {
                return self.actions.clone();
            }
            // Neighbours are mostly of one service.
            let mut last: (Option<&str>, &[&str]) = (None, &self.actions);
            for pattern in element.list.items.iter().flat_map(|item| item.value.arms()) {
                let service = pattern.named_service();
                if service != last.0 {
                    last = (service, service.map_or(&self.actions, |service| self.of_service(service)));
                }
                found.extend(last.1.iter().copied().filter(|action| pattern.matches(action)));
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

    /// The actions of a service, whatever its letter case.
    fn of_service(&self, service: &str) -> &[&'static str] {
        let wanted = || service.bytes().map(|byte| byte.to_ascii_lowercase());
        match self.services.binary_search_by(|(prefix, _)| prefix.bytes().cmp(wanted())) {
            Ok(at) => &self.actions[self.services[at].1.clone()],
            Err(_) => &[],
        }
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
        assert_eq!(list.of_service("S3"), ["s3:GetObject"]);
        assert_eq!(list.of_service("s3-object-lambda"), ["s3-object-lambda:GetObject"]);
        assert_eq!(list.actions.len(), 3);
        assert!(list.of_service("ec2").is_empty());
    }
}
