//! `misused-set-operator`

use super::{PolicyCx, Rule};
use crate::catalog;
use crate::finding::Problem;
use crate::policy::{BaseOperator, SetOperator};

pub(super) struct MisusedSetOperator;

impl Rule for MisusedSetOperator {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.statements() {
            for condition in &statement.conditions {
                let operator = &condition.operator.value;
                let Some(set) = operator.set else { continue };
                let key = &*condition.key.value;
                let audience = key.to_ascii_lowercase().ends_with(":aud");
                // Of the claims of identity providers nobody says how many values they have, but for the audience.
                let federated = key.split(':').next().is_some_and(|prefix| prefix.contains('.'));
                let kind = catalog::key(key).and_then(|key| key.kind).filter(|_| !federated);
                let single = audience || kind.is_some_and(|kind| !kind.is_multivalued());
                let (message, note) = match (set, operator.base) {
                    (SetOperator::ForAllValues, Some(BaseOperator::Null)) => {
                        ("`Null` with `ForAllValues:` always holds".to_owned(), "takes all that `Null` says away")
                    }
                    (SetOperator::ForAnyValue, Some(BaseOperator::Null)) => {
                        ("`Null` with `ForAnyValue:` never holds".to_owned(), "takes all that `Null` says away")
                    }
                    (SetOperator::ForAllValues, _) if single => (
                        format!("`ForAllValues:` on `{key}`, which has one value"),
                        "holds in every request that does not carry the key",
                    ),
                    (SetOperator::ForAnyValue, _) if single => (
                        format!("`ForAnyValue:` on `{key}`, which has one value"),
                        "says nothing: there is one value to compare",
                    ),
                    _ => continue,
                };
                let opens = set == SetOperator::ForAllValues && statement.may_allow();
                out.push(
                    Problem::new(&condition.operator.origin, message)
                        .note(note)
                        .label(&condition.key.origin, "this key")
                        .help("leave `ForAllValues:` or `ForAnyValue:` out")
                        .pedantic_if(!opens && !audience && operator.base != Some(BaseOperator::Null)),
                );
            }
        }
    }
}
