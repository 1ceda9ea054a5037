//! CloudFormation: parameters, resources, mappings and intrinsic functions.
//!
//! Source: the intrinsic function reference and the pseudo parameters reference of the CloudFormation user guide.

use super::arn_of::{Ref, arn, arn_of};
use super::substitution::substitute;
use crate::document::{NodeKind, NodeRef};
use crate::policy::lower::{Resolve, Stands};
use crate::policy::{Piece, Value, pieces};
use crate::source::Span;
use std::sync::Arc;

/// A template, as far as its references need it. A document that is none has no parameters and no resources.
#[derive(Default)]
pub(crate) struct Template<'t> {
    parameters: Option<NodeRef<'t>>,
    resources: Option<NodeRef<'t>>,
    mappings: Option<NodeRef<'t>>,
    outputs: Option<NodeRef<'t>>,
}

/// The text of `Fn::Sub` in a template: references stand in its strings.
pub(crate) struct Substituted<'s>(pub(crate) &'s Template<'s>);

impl<'t> Template<'t> {
    /// The template that a document is, or holds under `resources` as the Serverless Framework has it.
    pub(crate) fn of(root: NodeRef<'t>) -> Self {
        let inner = root.get("resources").filter(|inner| inner.get("Resources").is_some()).unwrap_or(root);
        Template {
            parameters: inner.get("Parameters"),
            resources: inner.get("Resources"),
            mappings: inner.get("Mappings"),
            outputs: inner.get("Outputs"),
        }
    }

