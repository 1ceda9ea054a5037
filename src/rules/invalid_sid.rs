//! `invalid-sid`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::{PolicyKind, has_placeholder};

pub(super) struct InvalidSid;

impl Rule for InvalidSid {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if cx.is(|kind| matches!(kind, PolicyKind::Resource(_) | PolicyKind::Endpoint)) {
            return;
        }
        for sid in cx.statements().iter().filter_map(|statement| statement.sid.as_ref()) {
            let Some(text) = sid.value.known() else { continue };
            let odd = text.chars().find(|c| !c.is_ascii_alphanumeric());
            if let Some(odd) = odd.filter(|_| !text.contains("${") && !has_placeholder(text)) {
                out.push(
                    Problem::new(&sid.origin, format!("`Sid` holds {}", shown(odd)))
                        .note("letters and digits only")
                        .help("write it without: AWS refuses the policy as it is"),
                );
            }
        }
    }
}

fn shown(odd: char) -> String {
    if odd == ' ' { "a space".to_owned() } else { format!("`{odd}`") }
}
