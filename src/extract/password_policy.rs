//! What an account asks of its users' passwords: as a module sets it, as the AWS CLI prints it and sets it.
//!
//! Source: the API reference of IAM (`UpdateAccountPasswordPolicy`) and the AWS provider's documentation.

use super::{Extraction, Fact};
use crate::document::{NodeKind, NodeRef};
use crate::source::{Loc, Origin, Span};

/// What a file with such a policy must contain.
pub(crate) const NEEDLES: &[&str] = &[RESOURCE, "MinimumPasswordLength", COMMAND];

const RESOURCE: &str = "aws_iam_account_password_policy";
/// The command that sets it.
pub(super) const COMMAND: &str = "update-account-password-policy";

/// The password policy of an account.
#[derive(Clone, Debug)]
pub struct PasswordPolicy {
    /// The words that make it, or the key that it stands under.
    pub at: Origin,
    /// What it says, in its own order.
    pub says: Vec<(Demand, Said, Origin)>,
}

/// What a policy can ask of passwords.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Demand {
    /// So many characters.
    Length,
    /// A lower-case letter.
    Lowercase,
    /// An upper-case letter.
    Uppercase,
    /// A digit.
    Digits,
    /// A character that is neither.
    Symbols,
    /// So many others before the same password again.
    Reuse,
    /// A new one after so many days.
    Age,
    /// That users can change their own.
    Change,
}

/// What a policy says of a demand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Said {
    /// A number.
    Number(u64),
    /// Yes or no.
    Flag(bool),
    /// What is known at deployment only.
    Unknown,
}

/// The demands with their names in Terraform, in the API and as options of the CLI.
const NAMES: [(Demand, [&str; 3]); 8] = [
    (Demand::Length, ["minimum_password_length", "MinimumPasswordLength", "--minimum-password-length"]),
    (
        Demand::Lowercase,
        ["require_lowercase_characters", "RequireLowercaseCharacters", "--require-lowercase-characters"],
    ),
    (
        Demand::Uppercase,
        ["require_uppercase_characters", "RequireUppercaseCharacters", "--require-uppercase-characters"],
    ),
    (Demand::Digits, ["require_numbers", "RequireNumbers", "--require-numbers"]),
    (Demand::Symbols, ["require_symbols", "RequireSymbols", "--require-symbols"]),
    (Demand::Reuse, ["password_reuse_prevention", "PasswordReusePrevention", "--password-reuse-prevention"]),
    (Demand::Age, ["max_password_age", "MaxPasswordAge", "--max-password-age"]),
    (
        Demand::Change,
        ["allow_users_to_change_password", "AllowUsersToChangePassword", "--allow-users-to-change-password"],
    ),
];

impl PasswordPolicy {
    /// What it says of a demand, and where; none if nothing.
    pub fn said(&self, demand: Demand) -> Option<(Said, &Origin)> {
        self.says.iter().find(|(said, ..)| *said == demand).map(|(_, said, at)| (*said, at))
    }
}

/// The policy that a resource of Terraform is, by its type, which stands at `at`.
pub(super) fn in_module(kind: &str, at: Origin, body: NodeRef<'_>, out: &mut Extraction) {
    if kind != RESOURCE {
        return;
    }
    let mut policy = PasswordPolicy { says: says(body), at };
    if policy.said(Demand::Change).is_none() {
        // The provider's default.
        policy.says.push((Demand::Change, Said::Flag(true), policy.at.clone()));
    }
    out.facts.push(Fact::PasswordPolicy(policy));
}

/// The policy that the CLI prints under `PasswordPolicy`.
pub(super) fn in_output(key: NodeRef<'_>, body: NodeRef<'_>, out: &mut Extraction) {
    if body.get("MinimumPasswordLength").is_some() {
        out.facts.push(Fact::PasswordPolicy(PasswordPolicy { at: key.origin(), says: says(body) }));
    }
}

/// The policy that a command sets. `place` tells where in the file a part of its words stands.
pub(super) fn in_command(words: &str, place: impl Fn(Span) -> Loc, out: &mut Extraction) {
    let Some(start) = words.find(COMMAND).filter(|_| !words.contains("--cli-input-")) else { return };
    let at = |span| Origin::here(place(span));
    let mut says = Vec::new();
    let mut before = None;
    for word in words[start..].split([' ', '\t', '\n', '\r', '\\', '=', '"', '\'']).filter(|word| !word.is_empty()) {
        let offset = word.as_ptr() as usize - words.as_ptr() as usize;
        let span = Span::new(offset, offset + word.len());
        let positive = word.replacen("--no-", "--", 1);
        let named = NAMES.iter().find(|(_, names)| names[2] == positive).map(|(demand, _)| *demand);
        match (named, before.take()) {
            (Some(demand @ (Demand::Length | Demand::Reuse | Demand::Age)), _) => before = Some(demand),
            (Some(demand), _) => says.push((demand, Said::Flag(positive == word), at(span))),
            (None, Some(demand)) => says.push((demand, word.parse().map_or(Said::Unknown, Said::Number), at(span))),
            (None, None) => {}
        }
    }
    let at = at(Span::new(start, start + COMMAND.len()));
    out.facts.push(Fact::PasswordPolicy(PasswordPolicy { at, says }));
}

fn says(body: NodeRef<'_>) -> Vec<(Demand, Said, Origin)> {
    let named = |key: &str| NAMES.iter().find(|(_, names)| names[..2].contains(&key)).map(|(demand, _)| *demand);
    let entries = body.entries().filter(|(_, value)| value.kind() != NodeKind::Null);
    entries.filter_map(|(key, value)| Some((named(key.as_str()?)?, said(value), value.origin()))).collect()
}

fn said(value: NodeRef<'_>) -> Said {
    let text = match value.kind() {
        NodeKind::Number | NodeKind::Bool => value.raw(),
        NodeKind::String => value.as_str().unwrap_or(""),
        _ => return Said::Unknown,
    };
    match (text.parse(), text.parse()) {
        (Ok(number), _) => Said::Number(number),
        (_, Ok(flag)) => Said::Flag(flag),
        _ => Said::Unknown,
    }
}
