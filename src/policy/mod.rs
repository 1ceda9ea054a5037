//! What a policy document says, whatever it was written in: every element with its place, nothing lost.
//!
//! A policy is owned and knows nothing of the tree that it was read from. Values that cannot be known before deployment are
//! [`Value`]s with holes; rules ask the methods here and in [`crate::access`], which never read an unknown as safe and never
//! claim it.

mod action;
mod arn;
mod condition;
mod glob;
mod kind;
pub mod lower;
mod principal;
mod resource;
mod root_user;
pub mod schema;
mod value;
mod variable;

pub use action::ActionPattern;
pub use arn::Arn;
pub(crate) use arn::{OWN_ACCOUNT, is_account_id};
pub use condition::{BaseOperator, Condition, Operator, SetOperator};
pub use glob::globs_meet;
pub use kind::{Holder, HolderKind, PolicyKind, Use};
pub use principal::{IamEntity, Principal};
pub use resource::ResourcePattern;
pub use value::{List, Piece, Spanned, Value, glob_matches};
pub(crate) use value::{joined, pieces, render, render_with};
pub use variable::{Variable, VariableFlaw, has_braces, has_placeholder, is_stand_in, variable_texts, variables};

use crate::source::{Origin, Span};

/// A policy document.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The whole document.
    pub origin: Origin,
    /// `Version`.
    pub version: Option<Spanned<Value<Version>>>,
    /// `Id`.
    pub id: Option<Spanned<Value<Box<str>>>>,
    /// `Statement`, one or many.
    pub statements: Vec<Statement>,
    /// True if there may be statements that we do not see.
    pub open: bool,
    /// What stands for them, as it is written.
    pub unseen: Vec<Box<str>>,
    /// Keys that are no element of a policy.
    pub unknown: Vec<Spanned<Box<str>>>,
    /// Characters of the document in JSON without white space; of more than 2,048 those that it has at the least when it has been
    /// filled in. 0 where it is made of other things than a document.
    pub size: usize,
    /// XXH3 of that text, by which copies of a document are known. 0 where there is none.
    pub digest: u64,
}

impl Policy {
    /// A policy that stands in no document: a template or a module has these statements written into one.
    pub(crate) fn made(origin: Origin, statements: Vec<Statement>) -> Self {
        Policy {
            version: Some(Spanned { value: Value::Known(Version::V2012), origin: origin.clone() }),
            origin,
            id: None,
            statements,
            open: false,
            unseen: Vec::new(),
            unknown: Vec::new(),
            size: 0,
            digest: 0,
        }
    }
}

/// The language version of a policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Version {
    /// `2008-10-17`, which is also meant where there is none: policy variables are literal text.
    V2008,
    /// `2012-10-17`.
    V2012,
    /// Something else.
    Other(Box<str>),
}

/// One statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The whole statement.
    pub origin: Origin,
    /// `Sid`.
    pub sid: Option<Spanned<Value<Box<str>>>>,
    /// `Effect`; none where it is missing.
    pub effect: Option<Spanned<Value<Effect>>>,
    /// True where `Principal` is the bare string `*`.
    pub bare_principal: bool,
    /// `Principal` or `NotPrincipal`.
    pub principal: Option<Element<Principal>>,
    /// `Action` or `NotAction`.
    pub action: Option<Element<ActionPattern>>,
    /// `Resource` or `NotResource`.
    pub resource: Option<Element<ResourcePattern>>,
    /// `Condition`, one entry for each operator and key.
    pub conditions: Vec<Condition>,
    /// The place of the `Condition` value, where there is one.
    pub condition_origin: Option<Origin>,
    /// True if there may be conditions that we do not see.
    pub conditions_open: bool,
    /// True if deployment chooses whether some of it is there, as `Fn::If` does.
    pub contingent: bool,
    /// True if that is no more than which of the values of its conditions are there.
    pub chooses_values: bool,
    /// True if the time up to which it holds has passed: it neither allows nor denies anything any more.
    pub lapsed: bool,
    /// Keys that are no element of a statement.
    pub unknown: Vec<Spanned<Box<str>>>,
}

/// Whether a statement allows or denies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// `Allow`.
    Allow,
    /// `Deny`.
    Deny,
}

/// An element that comes in two forms, as `Action` and `NotAction` do.
#[derive(Clone, Debug)]
pub struct Element<T> {
    /// The key.
    pub key: Origin,
    /// True for the form with `Not`.
    pub negated: bool,
    /// The entries.
    pub list: List<T>,
}

