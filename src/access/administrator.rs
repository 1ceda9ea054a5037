//! Statements that make an administrator.

use super::actions::statement_covers;
use super::breadth::narrowing;
use crate::policy::{ActionPattern, Condition, Policy, ResourcePattern, Statement};
use crate::source::Origin;

/// A statement that allows every action on every resource.
#[derive(Clone, Copy, Debug)]
pub struct Administrator<'a> {
    /// The entry of `Action` that matches everything.
    pub action: &'a Origin,
    /// The entry of `Resource` that does.
    pub resource: &'a Origin,
    /// A condition on who calls, whence or how; the rights of whoever meets it are whole.
    pub gate: Option<&'a Condition>,
    /// False if it rests on something that is not known before deployment.
    pub certain: bool,
    /// True if nothing has to be met first, known or not.
    pub unconditional: bool,
}

/// The statements of an identity-based policy that make its holder an administrator. A condition that narrows what they
/// reach, or a Deny that takes all of IAM away, makes them something less.
pub fn administrators(policy: &Policy) -> impl Iterator<Item = Administrator<'_>> {
    let mut found = policy.statements.iter().filter_map(of_statement).peekable();
    let possible = found.peek().is_some();
    let kept = possible && !policy.statements.iter().any(denies_iam);
    found.filter(move |_| kept)
}

fn of_statement(statement: &Statement) -> Option<Administrator<'_>> {
    if !statement.may_allow() || narrowing(statement).is_some() {
        return None;
    }
    let action = statement.actions().iter().find(|item| item.value.known_any(ActionPattern::is_everything))?;
    let resource =
        statement.resources().iter().find(|item| item.value.known_any(ResourcePattern::matches_everything))?;
    let known = statement.allows()
        && !statement.conditions_open
        && action.value.must(ActionPattern::is_everything)
        && resource.value.must(ResourcePattern::matches_everything);
    Some(Administrator {
        action: &action.origin,
        resource: &resource.origin,
        gate: statement.conditions.first(),
        certain: known,
        unconditional: statement.unconditional(),
    })
}

fn denies_iam(statement: &Statement) -> bool {
    statement.denies()
        && statement.unconditional()
        && statement.resources().iter().any(|item| item.value.must(ResourcePattern::matches_everything))
        && statement_covers(statement, &ActionPattern::new("iam:*")).certain()
}
