//! What is known of AWS's services: every action with its access level.
//!
//! The facts are embedded as sorted text and read where they lie: a question costs a binary search, a run that asks nothing
//! costs nothing. AWS adds some eight actions a day, so that what is not here is unknown, never wrong ([`DATE`]).

mod level;

pub use level::AccessLevel;

use std::cmp::Ordering;

/// The day that the facts were collected, as `YYYY-MM-DD`.
pub const DATE: &str = "2026-10-27";

/// One line for each action, `iam:AddUserToGroup W`, sorted by the lower case of what precedes the space.
static ACTIONS: &str = include_str!("actions.txt");

/// An action that AWS has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Action {
    /// Service and name, as `iam:AddUserToGroup`.
    pub full_name: &'static str,
    /// What it does.
    pub level: AccessLevel,
    colon: usize,
}

impl Action {
    fn read(line: &'static str) -> Option<Self> {
        let (full_name, level) = line.split_at_checked(line.len().checked_sub(2)?)?;
        let level = AccessLevel::from_letter(*level.as_bytes().last()?);
        Some(Action { full_name, level, colon: memchr::memchr(b':', full_name.as_bytes())? })
    }

    /// What precedes the colon.
    pub fn service(&self) -> &'static str {
        self.full_name.get(..self.colon).unwrap_or("")
    }

    /// What follows the colon.
    pub fn name(&self) -> &'static str {
        self.full_name.get(self.colon + 1..).unwrap_or("")
    }
}

/// A service and its actions.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    block: &'static str,
}

impl Service {
    /// The prefix, in lower case.
    pub fn prefix(&self) -> &'static str {
        self.block.split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// Names without the prefix, with their levels, sorted by the lower case of the name.
    pub fn actions(&self) -> impl Iterator<Item = (&'static str, AccessLevel)> + use<> {
        read(self.block).map(|action| (action.name(), action.level))
    }
}

/// The service with this prefix, as `s3`, whatever its letter case.
pub fn service(prefix: &str) -> Option<Service> {
    let block = block(prefix, Some(b':'));
    (!block.is_empty()).then_some(Service { block })
}

/// All services, sorted by prefix (`sso-directory` before `sso`).
pub fn services() -> impl Iterator<Item = Service> {
    let mut rest = ACTIONS;
    std::iter::from_fn(move || {
        let service = service(rest.split_once(':')?.0)?;
        rest = rest.get(service.block.len()..)?;
        Some(service)
    })
}

/// All actions whose full name begins with `prefix`, whatever its letter case: the empty prefix gives all that there are.
pub fn starting_with(prefix: &str) -> impl Iterator<Item = Action> + use<> {
    read(block(prefix, None))
}

/// The action with this full name, as `s3:GetObject`, whatever its letter case; none if the catalogue does not have it.
pub fn action(full_name: &str) -> Option<Action> {
    let order = |line: &[u8]| compare(line, full_name, Some(b' '));
    let start = lower_bound(0, |line| order(line) == Ordering::Less);
    let line = lines(ACTIONS.get(start..)?).next()?;
    (order(line.as_bytes()) == Ordering::Equal).then(|| Action::read(line))?
}

/// What an action does, as `s3:GetObject`, whatever its letter case; none if the catalogue does not have it.
pub fn level(action: &str) -> Option<AccessLevel> {
    self::action(action).map(|action| action.level)
}

fn read(block: &'static str) -> impl Iterator<Item = Action> + use<> {
    lines(block).filter_map(Action::read)
}

/// The lines of a text that ends in a line feed. Faster than `str::lines` on lines as short as these.
fn lines(mut rest: &'static str) -> impl Iterator<Item = &'static str> + use<> {
    std::iter::from_fn(move || {
        let (line, after) = rest.split_at_checked(memchr::memchr(b'\n', rest.as_bytes())?)?;
        rest = after.get(1..)?;
        Some(line)
    })
}

/// The lines that begin with a prefix, letter case ignored, and with `then` after it.
fn block(prefix: &str, then: Option<u8>) -> &'static str {
    let start = lower_bound(0, |line| compare(line, prefix, then) == Ordering::Less);
    let end = lower_bound(start, |line| compare(line, prefix, then) != Ordering::Greater);
    ACTIONS.get(start..end).unwrap_or("")
}

