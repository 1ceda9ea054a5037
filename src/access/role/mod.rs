//! Roles of the files at hand, as those who would use them see them: whom they trust, and what comes of having one.

mod rights;

pub use rights::Beyond;

use super::Truth;
use super::actions::statement_matches;
use super::administrator::administrators;
use super::escalation::{self, ASSUME_ROLE};
use super::grants::Grants;
use crate::catalog::EscalationKind;
use crate::extract::{self, AwsPolicy, Presence, managed_document, refers};
use crate::policy::{OWN_ACCOUNT, Piece, Policy, Principal, Statement};
use crate::source::{Origin, RelPath};
use std::sync::OnceLock;

/// A role with its policies.
#[derive(Debug)]
pub struct Role<'a> {
    told: &'a extract::Identity,
    file: &'a RelPath,
    trust: Option<&'a Policy>,
    held: Vec<Held<'a>>,
    open: bool,
    standing: OnceLock<Standing>,
}

/// A policy of a role.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// The document.
    pub policy: &'a Policy,
    /// True if only this role has it.
    pub own: bool,
    /// Whether deployment gives it to the role.
    pub presence: &'a Presence,
    /// True if it could not be read as it stands.
    pub flawed: bool,
}

/// How far a role certainly goes by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It may do everything, by what stands there.
    Administrator(Origin),
    /// It can give itself the rest, by what stands there.
    Raises(Origin),
    /// Neither, as far as it is known.
    Less,
}

impl<'a> Role<'a> {
    /// A role of a file with its trust policy and its rights, as far as they are known.
    pub fn new(
        told: &'a extract::Identity,
        file: &'a RelPath,
        trust: Option<&'a Policy>,
        held: Vec<Held<'a>>,
        open: bool,
    ) -> Self {
        Role { told, file, trust, held, open, standing: OnceLock::new() }
    }

