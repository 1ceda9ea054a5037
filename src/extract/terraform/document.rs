//! `data "aws_iam_policy_document"`: a policy in blocks.
//!
//! Source: the data source's page in the AWS provider's documentation. Defaults hold: `effect` is `Allow`, the version
//! `2012-10-17`; `&{x}` is the policy variable `${x}`; `principals` of type `*` are everyone.

use super::uses::is_whole;
use crate::document::{NodeKind, NodeRef};
use crate::extract::resolve::Module;
use crate::extract::{Flaw, FlawKind, Remedy};
use crate::policy::lower::{self, Resolve, Stands};
use crate::policy::{
    ActionPattern, Condition, Effect, Element, List, Operator, Policy, Principal, ResourcePattern, Spanned, Statement,
    Value, Version,
};
use crate::source::Span;

/// Reads the body of a document.
pub(super) fn read(body: NodeRef<'_>, module: &Module<'_>) -> (Policy, Vec<Flaw>) {
    let resolve = Variables(module);
    let policy = Policy {
        origin: body.origin(),
        version: Some(Spanned { value: Value::Known(Version::V2012), origin: body.origin() }),
        id: body.get("policy_id").map(|id| lower::text(id, "policy_id", &resolve)),
        statements: blocks(body, "statement").map(|block| statement(block, &resolve)).collect(),
        open: body.get("dynamic").is_some() || !is_whole(body, module),
        unseen: body
            .entries()
            .filter(|(key, _)| key.as_str() != Some("statement"))
            .map(|(_, it)| it.raw().into())
            .collect(),
        unknown: Vec::new(),
        size: 0,
    };
    (policy, blocks(body, "statement").flat_map(unlisted).collect())
}

/// Reads the statements that an argument of a module takes, under names or in a list: each has the arguments of a block
/// `statement`. None for what holds something else.
pub(super) fn of_module(value: NodeRef<'_>, module: &Module<'_>) -> Option<(Policy, Vec<Flaw>)> {
    let resolve = Variables(module);
    let named = || value.entries().map(|(_, block)| block).chain(value.items());
    let is_statement = |block: NodeRef<'_>| block.get("actions").is_some() || block.get("not_actions").is_some();
    if named().next().is_none() || !named().all(is_statement) {
        return None;
    }
    let policy = Policy {
        origin: value.origin(),
        version: Some(Spanned { value: Value::Known(Version::V2012), origin: value.origin() }),
        id: None,
        statements: named().map(|block| statement(block, &resolve)).collect(),
        open: false,
        unseen: Vec::new(),
        unknown: Vec::new(),
        size: 0,
    };
    Some((policy, Vec::new()))
}

/// Arguments of a statement that have to be lists and are one string. What is an expression may be a list.
fn unlisted(block: NodeRef<'_>) -> Vec<Flaw> {
    let groups = ["principals", "not_principals", "condition"].into_iter().flat_map(|kind| blocks(block, kind));
    let arguments = std::iter::once(block).chain(groups).flat_map(NodeRef::entries);
    let wrong = arguments.filter_map(|(key, value)| {
        let name = key.as_str().filter(|name| LISTS.contains(name))?;
        let text = value.as_str().filter(|text| value.kind() == NodeKind::String && !text.contains("${"))?;
        (!text.is_empty()).then(|| Flaw {
            kind: FlawKind::Structure,
            at: value.origin(),
            detail: format!("`{name}` is a list of strings"),
            remedy: Some(Remedy::List),
        })
    });
    wrong.collect()
}

/// The arguments that take nothing but a list.
const LISTS: [&str; 6] = ["actions", "not_actions", "resources", "not_resources", "identifiers", "values"];

/// The blocks of one type: written one after the other, as a list in JSON, or under names in an argument of a module.
fn blocks<'t>(body: NodeRef<'t>, kind: &'static str) -> impl Iterator<Item = NodeRef<'t>> {
    let values = body.entries().filter(move |(key, _)| key.as_str() == Some(kind)).map(|(_, value)| value);
    let is_map = |(_, value): (NodeRef<'t>, NodeRef<'t>)| value.kind() == NodeKind::Map;
    values.flat_map(move |value| match value.kind() {
        NodeKind::Map if value.entries().next().is_some() && value.entries().all(is_map) => {
            value.entries().map(|(_, block)| block).collect()
        }
        NodeKind::Map => vec![value],
        _ => value.items().collect(),
    })
}

