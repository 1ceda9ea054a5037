//! `unrestricted-kms-grant`

use super::{PolicyCx, Rule};
use crate::access::Truth;
use crate::access::scope::narrowing;
use crate::finding::Problem;
use crate::policy::{BaseOperator, Statement};

/// A policy whose holder may let anyone use a key, whatever its key policy says.
pub(super) struct UnrestrictedKmsGrant;

const ACTION: &str = "kms:CreateGrant";

impl Rule for UnrestrictedKmsGrant {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() || cx.is_trust() || cx.is_administrator() {
            return;
        }
        let granting: Vec<_> = cx.granting().collect();
        for granted in cx.effective().grants(ACTION) {
            let statement = granted.statement;
            if narrowing(statement).is_some()
                || is_through_service(statement)
                || !granting.iter().any(|own| own.origin == statement.origin)
            {
                continue;
            }
            let everywhere = granted.on_every_resource(ACTION) == Truth::Yes && !cx.is_resource();
            out.push(
                Problem::new(granted.entry, "`kms:CreateGrant` lets its holder give a key to whomever they like")
                    .note("a grant goes round the key policy")
                    .help("limit it to grants for AWS services: `\"Bool\": {\"kms:GrantIsForAWSResource\": \"true\"}`")
                    .certain_if(granted.certain && !statement.conditions_open)
                    // Of a few keys their administrators may mean it.
                    .pedantic_if(!everywhere),
            );
        }
    }
}

/// True if only a service may make the grant, on behalf of the caller: what it is for is the service's.
fn is_through_service(statement: &Statement) -> bool {
    statement.conditions.iter().any(|condition| {
        let operator = &condition.operator.value;
        let values = &condition.values.items;
        condition.is_on("aws:ViaAWSService")
            && operator.base == Some(BaseOperator::Bool)
            && operator.needs_key()
            && !values.is_empty()
            && values.iter().all(|item| item.value.must(|value| value.eq_ignore_ascii_case("true")))
    })
}