    /// The resources, by name.
    pub(crate) fn resources(&self) -> Option<NodeRef<'t>> {
        self.resources
    }

    /// What the template gives to others.
    pub(crate) fn outputs(&self) -> Option<NodeRef<'t>> {
        self.outputs
    }

    /// The text that a node stands for, where all of it is known.
    pub(crate) fn text(&self, node: NodeRef<'_>) -> Option<Box<str>> {
        match self.stands(node) {
            Stands::Plain => node.as_str().map(Into::into),
            Stands::Texts(texts) => match &texts[..] {
                [Value::Known(text)] => Some(text.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// Where the text is written that a node stands for: in the node, and in the defaults of the parameters that it names.
    pub(crate) fn written(&self, node: NodeRef<'_>) -> Vec<Span> {
        let default = |name: &str| {
            let parameter = self
                .parameters
                .and_then(|parameters| parameters.get(name.split_once('.').map_or(name, |(name, _)| name)));
            parameter.and_then(|parameter| parameter.get("Default")).map(NodeRef::span)
        };
        match intrinsic(node) {
            Some(("Ref", name)) => name.as_str().and_then(default).into_iter().collect(),
            Some((_, argument)) => self.written(argument),
            None if matches!(node.kind(), NodeKind::Map | NodeKind::Seq) => {
                let values = node.entries().map(|(_, value)| value).chain(node.items());
                values.flat_map(|value| self.written(value)).collect()
            }
            None => {
                let named = node.as_str().unwrap_or("").split("${").skip(1).filter_map(|rest| rest.split_once('}'));
                named.filter_map(|(name, _)| default(name)).chain([node.span()]).collect()
            }
        }
    }

    /// The pieces of the text that a node stands for; a hole where it stands for no single one.
    fn pieces(&self, node: NodeRef<'_>) -> Vec<Piece> {
        match self.stands(node) {
            Stands::Plain if matches!(node.kind(), NodeKind::Map | NodeKind::Seq | NodeKind::Error) => hole(node.raw()),
            Stands::Plain => pieces(node.as_str().unwrap_or(node.raw())),
            Stands::Texts(mut texts) if texts.len() == 1 => match texts.remove(0) {
                Value::Known(text) => pieces(&text),
                Value::Partly(pieces) => pieces.into_vec(),
                Value::Unknown(name) => vec![Piece::Hole(name)],
                Value::Either(_) => hole(node.raw()),
            },
            _ => hole(node.raw()),
        }
    }

    fn reference(&self, name: &str) -> Vec<Value<Box<str>>> {
        if let Some(parameter) = self.parameters.and_then(|parameters| parameters.get(name)) {
            return default_of(parameter).unwrap_or_else(|| vec![Value::Unknown(Arc::from(name))]);
        }
        vec![Value::from(self.named(name))]
    }

    /// What `Ref` gives for a pseudo parameter or a resource.
    fn named(&self, name: &str) -> Vec<Piece> {
        match name {
            // All partitions have the same rules.
            "AWS::Partition" => pieces("aws"),
            "AWS::URLSuffix" => pieces("amazonaws.com"),
            "AWS::AccountId" | "AWS::Region" | "AWS::StackName" | "AWS::StackId" => {
                vec![Piece::Assigned(Arc::from(name))]
            }
            _ => match self.kind_of(name) {
                Some(kind) => match arn_of(kind) {
                    Some((shape, Ref::Arn)) => arn(shape, name),
                    _ => vec![Piece::Assigned(Arc::from(name))],
                },
                None => hole(name),
            },
        }
    }

    fn kind_of(&self, resource: &str) -> Option<&'t str> {
        self.resources?.get(resource)?.get("Type")?.as_str()
    }

    fn attribute(&self, resource: &str, attribute: &str) -> Vec<Piece> {
        let shape = self.kind_of(resource).and_then(arn_of).filter(|_| attribute == "Arn");
        match shape {
            Some((shape, _)) => arn(shape, resource),
            None => hole(&format!("{resource}.{attribute}")),
        }
    }

    /// `Name`, or `Resource.Attribute`, as `Fn::Sub` has them.
    fn dotted(&self, name: &str) -> Vec<Piece> {
        match name.split_once('.') {
            Some((resource, attribute)) => self.attribute(resource, attribute),
            None => match &mut self.reference(name)[..] {
                [Value::Known(text)] => pieces(text),
                [Value::Partly(pieces)] => std::mem::take(pieces).into_vec(),
                _ => hole(name),
            },
        }
    }

    fn sub(&self, text: &str, variables: Option<NodeRef<'_>>) -> Vec<Piece> {
        substitute(text, |name| match variables.and_then(|variables| variables.get(name)) {
            Some(value) => self.pieces(value),
            None => self.dotted(name),
        })
    }

    fn call<'n>(&self, name: &str, argument: NodeRef<'n>) -> Option<Stands<'n>> {
        let mut items = argument.items();
        let text = |pieces: Vec<Piece>| Some(Stands::Texts(vec![Value::from(pieces)]));
        match name {
            "Ref" if argument.as_str() == Some("AWS::NoValue") => Some(Stands::AllOf(Vec::new())),
            "Ref" => Some(Stands::Texts(self.reference(argument.as_str()?))),
            "Fn::Sub" => match argument.as_str() {
                Some(template) => text(self.sub(template, None)),
                None => text(self.sub(items.next()?.as_str()?, items.next())),
            },
            "Fn::GetAtt" => {
                let (resource, attribute) = match argument.as_str() {
                    Some(dotted) => dotted.split_once('.')?,
                    None => (items.next()?.as_str()?, items.next()?.as_str()?),
                };
                text(self.attribute(resource, attribute))
            }
            "Fn::Join" => {
                let (delimiter, list) = (items.next()?.as_str()?, items.next()?);
                text(self.join(delimiter, list)?)
            }
            "Fn::If" => Some(Stands::OneOf(items.skip(1).take(2).collect())),
            "Fn::Select" => {
                let (index, list) = (items.next()?, items.next()?);
                let index: usize = index.as_str().unwrap_or(index.raw()).parse().ok()?;
                Some(Stands::AllOf(vec![list.items().nth(index)?]))
            }
            "Fn::Split" => {
                let (delimiter, whole) = (items.next()?.as_str()?, self.text(items.next()?)?);
                let parts = whole.split(delimiter).filter(|_| !delimiter.is_empty());
                Some(Stands::Texts(parts.map(|part| Value::Known(part.into())).collect()))
            }
            "Fn::FindInMap" => {
                let [map, top, second] = [items.next()?, items.next()?, items.next()?];
                self.find_in_map(map.as_str()?, self.text(top).as_deref(), &self.text(second)?)
            }
            _ => None,
        }
    }

    fn join(&self, delimiter: &str, list: NodeRef<'_>) -> Option<Vec<Piece>> {
        let mut joined = Vec::new();
        if list.kind() != NodeKind::Seq {
            return None;
        }
        for (index, item) in list.items().enumerate() {
            if index > 0 {
                joined.extend(pieces(delimiter));
            }
            joined.extend(self.pieces(item));
        }
        Some(joined)
    }

    /// The value of a mapping. Where the first key is known at deployment only, any of them may be meant.
    fn find_in_map<'n>(&self, map: &str, top: Option<&str>, second: &str) -> Option<Stands<'n>> {
        let map = self.mappings?.get(map)?;
        let values: Vec<NodeRef<'_>> = match top {
            Some(top) => map.get(top)?.get(second).into_iter().collect(),
            None => map.entries().filter_map(|(_, inner)| inner.get(second)).collect(),
        };
        let text = |node: &NodeRef<'_>| Some(Value::Known(Box::from(node.as_str()?)));
        match &values[..] {
            [] => None,
            [one] if one.kind() == NodeKind::Seq => {
                one.items().map(|item| text(&item)).collect::<Option<_>>().map(Stands::Texts)
            }
            [one] => Some(Stands::Texts(vec![text(one)?])),
            many => {
                let mut arms = many.iter().map(text).collect::<Option<Vec<_>>>()?;
                arms.dedup();
                Some(Stands::Texts(vec![match arms.len() {
                    1 => arms.remove(0),
                    2..=8 => Value::Either(arms.into()),
                    _ => return None,
                }]))
            }
        }
    }
}

