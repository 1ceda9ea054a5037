//! `iam-wildcard`

use super::{PolicyCx, Rule};
use crate::access::breadth::{Breadth, breadth, is_only_self};
use crate::access::targets::Targets;
use crate::access::wildcard::{Class, Entry, Reach, identity_changes, wildcards_of};
use crate::finding::Problem;
use crate::policy::Statement;

/// A wildcard over the actions that decide who somebody is and what they may do.
pub(super) struct IamWildcard;

impl Rule for IamWildcard {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.has_wildcard(Class::Identity) || !cx.grants() || cx.is_trust() || cx.is_administrator() {
            return;
        }
        for statement in cx.statements().iter().filter(|statement| statement.may_allow()) {
            let targets = Targets::of(statement);
            let reaching = |entry: &Entry<'_>| {
                if !cx.effective().leaves(statement, entry.pattern) {
                    return None;
                }
                let reach = Reach::of(identity_changes(entry.pattern).filter(|action| targets.has(action)));
                (reach.changes > 0).then(|| (is_minor(statement, entry, &reach), reach))
            };
            for (entries, minor) in wildcards_of(statement, Class::Identity, reaching) {
                let Some(((first, reach), rest)) = entries.split_first() else { continue };
                let message = format!("`{}` reaches {} who may do what", first.pattern.as_str(), reach.that("decide"));
                out.push(
                    Problem::new(first.origin, message)
                        .note(reach.examples())
                        .label_all(rest.iter().map(|(entry, reach)| (entry.origin, format!("and {reach}"))))
                        .help("name the actions that are needed: whoever can change roles and policies can give themselves the rest")
                        .certain_if(statement.allows() && first.certain)
                        .pedantic_if(minor),
                );
            }
        }
    }
}

/// True for what a security engineer would let pass: a named role to assume, or people who look after their own keys.
fn is_minor(statement: &Statement, entry: &Entry<'_>, reach: &Reach) -> bool {
    let assumes = reach.worst.iter().all(|name| name.starts_with("sts:"));
    (assumes && breadth(statement, entry.pattern) != Breadth::Wide)
        || (reach.permissions == 0 && is_only_self(statement))
}
