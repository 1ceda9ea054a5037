//! What is odd about a request: a decision on what nobody can ask for says little.

use crate::access::evaluate::{Policies, Request};
use crate::access::fit::Wanted;
use crate::catalog;
use crate::policy::{ActionPattern, Arn, ResourcePattern};
use crate::rules::{misnamed_action, misnamed_key};
use crate::spelling::any_of;

/// Phrases, for the notes of the answer.
pub(super) fn of(request: &Request, policies: &Policies) -> Vec<String> {
    let mut doubts = Vec::new();
    if let Some((message, near)) = misnamed_action(&ActionPattern::new(&request.action)) {
        doubts.push(unknown(&message, &near));
    }
    let resource = &*request.resource;
    if resource.contains(['*', '?']) && resource != "*" {
        doubts.push(format!("a request names one resource: the wildcards of `{resource}` were taken for plain text"));
    }
    let action = catalog::action(&request.action);
    match (resource, Arn::parse(resource), &action) {
        ("*", _, Some(action)) if action.targets().next().is_some() => {
            doubts.push(format!("`{}` is asked of one resource: name its ARN", request.action));
        }
        ("*", ..) => {}
        (_, None, _) => doubts.push(format!("`{resource}` is no ARN")),
        (_, _, Some(action)) if action.takes_only_wildcard() => {
            doubts.push(format!("`{}` is not asked of a single resource: leave it out", request.action));
        }
        (_, _, Some(action)) if !Wanted::of(&ResourcePattern::new(resource)).suits(action) => {
            doubts.push(format!("`{}` is not asked of resources such as `{resource}`", request.action));
        }
        _ => {}
    }
    if policies.identity.is_empty() && policies.resource.is_none() {
        doubts.push("no policy was given that could allow anything".to_owned());
    }
    doubts
}

/// What is odd about the keys of a request's context: a policy that asks for what was meant does not find it.
pub(super) fn of_keys(keys: &[String]) -> Vec<String> {
    let misnamed = keys.iter().filter(|key| catalog::key(key).is_none()).filter_map(|key| misnamed_key(key));
    misnamed.map(|(message, near)| unknown(&message, &near)).collect()
}

fn unknown(message: &str, near: &[String]) -> String {
    let near: Vec<&str> = near.iter().map(|name| &**name).collect();
    let way_out = match &near[..] {
        [] => String::new(),
        near => format!(": did you mean {}?", any_of(near)),
    };
    format!("{message}, as far as is known of {}{way_out}", catalog::DATE)
}