impl Resolve for Template<'_> {
    fn stands<'n>(&self, node: NodeRef<'n>) -> Stands<'n> {
        match intrinsic(node) {
            Some((name, argument)) => self.call(name, argument).unwrap_or(Stands::Unknown),
            None => Stands::Plain,
        }
    }

    fn is_literal(&self, minified: &str) -> bool {
        !minified.contains("\"Ref\"") && !minified.contains("\"Fn::")
    }

    /// A default of a parameter may be.
    fn is_replaceable(&self, node: NodeRef<'_>) -> bool {
        let named = match intrinsic(node) {
            Some(("Ref", name)) => name.as_str(),
            Some(("Fn::Sub", text)) => text.as_str().and_then(|text| text.strip_prefix("${")?.strip_suffix('}')),
            _ => None,
        };
        let parameter = named.and_then(|name| self.parameters?.get(name));
        parameter.is_some_and(|parameter| default_of(parameter).is_some())
    }
}

impl Resolve for Substituted<'_> {
    fn stands<'n>(&self, node: NodeRef<'n>) -> Stands<'n> {
        match node.as_str().filter(|text| node.kind() == NodeKind::String && text.contains("${")) {
            Some(text) => Stands::Texts(vec![Value::from(self.0.sub(text, None))]),
            None => self.0.stands(node),
        }
    }

    fn is_replaceable(&self, node: NodeRef<'_>) -> bool {
        self.0.is_replaceable(node)
    }

    fn in_strings(&self) -> bool {
        true
    }
}

/// The function that a map is a call of, with its argument.
fn intrinsic(node: NodeRef<'_>) -> Option<(&str, NodeRef<'_>)> {
    let mut entries = node.entries();
    let (key, argument) = entries.next()?;
    let name = key.as_str().filter(|name| *name == "Ref" || name.starts_with("Fn::"))?;
    entries.next().is_none().then_some((name, argument))
}

/// The default of a parameter: one text, or the items of a list. None where deployment must give it, or where the default
/// only names where the value is kept.
fn default_of(parameter: NodeRef<'_>) -> Option<Vec<Value<Box<str>>>> {
    let default = parameter.get("Default")?;
    let default = default.as_str().unwrap_or(default.raw());
    let kind = parameter.get("Type").and_then(NodeRef::as_str).unwrap_or("String");
    if default.is_empty() || kind.starts_with("AWS::SSM::") {
        return None;
    }
    let known = |text: &str| Value::Known(Box::from(text.trim()));
    if kind == "CommaDelimitedList" || kind.starts_with("List<") {
        return Some(default.split(',').map(known).collect());
    }
    Some(vec![known(default)])
}

fn hole(name: &str) -> Vec<Piece> {
    vec![Piece::Hole(Arc::from(name))]
}
