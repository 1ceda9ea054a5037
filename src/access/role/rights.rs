//! What a role may do that a policy does not give: whoever gets the role gains that, or nothing.

use super::Role;
use crate::access::actions::statement_covers;
use crate::access::covers;
use crate::policy::{ActionPattern, Piece, ResourcePattern, Spanned, Statement, Value, glob_matches, globs_meet};

/// What code needs to tell how it fares: nobody gains by it.
const TELEMETRY: [&str; 7] = [
    "cloudwatch:PutMetricData",
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
];

/// What a role may do beyond what a policy gives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Beyond {
    /// Nothing, whatever the unknowns turn out to be.
    Nothing,
    /// This action at least, as it is written.
    Action(Box<str>),
    /// It cannot be told.
    Unknown,
}

impl Role<'_> {
    /// What the role may do that the statements of a policy, with all that deny, do not certainly allow.
    pub fn beyond(&self, statements: &[Statement]) -> Beyond {
        let mut unknown = self.is_open();
        for statement in self.policies().flat_map(|policy| &policy.statements).filter(|it| it.may_allow()) {
            let Some(element) = statement.action.as_ref() else { continue };
            unknown |= element.negated || element.list.open;
            for item in element.list.items.iter().filter(|_| !element.negated) {
                let Some(pattern) = item.value.known().filter(|_| item.origin.editable) else {
                    unknown = true;
                    continue;
                };
                let harmless = || TELEMETRY.iter().any(|known| known.eq_ignore_ascii_case(pattern.as_str()));
                if harmless() || is_allowed(statements, pattern, statement) {
                    continue;
                }
                // What the role's own policies may deny again is not claimed.
                let denied = self.policies().flat_map(|policy| &policy.statements).any(|it| may_deny(it, pattern));
                if statement.allows() && !denied && !self.is_bounded() {
                    return Beyond::Action(pattern.as_str().into());
                }
                unknown = true;
            }
        }
        if unknown { Beyond::Unknown } else { Beyond::Nothing }
    }
}

/// True if some statement certainly allows all actions of a pattern on the resources of a role's statement, and none may deny it.
fn is_allowed(statements: &[Statement], pattern: &ActionPattern, of_role: &Statement) -> bool {
    let allows = |statement: &Statement| {
        statement.allows()
            && statement.unconditional()
            && statement_covers(statement, pattern).certain()
            && covers_resources(statement, of_role)
    };
    statements.iter().any(allows) && !statements.iter().any(|statement| may_deny(statement, pattern))
}

fn may_deny(statement: &Statement, pattern: &ActionPattern) -> bool {
    let denies = statement.may_deny();
    let Some(element) = statement.action.as_ref().filter(|_| denies) else { return denies };
    let lower = |pattern: &ActionPattern| pattern.as_str().to_ascii_lowercase();
    let meets = |other: &ActionPattern| globs_meet(&lower(other), &lower(pattern));
    match element.negated {
        // All that it exempts is left.
        true => !element.list.items.iter().any(|item| item.value.must(|exempt| covers(exempt, pattern))),
        false => element.list.open || element.list.items.iter().any(|item| item.value.may(meets)),
    }
}

/// True if all resources of a statement are among those of another, whoever asks.
fn covers_resources(wide: &Statement, narrow: &Statement) -> bool {
    let everything = |item: &Spanned<Value<ResourcePattern>>| item.value.must(ResourcePattern::matches_everything);
    if wide.resources().iter().any(everything) {
        return true;
    }
    let Some(element) = narrow.resource.as_ref().filter(|element| !element.negated && !element.list.open) else {
        return false;
    };
    let covered = |item: &Spanned<Value<ResourcePattern>>| {
        wide.resources().iter().any(|own| match (&own.value, &item.value) {
            (Value::Known(own), Value::Known(theirs)) => {
                let fixed =
                    item.origin.editable && !theirs.as_str().contains("${") && !own.as_str().contains(['?', '$']);
                fixed && glob_matches(own.as_str(), theirs.as_str())
            }
            (own @ Value::Partly(pieces), theirs) => own == theirs && pieces.iter().all(is_the_same),
            _ => false,
        })
    };
    element.list.items.iter().all(covered)
}

/// True for a piece that is the same whoever asks.
fn is_the_same(piece: &Piece) -> bool {
    !matches!(piece, Piece::PolicyVar(_))
}
