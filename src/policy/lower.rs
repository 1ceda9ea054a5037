//! From a tree to a policy: total, so that nothing is lost. What does not fit is kept as a [`Flaw`] with its place, and the
//! rest is read as far as it goes.

use super::*;
use crate::document::{NodeKind, NodeRef};
use crate::extract::{Flaw, FlawKind};
use std::sync::Arc;

/// Reads a policy document. `node` is the map that holds `Statement`; anything else gives an empty policy and a flaw.
pub fn policy(node: NodeRef<'_>) -> (Policy, Vec<Flaw>) {
    let mut lower = Lower { flaws: Vec::new() };
    let policy = lower.policy(node);
    (policy, lower.flaws)
}

/// The elements of a document and of a statement, in AWS's spelling.
const DOCUMENT: [&str; 3] = ["Version", "Id", "Statement"];
const STATEMENT: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

struct Lower {
    flaws: Vec<Flaw>,
}

impl Lower {
    fn flaw(&mut self, kind: FlawKind, at: NodeRef<'_>, detail: impl Into<String>) {
        self.flaws.push(Flaw { kind, at: at.origin(), detail: detail.into() });
    }

    fn structure(&mut self, at: NodeRef<'_>, detail: impl Into<String>) {
        self.flaw(FlawKind::Structure, at, detail);
    }

    fn policy(&mut self, node: NodeRef<'_>) -> Policy {
        let mut policy = Policy {
            origin: node.origin(),
            version: None,
            id: None,
            statements: Vec::new(),
            open: false,
            unknown: Vec::new(),
        };
        if node.kind() != NodeKind::Map {
            self.structure(node, "a policy is an object with `Version` and `Statement`");
            return policy;
        }
        if intrinsic(node).is_some() {
            policy.open = true;
            return policy;
        }
        for (element, key, value) in self.elements(node, &DOCUMENT, "policy") {
            match element {
                Some("Version") => policy.version = Some(self.text(value, "Version").map(version)),
                Some("Id") => policy.id = Some(self.text(value, "Id")),
                Some(_) => self.statements(value, &mut policy),
                None => policy.unknown.push(spanned_key(key)),
            }
        }
        policy
    }

    fn statements(&mut self, value: NodeRef<'_>, policy: &mut Policy) {
        match value.kind() {
            NodeKind::Seq => {
                for item in value.items() {
                    self.statement_or_hole(item, policy);
                }
            }
            NodeKind::Map => self.statement_or_hole(value, policy),
            NodeKind::Error => policy.open = true,
            _ => self.structure(value, "`Statement` is an object or a list of objects"),
        }
    }

    fn statement_or_hole(&mut self, node: NodeRef<'_>, policy: &mut Policy) {
        match node.kind() {
            NodeKind::Map if intrinsic(node).is_some() => policy.open = true,
            NodeKind::Map => {
                let statement = self.statement(node);
                policy.statements.push(statement);
            }
            NodeKind::Error => policy.open = true,
            _ => self.structure(node, "a statement is an object with `Effect`, `Action` and `Resource`"),
        }
    }

    fn statement(&mut self, node: NodeRef<'_>) -> Statement {
        let mut statement = Statement {
            origin: node.origin(),
            sid: None,
            effect: None,
            principal: None,
            action: None,
            resource: None,
            conditions: Vec::new(),
            condition_origin: None,
            conditions_open: false,
            unknown: Vec::new(),
        };
        for (element, key, value) in self.elements(node, &STATEMENT, "statement") {
            let Some(element) = element else {
                statement.unknown.push(spanned_key(key));
                continue;
            };
            let negated = element.starts_with("Not");
            let both = match element {
                "Sid" => {
                    statement.sid = Some(self.text(value, "Sid"));
                    false
                }
                "Effect" => {
                    statement.effect = Some(self.effect(value));
                    false
                }
                "Condition" => {
                    statement.condition_origin = Some(value.origin());
                    self.conditions(value, &mut statement);
                    false
                }
                "Principal" | "NotPrincipal" => {
                    let list = self.principals(value);
                    put(&mut statement.principal, Element { key: key.origin(), negated, list })
                }
                "Action" | "NotAction" => {
                    let list = self.texts(value, element, ActionPattern::new);
                    put(&mut statement.action, Element { key: key.origin(), negated, list })
                }
                _ => {
                    let list = self.texts(value, element, ResourcePattern::new);
                    put(&mut statement.resource, Element { key: key.origin(), negated, list })
                }
            };
            if both {
                let plain = element.trim_start_matches("Not");
                self.structure(key, format!("a statement has either `{plain}` or `Not{plain}`, not both"));
            }
        }
        // A key that the reader lost to a syntax error may be the one that is missing.
        let complete = !node.entries().any(|(key, _)| key.as_str().is_none_or(str::is_empty));
        if complete && statement.effect.is_none() {
            self.structure(node, "the statement has no `Effect`: it is neither `Allow` nor `Deny`");
        }
        if complete && statement.action.is_none() {
            self.structure(node, "the statement has neither `Action` nor `NotAction`");
        }
        statement
    }

