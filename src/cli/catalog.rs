//! `whit catalog`.

use super::aws_policy::{self, AwsPolicy};
use super::{Failure, Outcome};
use crate::access::actions::expand;
use crate::catalog::{self, Action, ConditionKey, KeyType};
use crate::policy::{ActionPattern, glob_matches};
use crate::spelling::{any_of, nearest};
use std::io::{self, Write};

/// So many actions that support a key are named.
const MOST_SHOWN: usize = 100;

/// Prints what the patterns match, or what there is in all.
pub(super) fn run(patterns: &[String], out: &mut dyn Write) -> Outcome {
    if patterns.is_empty() {
        return Ok(counts(out)?);
    }
    for pattern in patterns {
        if let Some(policy) = AwsPolicy::find(pattern) {
            managed(&policy, out)?;
            continue;
        }
        let text = if catalog::service(pattern).is_some() { format!("{pattern}:*") } else { pattern.clone() };
        let mut actions: Vec<Action> = expand(&ActionPattern::new(&text)).collect();
        match &mut actions[..] {
            [] => match &condition_keys(pattern)[..] {
                [] => return Err(unknown(pattern)),
                [one] => key_details(one, out)?,
                several => keys_table(several, out)?,
            },
            [one] => details(one, out)?,
            several => table(several, out)?,
        }
    }
    Ok(())
}

fn counts(out: &mut dyn Write) -> io::Result<()> {
    let services = || catalog::services();
    writeln!(out, "collected on {}", catalog::DATE)?;
    for (count, what) in [
        (services().count(), "services"),
        (services().map(|service| service.actions().count()).sum(), "actions"),
        (services().map(|service| service.resource_types().count()).sum(), "resource types"),
        (services().map(|service| service.keys().count()).sum(), "condition keys of services"),
        (catalog::global_keys().count(), "global condition keys"),
        (catalog::service_principals().count(), "service principals"),
        (catalog::retired("").count(), "retired actions"),
        (catalog::managed_policies().count(), "AWS managed policies"),
    ] {
        writeln!(out, "{count:>7} {what}")?;
    }
    Ok(())
}

/// One line for each action.
fn table(actions: &[Action], out: &mut dyn Write) -> io::Result<()> {
    let width = actions.iter().map(|action| action.full_name.len()).max().unwrap_or(0);
    for action in actions {
        let keys = keys(action).len();
        let keys = if keys == 0 { String::new() } else { format!("  {keys} condition keys") };
        writeln!(out, "{:width$}  {:22}  {}{keys}", action.full_name, action.level.as_str(), targets(action))?;
    }
    Ok(())
}

fn details(action: &Action, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}  {}", action.full_name, action.level)?;
    let flags = [
        (action.is_permission_only(), "no operation of the API: a permission that others ask for"),
        (action.is_deprecated(), "deprecated"),
    ];
    for (_, what) in flags.into_iter().filter(|(set, _)| *set) {
        writeln!(out, "  {what}")?;
    }
    writeln!(out, "  resources: {}", targets(action))?;
    for format in action.targets().flat_map(|target| target.resource.arns()) {
        writeln!(out, "    {format}")?;
    }
    for (title, names) in [("condition keys", keys(action)), ("needs also", action.dependents().collect())] {
        if !names.is_empty() {
            writeln!(out, "  {title}: {}", names.join(", "))?;
        }
    }
    Ok(())
}

/// The resource types that an action takes, those that the reference marks as required with a star.
fn targets(action: &Action) -> String {
    let names =
        action.targets().map(|target| format!("{}{}", target.resource.name, if target.required { "*" } else { "" }));
    let names: Vec<String> = names.collect();
    match (names.is_empty(), action.takes_only_wildcard()) {
        (true, true) => "only `*`".to_owned(),
        (true, false) => "not known".to_owned(),
        (false, _) => names.join(", "),
    }
}

