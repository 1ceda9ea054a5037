//! What AWS once had.

use super::AccessLevel;
use super::store::Table;

/// The actions that AWS once had, with their levels: full names, sorted.
pub fn retired() -> impl Iterator<Item = (&'static str, AccessLevel)> {
    (0..Table::Retired.len()).map(|at| {
        let level = AccessLevel::from_number(Table::Retired.field(at, 1));
        (Table::Retired.name(at, 0), level)
    })
}

/// True for the prefix of a service that AWS once had, whatever its letter case.
pub fn is_retired_service(prefix: &str) -> bool {
    let is = |known: &str| known.eq_ignore_ascii_case(prefix);
    super::service(prefix).is_none()
        && ((0..Table::RetiredServices.len()).any(|at| is(Table::RetiredServices.name(at, 0)))
            || retired().any(|(name, _)| name.split(':').next().is_some_and(is)))
}