    /// The entries of a map with the element that each key names. Keys in the wrong letter case count as that element and
    /// are a flaw, duplicate keys are a flaw and the last one counts.
    fn elements<'t>(
        &mut self,
        node: NodeRef<'t>,
        known: &[&'static str],
        of: &str,
    ) -> Vec<(Option<&'static str>, NodeRef<'t>, NodeRef<'t>)> {
        let mut elements: Vec<(Option<&'static str>, NodeRef<'t>, NodeRef<'t>)> = Vec::with_capacity(known.len());
        for (key, value) in node.entries() {
            let Some(name) = key.as_str().filter(|name| !name.is_empty()) else { continue };
            let element = known.iter().find(|known| **known == name).copied();
            let element = element.or_else(|| {
                let near = known.iter().find(|known| known.eq_ignore_ascii_case(name)).copied();
                let hint = match near {
                    Some(near) => format!("`{name}` is written `{near}`"),
                    None => format!("`{name}` is no element of a {of}"),
                };
                self.flaw(FlawKind::UnknownElement, key, hint);
                near
            });
            let same = |(_, other, _): &(_, NodeRef<'t>, _)| other.as_str() == Some(name);
            if let Some(earlier) = elements.iter().position(same) {
                self.flaw(FlawKind::DuplicateKey, key, format!("`{name}` stands twice in one {of}"));
                elements.remove(earlier);
            }
            elements.push((element, key, value));
        }
        elements
    }

    fn text(&mut self, node: NodeRef<'_>, element: &str) -> Spanned<Value<Box<str>>> {
        let value = match node.kind() {
            NodeKind::String => Value::Known(node.as_str().unwrap_or("").into()),
            NodeKind::Error => Value::Unknown(Arc::from(node.raw())),
            NodeKind::Map if intrinsic(node).is_some() => Value::Unknown(Arc::from(node.raw())),
            _ => {
                self.structure(node, format!("`{element}` is a string"));
                Value::Unknown(Arc::from(node.raw()))
            }
        };
        Spanned { value, origin: node.origin() }
    }

    fn effect(&mut self, node: NodeRef<'_>) -> Spanned<Value<Effect>> {
        let text = self.text(node, "Effect");
        let value = match text.value {
            Value::Known(word) => match &*word {
                "Allow" => Value::Known(Effect::Allow),
                "Deny" => Value::Known(Effect::Deny),
                _ => {
                    self.structure(node, format!("`{word}` is no effect: write `Allow` or `Deny`"));
                    Value::Unknown(Arc::from(&*word))
                }
            },
            Value::Unknown(hole) => Value::Unknown(hole),
            Value::Partly(_) | Value::Either(_) => Value::Unknown(Arc::from(node.raw())),
        };
        Spanned { value, origin: text.origin }
    }

    /// One string or a list of strings.
    fn texts<T>(&mut self, node: NodeRef<'_>, element: &str, make: fn(&str) -> T) -> List<T> {
        let mut list = List::default();
        match node.kind() {
            NodeKind::Seq => {
                for item in node.items() {
                    list.items.push(self.entry(item, element, make));
                }
            }
            _ => list.items.push(self.entry(node, element, make)),
        }
        // What a reference stands for can be a list.
        list.open = list.items.iter().any(|item| item.value.known().is_none());
        list
    }

    fn entry<T>(&mut self, node: NodeRef<'_>, element: &str, make: fn(&str) -> T) -> Spanned<Value<T>> {
        let value = match node.kind() {
            NodeKind::String => Value::Known(make(node.as_str().unwrap_or(""))),
            NodeKind::Error => Value::Unknown(Arc::from(node.raw())),
            NodeKind::Map if intrinsic(node).is_some() => Value::Unknown(Arc::from(node.raw())),
            _ => {
                self.structure(node, format!("`{element}` is a string or a list of strings"));
                Value::Unknown(Arc::from(node.raw()))
            }
        };
        Spanned { value, origin: node.origin() }
    }

    fn principals(&mut self, node: NodeRef<'_>) -> List<Principal> {
        let mut list = List::default();
        match node.kind() {
            NodeKind::String if node.as_str() == Some("*") => {
                list.items.push(Spanned { value: Value::Known(Principal::Anyone), origin: node.origin() });
            }
            NodeKind::Map if intrinsic(node).is_none() => {
                for (key, value) in node.entries() {
                    let kind = key.as_str().unwrap_or("");
                    let entries = self.texts(value, "Principal", |text| -> Box<str> { text.into() });
                    list.open |= entries.open;
                    list.items.extend(entries.items.into_iter().map(|entry| Spanned {
                        value: match entry.value {
                            Value::Known(text) => Value::Known(Principal::new(kind, &text)),
                            _ => Value::Unknown(Arc::from(value.raw())),
                        },
                        origin: entry.origin,
                    }));
                    if !["AWS", "Service", "Federated", "CanonicalUser"].contains(&kind) && !kind.is_empty() {
                        self.structure(key, format!("`{kind}` is no type of principal"));
                    }
                }
            }
            NodeKind::Map | NodeKind::Error => list.open = true,
            _ => {
                self.structure(node, "`Principal` is `\"*\"` or an object such as `{\"AWS\": \"arn:...\"}`");
                list.open = true;
            }
        }
        list
    }

    fn conditions(&mut self, node: NodeRef<'_>, statement: &mut Statement) {
        if node.kind() != NodeKind::Map || intrinsic(node).is_some() {
            if !matches!(node.kind(), NodeKind::Map | NodeKind::Error) {
                self.structure(node, "`Condition` is an object: operator, key, values");
            }
            statement.conditions_open = true;
            return;
        }
        for (operator, keys) in node.entries() {
            let parsed = Spanned { value: Operator::parse(operator.as_str().unwrap_or("")), origin: operator.origin() };
            if keys.kind() != NodeKind::Map || intrinsic(keys).is_some() {
                if !matches!(keys.kind(), NodeKind::Map | NodeKind::Error) {
                    self.structure(keys, "an operator takes an object: condition key, values");
                }
                statement.conditions_open = true;
                continue;
            }
            for (key, value) in keys.entries() {
                let span = crate::source::Span { start: key.span().start, end: value.span().end };
                statement.conditions.push(Condition {
                    origin: Origin::here(key.tree().loc(span)),
                    operator: parsed.clone(),
                    key: Spanned { value: key.as_str().unwrap_or("").into(), origin: key.origin() },
                    values: self.condition_values(value),
                });
            }
        }
    }

    fn condition_values(&mut self, node: NodeRef<'_>) -> List<Box<str>> {
        let mut list = List::default();
        let items: Vec<NodeRef<'_>> = if node.kind() == NodeKind::Seq { node.items().collect() } else { vec![node] };
        for item in items {
            let value = match item.kind() {
                NodeKind::String => Value::Known(item.as_str().unwrap_or("").into()),
                NodeKind::Bool | NodeKind::Number => Value::Known(item.raw().into()),
                NodeKind::Map if intrinsic(item).is_some() => Value::Unknown(Arc::from(item.raw())),
                NodeKind::Error => Value::Unknown(Arc::from(item.raw())),
                _ => {
                    self.structure(
                        item,
                        "a condition's value is a string, a number, `true` or `false`, or a list of them",
                    );
                    Value::Unknown(Arc::from(item.raw()))
                }
            };
            list.open |= value.known().is_none();
            list.items.push(Spanned { value, origin: item.origin() });
        }
        list
    }
}

/// Puts an element in its place; true if the other form of it is there already. The same form in another letter case is
/// left out: that flaw is known.
fn put<T>(slot: &mut Option<Element<T>>, element: Element<T>) -> bool {
    match slot {
        Some(taken) => taken.negated != element.negated,
        None => {
            *slot = Some(element);
            false
        }
    }
}

fn spanned_key(key: NodeRef<'_>) -> Spanned<Box<str>> {
    Spanned { value: key.as_str().unwrap_or("").into(), origin: key.origin() }
}

fn version(text: Box<str>) -> Version {
    match &*text {
        "2012-10-17" => Version::V2012,
        "2008-10-17" => Version::V2008,
        _ => Version::Other(text),
    }
}

/// The name of the CloudFormation function, if the map is a call of one: such a value is known only at deployment.
fn intrinsic(node: NodeRef<'_>) -> Option<&str> {
    let mut entries = node.entries();
    let name = entries.next()?.0.as_str()?;
    (entries.next().is_none() && (name == "Ref" || name.starts_with("Fn::"))).then_some(name)
}

impl<T> Spanned<Value<T>> {
    fn map<U>(self, make: impl FnOnce(T) -> U) -> Spanned<Value<U>> {
        let value = match self.value {
            Value::Known(value) => Value::Known(make(value)),
            Value::Partly(pieces) => Value::Partly(pieces),
            Value::Either(_) => Value::Unknown(Arc::from("")),
            Value::Unknown(hole) => Value::Unknown(hole),
        };
        Spanned { value, origin: self.origin }
    }
}
