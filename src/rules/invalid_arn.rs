//! `invalid-arn`

use super::{PolicyCx, Rule};
use crate::access::fit::is_arn_service;
use crate::catalog;
use crate::finding::Problem;
use crate::policy::{ResourcePattern, is_stand_in};
use crate::source::Origin;

pub(super) struct InvalidArn;

impl Rule for InvalidArn {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let elements = cx.statements().iter().filter_map(|statement| statement.resource.as_ref());
        let api = cx.resource_service() == Some("execute-api");
        let mut unknown: Vec<(&str, Vec<&Origin>)> = Vec::new();
        for (resource, at) in elements.flat_map(|element| element.list.known()) {
            // What a function falls back to, or a default, often only says that there is nothing.
            if at.replaceable && !resource.as_str().starts_with("arn:") {
                continue;
            }
            // API Gateway itself puts the rest of the ARN before it.
            if api && resource.as_str().starts_with("execute-api:/") {
                continue;
            }
            // One fact, however often it is written.
            if let Some(partition) = unknown_partition(resource) {
                match unknown.iter_mut().find(|(known, _)| *known == partition) {
                    Some((_, places)) => places.push(at),
                    None => unknown.push((partition, vec![at])),
                }
                continue;
            }
            if let Some((message, help)) = judge(resource) {
                // Many write `arn:aws:logs:*`, and AWS has taken it for years.
                let short =
                    resource.arn().is_none() && resource.as_str().starts_with("arn:") && resource.is_shortened();
                out.push(Problem::new(at, message).help(help).certain_if(!short).pedantic_if(short));
            }
        }
        for (partition, places) in unknown {
            let Some((first, others)) = places.split_first() else { continue };
            out.push(
                Problem::new(first, format!("AWS has no partition `{partition}`"))
                    .label_all(others.iter().map(|at| (*at, "here too".to_owned())))
                    .help("write `aws`, or the partition that is meant"),
            );
        }
    }
}

/// The partition of an ARN, where AWS has none of that name.
fn unknown_partition(resource: &ResourcePattern) -> Option<&str> {
    let partition = resource.arn().filter(|_| !resource.has_placeholder() && !resource.matches_everything())?.partition;
    (!is_open(partition) && catalog::partition(partition).is_none()).then_some(partition)
}

fn is_open(part: &str) -> bool {
    part.contains(['*', '?', '$'])
}

/// What is wrong with a resource, and what to do.
fn judge(resource: &ResourcePattern) -> Option<(String, String)> {
    let text = resource.as_str();
    let filled_in = text.starts_with("${") || resource.has_placeholder();
    if text.is_empty() || filled_in || resource.matches_everything() {
        return None;
    }
    if !text.starts_with("arn:") {
        return Some((
            format!("`{text}` is neither `*` nor an ARN"),
            "write the whole ARN, which begins with `arn:`".to_owned(),
        ));
    }
    if let Some(at) = [",arn:", ", arn:", ";arn:", " arn:"].iter().find_map(|between| text.find(between)) {
        return Some((
            format!("`{text}` holds several ARNs"),
            format!("make a list of them: what follows `{}` is taken for a part of its name", &text[..at]),
        ));
    }
    let Some(arn) = resource.arn() else {
        let help = "an ARN has six parts: `arn:partition:service:region:account:resource`".to_owned();
        return Some((format!("`{text}` has too few parts for an ARN"), help));
    };
    if arn.service.bytes().any(|byte| byte.is_ascii_uppercase()) && !is_open(arn.service) {
        let lower = arn.service.to_ascii_lowercase();
        return Some((format!("the service `{}` is written in lower case", arn.service), format!("write `{lower}`")));
    }
    if !is_arn_service(arn.service) {
        let near = crate::spelling::nearest(arn.service, catalog::services().map(|service| service.prefix()));
        let help = if near.is_empty() {
            "write the service as its ARNs have it".to_owned()
        } else {
            format!("write {}", crate::spelling::any_of(&near))
        };
        return Some((format!("no service has ARNs with `{}`", arn.service), help));
    }
    if !arn.region.is_empty() && !is_open(arn.region) && !is_stand_in(arn.region) && !catalog::is_region(arn.region) {
        return Some((
            format!("AWS has no region `{}`", arn.region),
            "write a region as `eu-central-1`, or `*`".to_owned(),
        ));
    }
    let digits = arn.account.len() == 12 && arn.account.bytes().all(|byte| byte.is_ascii_digit());
    if !arn.account.is_empty()
        && !is_open(arn.account)
        && !is_stand_in(arn.account)
        && !digits
        && !arn.account.starts_with("aws")
    {
        return Some((
            format!("`{}` is no number of an account", arn.account),
            "write the twelve digits of the account".to_owned(),
        ));
    }
    None
}
