//! `redundant-statement`

use super::{PolicyCx, Rule};
use crate::access::redundancy::includes;
use crate::finding::Problem;

pub(super) struct RedundantStatement;

/// Policies with more statements are left alone: each is compared with each.
const MOST: usize = 60;

impl Rule for RedundantStatement {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let statements = cx.statements();
        if statements.len() > MOST {
            return;
        }
        let services = cx.services();
        for (at, narrow) in statements.iter().enumerate() {
            let wide = statements.iter().enumerate().find(|(other, wide)| {
                // One of services that the other does not name is not included in it. Of two equal ones the first stays.
                services[at] & !services[*other] == 0
                    && *other != at
                    && includes(wide, narrow)
                    && (*other < at || !includes(narrow, wide))
            });
            if let Some((_, wide)) = wide {
                out.push(
                    Problem::new(&narrow.origin, "statement adds nothing")
                        .label(&wide.origin, "this one says the same, or more")
                        .help("delete it"),
                );
            }
        }
    }
}
