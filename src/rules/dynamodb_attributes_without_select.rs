//! `dynamodb-attributes-without-select`

use super::{PolicyCx, Rule};
use crate::access::actions::statement_matches;
use crate::finding::Problem;

pub(super) struct DynamodbAttributesWithoutSelect;

/// The actions that return attributes.
const READS: [&str; 4] = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan"];

impl Rule for DynamodbAttributesWithoutSelect {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.statements().iter().filter(|statement| statement.may_allow() && !statement.conditions_open)
        {
            let has = |key: &str| statement.conditions.iter().any(|condition| condition.is_on(key));
            let Some(condition) = statement.conditions.iter().find(|condition| condition.is_on("dynamodb:Attributes"))
            else {
                continue;
            };
            if has("dynamodb:Select") || !READS.iter().any(|action| statement_matches(statement, action).possible()) {
                continue;
            }
            out.push(
                Problem::new(&condition.key.origin, "a request that lists no attributes returns them all")
                    .note("compared with the attributes that the request names")
                    .help("add `\"StringEqualsIfExists\": {\"dynamodb:Select\": \"SPECIFIC_ATTRIBUTES\"}`"),
            );
        }
    }
}