fn statement(block: NodeRef<'_>, resolve: &Variables<'_>) -> Statement {
    let dynamic = block.get("dynamic");
    let is_dynamic = |name: &str| dynamic.is_some_and(|dynamic| dynamic.get(name).is_some());
    let allow = || Spanned { value: Value::Known(Effect::Allow), origin: block.origin() };
    Statement {
        origin: block.origin(),
        sid: block.get("sid").map(|sid| lower::text(sid, "sid", resolve)),
        effect: Some(block.get("effect").map_or_else(allow, |effect| lower::effect(effect, resolve))),
        bare_principal: blocks(block, "principals")
            .any(|group| group.get("type").and_then(NodeRef::as_str) == Some("*")),
        principal: principals(block, resolve, is_dynamic("principals") || is_dynamic("not_principals")),
        action: element(block, ["actions", "not_actions"], ActionPattern::new, resolve),
        resource: element(block, ["resources", "not_resources"], ResourcePattern::new, resolve),
        conditions: blocks(block, "condition").filter_map(|condition| self::condition(condition, resolve)).collect(),
        condition_origin: block.get("condition").map(NodeRef::origin),
        conditions_open: is_dynamic("condition"),
        contingent: lower::chooses(block),
        chooses_values: chooses_values(block),
        lapsed: false,
        unknown: Vec::new(),
    }
}

/// True if something is chosen at deployment, and only among the values of conditions.
fn chooses_values(block: NodeRef<'_>) -> bool {
    let other = |name: &'static str| {
        move |(key, value): (NodeRef<'_>, NodeRef<'_>)| key.as_str() != Some(name) && lower::chooses(value)
    };
    lower::chooses(block)
        && !block.entries().any(other("condition"))
        && !blocks(block, "condition").any(|condition| condition.entries().any(other("values")))
}

fn element<T>(
    block: NodeRef<'_>,
    names: [&str; 2],
    make: fn(&str) -> T,
    resolve: &Variables<'_>,
) -> Option<Element<T>> {
    let entry = |name: &str| block.entries().find(|(key, _)| key.as_str() == Some(name));
    let (negated, (key, value)) = entry(names[0]).map(|e| (false, e)).or_else(|| Some((true, entry(names[1])?)))?;
    let (list, _) = lower::texts(value, names[usize::from(negated)], make, resolve);
    Some(Element { key: key.origin(), negated, list })
}

fn principals(block: NodeRef<'_>, resolve: &Variables<'_>, dynamic: bool) -> Option<Element<Principal>> {
    let negated = block.get("principals").is_none() && block.get("not_principals").is_some();
    let name = if negated { "not_principals" } else { "principals" };
    let key = block.entries().find(|(key, _)| key.as_str() == Some(name)).map(|(key, _)| key.origin());
    let mut list = List { items: Vec::new(), open: dynamic };
    for group in blocks(block, name) {
        let kind = group.get("type").map(|kind| lower::text(kind, "type", resolve).value);
        let kind = kind.as_ref().and_then(Value::known).map_or("", |kind| kind);
        let Some(identifiers) = group.get("identifiers") else { continue };
        let (entries, _) = lower::texts(identifiers, "identifiers", |text| -> Box<str> { text.into() }, resolve);
        list.open |= entries.open;
        list.items.extend(entries.items.into_iter().map(|entry| Spanned {
            value: match kind {
                "*" if entry.value.known().is_some_and(|text| &**text == "*") => Value::Known(Principal::Anyone),
                _ => lower::principal(kind, entry.value),
            },
            origin: entry.origin,
        }));
    }
    let key = key.or_else(|| dynamic.then(|| block.origin()))?;
    Some(Element { key, negated, list })
}

fn condition(block: NodeRef<'_>, resolve: &Variables<'_>) -> Option<Condition> {
    let (test, variable, values) = (block.get("test")?, block.get("variable")?, block.get("values")?);
    let key = lower::text(variable, "variable", resolve);
    let operator = lower::text(test, "test", resolve);
    let (values, _) = lower::texts(values, "values", |text| -> Box<str> { text.into() }, resolve);
    let known = |value: &Value<Box<str>>| value.known().map_or("", |text| text).to_owned();
    Some(Condition {
        origin: block.origin_of(Span { start: block.span().start, end: block.span().end }),
        operator: Spanned { value: Operator::parse(&known(&operator.value)), origin: operator.origin },
        key: Spanned { value: known(&key.value).into(), origin: key.origin },
        values,
    })
}

/// The module, where `&{x}` is a policy variable.
struct Variables<'m>(&'m Module<'m>);

impl Resolve for Variables<'_> {
    fn stands<'n>(&self, node: NodeRef<'n>) -> Stands<'n> {
        let stands = self.0.stands(node);
        let Some(text) = node.as_str().filter(|text| text.contains("&{") && node.kind() == NodeKind::String) else {
            return stands;
        };
        match stands {
            Stands::Plain => Stands::Texts(vec![Value::Known(text.replace("&{", "${").into())]),
            Stands::Texts(texts) => Stands::Texts(
                texts.into_iter().map(|text| text.map(&mut |text| text.replace("&{", "${").into())).collect(),
            ),
            stands => stands,
        }
    }

    fn in_strings(&self) -> bool {
        true
    }
}
