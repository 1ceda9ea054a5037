//! `wildcard-action`

use super::{PolicyCx, Rule};
use crate::access::attached::may_be_endpoint;
use crate::access::scope::is_for_mcp_only;
use crate::access::wildcard::{Class, Entry, class, wildcards};
use crate::finding::Problem;
use crate::policy::Statement;

/// A statement that allows every action of every service.
pub(super) struct WildcardAction;

impl Rule for WildcardAction {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.has_wildcard(Class::Everything) || !cx.grants() || cx.is_administrator() {
            return;
        }
        let ceiling = |statement: &Statement| cx.is_resource() && may_be_endpoint(cx.resource_service(), statement);
        for statement in cx.granting() {
            let everything = |entry: &Entry<'_>| {
                class(entry.pattern) == Some(Class::Everything) && cx.effective().leaves(statement, entry.pattern)
            };
            let Some(entry) = wildcards(statement).find(everything) else { continue };
            out.push(
                Problem::new(entry.origin, "statement allows every action")
                    .note("every action of every service that the resources have, and all that AWS adds")
                    .help("list the actions that are used: what CloudTrail has seen, or what IAM Access Analyzer makes of it")
                    .certain_if(statement.allows() && entry.certain && !ceiling(statement))
                    .pedantic_if(is_for_mcp_only(statement) || ceiling(statement)),
            );
        }
    }
}
