//! What policies may allow at the most, and what they allow beyond it.
//!
//! A ceiling is a policy itself: it allows everything but the actions that it is about, and of these only what is let through. What
//! a policy allows beyond it is new access, as AWS's check
//! [access not granted](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html) has it, and
//! decided as exactly ([`super::compare`]).

use super::compare::{Kind, NewAccess, new_access};
use super::evaluate::Document;
use super::guest::Guest;
use super::targets::Targets;
use crate::catalog;
use crate::policy::{
    ActionPattern, Condition, Element, List, Operator, Policy, Principal, ResourcePattern, Spanned, Statement, Value,
    globs_meet,
};
use crate::source::{FileId, Loc, Origin, Span};

/// Pairs of an Allow and a Deny after which no more are weighed against each other.
const MOST_WEIGHED: usize = 20_000;

const TOO_MANY: &str = "too many statements deny something of it: the question was given up";

/// What policies may allow at the most.
#[derive(Clone, Default, Debug)]
pub struct Ceiling {
    /// The actions that it is about; it says nothing of others.
    pub actions: Vec<ActionPattern>,
    /// The resources that it is about; empty means all.
    pub on: Vec<Box<str>>,
    /// What is let through of them; without one, nothing is.
    pub passes: Vec<Pass>,
}

/// What a ceiling lets through.
#[derive(Clone, Debug)]
pub struct Pass {
    /// To whom; none means to whomever.
    pub to: Option<Vec<Guest>>,
    /// Requests that meet these conditions.
    pub conditions: Vec<Condition>,
}

/// Something that a policy allows, or may, beyond a ceiling.
#[derive(Debug)]
pub struct Excess<'p> {
    /// The statement that allows it.
    pub statement: &'p Statement,
    /// The entry of `Principal` that it is for, where each was asked about by itself.
    pub principal: Option<&'p Spanned<Value<Principal>>>,
    /// Requests that show it, one for each entry of `Action`.
    pub access: Vec<NewAccess>,
    /// Why it was not decided, where it was not.
    pub undecided: Option<&'static str>,
}

/// The principals of a policy, and how a ceiling looks at them.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// What the policy is.
    pub kind: Kind,
    /// Whether each entry of `Principal` is asked about by itself.
    pub each_principal: bool,
    /// Whether an account is the user's own.
    pub is_own: &'a dyn Fn(&str) -> bool,
}

impl<'p> Excess<'p> {
    /// The entry of `Action` that allows what a request shows; the whole statement where it is none of those that are known.
    pub fn entry(&self, access: &NewAccess) -> &'p Origin {
        let matches = |pattern: &ActionPattern| pattern.matches(&access.witness.action);
        let entry = self.statement.actions().iter().find(|entry| entry.value.known_any(matches));
        entry.map_or(&self.statement.origin, |entry| &entry.origin)
    }
}

impl Ceiling {
    /// What a policy allows beyond the ceiling, when the `denies` that bind it are taken away: one for each statement, or each
    /// entry of its `Principal`.
    pub fn exceeded_by<'p>(&self, policy: &'p Policy, denies: &[Statement], scope: Scope<'_>) -> Vec<Excess<'p>> {
        let allows = policy.statements.iter().filter(|statement| statement.may_allow());
        let asked = allows.filter_map(|statement| Some((statement, self.narrowed(statement)?)));
        // The whole policy may have thousands of statements: each is asked about alone.
        let frame = Policy { version: policy.version.clone(), ..Policy::made(nowhere(), Vec::new()) };
        let on: Vec<_> = self.on.iter().map(|on| ResourcePattern::new(on)).collect();
        let mut weighed = 0;
        let mut all = Vec::new();
        for (statement, narrowed) in asked {
            let cases: Vec<_> = match &statement.principal {
                Some(element) if !element.negated && scope.kind == Kind::Resource => {
                    let entries: Vec<_> =
                        element.list.items.iter().filter(|item| !self.passes_whole(item, scope)).collect();
                    if scope.each_principal {
                        entries.into_iter().map(|entry| (Some(entry), with_principals(&narrowed, [entry]))).collect()
                    } else if entries.is_empty() && !element.list.open {
                        Vec::new()
                    } else {
                        vec![(None, with_principals(&narrowed, entries))]
                    }
                }
                _ => vec![(None, narrowed)],
            };
            all.extend(cases.into_iter().filter_map(|(principal, head)| {
                let base = self.policy(principal, scope);
                let binding = denies.iter().filter(|deny| may_bind(deny, &head)).cloned().collect::<Vec<_>>();
                weighed += binding.len();
                if weighed > MOST_WEIGHED {
                    return Some(Excess { statement, principal, access: Vec::new(), undecided: Some(TOO_MANY) });
                }
                let head = Policy { statements: [vec![head], binding].concat(), ..frame.clone() };
                let document = |policy| [Document { file: "".into(), policy }];
                let mut found = new_access(&document(base), &document(head), scope.kind);
                // The comparison knows no types of resources. What nobody can ask for is not beyond the ceiling.
                let targets = Targets::of(statement);
                let may_be = |action: &catalog::Action| match on.is_empty() {
                    true => targets.has(action),
                    false => targets.has_among(action, &on),
                };
                found.new.retain(|access| {
                    access.certain || catalog::action(&access.witness.action).is_none_or(|action| may_be(&action))
                });
                let undecided = found.unknown.first().map(|undecided| undecided.why);
                let excess = Excess { statement, principal, access: found.new, undecided };
                (!excess.access.is_empty() || undecided.is_some()).then_some(excess)
            }));
        }
        all
    }

