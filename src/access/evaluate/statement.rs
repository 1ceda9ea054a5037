//! One statement against one request.

use super::caller::Naming;
use super::request::Request;
use crate::access::Truth;
use crate::access::context::{self, Context};
use crate::policy::{ActionPattern, Element, Piece, Statement, Value};

/// Whether the action, the resource and the conditions of a statement match, whoever calls. `itself` is for documents of a
/// resource, where no `Resource` means the resource that they are attached to.
pub(super) fn matches(statement: &Statement, request: &Request, context: &Context, itself: bool) -> Truth {
    let contingent = statement.contingent;
    let action =
        element(statement.action.as_ref(), contingent, Truth::No, &|entry| action_matches(entry, &request.action));
    if action == Truth::No {
        return action;
    }
    let resource = element(statement.resource.as_ref(), contingent, itself.into(), &|entry| {
        value_matches(
            entry,
            &|pattern| context::resource_matches(pattern.as_str(), &request.resource, context),
            &|text| context::resource_matches(text, &request.resource, context),
        )
    });
    let applies = action.and(resource).and(context::applies(statement, context));
    if contingent { applies.and(Truth::Maybe) } else { applies }
}

/// How the principals of a statement name the caller. `bounded` is for a caller with a permissions boundary: a Deny with
/// `NotPrincipal` reaches it whoever is excepted, as the
/// [guide](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html) warns.
pub(super) fn naming(statement: &Statement, request: &Request, bounded: bool) -> Naming {
    let Some(principal) = &statement.principal else { return Naming::NONE };
    let bare = statement.bare_principal;
    let unseen = if principal.list.open { Naming::UNKNOWN } else { Naming::NONE };
    let named =
        principal.list.items.iter().fold(unseen, |all, item| all.or(request.caller.named_by(&item.value, bare)));
    if !principal.negated {
        named
    } else if statement.contingent && named.any() == Truth::Yes {
        // Whoever is excepted may not be, after all.
        Naming::UNKNOWN
    } else if bounded && statement.denies() {
        Naming::EVERYBODY
    } else if bounded && statement.may_deny() {
        // Whoever is excepted is reached if it turns out to be a Deny.
        Naming::UNKNOWN
    } else {
        Naming::EVERYBODY.and(!named.any())
    }
}

/// Whether an element with its `Not` form matches; `missing` where it is not there. In a `contingent` statement a list may have
/// items that deployment leaves out.
fn element<T>(
    element: Option<&Element<T>>,
    contingent: bool,
    missing: Truth,
    test: &dyn Fn(&Value<T>) -> Truth,
) -> Truth {
    let Some(element) = element else { return missing };
    let unseen = if element.list.open { Truth::Maybe } else { Truth::No };
    let matches = element.list.items.iter().fold(unseen, |truth, item| truth.or(test(&item.value)));
    match (element.negated, contingent) {
        (true, true) => (!matches).or(Truth::Maybe),
        (true, false) => !matches,
        (false, _) => matches,
    }
}

fn action_matches(entry: &Value<ActionPattern>, action: &str) -> Truth {
    let of_text = |text: &str| Truth::from(ActionPattern::new(text).matches(action));
    value_matches(entry, &|pattern| pattern.matches(action).into(), &of_text)
}

/// Whether a value matches; `text` is asked with what is not known widened to `*`.
fn value_matches<T>(value: &Value<T>, known: &dyn Fn(&T) -> Truth, text: &dyn Fn(&str) -> Truth) -> Truth {
    match value {
        Value::Known(value) => known(value),
        Value::Either(arms) => {
            let each = arms.iter().map(|arm| value_matches(arm, known, text));
            each.reduce(|one, other| if one == other { one } else { Truth::Maybe }).unwrap_or(Truth::Maybe)
        }
        Value::Partly(pieces) => text(&widened(pieces)).and(Truth::Maybe),
        Value::Unknown(_) => Truth::Maybe,
    }
}

fn widened(pieces: &[Piece]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Lit(text) => text.to_string(),
        Piece::Any => "?".to_owned(),
        Piece::PolicyVar(name) => format!("${{{name}}}"),
        Piece::Star | Piece::Hole(_) | Piece::Assigned(_) => "*".to_owned(),
    };
    pieces.iter().map(text).collect()
}
