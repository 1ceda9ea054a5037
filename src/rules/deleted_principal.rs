//! `deleted-principal`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::Principal;

pub(super) struct DeletedPrincipal;

impl Rule for DeletedPrincipal {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let elements = cx.statements().iter().filter_map(|statement| statement.principal.as_ref());
        for (principal, at) in elements.flat_map(|element| element.list.known()) {
            let Principal::OtherAws(text) = principal else { continue };
            let what = match text.get(..4) {
                Some("AROA") => "role",
                Some("AIDA") => "user",
                _ => continue,
            };
            if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) && text.len() >= 16 {
                out.push(
                    Problem::new(at, format!("`{text}` is what is left of a deleted {what}"))
                        .note(format!("a {what} of the same name made anew is another one"))
                        .help(format!("delete the entry, or name the {what} by its ARN")),
                );
            }
        }
    }
}