    /// What the file calls it.
    pub fn label(&self) -> &'a str {
        &self.told.label
    }

    /// Where it is named.
    pub fn at(&self) -> &'a Origin {
        &self.told.at
    }

    /// The file in which it stands.
    pub fn file(&self) -> &'a RelPath {
        self.file
    }

    /// Its account, where the file says so.
    pub fn account(&self) -> Option<&'a str> {
        self.told.account.as_deref()
    }

    /// What stands behind `role/` in its ARN.
    pub fn in_arn(&self) -> &'a [Piece] {
        &self.told.in_arn
    }

    /// True if what stands behind `role/` in an ARN is this role.
    pub fn is_named(&self, name: &[Piece]) -> bool {
        match name {
            [Piece::Assigned(reference) | Piece::Hole(reference)] => refers(reference, &self.told.label),
            _ => *self.told.in_arn == *name,
        }
    }

    /// True if what stands behind `function:` in an ARN is a function that runs with the role.
    pub fn runs(&self, function: &[Piece]) -> bool {
        self.told.functions.iter().any(|own| match function {
            [Piece::Assigned(reference) | Piece::Hole(reference)] => refers(reference, &own.label),
            _ => *own.name == *function,
        })
    }

    /// Its policies, as far as they are known.
    pub fn held(&self) -> &[Held<'a>] {
        &self.held
    }

    /// The policies of AWS that it has, and how.
    pub fn managed(&self) -> &'a [AwsPolicy] {
        &self.told.managed
    }

    /// True if it stands for several, of which each may have other policies.
    pub fn is_several(&self) -> bool {
        self.told.several
    }

    /// True if it has a permissions boundary.
    pub fn is_bounded(&self) -> bool {
        self.told.bounded
    }

    /// True if it may have rights that are not seen.
    pub fn is_open(&self) -> bool {
        self.open || self.held.iter().any(|held| held.flawed || held.policy.open)
    }

    /// True if it has a policy.
    pub fn holds(&self, policy: &Policy) -> bool {
        self.held.iter().any(|held| std::ptr::eq(held.policy, policy))
    }

    /// True if it has a policy, and nobody else has.
    pub fn alone_holds(&self, policy: &Policy) -> bool {
        self.held.iter().any(|held| held.own && std::ptr::eq(held.policy, policy))
    }

    /// Whether a service, as `ec2.amazonaws.com`, can be given the role.
    pub fn trusts(&self, service: &str) -> Truth {
        self.admits(|principal| match principal {
            Principal::Service(name) if &**name == "*" => Truth::Maybe,
            Principal::Service(name) => is_of(name, service).into(),
            Principal::Anyone => Truth::Maybe,
            _ => Truth::No,
        })
    }

    /// Whether principals of its account are let in: `Maybe` where only some are, or others.
    pub fn lets_in(&self) -> Truth {
        self.admits(|principal| match principal {
            Principal::Account { id, .. } if &**id == OWN_ACCOUNT || Some(&**id) == self.account() => Truth::Yes,
            Principal::Service(_) | Principal::Federated(_) | Principal::CanonicalUser(_) => Truth::No,
            _ => Truth::Maybe,
        })
    }

    /// Whether the trust policy lets in somebody whom `test` takes for one of those who are asked about.
    fn admits(&self, test: impl Fn(&Principal) -> Truth + Copy) -> Truth {
        let Some(trust) = self.trust else { return Truth::Maybe };
        if trust.open {
            return Truth::Maybe;
        }
        let any = trust.statements.iter().fold(Truth::No, |any, statement| any.or(admitted(statement, test)));
        // Another statement may deny what one allows.
        let settled = trust.statements.iter().all(Statement::allows);
        if settled || any == Truth::No { any } else { Truth::Maybe }
    }

    /// How far it certainly goes by itself.
    pub fn standing(&self) -> &Standing {
        self.standing.get_or_init(|| if self.is_bounded() { Standing::Less } else { self.judge() })
    }

    fn judge(&self) -> Standing {
        let own = self.held.iter().map(|held| (held.policy, held.presence.is_certain(), None));
        let managed = self.managed().iter().filter_map(|attached| {
            Some((managed_document(attached.policy)?, attached.presence.is_certain(), Some(&attached.at)))
        });
        let all: Vec<(&Policy, bool, Option<&Origin>)> = own.chain(managed).collect();
        // What one policy denies another may allow in vain.
        let free = |policy: &Policy| {
            all.iter()
                .all(|(other, _, _)| std::ptr::eq(*other, policy) || !other.statements.iter().any(Statement::may_deny))
        };
        let sure = || all.iter().filter(|(policy, always, _)| *always && free(policy));
        for (policy, _, attached) in sure() {
            if let Some(found) = administrators(policy).find(|found| found.certain && found.unconditional) {
                return Standing::Administrator(attached.unwrap_or(found.action).clone());
            }
        }
        for (policy, _, attached) in sure() {
            let paths = escalation::paths(&Grants::of(policy, &policy.statements), &[]);
            let certain = paths.iter().find(|path| {
                let by_itself = matches!(path.set.kind, EscalationKind::Own | EscalationKind::Other);
                by_itself
                    && !path.narrow
                    && path.certain
                    && path.steps.iter().all(|step| step.statement.unconditional())
            });
            if let Some(step) = certain.and_then(|path| path.steps.first()) {
                return Standing::Raises(attached.unwrap_or(step.entry).clone());
            }
        }
        Standing::Less
    }

    /// All policies of the role.
    fn policies(&self) -> impl Iterator<Item = &Policy> {
        self.held
            .iter()
            .map(|held| held.policy)
            .chain(self.told.managed.iter().filter_map(|aws| managed_document(aws.policy)))
    }
}

/// Whether a statement of a trust policy lets in one of those who are asked about.
fn admitted(statement: &Statement, test: impl Fn(&Principal) -> Truth + Copy) -> Truth {
    let matches = statement_matches(statement, ASSUME_ROLE);
    if !statement.may_allow() || !matches.possible() {
        return Truth::No;
    }
    let Some(element) = statement.principal.as_ref().filter(|element| !element.negated) else { return Truth::Maybe };
    let unseen = if element.list.open { Truth::Maybe } else { Truth::No };
    let named = element.list.items.iter().fold(unseen, |any, item| {
        let one = match &item.value {
            value if value.must(|principal| test(principal) == Truth::Yes) => Truth::Yes,
            // What deployment may replace is no refusal.
            value if item.origin.editable && value.must(|principal| test(principal) == Truth::No) => Truth::No,
            _ => Truth::Maybe,
        };
        any.or(one)
    });
    let sure = statement.allows() && statement.unconditional();
    named.and(matches).and(if sure { Truth::Yes } else { Truth::Maybe })
}

/// True if a trust policy's name of a service is that of the service: in China, or in one region, others have more to them.
fn is_of(name: &str, service: &str) -> bool {
    let stem = service.strip_suffix(".amazonaws.com").unwrap_or(service);
    name.strip_prefix(stem).is_some_and(|rest| {
        rest.starts_with('.') && (rest.ends_with(".amazonaws.com") || rest.ends_with(".amazonaws.com.cn"))
    })
}
