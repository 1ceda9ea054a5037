//! `retired-action`

use super::{PolicyCx, Rule};
use crate::catalog;
use crate::finding::Problem;

pub(super) struct RetiredAction;

impl Rule for RetiredAction {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for named in cx.named_actions().iter().filter(|named| named.action.is_none()) {
            let (pattern, at) = (named.pattern, named.at);
            let text = pattern.as_str();
            let retired = catalog::retired(text).find(|(name, _)| name.eq_ignore_ascii_case(text));
            let Some((name, _)) = retired else { continue };
            out.push(
                Problem::new(at, format!("AWS no longer has `{name}`"))
                    .help("delete the entry: it allows and denies nothing"),
            );
        }
    }
}
