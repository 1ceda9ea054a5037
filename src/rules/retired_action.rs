//! `retired-action`

use super::{PolicyCx, Rule};
use crate::catalog;
use crate::finding::Problem;

pub(super) struct RetiredAction;

impl Rule for RetiredAction {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let elements = cx.statements().iter().filter_map(|statement| statement.action.as_ref());
        for (pattern, at) in elements.flat_map(|element| element.list.known()) {
            if pattern.has_wildcard() || catalog::action(pattern.as_str()).is_some() {
                continue;
            }
            let retired = catalog::retired().find(|(name, _)| name.eq_ignore_ascii_case(pattern.as_str()));
            let Some((name, _)) = retired else { continue };
            out.push(
                Problem::new(at, format!("AWS no longer has `{name}`"))
                    .help("delete the entry: it allows and denies nothing"),
            );
        }
    }
}
