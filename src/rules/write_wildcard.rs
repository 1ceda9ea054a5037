//! `write-wildcard`

use super::{PolicyCx, Rule};
use crate::access::actions::{changes, is_known_service, is_read_verb};
use crate::access::breadth::{Breadth, breadth, names_known};
use crate::access::scope::narrowing;
use crate::access::targets::Targets;
use crate::access::wildcard::{Class, Entry, Reach, wildcards_of};
use crate::catalog;
use crate::finding::Problem;

/// A wildcard over some actions of a service that reaches writes or permissions management.
pub(super) struct WriteWildcard;

impl Rule for WriteWildcard {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.has_wildcard(Class::Part) || !cx.grants() || cx.is_trust() || cx.is_administrator() {
            return;
        }
        for statement in cx.granting() {
            let targets = Targets::of(statement);
            let narrowed = cx.is_resource() || narrowing(statement).is_some();
            let reaching = |entry: &Entry<'_>| {
                if !cx.effective().leaves(statement, entry.pattern) {
                    return None;
                }
                let reach = Reach::of(changes(entry.pattern).filter(|action| targets.has(action)));
                let known = reach.changes > 0;
                // What is not known may change something: say so to those who want to hear all.
                let unknown = !known && !is_read_verb(entry.pattern.name()) && !is_known_service(entry.pattern);
                let minor = || narrowed || unknown || reach.is_small();
                let minor = minor() || breadth(statement, entry.pattern) != Breadth::Wide;
                (known || unknown).then_some((minor, reach))
            };
            for (entries, minor) in wildcards_of(statement, Class::Part, reaching) {
                let Some(((first, reach), rest)) = entries.split_first() else { continue };
                let known = reach.changes > 0;
                let (what, note) = match known {
                    true => (format!("{}{}", reach.that("write"), of_permissions(reach)), reach.examples()),
                    false => {
                        ("what is not known".to_owned(), format!("no service that was known on {}", catalog::DATE))
                    }
                };
                let on_known =
                    names_known(statement) || breadth(statement, first.pattern) == Breadth::Wide || cx.is_resource();
                out.push(
                    Problem::new(first.origin, format!("`{}` reaches {what}", first.pattern.as_str()))
                        .note(note)
                        .label_all(rest.iter().map(|(entry, reach)| (entry.origin, format!("and {reach}"))))
                        .help("name the actions that are needed, or the resources that they are for")
                        .certain_if(statement.allows() && first.certain && known && on_known)
                        .pedantic_if(minor),
                );
            }
        }
    }
}

/// How many of the actions manage permissions, as the rest of a sentence.
fn of_permissions(reach: &Reach) -> String {
    match (reach.permissions, reach.changes) {
        (0, _) => String::new(),
        (_, 1) => " permissions".to_owned(),
        (some, all) if some == all => ", all of them permissions".to_owned(),
        (some, _) => format!(", {some} of them permissions"),
    }
}
