//! `service-wildcard`

use super::{PolicyCx, Rule};
use crate::access::actions::{changes, is_known_service};
use crate::access::breadth::{Breadth, breadth, names_known, narrowing};
use crate::access::targets::Targets;
use crate::access::wildcard::{Class, Entry, Reach, wildcards_of};
use crate::catalog;
use crate::finding::Problem;

/// A statement that allows every action of a service.
pub(super) struct ServiceWildcard;

impl Rule for ServiceWildcard {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() || cx.is_trust() || cx.is_administrator() {
            return;
        }
        for statement in cx.granting() {
            let targets = Targets::of(statement);
            let narrowed = cx.is_resource() || narrowing(statement).is_some();
            let reaching = |entry: &Entry<'_>| {
                if !cx.effective().leaves(statement, entry.pattern) {
                    return None;
                }
                let reach = is_known_service(entry.pattern)
                    .then(|| Reach::of(changes(entry.pattern).filter(|action| targets.has(action))));
                let small = reach.as_ref().is_some_and(Reach::is_small);
                let harmless = reach.as_ref().is_some_and(|reach| reach.changes == 0);
                let minor = || narrowed || small || breadth(statement, entry.pattern) != Breadth::Wide;
                (!harmless).then(|| (minor(), reach))
            };
            for (entries, minor) in wildcards_of(statement, Class::Service, reaching) {
                // A service that is not known is told of where there is nothing else.
                let (known, unknown): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(_, reach)| reach.is_some());
                let entries = if known.is_empty() { unknown } else { known };
                let Some(((first, reach), rest)) = entries.split_first() else { continue };
                let service = |entry: &Entry<'_>| entry.pattern.service().unwrap_or("").to_owned();
                let note = match reach {
                    Some(reach) => format!("reaches {reach}"),
                    None => format!("no service that was known on {}", catalog::DATE),
                };
                let on_known =
                    names_known(statement) || breadth(statement, first.pattern) == Breadth::Wide || cx.is_resource();
                out.push(
                    Problem::new(first.origin, format!("statement allows every action of `{}`", service(first)))
                        .note(note)
                        .label_all(rest.iter().map(|(entry, _)| (entry.origin, format!("and of `{}`", service(entry)))))
                        .help("list the actions that are used, or name the resources that they are for")
                        .certain_if(statement.allows() && first.certain && reach.is_some() && on_known)
                        .pedantic_if(minor),
                );
            }
        }
    }
}
