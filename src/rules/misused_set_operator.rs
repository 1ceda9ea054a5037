//! `misused-set-operator`

use super::{PolicyCx, Rule};
use crate::catalog;
use crate::finding::Problem;
use crate::policy::{BaseOperator, Condition, SetOperator};

pub(super) struct MisusedSetOperator;

/// What is wrong with a set operator.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Misuse {
    /// It stands before `Null`.
    Null(SetOperator),
    /// The key has one value.
    Single(SetOperator),
}

impl Rule for MisusedSetOperator {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.statements() {
            let misused = statement.conditions.iter().filter_map(|condition| Some((condition, misuse(condition)?)));
            let misused: Vec<(&Condition, Misuse)> = misused.collect();
            // An operator with several keys is one thing wrong.
            for alike in misused.chunk_by(|(one, misuse), (other, another)| {
                one.operator.origin == other.operator.origin && misuse == another
            }) {
                let [(first, misuse), ..] = alike else { continue };
                // Requests without the key pass by `IfExists` already.
                let tolerant = first.operator.value.if_exists;
                let (message, note) = match misuse {
                    Misuse::Null(SetOperator::ForAllValues) => {
                        ("`Null` with `ForAllValues:` always holds".to_owned(), "takes all that `Null` says away")
                    }
                    Misuse::Null(SetOperator::ForAnyValue) => {
                        ("`Null` with `ForAnyValue:` never holds".to_owned(), "takes all that `Null` says away")
                    }
                    Misuse::Single(SetOperator::ForAllValues) if tolerant => {
                        (format!("`ForAllValues:` on {}", keys(alike)), "says nothing that `IfExists` does not say")
                    }
                    Misuse::Single(SetOperator::ForAllValues) => (
                        format!("`ForAllValues:` on {}", keys(alike)),
                        "holds in every request that does not carry the key",
                    ),
                    Misuse::Single(SetOperator::ForAnyValue) => {
                        (format!("`ForAnyValue:` on {}", keys(alike)), "says nothing: there is one value to compare")
                    }
                };
                let opens = *misuse == Misuse::Single(SetOperator::ForAllValues) && !tolerant && statement.may_allow();
                let told = opens || matches!(misuse, Misuse::Null(_)) || alike.iter().any(|(at, _)| is_audience(at));
                out.push(
                    Problem::new(&first.operator.origin, message)
                        .note(note)
                        .label_all(alike.iter().map(|(at, _)| (&at.key.origin, "this key".to_owned())))
                        .help("leave `ForAllValues:` or `ForAnyValue:` out")
                        .pedantic_if(!told),
                );
            }
        }
    }
}

/// What is wrong with the set operator of a condition, if it has one and something is.
fn misuse(condition: &Condition) -> Option<Misuse> {
    let operator = &condition.operator.value;
    let set = operator.set?;
    if operator.base == Some(BaseOperator::Null) {
        return Some(Misuse::Null(set));
    }
    let key = &*condition.key.value;
    // Of the claims of identity providers nobody says how many values they have, but for the audience.
    let federated = key.split(':').next().is_some_and(|prefix| prefix.contains('.'));
    let kind = catalog::key(key).and_then(|key| key.kind).filter(|_| !federated);
    let single = is_audience(condition) || kind.is_some_and(|kind| !kind.is_multivalued());
    single.then_some(Misuse::Single(set))
}

fn is_audience(condition: &Condition) -> bool {
    condition.key.value.to_ascii_lowercase().ends_with(":aud")
}

/// The keys, and that they have one value each.
fn keys(misused: &[(&Condition, Misuse)]) -> String {
    let names: Vec<String> = misused.iter().map(|(condition, _)| format!("`{}`", condition.key.value)).collect();
    match &names[..] {
        [one] => format!("{one}, which has one value"),
        [first @ .., last] => format!("{} and {last}, which have one value each", first.join(", ")),
        [] => String::new(),
    }
}
