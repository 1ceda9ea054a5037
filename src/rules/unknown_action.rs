//! `unknown-action`

use super::{PolicyCx, Rule};
use crate::access::actions::expand;
use crate::catalog;
use crate::finding::{Fix, Problem};
use crate::policy::{ActionPattern, has_braces, has_placeholder};
use crate::spelling::{any_of, nearest};

pub(super) struct UnknownAction;

impl Rule for UnknownAction {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let unknown =
            cx.named_actions().iter().filter(|named| named.action.is_none()).map(|named| (named.pattern, named.at));
        let elements = cx.statements().iter().filter_map(|statement| statement.action.as_ref());
        let wild = elements.flat_map(|element| element.list.known()).filter(|(pattern, _)| pattern.has_wildcard());
        for (pattern, at) in unknown.chain(wild) {
            let text = pattern.as_str();
            if cx.settings.overlay.has(pattern) || pattern.is_everything() || has_placeholder(text) || has_braces(text)
            {
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
            out.push(Problem::new(at, message).help(help).fix(fix));
        }
    }
}

/// What is wrong with a pattern, and what may have been meant.
pub(crate) fn judge(pattern: &ActionPattern) -> Option<(String, Vec<String>)> {
    let text = pattern.as_str();
    let Some(service) = pattern.service() else {
        let message = format!("`{text}` is no action: an action is a service and a name, as `s3:GetObject`");
        return Some((message, Vec::new()));
    };
    pattern.named_service()?;
    let Some(known) = catalog::service(service) else {
        let near = nearest(service, catalog::services().map(|service| service.prefix()));
        let near = near.iter().map(|near| format!("{near}:{}", pattern.name())).collect();
        return Some((format!("AWS has no service `{service}`"), near));
    };
    if expand(pattern).next().is_some() || catalog::retired(pattern.head()).any(|(name, _)| pattern.matches(name)) {
        return None;
    }
    if pattern.has_wildcard() {
        return Some((format!("`{text}` matches no action of {}", known.name()), Vec::new()));
    }
    let names: Vec<&str> = known.actions().map(|action| action.name()).collect();
    let near = nearest(pattern.name(), names).iter().map(|near| format!("{}:{near}", known.prefix())).collect();
    Some((format!("{} has no action `{}`", known.name(), pattern.name()), near))
}
