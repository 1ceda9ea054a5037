//! What a Deny takes away from an Allow: only what it certainly denies.

use super::actions::{statement_covers, statement_matches};
use super::context::{Context, applies};
use crate::policy::{ActionPattern, Principal, ResourcePattern, Statement, glob_matches};

/// True if a Deny of the policy certainly takes an action, as `iam:PassRole`, from an Allow.
pub(super) fn denied(policy: &[Statement], allow: &Statement, action: &str, context: &Context) -> bool {
    policy.iter().any(|deny| takes_from(deny, allow, context) && statement_matches(deny, action).certain())
}

/// True if a Deny of the policy certainly takes all that a pattern matches from an Allow.
pub(super) fn denied_wholly(
    policy: &[Statement],
    allow: &Statement,
    pattern: &ActionPattern,
    context: &Context,
) -> bool {
    policy.iter().any(|deny| takes_from(deny, allow, context) && statement_covers(deny, pattern).certain())
}

fn takes_from(deny: &Statement, allow: &Statement, context: &Context) -> bool {
    deny.denies() && applies(deny, context).certain() && covers_resources(deny, allow) && covers_principals(deny, allow)
}

/// True if all resources of a statement are among those of another.
pub(super) fn covers_resources(wide: &Statement, narrow: &Statement) -> bool {
    let Some(element) = &wide.resource else { return true };
    if element.negated {
        return false;
    }
    let items = || element.list.items.iter();
    if items().any(|item| item.value.must(ResourcePattern::matches_everything)) {
        return true;
    }
    let covered =
        |resource: &ResourcePattern| items().any(|item| item.value.must(|own| covers_resource(own, resource)));
    let open = narrow.resource.as_ref().is_none_or(|element| element.negated || element.list.open);
    !open && narrow.resources().iter().all(|item| item.value.must(covered))
}

fn covers_resource(wide: &ResourcePattern, narrow: &ResourcePattern) -> bool {
    // A `?` would take the `*` of the other for one letter.
    wide == narrow || (!wide.as_str().contains('?') && glob_matches(wide.as_str(), narrow.as_str()))
}

/// True if all principals of a statement are among those of another; policies of identities name none.
pub(super) fn covers_principals(wide: &Statement, narrow: &Statement) -> bool {
    let (Some(element), Some(theirs)) = (&wide.principal, &narrow.principal) else {
        return wide.principal.is_none() && narrow.principal.is_none();
    };
    if element.negated {
        return false;
    }
    let items = || element.list.items.iter();
    if items().any(|item| item.value.must(|principal| *principal == Principal::Anyone)) {
        return true;
    }
    let covered = |principal: &Principal| items().any(|item| item.value.must(|own| covers_principal(own, principal)));
    !theirs.negated && !theirs.list.open && narrow.principals().iter().all(|item| item.value.must(covered))
}

fn covers_principal(wide: &Principal, narrow: &Principal) -> bool {
    match wide {
        Principal::Account { id, .. } => narrow.account() == Some(id),
        _ => wide == narrow,
    }
}
