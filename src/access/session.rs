//! What a caller may put into the session of a role that it takes: tags and a source identity.

use super::Truth;
use super::actions::statement_matches;
use crate::policy::{Condition, Policy, Statement};

/// What goes into a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Setting {
    /// Session tags, which count as the principal's tags in every policy.
    Tags,
    /// The source identity, which CloudTrail keeps and which stays for all sessions that follow.
    SourceIdentity,
}

impl Setting {
    /// Both.
    pub const ALL: [Setting; 2] = [Setting::Tags, Setting::SourceIdentity];

    /// The action that allows it.
    pub fn action(self) -> &'static str {
        match self {
            Setting::Tags => "sts:TagSession",
            Setting::SourceIdentity => "sts:SetSourceIdentity",
        }
    }

    /// In words.
    pub fn noun(self) -> &'static str {
        match self {
            Setting::Tags => "session tags",
            Setting::SourceIdentity => "a source identity",
        }
    }

    /// True for a condition on what is set.
    fn is_asked_by(self, condition: &Condition) -> bool {
        let key = condition.key.value.to_ascii_lowercase();
        match self {
            Setting::Tags => key.starts_with("aws:requesttag/") || key == "aws:tagkeys",
            Setting::SourceIdentity => key == "sts:sourceidentity",
        }
    }
}

/// Whether callers whom a statement lets in may set this as they like: nothing asks what they set, neither here nor where
/// they take the role.
pub fn freely_sets(policy: &Policy, statement: &Statement, setting: Setting) -> Truth {
    let allowed = statement_matches(statement, setting.action());
    let asks = |statement: &Statement| {
        let asked = statement.conditions.iter().any(|condition| setting.is_asked_by(condition));
        if statement.conditions_open { Truth::from(asked).or(Truth::Maybe) } else { asked.into() }
    };
    let takes = |other: &&Statement| other.may_allow() && statement_matches(other, "sts:AssumeRole").possible();
    let mut takers = policy.statements.iter().filter(takes).peekable();
    let where_taken = match takers.peek() {
        Some(_) => takers.map(asks).fold(Truth::Yes, Truth::and),
        None => Truth::No,
    };
    let denied = policy.statements.iter().filter(|deny| deny.denies());
    let denied = denied.filter(|deny| statement_matches(deny, setting.action()).possible()).map(asks);
    allowed.and(!asks(statement).or(where_taken).or(denied.fold(Truth::No, Truth::or)))
}