impl<T> Element<T> {
    /// The place of all entries together; none where there is none, or where they do not stand in one place.
    pub fn whole(&self) -> Option<Origin> {
        let (first, last) = (self.list.items.first()?, self.list.items.last()?);
        let (start, end) = (first.origin.at.span.start, last.origin.at.span.end);
        let mut whole = first.origin.clone();
        whole.at.span = Span { start, end };
        (first.origin.at.file == last.origin.at.file && start <= end).then_some(whole)
    }

    /// The entries of the plain form; none of the form with `Not`.
    pub fn plain(&self) -> &[Spanned<Value<T>>] {
        if self.negated { &[] } else { &self.list.items }
    }
}

impl Statement {
    /// An Allow to which the rest is to be added.
    pub(crate) fn allowing(origin: Origin) -> Self {
        let effect = Some(Spanned { value: Value::Known(Effect::Allow), origin: origin.clone() });
        Statement { effect, ..Self::empty(origin) }
    }

    /// A statement that says nothing.
    pub(crate) fn empty(origin: Origin) -> Self {
        Statement {
            origin,
            sid: None,
            effect: None,
            bare_principal: false,
            principal: None,
            action: None,
            resource: None,
            conditions: Vec::new(),
            condition_origin: None,
            conditions_open: false,
            contingent: false,
            chooses_values: false,
            lapsed: false,
            unknown: Vec::new(),
        }
    }

    /// True if the statement allows, or may: an effect that is not known is not read as safe.
    pub fn may_allow(&self) -> bool {
        !self.lapsed && self.effect.as_ref().is_some_and(|effect| effect.value.may(|effect| *effect == Effect::Allow))
    }

    /// True if the statement certainly allows.
    pub fn allows(&self) -> bool {
        !self.contingent
            && !self.lapsed
            && self.effect.as_ref().is_some_and(|effect| effect.value.must(|effect| *effect == Effect::Allow))
    }

    /// True if the statement certainly denies.
    pub fn denies(&self) -> bool {
        !self.contingent
            && !self.lapsed
            && self.effect.as_ref().is_some_and(|effect| effect.value.must(|effect| *effect == Effect::Deny))
    }

    /// True if the statement certainly denies, whichever values of its conditions deployment chooses.
    pub fn denies_by_any_values(&self) -> bool {
        self.denies()
            || self.chooses_values
                && !self.lapsed
                && self.effect.as_ref().is_some_and(|effect| effect.value.must(|effect| *effect == Effect::Deny))
    }

    /// True if the statement denies, or may: an effect that is not known is not read as safe.
    pub fn may_deny(&self) -> bool {
        !self.lapsed && self.effect.as_ref().is_none_or(|effect| effect.value.may(|effect| *effect == Effect::Deny))
    }

    /// The action patterns of `Action`; none where the statement has `NotAction`.
    pub fn actions(&self) -> &[Spanned<Value<ActionPattern>>] {
        self.action.as_ref().map_or(&[], Element::plain)
    }

    /// The resource patterns of `Resource`; none where the statement has `NotResource`.
    pub fn resources(&self) -> &[Spanned<Value<ResourcePattern>>] {
        self.resource.as_ref().map_or(&[], Element::plain)
    }

    /// The principals of `Principal`; none where the statement has `NotPrincipal`.
    pub fn principals(&self) -> &[Spanned<Value<Principal>>] {
        self.principal.as_ref().map_or(&[], Element::plain)
    }

    /// The entries of `Principal` that are `*`, under whatever type, with their places.
    pub fn wildcard_principals(&self) -> impl Iterator<Item = (&Principal, &Origin)> {
        let known = self.principals().iter().filter_map(|item| Some((item.value.known()?, &item.origin)));
        known.filter(|(principal, _)| principal.is_wildcard())
    }

    /// Where the statement names everyone: a `*`, or the key `NotPrincipal`, which leaves out only some.
    pub fn everyone(&self) -> Option<&Origin> {
        let negated = self.principal.as_ref().filter(|element| element.negated).map(|element| &element.key);
        self.wildcard_principals().next().map(|(_, at)| at).or(negated)
    }

    /// True if the statement has no condition, and none that we do not see.
    pub fn unconditional(&self) -> bool {
        self.conditions.is_empty() && !self.conditions_open
    }

    /// The `Sid`, where it is known.
    pub fn known_sid(&self) -> Option<&str> {
        self.sid.as_ref()?.value.known().map(|sid| &**sid)
    }
}
