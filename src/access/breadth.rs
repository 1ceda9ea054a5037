//! How far a statement goes: over how many resources, under which conditions.

use crate::policy::{
    ActionPattern, BaseOperator, Condition, Piece, Principal, ResourcePattern, Statement, Value, render_with,
};

/// How many resources a statement names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Breadth {
    /// Some, each of them by a part of its name at least.
    Narrow,
    /// Not known before deployment.
    Unknown,
    /// All of the service, or all of one type.
    Wide,
}

/// How many resources a statement names for the actions of a pattern: ARNs of other services do not count where there are
/// some of its own.
pub fn breadth(statement: &Statement, pattern: &ActionPattern) -> Breadth {
    breadth_for(statement, pattern.service().unwrap_or("*"))
}

/// How many resources a statement names for the actions of a service, or of those that a pattern of services matches.
pub(super) fn breadth_for(statement: &Statement, service: &str) -> Breadth {
    let Some(element) = &statement.resource else { return Breadth::Unknown };
    if element.negated {
        return Breadth::Wide;
    }
    let own = |resource: &ResourcePattern| {
        resource.arn().is_none_or(|arn| arn.service.contains('*') || arn.service.eq_ignore_ascii_case(service))
    };
    let named = |resource: &ResourcePattern| resource.arn().is_some() && own(resource);
    // Some prefixes of actions differ from those of the ARNs that they work on: then every ARN may be one.
    let any_own = !service.contains(['*', '?']) && element.list.items.iter().any(|item| item.value.known_any(named));
    let counts = |resource: &ResourcePattern| !any_own || own(resource);
    let of = |value: &Value<ResourcePattern>| {
        if let Value::Partly(pieces) = value {
            return partly(pieces);
        }
        if value.known_any(|resource| counts(resource) && !is_narrow(resource)) {
            Breadth::Wide
        } else if value.must(|resource| !counts(resource) || is_narrow(resource)) {
            Breadth::Narrow
        } else {
            Breadth::Unknown
        }
    };
    let unseen = if element.list.open { Breadth::Unknown } else { Breadth::Narrow };
    element.list.items.iter().map(|item| of(&item.value)).fold(unseen, Ord::max)
}

/// How many resources a pattern names of which not all is known: what holds for whatever stands in its holes.
fn partly(pieces: &[Piece]) -> Breadth {
    let filled = |hole: &str| is_narrow(&ResourcePattern::new(&render_with(pieces, |_| hole.to_owned())));
    // A hole that the text begins with can be an ARN.
    let begun = !matches!(pieces.first(), Some(Piece::Hole(_)));
    match (filled("*"), filled("x")) {
        (true, _) => Breadth::Narrow,
        (_, false) if begun => Breadth::Wide,
        _ => Breadth::Unknown,
    }
}

/// True if a statement names resources by a pattern, known to its end or not: more of them may be made.
pub fn names_by_pattern(statement: &Statement) -> bool {
    statement.resources().iter().any(|item| match &item.value {
        Value::Partly(pieces) => pieces.contains(&Piece::Star),
        value => value.known_any(|resource| resource.as_str().contains('*')),
    })
}

/// Services whose ARNs have the name where others have a type: `arn:aws:s3:::bucket/key`.
/// Source: the resource types of the service authorization reference.
const NAME_FIRST: [&str; 8] =
    ["codecommit", "codepipeline", "execute-api", "neptune-db", "s3", "servicequotas", "sns", "sqs"];

/// True if a pattern names some resources of a service by a part of their name, and not merely all of a type:
/// `table/orders-*` does, `table/*` does not.
fn is_narrow(resource: &ResourcePattern) -> bool {
    if resource.matches_everything() {
        return false;
    }
    let Some(arn) = resource.arn() else {
        // Too short for an ARN: with a `*` at its end it still matches all that begins so.
        return !resource.as_str().contains('*');
    };
    let names = |text: &str| text.bytes().any(|byte| byte.is_ascii_alphanumeric());
    let path = arn.resource.trim_start_matches('/');
    if NAME_FIRST.contains(&arn.service) {
        return names(path);
    }
    let mut named = path.split(['/', ':']).map(names).peekable();
    // The first part is the type, and a word between wildcards that of an inner resource: `table/*/index/*`.
    let mut before = named.next();
    if named.peek().is_none() {
        return names(path) && !path.contains(['*', '?']);
    }
    while let Some(part) = named.next() {
        if part && !(before == Some(false) && named.peek() == Some(&false)) {
            return true;
        }
        before = Some(part);
    }
    false
}

/// The first condition that narrows *what* a statement reaches: the resource, the region, the request. Conditions on who
/// calls, whence and how (MFA, network, organisation) leave all of it open to whoever meets them.
pub fn narrowing(statement: &Statement) -> Option<&Condition> {
    narrowings(statement).next()
}

