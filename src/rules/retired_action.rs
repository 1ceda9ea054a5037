//! `retired-action`

use super::{PolicyCx, Rule};
use crate::access::actions::{Retired, retired};
use crate::finding::Problem;

pub(super) struct RetiredAction;

impl Rule for RetiredAction {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for &(pattern, at) in cx.unmatched_actions() {
            let message = match retired(pattern).filter(|_| !cx.settings.overlay.has(pattern)) {
                Some(Retired::Action(name)) => format!("AWS no longer has `{name}`"),
                Some(Retired::Service(service)) => format!("AWS no longer has the service `{service}`"),
                Some(Retired::Matches) => format!("AWS no longer has what `{}` matches", pattern.as_str()),
                None => continue,
            };
            out.push(Problem::new(at, message).help("delete the entry: it allows and denies nothing"));
        }
    }
}
