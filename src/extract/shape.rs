//! What a map or a list looks like that is a policy.

use crate::document::NodeRef;

/// True if a map has the elements of a statement.
fn is_statement(item: NodeRef<'_>) -> bool {
    item.entries().any(|(key, _)| {
        key.as_str().is_some_and(|key| {
            ["Effect", "Action", "NotAction"].iter().any(|element| key.eq_ignore_ascii_case(element))
        })
    })
}

/// True for a policy of Alibaba Cloud: it has the same elements, and a version of its own.
pub(super) fn is_of_alibaba(node: NodeRef<'_>) -> bool {
    node.get("Version").and_then(NodeRef::as_str) == Some("1") && node.get("Statement").is_some()
}

/// True if a map is a policy document: its `Statement` holds something with the elements of one, or it stands where only
/// documents stand.
pub(super) fn is_policy(node: NodeRef<'_>, key: Option<&str>) -> bool {
    // `AWS::Events::EventBusPolicy` has a statement beside other properties.
    if key == Some("Properties") {
        return false;
    }
    let named = node.entries().filter(|(key, _)| matches!(key.as_str(), Some("Statement" | "statement")));
    let dated =
        node.get("Version").and_then(NodeRef::as_str).is_some_and(|text| ["2012-10-17", "2008-10-17"].contains(&text));
    let Some((_, statement)) = named.last() else {
        // The statement is what it lacks.
        let only = |key: NodeRef<'_>| matches!(key.as_str(), Some("Version" | "Id"));
        return dated && node.entries().all(|(key, _)| only(key));
    };
    dated || key.is_some_and(|key| key.ends_with("PolicyDocument")) || holds_statement(statement)
}

/// True for a statement and for what holds one: a list, a function, a choice.
fn holds_statement(node: NodeRef<'_>) -> bool {
    is_statement(node) || node.items().chain(node.arguments()).any(holds_statement)
}

/// True if a list holds statements without a document round them, as the Serverless Framework has them.
pub(super) fn is_statements(node: NodeRef<'_>, key: Option<&str>) -> bool {
    let named = key.is_some_and(|key| {
        ["statements", "iamRoleStatements", "resourcePolicy", "CustomStatements", "Statements", "Statement"]
            .contains(&key)
    });
    // A file may hold nothing but its statements, for others to put in.
    let alone = key.is_none() && node.items().next().is_some() && node.items().all(is_whole_statement);
    alone || named && node.items().any(|item| item.get("Effect").is_some() && is_statement(item))
}

/// True if a map has what every statement has.
fn is_whole_statement(item: NodeRef<'_>) -> bool {
    let has = |elements: &[&str]| elements.iter().any(|element| item.get(element).is_some());
    item.get("Effect").and_then(NodeRef::as_str).is_some_and(|effect| ["Allow", "Deny"].contains(&effect))
        && has(&["Action", "NotAction"])
        && has(&["Resource", "NotResource", "Principal", "NotPrincipal"])
}

/// True if a map is a statement without a document round it.
pub(super) fn is_lone_statement(node: NodeRef<'_>, key: Option<&str>) -> bool {
    key == Some("Statement") && node.get("Effect").is_some() && is_statement(node)
}
