//! The wildcards of a statement, and what kind each is.

use super::actions;
use super::covers;
use crate::catalog::Action;
use crate::policy::{ActionPattern, Statement, Value};
use crate::source::Origin;

/// The services that decide who somebody is and what they may do.
const IDENTITY_SERVICES: [&str; 6] = ["iam", "identitystore", "organizations", "sso", "sso-directory", "sts"];

/// What a wildcard stands for, by its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// Every action of every service.
    Everything,
    /// Actions that decide who somebody is and what they may do, perhaps with others.
    Identity,
    /// All actions of one or more other services.
    Service,
    /// Some actions of other services.
    Part,
}

/// An entry of an `Action` list that is a pattern we know, or may be one.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The pattern.
    pub pattern: &'a ActionPattern,
    /// Where it is written.
    pub origin: &'a Origin,
    /// False if it is one of several that the entry can be.
    pub certain: bool,
}

/// The entries of `Action` that hold a wildcard and that no other entry covers: each wildcard once.
pub fn wildcards(statement: &Statement) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for item in statement.actions() {
        let mut add = |pattern, certain| entries.push(Entry { pattern, origin: &item.origin, certain });
        match &item.value {
            Value::Known(pattern) if pattern.has_wildcard() => add(pattern, true),
            Value::Either(arms) => {
                let patterns = arms.iter().filter_map(Value::known).filter(|pattern| pattern.has_wildcard());
                patterns.for_each(|pattern| add(pattern, false));
            }
            _ => {}
        }
    }
    let covered = |at: usize| {
        let own = entries[at].pattern;
        // Of equal ones the first stays. What may not be there covers nothing.
        entries.iter().enumerate().any(|(other, entry)| {
            other != at && entry.certain && covers(entry.pattern, own) && (other < at || !covers(own, entry.pattern))
        })
    };
    let keep: Vec<bool> = (0..entries.len()).map(|at| !covered(at)).collect();
    let mut keep = keep.into_iter();
    entries.retain(|_| keep.next().unwrap_or(true));
    entries
}

/// What a wildcard stands for; none for a pattern without one.
pub fn class(pattern: &ActionPattern) -> Option<Class> {
    if !pattern.has_wildcard() {
        return None;
    }
    if pattern.is_everything() {
        return Some(Class::Everything);
    }
    let service = pattern.service().unwrap_or("");
    let identity = match service.contains(['*', '?']) {
        false => IDENTITY_SERVICES.iter().any(|known| known.eq_ignore_ascii_case(service)),
        true => identity_changes(pattern).next().is_some(),
    };
    let whole = !pattern.name().is_empty() && pattern.name().bytes().all(|byte| byte == b'*');
    Some(match (identity, whole) {
        (true, _) => Class::Identity,
        (false, true) => Class::Service,
        (false, false) => Class::Part,
    })
}

/// The actions that a pattern matches and that change who somebody is or what they may do. Of STS's those that hand out
/// another identity.
pub fn identity_changes(pattern: &ActionPattern) -> impl Iterator<Item = Action> {
    actions::changes(pattern).filter(|action| match action.service() {
        "sts" => action.name().starts_with("Assume"),
        service => IDENTITY_SERVICES.contains(&service),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_sorted_by_what_they_stand_for() {
        for (text, expected) in [
            ("*", Some(Class::Everything)),
            ("*:*", Some(Class::Everything)),
            ("s3:GetObject", None),
            ("IAM:Put*", Some(Class::Identity)),
            ("iam:Get*", Some(Class::Identity)),
            ("*:Put*", Some(Class::Identity)),
            ("*:Get*", Some(Class::Part)),
            ("ia?:Create*", Some(Class::Identity)),
            ("s3:*", Some(Class::Service)),
            ("iot*:*", Some(Class::Service)),
            ("i*:*", Some(Class::Identity)),
            ("nonsense:*", Some(Class::Service)),
            ("s3:Put*", Some(Class::Part)),
            ("s3:", None),
        ] {
            assert_eq!(class(&ActionPattern::new(text)), expected, "{text}");
        }
    }

    #[test]
    fn only_what_hands_out_identities_counts_for_sts() {
        let names =
            |text| identity_changes(&ActionPattern::new(text)).map(|action| action.full_name).collect::<Vec<_>>();
        assert_eq!(
            names("sts:*"),
            ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoot"]
        );
        assert!(names("sts:Get*").is_empty() && names("sts:Set*").is_empty() && names("iam:List*").is_empty());
        assert!(names("iam:Tag*").is_empty(), "tagging only");
    }
}
