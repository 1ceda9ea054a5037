//! What a policy grants of what must not be granted, as AWS's check
//! [access not granted](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html) asks.

use super::compare::{Comparison, Kind, new_access};
use super::evaluate::Document;
use crate::policy::{
    ActionPattern, Effect, Element, List, Policy, Principal, ResourcePattern, Spanned, Statement, Value, Version,
};
use crate::source::{FileId, Loc, Origin, Span};

/// The access that `statements` grant to one of the actions on one of the resources: new against a policy that allows everything
/// but that.
pub fn forbidden(statements: Vec<Statement>, actions: &[ActionPattern], on: &[Box<str>], kind: Kind) -> Comparison {
    let everything = [ActionPattern::new("*")];
    let every = ["*".into()];
    let on = if on.is_empty() { &every } else { on };
    let all_but = vec![statement(Effect::Allow, &everything, &every), statement(Effect::Deny, actions, on)];
    let document = |statements| [Document { file: "".into(), policy: policy(statements) }];
    new_access(&document(all_but), &document(statements), kind)
}

fn nowhere() -> Origin {
    Origin::here(Loc { file: FileId(0), span: Span::new(0, 0) })
}

fn known<T>(value: T) -> Spanned<Value<T>> {
    Spanned { value: Value::Known(value), origin: nowhere() }
}

fn element<T>(items: impl Iterator<Item = T>) -> Option<Element<T>> {
    let list = List { items: items.map(known).collect(), open: false };
    Some(Element { key: nowhere(), negated: false, list })
}

fn policy(statements: Vec<Statement>) -> Policy {
    Policy {
        origin: nowhere(),
        version: Some(known(Version::V2012)),
        id: None,
        statements,
        open: false,
        unknown: Vec::new(),
        size: 0,
    }
}

/// A statement about everybody.
fn statement(effect: Effect, actions: &[ActionPattern], resources: &[Box<str>]) -> Statement {
    Statement {
        origin: nowhere(),
        sid: None,
        effect: Some(known(effect)),
        bare_principal: true,
        principal: element([Principal::Anyone].into_iter()),
        action: element(actions.iter().cloned()),
        resource: element(resources.iter().map(|resource| ResourcePattern::new(resource))),
        conditions: Vec::new(),
        condition_origin: None,
        conditions_open: false,
        contingent: false,
        unknown: Vec::new(),
    }
}
