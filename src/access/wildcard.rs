//! The wildcards of a statement, and what kind each is.

use super::actions;
use super::covers;
use crate::catalog::{AccessLevel, Action};
use crate::policy::{ActionPattern, Statement, Value};
use crate::source::Origin;
use std::fmt;

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

/// An entry of `Action` that is a pattern, or may be one.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The pattern.
    pub pattern: &'a ActionPattern,
    /// Where it is written.
    pub origin: &'a Origin,
    /// False if it is one of several that the entry can be.
    pub certain: bool,
}

/// The entries of `Action` that hold a wildcard.
pub fn wildcards(statement: &Statement) -> impl Iterator<Item = Entry<'_>> {
    // Most entries are plain names, and several rules ask.
    let plain = |value: &Value<ActionPattern>| value.known().is_some_and(|pattern| !pattern.has_wildcard());
    statement.actions().iter().filter(move |item| !plain(&item.value)).flat_map(|item| {
        let (arms, certain) = match &item.value {
            Value::Either(arms) => (&arms[..], false),
            value => (std::slice::from_ref(value), true),
        };
        let patterns = arms.iter().filter_map(Value::known).filter(|pattern| pattern.has_wildcard());
        patterns.map(move |pattern| Entry { pattern, origin: &item.origin, certain })
    })
}

/// True if another entry of the statement allows all that this one does. Of equal ones the first stays.
fn is_redundant(statement: &Statement, entry: &Entry<'_>) -> bool {
    wildcards(statement).filter(|other| other.certain && other.origin != entry.origin).any(|other| {
        let earlier = other.origin.at.span.start < entry.origin.at.span.start;
        covers(other.pattern, entry.pattern) && (earlier || !covers(entry.pattern, other.pattern))
    })
}

