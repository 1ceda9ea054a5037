//! `duplicate-sid`

use super::{PolicyCx, Rule};
use crate::finding::{Fix, Problem};
use crate::policy::PolicyKind;
use std::collections::{BTreeMap, HashSet};

pub(super) struct DuplicateSid;

impl Rule for DuplicateSid {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let minor = cx.is(|kind| matches!(kind, PolicyKind::Resource(_) | PolicyKind::Endpoint));
        let mut seen = BTreeMap::new();
        let sids = || cx.statements().iter().filter_map(|statement| statement.known_sid().map(str::to_owned));
        let mut taken: Option<HashSet<String>> = None;
        for statement in cx.statements() {
            let Some(sid) = &statement.sid else { continue };
            let Some(text) = sid.value.known().filter(|text| !text.is_empty()) else { continue };
            match seen.get(text) {
                None => drop(seen.insert(text, (statement, &sid.origin))),
                Some((other, first)) => {
                    // Deployment may choose one of them.
                    let perhaps = statement.contingent && other.contingent;
                    // No other statement has the name, nor is given it.
                    let taken = taken.get_or_insert_with(|| sids().collect());
                    let names = (2..).map(|number| format!("{text}{number}"));
                    let free = names.into_iter().find(|name| taken.insert(name.clone())).unwrap_or_default();
                    let fix = Fix::replace(format!("call it `{free}`"), &sid.origin, free).safe_if(true);
                    out.push(
                        Problem::new(&sid.origin, format!("`{text}` stands twice in one policy"))
                            .label(first, "the first one")
                            .help("give each statement a `Sid` of its own")
                            .fix(Some(fix))
                            .certain_if(!perhaps)
                            .pedantic_if(minor || perhaps),
                    );
                }
            }
        }
    }
}
