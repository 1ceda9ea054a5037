//! Conditions that narrow what a statement reaches.

use crate::policy::{BaseOperator, Condition, Piece, Statement, Value};

/// The first condition that narrows *what* a statement reaches: the resource, the region, the request. Conditions on who
/// calls, whence and how (MFA, network, organisation) leave all of it open to whoever meets them.
pub fn narrowing(statement: &Statement) -> Option<&Condition> {
    narrowings(statement).next()
}

/// All conditions that narrow what a statement reaches, as [`narrowing`].
pub fn narrowings(statement: &Statement) -> impl Iterator<Item = &Condition> {
    statement.conditions.iter().filter(|condition| is_about_what(&condition.key.value) && is_met_by_few(condition))
}

/// True if a condition says in whose accounts the resources of a statement are.
pub fn names_owners(statement: &Statement) -> bool {
    const OWNERS: [&str; 3] = ["aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths"];
    let is_owner = |condition: &&Condition| OWNERS.iter().any(|key| condition.is_on(key));
    statement.conditions.iter().filter(is_owner).any(is_met_by_few)
}

/// True if a condition limits a statement to the actions of AWS's MCP servers: a handful, whatever `Action` says.
pub fn is_for_mcp_only(statement: &Statement) -> bool {
    statement.conditions.iter().any(|condition| condition.is_on("aws:IsMcpServiceAction") && is_met_by_few(condition))
}

/// True if a condition certainly fails where its key is absent, and does not hold for every value of the key; that of a tag
/// may be any, as the resource must carry it.
fn is_met_by_few(condition: &Condition) -> bool {
    let (operator, values) = (&condition.operator.value, &condition.values);
    let tag = condition.key.value.contains('/');
    let fixed = |value: &str| match operator.base {
        // Where a flag is off there is as good as everything.
        Some(BaseOperator::Bool) => value.eq_ignore_ascii_case("true"),
        // The key has to be there: the resource must carry the tag.
        Some(BaseOperator::Null) => value.eq_ignore_ascii_case("false"),
        Some(_) => tag || !value.bytes().all(|byte| matches!(byte, b'*' | b'?')),
        None => false,
    };
    let is_flag = matches!(operator.base, None | Some(BaseOperator::Bool | BaseOperator::Null));
    // Where nothing is a wildcard every value is a fixed one, whatever it turns out to be; and a tag has to be there.
    let exact = matches!(operator.base, Some(BaseOperator::StringEquals | BaseOperator::StringEqualsIgnoreCase))
        || tag && !is_flag;
    let all_fixed = values.items.iter().all(|item| match &item.value {
        Value::Known(value) => fixed(value),
        // `alias/${name}` is no alias of somebody else's kind, whatever is filled in.
        Value::Partly(pieces) if !is_flag => exact || pieces.iter().any(|piece| matches!(piece, Piece::Lit(_))),
        value => exact || value.must(|value| fixed(value)),
    });
    operator.needs_key() && (exact || !values.open) && !values.items.is_empty() && all_fixed
}

/// Keys that stand in the request of an action or on its resource. A service's own keys do, but for a few.
fn is_about_what(key: &str) -> bool {
    const GLOBAL: [&str; 6] = [
        "aws:calledvia",
        "aws:ismcpserviceaction",
        "aws:requestedregion",
        "aws:requesttag/",
        "aws:resourcetag/",
        "aws:tagkeys",
    ];
    const HOW: [&str; 4] = ["s3:authtype", "s3:signatureversion", "s3:tlsversion", "sts:externalid"];
    let begins = |start: &str| key.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start));
    if begins("aws:") {
        return GLOBAL.iter().any(|global| begins(global));
    }
    key.contains(':') && !HOW.iter().any(|how| how.eq_ignore_ascii_case(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_about_what_or_who() {
        for key in ["aws:ResourceTag/team", "aws:RequestedRegion", "iam:PassedToService", "EC2:InstanceType"] {
            assert!(is_about_what(key), "{key}");
        }
        for key in ["aws:SourceIp", "aws:MultiFactorAuthPresent", "aws:PrincipalTag/team", "s3:TlsVersion", "nonsense"]
        {
            assert!(!is_about_what(key), "{key}");
        }
    }
}