    /// A statement with those entries of `Action` alone that may reach what the ceiling is about; none if none may.
    fn narrowed(&self, statement: &Statement) -> Option<Statement> {
        let meets = |pattern: &ActionPattern| {
            let text = pattern.as_str().to_ascii_lowercase();
            self.actions.iter().any(|action| globs_meet(&action.as_str().to_ascii_lowercase(), &text))
        };
        let element = statement.action.as_ref()?;
        let mut narrowed = statement.clone();
        if let Some(own) = narrowed.action.as_mut().filter(|own| !own.negated) {
            own.list.items.retain(|item| item.value.may(meets));
            if own.list.items.is_empty() && !element.list.open {
                return None;
            }
        }
        Some(narrowed)
    }

    /// True if an entry of `Principal` is let through whatever it does.
    fn passes_whole(&self, entry: &Spanned<Value<Principal>>, scope: Scope<'_>) -> bool {
        let unconditional = self.passes.iter().filter(|pass| pass.conditions.is_empty());
        unconditional.into_iter().any(|pass| pass.is_for(entry, scope))
    }

    /// The ceiling as a policy. What is let through to the entry that is asked about is written for everyone: it may have no
    /// name that the comparison could read.
    fn policy(&self, asked: Option<&Spanned<Value<Principal>>>, scope: Scope<'_>) -> Policy {
        let everything = [ActionPattern::new("*")];
        let mut statements = vec![Statement {
            action: element(true, self.actions.iter().cloned()),
            ..allow(&everything, &[], Vec::new())
        }];
        if !self.on.is_empty() {
            let others = self.on.iter().map(|on| ResourcePattern::new(on));
            statements.push(Statement { resource: element(true, others), ..allow(&everything, &[], Vec::new()) });
        }
        for pass in &self.passes {
            let conditions = || pass.conditions.clone();
            match &pass.to {
                None => statements.push(allow(&self.actions, &self.on, conditions())),
                Some(_) if asked.is_some_and(|entry| pass.is_for(entry, scope)) => {
                    statements.push(allow(&self.actions, &self.on, conditions()));
                }
                Some(_) if scope.kind == Kind::Identity => {}
                Some(guests) => statements.extend(guests.iter().filter_map(|guest| {
                    let mut statement = allow(&self.actions, &self.on, conditions());
                    let asks = match guest {
                        Guest::Own => return None,
                        Guest::Account(id) => ("StringEquals", "aws:PrincipalAccount", id),
                        Guest::Organization(id) => ("StringEquals", "aws:PrincipalOrgID", id),
                        Guest::Arn(pattern) if is_provider(pattern) => {
                            statement.principal = element(false, [Principal::Federated(pattern.clone())]);
                            statement.bare_principal = false;
                            return Some(statement);
                        }
                        Guest::Arn(pattern) => ("ArnLike", "aws:PrincipalArn", pattern),
                        Guest::Service(name) => {
                            statement.principal = element(false, [Principal::Service(name.clone())]);
                            statement.bare_principal = false;
                            return Some(statement);
                        }
                    };
                    statement.conditions.push(condition(asks.0, asks.1, [&**asks.2]));
                    Some(statement)
                })),
            }
        }
        Policy::made(nowhere(), statements)
    }
}

