//! Documents that AWS itself wrote.

use crate::catalog::managed_policies;
use crate::extract::managed_document;
use crate::policy::{Condition, Element, List, Policy, Statement};

/// True for a copy of an AWS managed policy as the catalogue has it, whatever its white space.
pub fn is_managed(policy: &Policy) -> bool {
    // Their documents are plain text without escapes, so that the length tells most apart.
    let of_size = managed_policies().filter(|managed| managed.length() == policy.size);
    of_size.filter_map(managed_document).any(|known| is_same(policy, &known))
}

fn is_same(one: &Policy, other: &Policy) -> bool {
    let pairs = || one.statements.iter().zip(&other.statements);
    !one.open
        && one.version == other.version
        && one.statements.len() == other.statements.len()
        && pairs().all(|(one, other)| says_the_same(one, other))
}

fn says_the_same(one: &Statement, other: &Statement) -> bool {
    let conditions = || one.conditions.iter().zip(&other.conditions);
    one.sid == other.sid
        && one.effect == other.effect
        && same_element(one.action.as_ref(), other.action.as_ref())
        && same_element(one.resource.as_ref(), other.resource.as_ref())
        && same_element(one.principal.as_ref(), other.principal.as_ref())
        && one.conditions.len() == other.conditions.len()
        && conditions().all(|(one, other)| same_condition(one, other))
}

fn same_condition(one: &Condition, other: &Condition) -> bool {
    one.operator == other.operator && one.key == other.key && same_list(&one.values, &other.values)
}

fn same_element<T: PartialEq>(one: Option<&Element<T>>, other: Option<&Element<T>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.negated == other.negated && same_list(&one.list, &other.list),
        (one, other) => one.is_none() && other.is_none(),
    }
}

fn same_list<T: PartialEq>(one: &List<T>, other: &List<T>) -> bool {
    !one.open && !other.open && one.items == other.items
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::managed_policy;

    #[test]
    fn copies_are_known_and_changes_are_seen() {
        // A large one, whose size is counted.
        let policy = managed_policy("ReadOnlyAccess").and_then(managed_document);
        let Some(mut policy) = policy else { panic!("no such policy") };
        assert!(policy.size > 6_144 && is_managed(&policy));
        policy.statements[0].sid = None;
        assert!(!is_managed(&policy), "another Sid is another document");
        policy.size += 1;
        assert!(!is_managed(&policy));
    }
}
