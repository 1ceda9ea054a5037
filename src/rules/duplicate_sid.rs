//! `duplicate-sid`

use super::{PolicyCx, Rule};
use crate::finding::{Fix, Problem};
use crate::policy::PolicyKind;
use std::collections::HashMap;

pub(super) struct DuplicateSid;

impl Rule for DuplicateSid {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let minor = cx.is(|kind| matches!(kind, PolicyKind::Resource(_) | PolicyKind::Endpoint));
        let mut seen = HashMap::new();
        let taken: Vec<&str> = cx.statements().iter().filter_map(|statement| statement.known_sid()).collect();
        let free = |sid: &str| {
            (2..).map(|number| format!("{sid}{number}")).find(|sid| !taken.contains(&&**sid)).unwrap_or_default()
        };
        for statement in cx.statements() {
            let Some(sid) = &statement.sid else { continue };
            let Some(text) = sid.value.known().filter(|text| !text.is_empty()) else { continue };
            match seen.get(text) {
                None => drop(seen.insert(text.clone(), &sid.origin)),
                Some(first) => out.push(
                    Problem::new(&sid.origin, format!("`{text}` stands twice in one policy"))
                        .label(first, "the first one")
                        .help("give each statement a `Sid` of its own")
                        .fix(Some(
                            Fix::replace(format!("call it `{}`", free(text)), &sid.origin, free(text)).safe_if(true),
                        ))
                        .pedantic_if(minor),
                ),
            }
        }
    }
}
