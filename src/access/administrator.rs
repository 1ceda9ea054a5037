//! Policies that make an administrator, in whatever disguise.

use super::actions::statement_covers;
use super::covers;
use super::scope::narrowing;
use crate::catalog;
use crate::policy::{
    ActionPattern, Condition, Element, Policy, ResourcePattern, Spanned, Statement, Value, globs_meet,
};
use crate::source::Origin;

/// All that decides who may do what.
const IAM: &str = "iam:*";

/// What gives every action on every resource.
#[derive(Clone, Debug)]
pub struct Administrator<'a> {
    /// How much it is.
    pub reach: Reach,
    /// The entry of `Action` that matches everything, or all of IAM; or the key `NotAction`.
    pub action: &'a Origin,
    /// What `NotAction` leaves out, where the reach is for all but that.
    pub exempt: Option<Origin>,
    /// The entry of `Resource` that does.
    pub resource: &'a Origin,
    /// A condition on who calls, whence or how; the rights of whoever meets it are whole.
    pub gate: Option<&'a Condition>,
    /// False if it rests on something that is not known before deployment.
    pub certain: bool,
    /// True if nothing has to be met first, known or not.
    pub unconditional: bool,
}

/// How much an administrator's policy allows. With all of IAM its holder can give themselves the rest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// Every action, by one entry.
    Everything,
    /// Every action but those of `NotAction`, all of IAM among the rest.
    AllBut,
    /// Every action of nearly every service, one by one, IAM among them.
    ServiceByService,
}

/// The statements of an identity-based policy that make its holder an administrator. A condition that narrows what they
/// reach, or a Deny that takes all of IAM away, makes them something less.
pub fn administrators(policy: &Policy) -> impl Iterator<Item = Administrator<'_>> {
    let single = policy.statements.iter().filter_map(of_statement);
    let mut found: Vec<_> = single.collect();
    if found.iter().any(|one| one.reach == Reach::Everything) {
        found.retain(|one| one.reach == Reach::Everything);
    } else if found.is_empty() {
        found.extend(service_by_service(policy));
    }
    let kept = !found.is_empty() && !policy.statements.iter().any(denies_iam);
    found.into_iter().filter(move |_| kept)
}

fn of_statement(statement: &Statement) -> Option<Administrator<'_>> {
    let element = statement.action.as_ref().filter(|_| statement.may_allow())?;
    let everything = |pattern: &ActionPattern| pattern.is_everything();
    let (reach, action, known) = match element.negated {
        false => {
            let entry = element.list.items.iter().find(|item| item.value.known_any(everything))?;
            (Reach::Everything, &entry.origin, entry.value.must(everything))
        }
        true => {
            // What is not known may be IAM.
            let exempt = |pattern: &ActionPattern| globs_meet(&pattern.as_str().to_ascii_lowercase(), IAM);
            let kept = |item: &Spanned<Value<ActionPattern>>| item.value.must(|pattern| !exempt(pattern));
            let iam = !element.list.open && element.list.items.iter().all(kept);
            (Reach::AllBut, Some(&element.key).filter(|_| iam)?, true)
        }
    };
    of(statement, reach, action, known)
}

/// The administrator that a statement makes with an entry, if it is for every resource.
fn of<'a>(statement: &'a Statement, reach: Reach, action: &'a Origin, known: bool) -> Option<Administrator<'a>> {
    let everywhere = |resource: &ResourcePattern| resource.matches_everything();
    let resource = statement.resources().iter().find(|item| item.value.known_any(everywhere))?;
    narrowing(statement).is_none().then(|| Administrator {
        reach,
        action,
        exempt: statement.action.as_ref().filter(|_| reach == Reach::AllBut).and_then(Element::whole),
        resource: &resource.origin,
        gate: statement.conditions.first(),
        certain: known && statement.allows() && !statement.conditions_open && resource.value.must(everywhere),
        unconditional: statement.unconditional(),
    })
}

/// An entry for all of IAM, where others are for all of nearly every other service.
fn service_by_service(policy: &Policy) -> Option<Administrator<'_>> {
    let statements = policy.statements.iter().filter(|statement| statement.may_allow());
    let entries = || {
        statements.clone().flat_map(|statement| {
            let known = statement.actions().iter().filter_map(|item| Some((item.value.known()?, &item.origin)));
            known.map(move |(pattern, at)| (statement, pattern, at))
        })
    };
    let iam = ActionPattern::new(IAM);
    let (statement, _, at) = entries().find(|(_, pattern, _)| pattern.has_wildcard() && covers(pattern, &iam))?;
    let found = of(statement, Reach::ServiceByService, at, true)?;
    let everywhere = entries().filter(|(statement, _, at)| {
        statement.unconditional() && of(statement, Reach::ServiceByService, at, true).is_some()
    });
    let whole: Vec<&ActionPattern> = everywhere.map(|(_, pattern, _)| pattern).collect();
    let all = catalog::services().count();
    let reached = catalog::services().filter(|service| {
        let wanted = ActionPattern::new(&format!("{}:*", service.prefix()));
        whole.iter().any(|pattern| covers(pattern, &wanted))
    });
    (reached.count() * 10 >= all * 9).then_some(found)
}

fn denies_iam(statement: &Statement) -> bool {
    statement.denies()
        && statement.unconditional()
        && statement.resources().iter().any(|item| item.value.must(ResourcePattern::matches_everything))
        && statement_covers(statement, &ActionPattern::new(IAM)).certain()
}
