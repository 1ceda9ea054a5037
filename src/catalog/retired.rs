//! What AWS once had, or has and does not tell.

use super::AccessLevel;
use super::action::parts;
use super::store::Table;

/// The actions that AWS once had and whose full names begin with `prefix`, whatever its letter case, with their levels; sorted.
pub fn retired(prefix: &str) -> impl Iterator<Item = (&'static str, AccessLevel)> + use<> {
    Table::Retired.starting_with(0..Table::Retired.len(), 0, prefix).map(|at| {
        let level = AccessLevel::from_number(Table::Retired.field(at, 1));
        (Table::Retired.name(at, 0), level)
    })
}

/// True for the prefix of a service that AWS once had, whatever its letter case.
pub fn is_retired_service(prefix: &str) -> bool {
    let is = |known: &str| known.eq_ignore_ascii_case(prefix);
    super::service(prefix).is_none()
        && ((0..Table::RetiredServices.len()).any(|at| is(Table::RetiredServices.name(at, 0)))
            || retired(prefix).any(|(name, _)| parts(name).is_some_and(|(service, _)| is(service))))
}

/// True for what managed policies name as an action although the reference has none of that name: AWS may have it for itself.
pub fn is_internal(name: &str) -> bool {
    (0..Table::Internal.len()).any(|at| Table::Internal.name(at, 0).eq_ignore_ascii_case(name))
}
