//! Which roles of the files at hand the actions of a set can be used on.

use super::{ASSUME_ROLE, PASS_ROLE, Scene, is_decided};
use crate::access::Truth;
use crate::access::actions::statement_matches;
use crate::access::context::{Context, applies};
use crate::access::grants::Granted;
use crate::access::role::Role;
use crate::access::scope::narrowings;
use crate::policy::{
    Arn, OWN_ACCOUNT, Piece, ResourcePattern, Statement, Value, glob_matches, has_braces, pieces, render_with,
};

/// True for the actions whose resource is a role.
pub(super) fn takes_role(action: &str) -> bool {
    matches!(
        action,
        PASS_ROLE
            | ASSUME_ROLE
            | "iam:AttachRolePolicy"
            | "iam:DeleteRolePermissionsBoundary"
            | "iam:PutRolePolicy"
            | "iam:UpdateAssumeRolePolicy"
    )
}

/// True for the actions that make a function run something else.
pub(super) fn takes_function(action: &str) -> bool {
    matches!(action, "lambda:UpdateFunctionCode" | "lambda:UpdateFunctionConfiguration")
}

/// A role that an action can be used on.
#[derive(Clone, Debug)]
pub(super) struct Target<'a> {
    pub(super) role: &'a Role<'a>,
    /// What grants that, with the place of the action in its set.
    pub(super) steps: Vec<(usize, Granted<'a>)>,
    /// False if it may be another one, or none.
    pub(super) certain: bool,
}

/// What actions can be used on.
#[derive(Clone, Default, Debug)]
pub(super) enum Aim<'a> {
    /// Roles of which not all are known, or none.
    #[default]
    Open,
    /// These roles only.
    These(Vec<Target<'a>>),
}

impl<'a> Aim<'a> {
    /// Takes what another action of the set can be used on: the set works on what both can.
    pub(super) fn meet(&mut self, other: Aim<'a>) {
        match (&mut *self, other) {
            (_, Aim::Open) => {}
            (Aim::Open, other) => *self = other,
            (Aim::These(targets), Aim::These(others)) => targets.retain_mut(|target| {
                let same = others.iter().find(|other| std::ptr::eq(other.role, target.role));
                target.certain &= same.is_some_and(|same| same.certain);
                target.steps.extend(same.into_iter().flat_map(|same| same.steps.iter().copied()));
                same.is_some()
            }),
        }
    }
}

/// What an entry of `Resource` stands for.
enum Named<'a> {
    /// One of these roles.
    Roles(Vec<&'a Role<'a>>),
    /// No role at all.
    NoRole,
    /// Others, or not known.
    Others,
}

impl<'a> Scene<'_, 'a> {
    /// What an action, the one at this place in its set, can be used on, by what grants it.
    pub(super) fn aim(&self, action: &str, at: usize, granted: &[Granted<'a>], request: &Context) -> Aim<'a> {
        let mut targets: Vec<Target<'a>> = Vec::new();
        let mut any = false;
        for granted in granted.iter().filter(|_| !self.roles.is_empty()) {
            let Some(element) = &granted.statement.resource else { return Aim::Open };
            if element.negated || element.list.open {
                return Aim::Open;
            }
            let narrowed = narrowings(granted.statement).any(|condition| !is_decided(condition));
            for item in &element.list.items {
                let named = match self.named(&item.value, item.origin.editable, action) {
                    Named::Roles(roles) => roles,
                    Named::NoRole => continue,
                    Named::Others => return Aim::Open,
                };
                let exact = !matches!(item.value, Value::Either(_));
                for role in named {
                    any = true;
                    let denied = match takes_function(action) {
                        true => self.may_deny(action),
                        false => self.denied(role, action, request),
                    };
                    let certain = granted.certain && exact && !narrowed && denied == Truth::No;
                    if !denied.certain() {
                        targets.push(Target { role, steps: vec![(at, *granted)], certain });
                    }
                }
            }
        }
        if any { Aim::These(targets) } else { Aim::Open }
    }

    /// The roles that an entry stands for; for an action on functions, those that they have.
    fn named(&self, value: &Value<ResourcePattern>, written: bool, action: &str) -> Named<'a> {
        match value {
            Value::Known(pattern) => {
                let text = pattern.as_str();
                // Whatever the account, only one's own is meant where a role is passed or changed.
                let wild = pattern.arn().is_none_or(|arn| {
                    [arn.partition, arn.service, arn.region, arn.resource].iter().any(|part| part.contains(['*', '?']))
                });
                match wild || has_braces(text) || !written {
                    true if pattern.arn().is_some_and(|arn| is_another(action, &arn)) => Named::NoRole,
                    true => Named::Others,
                    false => self.by_arn(&pieces(text), action),
                }
            }
            Value::Partly(pieces) => self.by_arn(pieces, action),
            Value::Either(arms) => {
                let mut all = Vec::new();
                for arm in arms {
                    match self.named(arm, written, action) {
                        Named::Roles(roles) => all.extend(roles),
                        Named::NoRole => {}
                        Named::Others => return Named::Others,
                    }
                }
                Named::Roles(all)
            }
            Value::Unknown(_) => Named::Others,
        }
    }

    /// The roles whose ARN some pieces make, or that of a function of theirs.
    fn by_arn(&self, pieces: &[Piece], action: &str) -> Named<'a> {
        let text = render_with(pieces, |name| format!("${{{name}}}"));
        let Some(arn) = Arn::parse(&text) else { return Named::Others };
        if is_another(action, &arn) {
            return Named::NoRole;
        }
        let begin = if takes_function(action) { ":function:" } else { ":role/" };
        let at = pieces.iter().position(|piece| matches!(piece, Piece::Lit(text) if text.contains(begin)));
        let Some((Piece::Lit(first), rest)) = at.and_then(|at| pieces.get(at..)?.split_first()) else {
            return Named::Others;
        };
        let first = first.split_once(begin).map_or("", |(_, name)| name);
        let mut name = Vec::with_capacity(rest.len() + 1);
        if !first.is_empty() {
            name.push(Piece::Lit(first.into()));
        }
        name.extend_from_slice(rest);
        // Roles of other accounts can be assumed; only those of one's own are changed and passed.
        let own = |role: &Role<'_>| {
            action != ASSUME_ROLE || arn.account == OWN_ACCOUNT || role.account() == Some(arn.account)
        };
        let is_meant = |role: &&Role<'_>| match takes_function(action) {
            true => role.runs(&name),
            false => role.is_named(&name) && own(role),
        };
        let roles: Vec<&Role<'_>> = self.roles.iter().filter(is_meant).collect();
        if roles.is_empty() { Named::Others } else { Named::Roles(roles) }
    }

    /// `Maybe` if some Deny speaks of an action.
    fn may_deny(&self, action: &str) -> Truth {
        let mut denying = self.grants.statements().iter().filter(|statement| statement.may_deny());
        match denying.any(|statement| statement_matches(statement, action).possible()) {
            true => Truth::Maybe,
            false => Truth::No,
        }
    }

    /// Whether a Deny takes an action on a role away.
    pub(super) fn denied(&self, role: &Role<'_>, action: &str, request: &Context) -> Truth {
        let denying = self.grants.statements().iter().filter(|statement| statement.may_deny());
        denying.fold(Truth::No, |any, statement| {
            let sure = if statement.denies() { Truth::Yes } else { Truth::Maybe };
            let speaks = statement_matches(statement, action);
            any.or(sure.and(speaks).and(applies(statement, request)).and(concerns(statement, role)))
        })
    }
}

