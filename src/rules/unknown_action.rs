//! `unknown-action`

use super::{PolicyCx, Rule};
use crate::access::actions::{expand, retired};
use crate::catalog::{self, Service};
use crate::finding::{Fix, Problem};
use crate::policy::{ActionPattern, has_braces, has_placeholder};
use crate::spelling::{any_of, nearest, nearest_name};

pub(super) struct UnknownAction;

impl Rule for UnknownAction {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for &(pattern, at) in cx.unmatched_actions() {
            let text = pattern.as_str();
            // An ARN is none, whatever its variables are.
            let open = !text.starts_with("arn:") && (has_placeholder(text) || has_braces(text));
            if open || cx.settings.overlay.has(pattern) {
                continue;
            }
            let Some((message, near)) = judge(pattern) else { continue };
            let help = match &near[..] {
                [] => format!(
                    "look it up in the service authorization reference; what AWS added after {} is not known here",
                    catalog::DATE
                ),
                near => format!(
                    "write {}; what AWS added after {} is not known here",
                    any_of(&near.iter().map(|name| &**name).collect::<Vec<_>>()),
                    catalog::DATE
                ),
            };
            let fix = near.first().map(|near| Fix::replace(format!("write `{near}`"), at, near));
            let internal = catalog::is_internal(text);
            let note = if internal { "AWS writes it in a policy of its own: it may be internal" } else { "" };
            out.push(Problem::new(at, message).note(note).help(help).fix(fix).certain_if(!internal));
        }
    }
}

/// What is wrong with a pattern, and what may have been meant.
pub(crate) fn judge(pattern: &ActionPattern) -> Option<(String, Vec<String>)> {
    let text = pattern.as_str();
    if text.starts_with("arn:") {
        return Some((format!("`{text}` is an ARN, and no action"), Vec::new()));
    }
    let Some(service) = pattern.service() else {
        let message = format!("`{text}` is no action: an action is a service and a name, as `s3:GetObject`");
        return Some((message, Vec::new()));
    };
    pattern.named_service()?;
    // What is gone is another rule's.
    if expand(pattern).next().is_some() || retired(pattern).is_some() {
        return None;
    }
    let Some(known) = catalog::service(service) else {
        return Some((format!("AWS has no service `{service}`"), elsewhere(service, pattern)));
    };
    if pattern.has_wildcard() {
        return Some((format!("`{text}` matches no action of {}", known.name()), Vec::new()));
    }
    let permissions = catalog::permissions_of(text);
    if !permissions.is_empty() {
        let message = format!("`{}` is an operation of {}, and no action", pattern.name(), known.name());
        return Some((message, permissions.iter().map(|&name| name.to_owned()).collect()));
    }
    let names: Vec<&str> = known.actions().map(|action| action.name()).collect();
    let near = nearest_name(pattern.name(), &names);
    let in_service = |name: &&str| format!("{}:{name}", known.prefix());
    let operations: Vec<&str> = catalog::operations_of(known.prefix()).collect();
    let meant: Vec<String> = match &near[..] {
        [] => nearest_name(pattern.name(), &operations)
            .iter()
            .flat_map(|operation| catalog::permissions_of(&in_service(operation)))
            .map(|&name| name.to_owned())
            .collect(),
        near => near.iter().map(in_service).collect(),
    };
    Some((format!("{} has no action `{}`", known.name(), pattern.name()), meant))
}

/// The same action of other services, where `service` is not known: of those that are spelled alike, else of those whose prefix
/// goes on with the other, else of the only one that has it.
fn elsewhere(service: &str, pattern: &ActionPattern) -> Vec<String> {
    let in_service = |prefix: &str| match pattern.has_wildcard() {
        true => {
            let there = ActionPattern::new(&format!("{prefix}:{}", pattern.name()));
            expand(&there).next().map(|_| there.as_str().to_owned())
        }
        false => catalog::action(&format!("{prefix}:{}", pattern.name())).map(|action| action.full_name.to_owned()),
    };
    let holders: Vec<&str> =
        catalog::services().map(|service: Service| service.prefix()).filter(|it| in_service(it).is_some()).collect();
    let mut near = nearest(service, holders.iter().copied());
    if near.is_empty() && !pattern.has_wildcard() {
        let lower = service.to_ascii_lowercase();
        let kin = |prefix: &&&str| prefix.len() > 1 && (lower.starts_with(**prefix) || prefix.starts_with(&lower));
        near = holders.iter().filter(kin).take(3).copied().collect();
        if near.is_empty() && holders.len() == 1 {
            near = holders;
        }
    }
    near.into_iter().filter_map(in_service).collect()
}
