//! `duplicate-sid`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::PolicyKind;
use std::collections::HashMap;

pub(super) struct DuplicateSid;

impl Rule for DuplicateSid {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let minor = cx.is(|kind| matches!(kind, PolicyKind::Resource(_) | PolicyKind::Endpoint));
        let mut seen = HashMap::new();
        for statement in cx.statements() {
            let Some(sid) = &statement.sid else { continue };
            let Some(text) = sid.value.known().filter(|text| !text.is_empty()) else { continue };
            match seen.get(text) {
                None => drop(seen.insert(text.clone(), &sid.origin)),
                Some(first) => out.push(
                    Problem::new(&sid.origin, format!("`{text}` stands twice in one policy"))
                        .label(first, "the first one")
                        .help("give each statement a `Sid` of its own")
                        .pedantic_if(minor),
                ),
            }
        }
    }
}