/// The condition keys that a pattern matches: the global ones, and those of the service that it names.
fn condition_keys(pattern: &str) -> Vec<ConditionKey> {
    if !pattern.contains(['*', '?']) {
        return catalog::key(pattern).into_iter().collect();
    }
    let Some((prefix, _)) = pattern.split_once(':') else { return Vec::new() };
    let wanted = pattern.to_ascii_lowercase();
    let mut keys: Vec<ConditionKey> = keys_of(prefix);
    keys.retain(|key| glob_matches(&wanted, &key.name.to_ascii_lowercase()));
    keys
}

/// The condition keys with a prefix.
fn keys_of(prefix: &str) -> Vec<ConditionKey> {
    match catalog::service(prefix) {
        _ if prefix.eq_ignore_ascii_case("aws") => catalog::global_keys().collect(),
        Some(service) => service.keys().collect(),
        None => Vec::new(),
    }
}

fn type_of(key: &ConditionKey) -> &'static str {
    key.kind.map_or("of a type that is not known", KeyType::as_str)
}

fn keys_table(keys: &[ConditionKey], out: &mut dyn Write) -> io::Result<()> {
    let width = keys.iter().map(|key| key.name.len()).max().unwrap_or(0);
    keys.iter().try_for_each(|key| writeln!(out, "{:width$}  {}", key.name, type_of(key)))
}

fn key_details(key: &ConditionKey, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}  a condition key, {}", key.name, type_of(key))?;
    if catalog::is_everywhere(key.name) {
        return writeln!(out, "  global: any request may carry it");
    }
    let carry = |action: &Action| action.keys().any(|own| own.name == key.name);
    let of = |service: catalog::Service| service.actions().filter(carry).map(|action| action.full_name);
    let actions: Vec<&str> = catalog::services().flat_map(of).collect();
    match &actions[..] {
        [] => writeln!(out, "  no action is known to support it"),
        several if several.len() > MOST_SHOWN => writeln!(out, "  {} actions support it", several.len()),
        few => writeln!(out, "  supported by: {}", few.join(", ")),
    }
}

/// The condition keys of an action, each once.
fn keys(action: &Action) -> Vec<&'static str> {
    let mut keys: Vec<&str> = action.keys().map(|key| key.name).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn managed(policy: &AwsPolicy, out: &mut dyn Write) -> io::Result<()> {
    let what = match (policy.limits, catalog::managed_policy(&policy.arn)) {
        (Some(limits), _) => format!("a {}", limits.policy()),
        (None, Some(policy)) => format!("{} of {}", policy.version(), policy.updated()),
        (None, None) => String::new(),
    };
    writeln!(out, "{}\n{}, {what}\n{}", policy.name, policy.arn, policy.document())
}

fn unknown(pattern: &str) -> Failure {
    let services: Vec<&str> = catalog::services().map(|service| service.prefix()).collect();
    // In full, so that it can be asked for as it stands.
    let mut prefix = String::new();
    let near = match pattern.split_once(':') {
        Some((service, name)) => {
            let keys = keys_of(service).into_iter().filter_map(|key| Some(key.name.split_once(':')?.1));
            match catalog::service(service) {
                Some(service) => {
                    prefix = format!("{}:", service.prefix());
                    nearest(name, service.actions().map(|action| action.name()).chain(keys).collect::<Vec<_>>())
                }
                None if service.eq_ignore_ascii_case("aws") => {
                    prefix = "aws:".to_owned();
                    nearest(name, keys.collect::<Vec<_>>())
                }
                None => nearest(service, services),
            }
        }
        None => nearest(pattern, services.into_iter().chain(aws_policy::names())),
    };
    let near: Vec<String> = near.iter().map(|name| format!("{prefix}{name}")).collect();
    let way_out = match &near.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => "`whit catalog` shows what there is".to_owned(),
        near => format!("did you mean {}?", any_of(near)),
    };
    Failure::Usage(format!("nothing matches `{pattern}` in the catalogue of {}: {way_out}", catalog::DATE))
}
