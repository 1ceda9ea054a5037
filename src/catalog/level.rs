//! Access levels of actions.

use std::fmt;

/// What an action does to its resource, as the service authorization reference sorts it.
///
/// The order is that of harm: tags can open doors where policies trust them, but most do not.
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html>.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum AccessLevel {
    /// Sees that resources exist.
    List,
    /// Reads their content.
    Read,
    /// Changes their tags only.
    Tagging,
    /// Creates, changes or deletes them.
    Write,
    /// Grants or changes permissions.
    Permissions,
}

impl AccessLevel {
    /// The level that a number of the catalogue stands for.
    pub(super) fn from_number(number: u32) -> Self {
        match number {
            0 => AccessLevel::List,
            1 => AccessLevel::Read,
            3 => AccessLevel::Tagging,
            4 => AccessLevel::Permissions,
            // Not read as safe; the test of the catalogue knows that there is no other number.
            _ => AccessLevel::Write,
        }
    }

    /// AWS's words for it.
    pub fn as_str(self) -> &'static str {
        match self {
            AccessLevel::List => "List",
            AccessLevel::Read => "Read",
            AccessLevel::Tagging => "Tagging",
            AccessLevel::Write => "Write",
            AccessLevel::Permissions => "Permissions management",
        }
    }

    /// True if actions of this level change something that matters: writes and permissions management.
    pub fn changes(self) -> bool {
        self >= AccessLevel::Write
    }
}

impl fmt::Display for AccessLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
