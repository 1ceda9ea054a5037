//! `data "aws_iam_policy_document"`: a policy in blocks.
//!
//! Source: the data source's page in the AWS provider's documentation. Defaults hold: `effect` is `Allow`, the version
//! `2012-10-17`; `&{x}` is the policy variable `${x}`; `principals` of type `*` are everyone.

use super::dynamic::{Block, Scope};
use super::mistakes;
use super::uses::{is_whole, merges};
use crate::document::{NodeKind, NodeRef};
use crate::extract::Flaw;
use crate::extract::resolve::Module;
use crate::policy::lower;
use crate::policy::{
    ActionPattern, Condition, Effect, Element, List, Operator, Policy, Principal, ResourcePattern, Spanned, Statement,
    Value, Version,
};

/// Reads the body of a document.
pub(super) fn read(body: NodeRef<'_>, module: &Module<'_>) -> (Policy, Vec<Flaw>) {
    let scope = Scope::of(module);
    let statements = scope.blocks(body, "statement");
    let policy = Policy {
        origin: body.origin(),
        version: Some(Spanned { value: Value::Known(Version::V2012), origin: body.origin() }),
        id: body.get("policy_id").map(|id| lower::text(id, "policy_id", &scope)),
        open: statements.iter().any(|block| !block.plain) || !is_whole(body, module),
        unseen: body
            .entries()
            .filter(|(key, _)| key.as_str().is_some_and(|key| key == "dynamic" || merges(key)))
            .map(|(_, it)| it.raw().into())
            .collect(),
        unknown: Vec::new(),
        size: 0,
        digest: 0,
        statements: statements.iter().map(statement).collect(),
    };
    (policy, statements.iter().flat_map(mistakes::of).collect())
}

pub(super) fn statement(statement: &Block<'_>) -> Statement {
    let Block { body: block, scope, sure, .. } = statement;
    let allow = || Spanned { value: Value::Known(Effect::Allow), origin: block.origin() };
    let mut contingent = !sure || lower::chooses(*block);
    let mut groups = scope.blocks(*block, "principals");
    let negated = groups.is_empty() && !scope.hides(*block, "principals");
    if negated {
        groups = scope.blocks(*block, "not_principals");
    }
    let unsure = groups.iter().any(|group| !group.sure);
    contingent |= unsure;
    let mut conditions_open = scope.hides(*block, "condition");
    let mut conditions = Vec::new();
    for block in scope.blocks(*block, "condition") {
        // What may not be there limits nothing for certain.
        conditions_open |= !block.plain;
        conditions.extend(condition(&block).filter(|_| block.sure));
    }
    Statement {
        origin: block.origin(),
        sid: block.get("sid").map(|sid| lower::text(sid, "sid", scope)),
        effect: Some(given(*block, "effect").map_or_else(allow, |effect| lower::effect(effect, scope))),
        bare_principal: groups.iter().any(|group| group.body.get("type").and_then(NodeRef::as_str) == Some("*")),
        principal: principals(*block, negated, &groups, scope),
        action: element(*block, ["actions", "not_actions"], ActionPattern::new, scope),
        resource: element(*block, ["resources", "not_resources"], ResourcePattern::new, scope),
        conditions,
        condition_origin: block.get("condition").map(NodeRef::origin),
        conditions_open,
        contingent,
        chooses_values: chooses_values(*block, scope) && *sure && !unsure,
        lapsed: false,
        unknown: Vec::new(),
    }
}

/// True if something is chosen at deployment, and only among the values of conditions.
fn chooses_values(block: NodeRef<'_>, scope: &Scope<'_>) -> bool {
    let other = |name: &'static str| {
        move |(key, value): (NodeRef<'_>, NodeRef<'_>)| key.as_str() != Some(name) && lower::chooses(value)
    };
    let conditions = scope.blocks(block, "condition");
    lower::chooses(block)
        && !block.entries().any(other("condition"))
        && !conditions.iter().any(|condition| condition.body.entries().any(other("values")))
}

fn element<T>(block: NodeRef<'_>, names: [&str; 2], make: fn(&str) -> T, scope: &Scope<'_>) -> Option<Element<T>> {
    let entry =
        |name: &str| block.entries().find(|(key, value)| key.as_str() == Some(name) && value.kind() != NodeKind::Null);
    let (negated, (key, value)) = entry(names[0]).map(|e| (false, e)).or_else(|| Some((true, entry(names[1])?)))?;
    let (list, _) = lower::texts(value, names[usize::from(negated)], make, scope);
    Some(Element { key: key.origin(), negated, list })
}

/// An argument that is not null.
fn given<'t>(block: NodeRef<'t>, name: &str) -> Option<NodeRef<'t>> {
    block.get(name).filter(|value| value.kind() != NodeKind::Null)
}

fn principals<'b>(
    block: NodeRef<'b>,
    negated: bool,
    groups: &[Block<'_>],
    scope: &Scope<'b>,
) -> Option<Element<Principal>> {
    let name = if negated { "not_principals" } else { "principals" };
    let key = block.entries().find(|(key, _)| key.as_str() == Some(name)).map(|(key, _)| key.origin());
    let mut list = List { items: Vec::new(), open: scope.hides(block, name) };
    for Block { body: group, scope, plain, .. } in groups {
        let kind = group.get("type").map(|kind| lower::text(kind, "type", scope).value);
        let kind = kind.as_ref().and_then(Value::known).map_or("", |kind| kind);
        list.open |= !plain;
        let Some(identifiers) = group.get("identifiers") else { continue };
        let (entries, _) = lower::texts(identifiers, "identifiers", |text| -> Box<str> { text.into() }, scope);
        let first = list.items.len();
        list.items.extend(entries.items.into_iter().map(|entry| Spanned {
            value: match kind {
                "*" if entry.value.known().is_some_and(|text| &**text == "*") => Value::Known(Principal::Anyone),
                _ => lower::principal(kind, entry.value),
            },
            origin: entry.origin,
        }));
        list.open |= list.items[first..].iter().any(|item| matches!(item.value, Value::Unknown(_)));
    }
    let key = key.or_else(|| groups.first().map(|_| block.origin()))?;
    Some(Element { key, negated, list })
}

fn condition(block: &Block<'_>) -> Option<Condition> {
    let Block { body, scope, .. } = block;
    let (test, variable, values) = (body.get("test")?, body.get("variable")?, body.get("values")?);
    let key = lower::text(variable, "variable", scope);
    let operator = lower::text(test, "test", scope);
    let (values, _) = lower::texts(values, "values", |text| -> Box<str> { text.into() }, scope);
    let known = |value: &Value<Box<str>>| value.known().map_or("", |text| text).to_owned();
    let named = key.value.known().is_some() && operator.value.known().is_some();
    (block.plain || named).then(|| Condition {
        origin: body.origin(),
        operator: Spanned { value: Operator::parse(&known(&operator.value)), origin: operator.origin },
        key: Spanned { value: known(&key.value).into(), origin: key.origin },
        values,
    })
}
