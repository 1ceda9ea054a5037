//! `unknown-condition-key`

use super::{PolicyCx, Rule};
use crate::access::oidc::{Absent, absent};
use crate::catalog;
use crate::finding::{Fix, Problem};
use crate::policy::{Variable, has_braces, has_placeholder, variable_texts, variables};
use crate::source::Origin;
use crate::spelling::{any_of, nearest};

pub(super) struct UnknownConditionKey;

impl Rule for UnknownConditionKey {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if cx.is_trust() {
            out.extend(absent(&cx.site.policy).map(|absent| of_token(&absent)));
        }
        for (condition, known) in cx.conditions() {
            let key = &*condition.key.value;
            if known.is_some() || key.is_empty() || has_placeholder(key) || has_braces(key) || is_deprecated(key) {
                continue;
            }
            let Some((message, near)) = judge(key) else { continue };
            let help = match &near[..] {
                [] => "look the key up in the service authorization reference, or in the list of global condition keys"
                    .to_owned(),
                near => format!("write {}", any_of(&near.iter().map(|name| &**name).collect::<Vec<_>>())),
            };
            // What the reader puts there stands in capitals.
            let near = near.first().filter(|near| !near.contains("${") && !near.ends_with("TAG-KEY"));
            let fix = near.map(|near| Fix::replace(format!("write `{near}`"), &condition.key.origin, near));
            out.push(Problem::new(&condition.key.origin, message).note("no request carries it").help(help).fix(fix));
        }
        for (text, at) in cx.statements().iter().flat_map(variable_texts).filter(|(text, _)| has_braces(text)) {
            out.extend(variables(text).filter_map(Variable::key).filter_map(|key| of_variable(key, at)));
        }
    }
}

/// A policy variable of AWS's own that it does not have: those of services also have other names, as `${transfer:HomeBucket}`.
fn of_variable(key: &str, at: &Origin) -> Option<Problem> {
    let global = key.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"));
    if !global || catalog::key(key).is_some() || is_deprecated(key) {
        return None;
    }
    let near = nearest(key, catalog::global_keys().map(|key| key.name));
    let help = match &near[..] {
        [] => "write a global condition key that every request carries, as `${aws:PrincipalAccount}`".to_owned(),
        near => {
            let near: Vec<String> = near.iter().map(|name| format!("${{{name}}}")).collect();
            format!("write {}", any_of(&near.iter().map(|name| &**name).collect::<Vec<_>>()))
        }
    };
    Some(Problem::new(at, format!("AWS has no policy variable `${{{key}}}`")).note("matches nothing").help(help))
}

/// A key that the tokens of the provider do not carry which the statement lets in.
fn of_token(absent: &Absent<'_>) -> Problem {
    let Absent { condition, provider, meant } = absent;
    let key = &condition.key;
    let problem = Problem::new(&key.origin, format!("tokens of `{}` carry no `{}`", provider.name, key.value))
        .note("the condition fails, and nobody takes the role");
    match meant {
        Some(meant) => problem.help(format!("write `{meant}`")).fix(Some(Fix::replace(
            format!("write `{meant}`"),
            &key.origin,
            meant,
        ))),
        None => problem.help("write a key of the provider that the statement names"),
    }
}

/// These are another rule's.
fn is_deprecated(key: &str) -> bool {
    key.eq_ignore_ascii_case("aws:arn")
}

/// What is wrong with a key, and what may have been meant.
pub(crate) fn judge(key: &str) -> Option<(String, Vec<String>)> {
    let Some((prefix, name)) = key.split_once(':') else {
        return Some((
            format!("`{key}` is no condition key: a key is a service and a name, as `aws:SourceIp`"),
            Vec::new(),
        ));
    };
    // Policies of IoT Core ask for variables of the thing.
    // Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-policy-variables.html
    let variable = name.split('.').next().unwrap_or("");
    let of_thing = ["Certificate", "ClientId", "Connection", "DomainName"];
    if prefix.eq_ignore_ascii_case("iot") && of_thing.iter().any(|known| known.eq_ignore_ascii_case(variable)) {
        return None;
    }
    // Keys of identity providers begin with a domain name.
    if prefix.contains(['.', '/']) || prefix.is_empty() || name.is_empty() {
        return None;
    }
    let service = catalog::service(prefix);
    let global = prefix.eq_ignore_ascii_case("aws");
    let own = || service.into_iter().flat_map(|service| service.keys());
    let known = || own().chain(catalog::global_keys().filter(|_| global));
    let slashed = format!("{}/x", key.trim_end_matches('/'));
    if known().any(|known| known.names_tag() && known.matches(&slashed)) {
        return Some((
            format!("`{key}` names no tag: the tag's key follows a slash"),
            vec![format!("{}/TAG-KEY", key.trim_end_matches('/'))],
        ));
    }
    // What is said of its actions is enough.
    if catalog::is_retired_service(prefix) {
        return None;
    }
    if !global && service.is_none() {
        return Some((format!("AWS has no service `{prefix}`"), Vec::new()));
    }
    let near = nearest(key, known().map(|key| key.name)).iter().map(|near| (*near).to_owned()).collect();
    let message = match global {
        true => format!("AWS has no global condition key `{key}`"),
        false => format!("`{prefix}` has no condition key `{name}`"),
    };
    Some((message, near))
}
