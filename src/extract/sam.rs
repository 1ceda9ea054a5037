//! Policies that SAM writes for a function or a state machine by a template, which takes the name of what it is for.

use super::place::{Path, Step};
use super::{Audience, PolicySite};
use crate::catalog::{self, SamStatement};
use crate::document::{NodeKind, NodeRef};
use crate::policy::lower::{self, Resolve};
use crate::policy::{
    ActionPattern, Element, List, Piece, Policy, PolicyKind, ResourcePattern, Spanned, Statement, Use, Value, joined,
    pieces,
};
use crate::source::{Origin, Span};
use std::sync::Arc;

/// What a file with such a template must contain.
pub(crate) const NEEDLES: &[&str] = &["AWS::Serverless::"];

/// The policies of an entry of `Policies`: one for each template that it names.
pub(super) fn sites(entry: NodeRef<'_>, resolve: &dyn Resolve, path: &Path<'_>) -> Vec<PolicySite> {
    if entry.kind() != NodeKind::Map {
        return Vec::new();
    }
    let made = entry.entries().filter_map(|(name, parameters)| {
        let template = name.as_str()?;
        let statements = catalog::sam_template(template).iter();
        let statements: Vec<Statement> =
            statements.filter_map(|statement| filled(*statement, name, parameters, resolve)).collect();
        if statements.is_empty() {
            return None;
        }
        let policy = Policy::made(name.origin(), statements);
        let used = Use { kind: PolicyKind::Identity, holder: None };
        let site = PolicySite::made(policy, used, &path.then(Step::Key(template)));
        Some(PolicySite { audience: Audience::Roles, ..site })
    });
    made.collect()
}

/// True for an entry that names templates only, each with all of its parameters.
pub(super) fn is_known(entry: NodeRef<'_>, resolve: &dyn Resolve) -> bool {
    let named = entry.entries().count();
    named > 0 && sites(entry, resolve, &Path::root()).len() == named
}

/// A statement of a template with its parameters filled in; none where they are not all given.
fn filled(of: SamStatement, name: NodeRef<'_>, parameters: NodeRef<'_>, resolve: &dyn Resolve) -> Option<Statement> {
    let resources = of.resources().map(|arn| resource(arn, parameters, resolve)).collect::<Option<Vec<_>>>()?;
    let action = |action| Spanned { value: Value::Known(ActionPattern::new(action)), origin: fixed(name) };
    let span = Span { start: name.span().start, end: parameters.span().end.max(name.span().end) };
    Some(Statement {
        action: Some(element(name, of.actions().map(action).collect())),
        resource: Some(element(name, resources)),
        ..Statement::allowing(name.origin_of(span))
    })
}

fn element<T>(name: NodeRef<'_>, items: Vec<Spanned<Value<T>>>) -> Element<T> {
    Element { key: name.origin(), negated: false, list: List { items, open: false } }
}

/// The place of a node in which stands what a value is made of: nothing else can be written there.
fn fixed(node: NodeRef<'_>) -> Origin {
    Origin { editable: false, ..node.origin() }
}

/// An ARN with the values of the parameters in it; its place is that of the last one.
fn resource(arn: &str, parameters: NodeRef<'_>, resolve: &dyn Resolve) -> Option<Spanned<Value<ResourcePattern>>> {
    let mut texts = vec![Vec::new()];
    let mut origin = fixed(parameters);
    for part in arn.split_inclusive('}') {
        let (before, name) =
            part.split_once('{').map_or((part, None), |(before, name)| (before, name.strip_suffix('}')));
        let values = match name {
            None => vec![Vec::new()],
            Some(name) if name.starts_with("AWS::") => vec![vec![Piece::Assigned(Arc::from(name))]],
            Some(name) => {
                let value = parameters.get(name)?;
                origin = fixed(value);
                alternatives(lower::text(value, name, resolve).value)
            }
        };
        let with = |text: &Vec<Piece>, value: &Vec<Piece>| [&text[..], &pieces(before), value].concat();
        texts = texts.iter().flat_map(|text| values.iter().map(move |value| with(text, value))).collect();
    }
    let mut made = texts.into_iter().map(|text| {
        let text = Value::from(joined(text));
        text.map(&mut |text: Box<str>| ResourcePattern::new(&text))
    });
    let value = match (made.next()?, made.collect::<Vec<_>>()) {
        (only, more) if more.is_empty() => only,
        (first, more) => Value::Either(std::iter::once(first).chain(more).collect()),
    };
    Some(Spanned { value, origin })
}

/// The texts of which a value is one.
fn alternatives(value: Value<Box<str>>) -> Vec<Vec<Piece>> {
    match value {
        Value::Known(text) => vec![pieces(&text)],
        Value::Partly(pieces) => vec![pieces.into_vec()],
        Value::Either(arms) => arms.into_iter().flat_map(alternatives).collect(),
        Value::Unknown(name) => vec![vec![Piece::Hole(name)]],
    }
}