/// True for an ARN, known or not, of something that an action is not used on.
fn is_another(action: &str, arn: &Arn<'_>) -> bool {
    match takes_function(action) {
        true => !arn.service.contains(['*', '?', '$']) && arn.service != "lambda",
        false => is_no_role(arn.service, arn.resource),
    }
}

/// True for an ARN, known or not, that is certainly none of a role.
fn is_no_role(service: &str, resource: &str) -> bool {
    let open = |text: &str| text.contains(['*', '?', '$']);
    let of_type = resource.split_once('/').map(|(kind, _)| kind);
    !open(service) && service != "iam" || of_type.is_some_and(|kind| !open(kind) && kind != "role")
}

/// Stands for what is not known of a name: no pattern spells it out.
const ANY: &str = "\u{fffd}\u{fffd}\u{fffd}";

/// Whether a statement is about a role.
pub(super) fn concerns(statement: &Statement, role: &Role<'_>) -> Truth {
    let Some(element) = &statement.resource else { return Truth::Maybe };
    let unseen = if element.list.open { Truth::Maybe } else { Truth::No };
    let listed = element.list.items.iter().fold(unseen, |any, item| any.or(is_about(&item.value, role)));
    if element.negated { !listed } else { listed }
}

fn is_about(value: &Value<ResourcePattern>, role: &Role<'_>) -> Truth {
    match value {
        Value::Known(pattern) if pattern.matches_everything() => Truth::Yes,
        Value::Known(pattern) => {
            let name = render_with(role.in_arn(), |_| ANY.to_owned());
            let name = if role.in_arn().iter().all(|piece| matches!(piece, Piece::Lit(_))) { &*name } else { ANY };
            let arn = pattern.arn();
            let account = role.account().or(arn.map(|arn| arn.account)).unwrap_or(ANY);
            let account = if account.contains(['*', '?']) { ANY } else { account };
            match glob_matches(pattern.as_str(), &format!("arn:aws:iam::{account}:role/{name}")) {
                true => Truth::Yes,
                false if arn.is_some_and(|arn| is_no_role(arn.service, arn.resource)) => Truth::No,
                false => {
                    if name == ANY {
                        Truth::Maybe
                    } else {
                        Truth::No
                    }
                }
            }
        }
        Value::Partly(pieces) => {
            let text = render_with(pieces, |name| format!("${{{name}}}"));
            let tail = text.split_once(":role/").map(|(_, name)| name);
            let exact = match &pieces[..] {
                [.., Piece::Lit(begin), last] if begin.ends_with(":role/") => role.is_named(std::slice::from_ref(last)),
                _ => false,
            };
            match (exact, Arn::parse(&text)) {
                (true, _) => Truth::Yes,
                (_, Some(arn)) if is_no_role(arn.service, arn.resource) => Truth::No,
                // Another one, by a name that is as certain.
                _ if tail.is_some() && matches!(pieces.last(), Some(Piece::Assigned(_))) => Truth::No,
                _ => Truth::Maybe,
            }
        }
        Value::Either(_) | Value::Unknown(_) => Truth::Maybe,
    }
}
