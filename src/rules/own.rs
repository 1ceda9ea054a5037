//! Rules of the user's own: data over what policies grant.

use super::{Entry, Ownership, PolicyCx, Rule, RuleDoc};
use crate::access::ceiling::{Ceiling, Excess, Scope};
use crate::access::compare::{Kind, NewAccess, Values};
use crate::finding::Problem;
use crate::policy::{Condition, PolicyKind, Principal, Statement, Value};
use crate::settings::Settings;
use crate::source::Origin;
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

/// What a rule of the user's own demands.
#[derive(Clone, Debug)]
pub struct Own {
    /// What is wrong, for findings.
    pub message: Box<str>,
    /// What to do about it; may be empty.
    pub help: Box<str>,
    /// The kinds of policies that it judges; none means all that grant something.
    pub kinds: Vec<PolicyKind>,
    /// What they may allow.
    pub ceiling: Ceiling,
    /// What it says is wrong.
    pub fault: Fault,
}

/// What is wrong with what a policy grants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// That it does.
    Forbidden,
    /// That it does without a condition.
    Unconditional,
    /// To whom it does.
    Principal,
}

impl Own {
    /// The rule that a page describes, as all others are. A page that is read again gives the same one: what is known of the rules
    /// of a run lives as long as the program.
    pub fn on_page(self, page: &str) -> &'static Entry {
        static READ: LazyLock<Mutex<BTreeMap<&'static str, &'static Entry>>> = LazyLock::new(Mutex::default);
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = read.get(page) {
            return entry;
        }
        let page: &'static str = Box::leak(page.into());
        let entry = Box::leak(Box::new(Entry { doc: RuleDoc::read(page), rule: Box::leak(Box::new(self)) }));
        read.insert(page, entry);
        entry
    }

    /// What the policy is to the rule; none where that does not judge it.
    fn kind(&self, cx: &PolicyCx<'_>) -> Option<Kind> {
        let asked = |kind: &&PolicyKind| match self.kinds.is_empty() {
            true => kind.grants() && (self.fault != Fault::Principal || **kind != PolicyKind::Identity),
            false => self.kinds.iter().any(|wanted| is_kind(kind, wanted)),
        };
        let kind = cx.site.uses.iter().map(|used| &used.kind).find(asked)?;
        let identity = [PolicyKind::Identity, PolicyKind::Boundary, PolicyKind::Session, PolicyKind::ServiceControl];
        Some(if identity.contains(kind) { Kind::Identity } else { Kind::Resource })
    }
}

/// `resource` means the policies of all services.
fn is_kind(kind: &PolicyKind, wanted: &PolicyKind) -> bool {
    kind == wanted || (*wanted == PolicyKind::Resource(None) && matches!(kind, PolicyKind::Resource(_)))
}

impl Rule for Own {
    fn judges_attached(&self, _: &Settings) -> bool {
        true
    }

    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let Some(kind) = self.kind(cx) else { return };
        let denies: Vec<_> = cx.with_denies().iter().filter(|statement| statement.denies()).cloned().collect();
        let is_own = |account: &str| cx.ownership(account) == Ownership::Own;
        let scope = Scope { kind, each_principal: self.fault == Fault::Principal, is_own: &is_own };
        for excess in self.ceiling.exceeded_by(&cx.site.policy, &denies, scope) {
            out.push(self.problem(&excess, cx));
        }
    }
}

impl Own {
    fn problem(&self, excess: &Excess<'_>, cx: &PolicyCx<'_>) -> Problem {
        let mut shown = excess.access.iter().map(|access| (excess.entry(access), access));
        let Some((entry, first)) = shown.next() else {
            let at = excess.principal.map_or(&excess.statement.origin, |principal| &principal.origin);
            let why = excess.undecided.unwrap_or_default();
            return Problem::new(at, format!("{}: this may be so, and cannot be decided", self.message))
                .note(why)
                .help(self.help("write out what the statement grants"))
                .certain_if(false);
        };
        let word = if first.certain { "is granted" } else { "may be granted" };
        let action = &first.witness.action;
        let (at, fact): (&Origin, String) = match self.fault {
            Fault::Forbidden => (entry, format!("`{action}` {word}")),
            Fault::Unconditional => (entry, format!("`{action}` {word} where {} not as required", self.keys())),
            Fault::Principal => {
                let principal = excess.statement.principal.as_ref();
                let at = excess.principal.map(|entry| &entry.origin).or(principal.map(|element| &element.key));
                (at.unwrap_or(entry), format!("`{action}` {word} to {}", self.whom(excess, first)))
            }
        };
        let instead = match self.fault {
            Fault::Forbidden => "take the action out, or limit the statement so that it does not reach it".to_owned(),
            Fault::Unconditional => {
                format!("require {} in the statement, or deny what does not meet it", self.required())
            }
            Fault::Principal => "name the principals that are allowed, or require what only they meet".to_owned(),
        };
        // Of one's own account it may be the number, and a resource that is not named may be one of those.
        let unsure = excess.principal.is_some_and(|entry| entry.value.known().is_some_and(|it| may_be_own(it, cx)))
            || (excess.statement.resource.is_none() && !self.ceiling.on.is_empty());
        let certain = first.certain && !unsure;
        Problem::new(at, format!("{}: {fact}", self.message))
            .note(self.request(excess.statement, first))
            .label_all(
                shown
                    .filter(|(at, _)| *at != entry && self.fault != Fault::Principal)
                    .map(|(at, access)| (at, format!("`{}`, too", access.witness.action))),
            )
            .help(self.help(&instead))
            .certain_if(certain)
    }

