//! `service-wildcard`

use super::{PolicyCx, Rule};
use crate::access::actions::{changes, is_known_service};
use crate::access::breadth::{Breadth, breadth, names_known};
use crate::access::scope::narrowing;
use crate::access::targets::Targets;
use crate::access::wildcard::{Class, Entry, Reach, wildcards_of};
use crate::catalog;
use crate::finding::Problem;

/// A statement that allows every action of a service.
pub(super) struct ServiceWildcard;

/// The service of AWS's own help desk. The CIS AWS Foundations Benchmark asks for somebody who may do all that it has ("a support
/// role has been created to manage incidents"), and it has no resources to name.
const SUPPORT: &str = "support";

impl Rule for ServiceWildcard {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        out.extend(whole_services(cx).into_iter().map(|whole| {
            let also = whole.rest.iter().map(|(entry, _)| (entry.origin, format!("and of `{}`", service(entry))));
            Problem::new(whole.first.origin, format!("statement allows every action of `{}`", whole.service()))
                .note(whole.reaches())
                .label_all(also)
                .help("list the actions that are used, or name the resources that they are for")
                .certain_if(whole.certain)
                .pedantic_if(whole.minor)
        }));
    }
}

/// What a statement allows of whole services.
pub(super) struct Whole<'a> {
    first: Entry<'a>,
    /// What the first reaches; none where the service is not known.
    reach: Option<Reach>,
    rest: Vec<(Entry<'a>, Option<Reach>)>,
    certain: bool,
    /// True if it is little after all: a small service, some resources.
    pub(super) minor: bool,
}

impl Whole<'_> {
    /// The first service.
    pub(super) fn service(&self) -> &str {
        service(&self.first)
    }

    /// What that means.
    pub(super) fn reaches(&self) -> String {
        match &self.reach {
            Some(reach) => format!("reaches {reach}"),
            None => format!("no service that was known on {}", catalog::DATE),
        }
    }
}

fn service<'a>(entry: &Entry<'a>) -> &'a str {
    entry.pattern.service().unwrap_or("")
}

/// What a policy allows of whole services, statement by statement.
pub(super) fn whole_services<'a>(cx: &PolicyCx<'a>) -> Vec<Whole<'a>> {
    let mut found = Vec::new();
    if !cx.has_wildcard(Class::Service) || !cx.grants() || cx.is_trust() || cx.is_administrator() {
        return found;
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
            let small = reach.as_ref().is_some_and(Reach::is_small) || entry.pattern.service() == Some(SUPPORT);
            let harmless = reach.as_ref().is_some_and(|reach| reach.changes == 0);
            let minor = || narrowed || small || breadth(statement, entry.pattern) != Breadth::Wide;
            (!harmless).then(|| (minor(), reach))
        };
        for (entries, minor) in wildcards_of(statement, Class::Service, reaching) {
            // A service that is not known is told of where there is nothing else.
            let (known, unknown): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(_, reach)| reach.is_some());
            let mut entries = if known.is_empty() { unknown } else { known }.into_iter();
            let Some((first, reach)) = entries.next() else { continue };
            let on_known =
                names_known(statement) || breadth(statement, first.pattern) == Breadth::Wide || cx.is_resource();
            let certain = statement.allows() && first.certain && reach.is_some() && on_known;
            found.push(Whole { first, reach, rest: entries.collect(), certain, minor });
        }
    }
    found
}