/// All conditions that narrow what a statement reaches, as [`narrowing`].
pub fn narrowings(statement: &Statement) -> impl Iterator<Item = &Condition> {
    statement.conditions.iter().filter(|condition| is_about_what(&condition.key.value) && is_met_by_few(condition))
}

/// True if a condition limits a statement to the actions of AWS's MCP servers: a handful, whatever `Action` says.
pub fn is_for_mcp_only(statement: &Statement) -> bool {
    statement.conditions.iter().any(|condition| condition.is_on("aws:IsMcpServiceAction") && is_met_by_few(condition))
}

/// True if a condition certainly fails where its key is absent, and does not hold for every value of the key.
fn is_met_by_few(condition: &Condition) -> bool {
    let (operator, values) = (&condition.operator.value, &condition.values);
    let fixed = |value: &str| match operator.base {
        // Where a flag is off there is as good as everything.
        Some(BaseOperator::Bool) => value.eq_ignore_ascii_case("true"),
        // The key has to be there: the resource must carry the tag.
        Some(BaseOperator::Null) => value.eq_ignore_ascii_case("false"),
        Some(_) => !value.bytes().all(|byte| matches!(byte, b'*' | b'?')),
        None => false,
    };
    // Where nothing is a wildcard every value is a fixed one, whatever it turns out to be.
    let exact = matches!(operator.base, Some(BaseOperator::StringEquals | BaseOperator::StringEqualsIgnoreCase));
    let all_fixed = values.items.iter().all(|item| match &item.value {
        Value::Known(value) => fixed(value),
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

/// True if all resources of a statement are the caller's own user, `user/${aws:username}`, or MFA devices.
pub fn is_only_self(statement: &Statement) -> bool {
    let own = |resource: &ResourcePattern| {
        resource.arn().is_some_and(|arn| {
            arn.service == "iam" && (arn.resource.contains("${aws:username}") || arn.resource.starts_with("mfa/"))
        })
    };
    let resources = statement.resources();
    !resources.is_empty() && resources.iter().all(|resource| resource.value.must(own))
}

/// True if all resources of a statement are service-linked roles: whom they trust and what they may do is for their service to say.
pub fn is_only_service_linked(statement: &Statement) -> bool {
    let linked = |text: &str| text.contains(":role/aws-service-role/");
    let open = statement.resource.as_ref().is_none_or(|element| element.negated || element.list.open);
    let mut resources = statement.resources().iter().map(|resource| &resource.value);
    !open
        && !statement.resources().is_empty()
        && resources.all(|value| match value {
            Value::Partly(pieces) => linked(&render_with(pieces, |name| format!("${{{name}}}"))),
            value => value.must(|resource| linked(resource.as_str())),
        })
}

/// True if a statement of a resource-based policy is for whole accounts only, which `delegates` accepts each: what their
/// principals may do is then up to the policies of these accounts.
pub fn is_delegation(statement: &Statement, delegates: impl Fn(&str) -> bool + Copy) -> bool {
    let account = |principal: &Principal| match principal {
        Principal::Account { id, .. } => delegates(id),
        _ => false,
    };
    let open = statement.principal.as_ref().is_none_or(|element| element.list.open);
    let principals = statement.principals();
    !open && !principals.is_empty() && principals.iter().all(|principal| principal.value.must(account))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_no_name() {
        for (text, expected) in [
            ("*", false),
            ("arn:aws:s3:::*", false),
            ("arn:aws:s3:*", false),
            ("arn:aws:s3:::*/*", false),
            ("arn:aws:s3:::bucket", true),
            ("arn:aws:s3:::*-logs/*", true),
            ("arn:aws:s3:::*/logs/*", true),
            ("arn:aws:sqs:eu-west-1:111122223333:*", false),
            ("arn:aws:sqs:*:*:orders-*", true),
            ("arn:aws:dynamodb:*:111122223333:table/*", false),
            ("arn:aws:dynamodb:*:*:table/orders", true),
            ("arn:aws:dynamodb:*:*:table/*/index/*", false),
            ("arn:aws:dynamodb:*:*:table/orders/index/*", true),
            ("arn:aws:dynamodb:*:*:*", false),
            ("arn:aws:dynamodb:*:*:table*", false),
            ("arn:aws:logs:*:*:log-group:*:log-stream:*", false),
            ("arn:aws:logs:*:*:log-group:/aws/lambda/*", true),
            ("arn:aws:apigateway:eu-west-1::/restapis/*", false),
            ("arn:aws:iam::111122223333:user/${aws:username}", true),
            ("arn:aws:wafv2:*:*:*/webacl/*/*", false),
            ("arn:aws:wafv2:*:*:regional/webacl/front/*", true),
            ("arn:aws:iam::*:role/*", false),
            ("arn:aws:iam::*:role/service-role/*", true),
        ] {
            assert_eq!(is_narrow(&ResourcePattern::new(text)), expected, "{text}");
        }
    }

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