    fn help(&self, otherwise: &str) -> String {
        if self.help.is_empty() { otherwise.to_owned() } else { self.help.to_string() }
    }

    fn whom(&self, excess: &Excess<'_>, access: &NewAccess) -> String {
        match excess.principal.map(|entry| &entry.value) {
            Some(Value::Known(Principal::Anyone)) => "everyone".to_owned(),
            Some(Value::Known(Principal::Account { id, .. })) => format!("account `{id}`"),
            Some(Value::Known(Principal::Iam { arn: text, .. } | Principal::OtherAws(text))) => format!("`{text}`"),
            Some(Value::Known(Principal::Service(text) | Principal::Federated(text))) => format!("`{text}`"),
            Some(Value::Known(Principal::CanonicalUser(text) | Principal::Other { text, .. })) => format!("`{text}`"),
            Some(_) => "a principal that only deployment knows".to_owned(),
            None => access.witness.principal.as_ref().map_or("others".to_owned(), |name| format!("`{name}`")),
        }
    }

    /// The conditions that are asked for.
    fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.ceiling.passes.iter().flat_map(|pass| &pass.conditions)
    }

    /// The keys that are asked for: "`a` and `b` are".
    fn keys(&self) -> String {
        let mut keys: Vec<String> = self.conditions().map(|condition| format!("`{}`", condition.key.value)).collect();
        keys.dedup();
        let verb = if keys.len() == 1 { "is" } else { "are" };
        format!("{} {verb}", keys.join(" and "))
    }

    /// What is asked for, as it stands in a policy.
    fn required(&self) -> String {
        let condition = |condition: &Condition| {
            let values: Vec<&str> = condition.values.known().map(|(value, _)| &**value).collect();
            let values = match &values[..] {
                [one] => format!("\"{one}\""),
                several => format!("[\"{}\"]", several.join("\", \"")),
            };
            format!("`\"{}\": {{\"{}\": {values}}}`", condition.operator.value.text, condition.key.value)
        };
        self.conditions().map(condition).collect::<Vec<_>>().join(" and ")
    }

    /// The request that shows it: what it is about, and the keys that the rule asks for.
    fn request(&self, statement: &Statement, access: &NewAccess) -> String {
        let witness = &access.witness;
        let mut text = format!("as to `{}`", witness.resource);
        let mut keys: Vec<&str> = self.conditions().map(|condition| &*condition.key.value).collect();
        keys.dedup();
        for (at, key) in keys.iter().enumerate() {
            let and = if at == 0 { "," } else { " and" };
            let value = witness.context.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
            text += &match value.map(|(_, value)| value) {
                None => format!("{and} without `{key}`"),
                Some(Values::One(value)) => format!("{and} with `{key}` `{value}`"),
                Some(Values::Many(values)) => format!("{and} with `{key}` `{}`", values.join("`, `")),
            };
        }
        let asked = |name: &str| statement.conditions.iter().any(|condition| condition.is_on(name));
        let others = witness.context.keys().filter(|name| asked(name));
        let others = others.filter(|name| !keys.iter().any(|key| key.eq_ignore_ascii_case(name)));
        let others: Vec<String> = others.map(|name| format!("`{name}`")).collect();
        if !others.is_empty() {
            text += &format!(", where {} is as the conditions ask", others.join(", "));
        }
        text
    }
}

/// True if a principal may belong to one of the user's own accounts.
fn may_be_own(principal: &Principal, cx: &PolicyCx<'_>) -> bool {
    principal.account().is_some_and(|account| cx.ownership(account) == Ownership::Unknown)
}
