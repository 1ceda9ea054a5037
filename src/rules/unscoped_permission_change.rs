//! `unscoped-permission-change`

use super::{PolicyCx, Rule};
use crate::access::everywhere::everywhere;
use crate::access::opening::opened_everywhere;
use crate::access::wildcard::is_wrong_entry;
use crate::catalog;
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
            Problem::new(first.entry, format!("`{}` can {} to others", first.written(action), what(action)))
                .note("changes who may do what with it")
                .label(everywhere.resource, "whichever it is")
                .label_all(
                    rest.map(|(action, granted)| (granted.entry, format!("and with `{}`", granted.written(action)))),
                )
                .help("name the resources that it is for")
                .certain_if(first.certain),
        );
    }
}

/// What an action can do.
fn what(action: &str) -> String {
    match action {
        // It opens nothing, but takes away what keeps policies and ACLs from it.
        "s3:PutBucketPublicAccessBlock" => "let every bucket be opened".to_owned(),
        _ => format!("open every {}", kind(action)),
    }
}

/// What an action is for, in words: of the types that it takes the one with the plainest name.
fn kind(action: &str) -> String {
    let types = catalog::action(action).into_iter().flat_map(|action| action.targets());
    let name = types.map(|target| target.resource.name).min_by_key(|name| name.len()).unwrap_or("resource");
    let mut words = String::new();
    for (at, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && at > 0 {
            words.push(' ');
        }
        words.push(if letter == '-' { ' ' } else { letter.to_ascii_lowercase() });
    }
    words
}