impl Pass {
    /// True if an entry of `Principal` names none but those to whom this is let through.
    fn is_for(&self, entry: &Spanned<Value<Principal>>, scope: Scope<'_>) -> bool {
        let takes_in = |principal: &Principal| match &self.to {
            Some(guests) => guests.iter().any(|guest| guest.takes_in(principal, scope.is_own)),
            None => true,
        };
        entry.value.must(takes_in)
    }
}

fn is_provider(pattern: &str) -> bool {
    pattern.contains(":oidc-provider/") || pattern.contains(":saml-provider/")
}

/// False for a Deny that plainly speaks of other actions or resources than a statement.
fn may_bind(deny: &Statement, statement: &Statement) -> bool {
    if let (Some(denied), Some(allowed)) = (&deny.resource, &statement.resource)
        && !denied.negated
        && !allowed.negated
        && !denied.list.open
        && !allowed.list.open
    {
        let meet = |one: &ResourcePattern, other: &ResourcePattern| {
            // A variable may be anything.
            let variable = one.as_str().contains("${") || other.as_str().contains("${");
            variable || globs_meet(one.as_str(), other.as_str())
        };
        let mut pairs =
            denied.list.items.iter().flat_map(|one| allowed.list.items.iter().map(move |other| (one, other)));
        if !pairs.any(|(one, other)| one.value.may(|one| other.value.may(|other| meet(one, other)))) {
            return false;
        }
    }
    let apart = |one: &ActionPattern, other: &ActionPattern| match (one.named_service(), other.named_service()) {
        (Some(one), Some(other)) => !one.eq_ignore_ascii_case(other),
        _ => false,
    };
    let elements = (deny.action.as_ref(), statement.action.as_ref());
    let (Some(denied), Some(allowed)) = elements else { return true };
    if denied.negated || allowed.negated || denied.list.open || allowed.list.open {
        return true;
    }
    let mut pairs = denied.list.items.iter().flat_map(|one| allowed.list.items.iter().map(move |other| (one, other)));
    pairs.any(|(one, other)| one.value.may(|one| other.value.may(|other| !apart(one, other))))
}

fn with_principals<'s>(
    statement: &Statement,
    entries: impl IntoIterator<Item = &'s Spanned<Value<Principal>>>,
) -> Statement {
    let mut statement = statement.clone();
    if let Some(element) = &mut statement.principal {
        element.list.items = entries.into_iter().cloned().collect();
    }
    statement
}

fn nowhere() -> Origin {
    Origin::here(Loc { file: FileId(0), span: Span::new(0, 0) })
}

fn spanned<T>(value: T) -> Spanned<T> {
    Spanned { value, origin: nowhere() }
}

fn list<T>(items: impl IntoIterator<Item = T>) -> List<T> {
    List { items: items.into_iter().map(|item| spanned(Value::Known(item))).collect(), open: false }
}

fn element<T>(negated: bool, items: impl IntoIterator<Item = T>) -> Option<Element<T>> {
    Some(Element { key: nowhere(), negated, list: list(items) })
}

/// A condition that stands in no file.
pub fn condition<'v>(operator: &str, key: &str, values: impl IntoIterator<Item = &'v str>) -> Condition {
    Condition {
        origin: nowhere(),
        operator: spanned(Operator::parse(operator)),
        key: spanned(key.into()),
        values: list(values.into_iter().map(Box::from)),
    }
}

/// A policy that allows everything to everybody.
pub(super) fn everything() -> Policy {
    Policy::made(nowhere(), vec![allow(&[ActionPattern::new("*")], &[], Vec::new())])
}

/// A statement that allows actions on resources (on all, if there are none) to everybody.
fn allow(actions: &[ActionPattern], on: &[Box<str>], conditions: Vec<Condition>) -> Statement {
    let all = ["*".into()];
    let on = if on.is_empty() { &all[..] } else { on };
    Statement {
        bare_principal: true,
        principal: element(false, [Principal::Anyone]),
        action: element(false, actions.iter().cloned()),
        resource: element(false, on.iter().map(|resource| ResourcePattern::new(resource))),
        conditions,
        ..Statement::allowing(nowhere())
    }
}