/// The wildcards of one class in a statement for which `judge` has an answer, with that answer: first those that matter,
/// then those that it calls minor. A finding speaks of one of the two lists; either may be empty. What another wildcard
/// of the statement allows as well is left out.
pub fn wildcards_of<'a, T>(
    statement: &'a Statement,
    wanted: Class,
    judge: impl Fn(&Entry<'a>) -> Option<(bool, T)>,
) -> [(Vec<(Entry<'a>, T)>, bool); 2] {
    let (mut serious, mut minor) = (Vec::new(), Vec::new());
    for entry in wildcards(statement).filter(|entry| class(entry.pattern) == Some(wanted)) {
        // Asked last: long lists of reads are compared with nothing.
        let Some((is_minor, answer)) = judge(&entry).filter(|_| !is_redundant(statement, &entry)) else { continue };
        if is_minor { minor.push((entry, answer)) } else { serious.push((entry, answer)) }
    }
    [(serious, false), (minor, true)]
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
    let named = IDENTITY_SERVICES.iter().any(|known| known.eq_ignore_ascii_case(service));
    let identity = (named || service.contains(['*', '?'])) && identity_changes(pattern).next().is_some();
    let whole = !pattern.name().is_empty() && pattern.name().bytes().all(|byte| byte == b'*');
    Some(match (identity, whole) {
        (true, _) => Class::Identity,
        (false, true) => Class::Service,
        (false, false) => Class::Part,
    })
}

/// True for an entry of `Action` that is wrong in itself: a wildcard over IAM, or over all of a service; and for `NotAction`.
pub fn is_wrong_entry(entry: &Origin, statement: &Statement) -> bool {
    match statement.actions().iter().find(|item| item.origin == *entry) {
        Some(item) => item.value.known_any(|pattern| class(pattern).is_some_and(|class| class != Class::Part)),
        None => true,
    }
}

/// What IAM's actions that give nobody an identity or rights are about: certificates of servers, keys of CloudFront, SSH and
/// SOAP, the name and the passwords of the account, reports. Source: the IAM API reference.
const NO_IDENTITY: [&str; 9] = [
    "AccountAlias",
    "AccountPasswordPolicy",
    "CloudFrontPublicKey",
    "CredentialReport",
    "OrganizationsAccessReport",
    "ServerCertificate",
    "ServiceLastAccessedDetails",
    "SSHPublicKey",
    "SigningCertificate",
];

/// The actions that a pattern matches and that change who somebody is or what they may do. Of STS's those that hand out
/// another identity.
pub fn identity_changes(pattern: &ActionPattern) -> impl Iterator<Item = Action> {
    actions::changes(pattern).filter(|action| match action.service() {
        "sts" => action.name().starts_with("Assume"),
        "iam" => !NO_IDENTITY.iter().any(|about| action.name().contains(about)),
        service => IDENTITY_SERVICES.contains(&service),
    })
}

/// A wildcard that reaches no more actions than this is a shorthand, unless one of them manages permissions.
const FEW: usize = 4;

/// The actions that a wildcard reaches, counted. Reads as "35 actions that change something, 12 of them permissions: ...".
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reach {
    /// How many there are.
    pub changes: usize,
    /// How many of them manage permissions.
    pub permissions: usize,
    /// Three of them at the most, those that manage permissions first.
    pub worst: Vec<&'static str>,
}

impl Reach {
    /// Counts actions.
    pub fn of(actions: impl Iterator<Item = Action>) -> Self {
        let mut reach = Reach::default();
        for action in actions {
            reach.changes += 1;
            let at = match action.level {
                AccessLevel::Permissions => {
                    reach.permissions += 1;
                    reach.permissions - 1
                }
                _ => reach.worst.len(),
            };
            if at < 3 {
                reach.worst.insert(at, action.full_name);
                reach.worst.truncate(3);
            }
        }
        reach
    }

    /// Their number with a verb: "an action that writes", "12 actions that write".
    pub fn that(&self, verb: &str) -> String {
        match self.changes {
            1 => format!("an action that {verb}s"),
            many => format!("{many} actions that {verb}"),
        }
    }

    /// Some of them by name.
    pub fn examples(&self) -> String {
        let names: Vec<String> = self.worst.iter().map(|name| format!("`{name}`")).collect();
        let among = if self.changes > self.worst.len() { "among them " } else { "" };
        format!("{among}{}", names.join(", "))
    }

    /// True if the wildcard is a mere shorthand for a few actions, none of which manages permissions.
    pub fn is_small(&self) -> bool {
        self.changes <= FEW && self.permissions == 0
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.worst.iter().map(|name| format!("`{name}`")).collect();
        let names = names.join(", ");
        if self.changes <= self.worst.len() {
            return f.write_str(&names);
        }
        write!(f, "{} actions that change something", self.changes)?;
        if self.permissions > 0 {
            write!(f, ", {} of them permissions", self.permissions)?;
        }
        write!(f, ": {names}, ...")
    }
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
            ("iam:Get*", Some(Class::Part)),
            ("iam:Upload*", Some(Class::Part)),
            ("iam:*AccessKey*", Some(Class::Identity)),
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

    #[test]
    fn what_is_reached_is_counted_with_the_worst_first() {
        let reach = |text| Reach::of(actions::changes(&ActionPattern::new(text)));
        let terminate = reach("ec2:TerminateI*");
        assert_eq!((terminate.changes, terminate.permissions), (1, 0));
        assert_eq!(terminate.to_string(), "`ec2:TerminateInstances`");
        assert_eq!(terminate.that("write"), "an action that writes");
        assert!(terminate.is_small());
        // `PutObjectAcl` and `PutObjectVersionAcl` manage permissions, `PutObject` does not.
        let put = reach("s3:PutObject*");
        assert_eq!(put.permissions, 2);
        assert_eq!(put.worst, ["s3:PutObjectAcl", "s3:PutObjectVersionAcl", "s3:PutObject"]);
        assert!(!put.is_small() && put.to_string().ends_with("`s3:PutObject`, ..."));
    }
}