/// How a line stands to a prefix with `then` after it: `Equal` if it begins so.
fn compare(line: &[u8], prefix: &str, then: Option<u8>) -> Ordering {
    let (head, rest) = line.split_at(prefix.len().min(line.len()));
    for (byte, wanted) in head.iter().zip(prefix.as_bytes()) {
        match byte.to_ascii_lowercase().cmp(&wanted.to_ascii_lowercase()) {
            Ordering::Equal => {}
            other => return other,
        }
    }
    match (then, rest.first()) {
        _ if head.len() < prefix.len() => Ordering::Less,
        (None, _) => Ordering::Equal,
        (Some(then), byte) => byte.unwrap_or(&b'\n').to_ascii_lowercase().cmp(&then),
    }
}

/// The start of the first line from `start` on for which `before` is false. The lines for which it is true come first.
fn lower_bound(start: usize, before: impl Fn(&[u8]) -> bool) -> usize {
    let text = ACTIONS.as_bytes();
    let (mut low, mut high) = (start, text.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let line_start = memchr::memrchr(b'\n', &text[low..middle]).map_or(low, |at| low + at + 1);
        let line_end = memchr::memchr(b'\n', &text[middle..]).map_or(text.len(), |at| middle + at + 1);
        if before(&text[line_start..line_end]) {
            low = line_end;
        } else {
            high = line_start;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_whole_and_sorted() {
        let mut names: Vec<String> = Vec::new();
        for line in ACTIONS.lines() {
            let (name, level) = line.split_at(line.len() - 2);
            assert!([" L", " R", " W", " T", " P"].contains(&level), "{line}");
            names.push(name.to_ascii_lowercase());
        }
        assert!(names.is_sorted_by(|a, b| a < b), "sorted by lower case, without duplicates");
        assert_eq!(names.len(), 22_321);
        assert_eq!(services().count(), 457);
        assert_eq!(services().map(|service| service.actions().count()).sum::<usize>(), 22_321);
    }

    #[test]
    fn every_action_is_found_by_its_name() {
        for line in ACTIONS.lines() {
            let action = Action::read(line);
            let found = action.and_then(|action| level(&action.full_name.to_ascii_uppercase()));
            assert_eq!(found, action.map(|action| action.level), "{line}");
            assert!(found.is_some(), "{line}");
        }
    }

    #[test]
    fn services_are_told_apart() {
        // `s3-object-lambda` and `s3tables` stand round `s3` in the text.
        let names = |prefix| service(prefix).map(|service| (service.prefix(), service.actions().next()));
        assert_eq!(names("S3"), Some(("s3", Some(("AbortMultipartUpload", AccessLevel::Write)))));
        assert_eq!(names("sso").map(|(prefix, _)| prefix), Some("sso"));
        for unknown in ["", "s", "s3:", "nonsense", "zzz", "s3:GetObject", "é", "\n", "\u{0}"] {
            assert!(service(unknown).is_none(), "{unknown:?}");
        }
    }

    #[test]
    fn levels_are_those_of_the_reference() {
        assert_eq!(level("s3:getobject"), Some(AccessLevel::Read));
        assert_eq!(level("iam:PassRole"), Some(AccessLevel::Write));
        assert_eq!(level("iam:AttachRolePolicy"), Some(AccessLevel::Permissions));
        assert_eq!(level("ec2:CreateTags"), Some(AccessLevel::Tagging));
        for unknown in ["s3:GetObjec", "s3:GetObjects", "s3:", "", "GetObject", "s3:*"] {
            assert_eq!(level(unknown), None, "{unknown:?}");
        }
    }

    #[test]
    fn a_prefix_gives_all_that_begin_with_it() {
        let put: Vec<_> = starting_with("IAM:putrole").map(|action| action.full_name).collect();
        assert_eq!(put, ["iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]);
        assert_eq!(starting_with("").count(), 22_321);
        assert_eq!(starting_with("iam:Putt").count(), 0);
    }
}
