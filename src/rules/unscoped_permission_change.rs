//! `unscoped-permission-change`

use super::{PolicyCx, Rule};
use crate::access::everywhere::everywhere;
use crate::access::opening::opened_everywhere;
use crate::access::wildcard::is_wrong_entry;
use crate::finding::Problem;

/// A policy that may change who reaches a thing, whichever it is.
pub(super) struct UnscopedPermissionChange;

impl Rule for UnscopedPermissionChange {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() || !cx.is_identity() || cx.is_administrator() {
            return;
        }
        let mut opened = opened_everywhere(&cx.effective());
        // Wildcards that another rule tells of are told only where there is nothing else.
        opened.sort_by_key(|(_, granted)| is_wrong_entry(granted.entry, granted.statement));
        let plain = opened.partition_point(|(_, granted)| !is_wrong_entry(granted.entry, granted.statement));
        opened.truncate(if plain > 0 { plain } else { 1 });
        let Some(((action, first), rest)) = opened.split_first() else { return };
        let Some(everywhere) = everywhere(first.statement, action) else { return };
        let rest = rest.iter().filter(|(_, granted)| granted.entry != first.entry);
        out.push(
            Problem::new(first.entry, format!("`{action}` can open every resource to others"))
                .note("changes who may do what with it")
                .label(everywhere.resource, "whichever it is")
                .label_all(rest.map(|(action, granted)| (granted.entry, format!("and with `{action}`"))))
                .help("name the resources that it is for")
                .certain_if(first.certain),
        );
    }
}
