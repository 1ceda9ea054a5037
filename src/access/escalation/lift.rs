//! Conditions that the holder gets round: who may set a tag meets what asks for it, and who may take a permissions boundary away
//! loses nothing by one.

use super::{Scene, prefix};
use crate::access::breadth::{Breadth, is_only_self, widest};
use crate::access::grants::Granted;
use crate::access::scope::narrowings;
use crate::catalog::{self, AccessLevel, Escalation, ResourceType};
use crate::policy::{ActionPattern, Condition};

/// The key that says which boundary somebody has, or is given.
pub(super) const BOUNDARY: &str = "iam:PermissionsBoundary";

/// An action that gets round a condition, and what grants it.
#[derive(Clone, Copy, Debug)]
pub struct Lift<'a> {
    /// The action.
    pub action: &'static str,
    /// What grants it, on all that there is.
    pub by: Granted<'a>,
}

/// True for a condition on a tag of the resource: whoever sets the tag meets it. Those of AWS itself nobody sets.
pub(super) fn asks_for_tag(condition: &Condition) -> bool {
    let key = condition.key.value.to_ascii_lowercase();
    let tag = key.split_once(':').and_then(|(_, name)| name.strip_prefix("resourcetag/"));
    tag.is_some_and(|tag| !tag.starts_with("aws:"))
}

/// True for a condition that says which tags may be set, and to what.
fn limits_tags(condition: &Condition) -> bool {
    let key = condition.key.value.to_ascii_lowercase();
    key == "aws:tagkeys" || key.starts_with("aws:requesttag/")
}

impl<'a> Scene<'_, 'a> {
    /// What sets tags of resources of one of some types, of which the action of a set is on one.
    pub(super) fn sets_tags(&self, action: &str, types: &[ResourceType]) -> Option<Lift<'a>> {
        let tagging = catalog::service(prefix(action))?.actions().filter(|it| it.level == AccessLevel::Tagging);
        let on_them = tagging.filter(|tagging| {
            let name = tagging.name();
            !name.starts_with("Untag") && tagging.targets().any(|target| types.contains(&target.resource))
        });
        on_them.into_iter().find_map(|tagging| self.freely(tagging.full_name))
    }

    /// What takes away the boundaries of all users or roles that a set is about, or gives them others; and a boundary that the policy
    /// asks for, which they can have until then.
    pub(super) fn takes_boundaries(&self, set: &Escalation) -> Option<(Vec<Lift<'a>>, Box<str>)> {
        let conditions = self.grants.statements().iter().flat_map(|statement| &statement.conditions);
        let asked = conditions.filter(|condition| condition.is_on(BOUNDARY));
        let boundary = asked.flat_map(|condition| condition.values.known()).map(|(value, _)| value.clone()).next()?;
        let of_kind = |kind: &str, actions: [&'static str; 2]| {
            let concerns = set.actions.iter().any(|action| prefix(action) == "iam" && action.contains(kind));
            concerns.then(|| actions.into_iter().find_map(|action| self.freely(action)))
        };
        let lifts = [
            of_kind("Role", ["iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"]),
            of_kind("User", ["iam:DeleteUserPermissionsBoundary", "iam:PutUserPermissionsBoundary"]),
        ];
        let lifts: Vec<Lift<'a>> = lifts.into_iter().flatten().collect::<Option<_>>()?;
        (!lifts.is_empty()).then_some((lifts, boundary))
    }

    /// What grants an action on everything, whatever the request says of the resource.
    fn freely(&self, action: &'static str) -> Option<Lift<'a>> {
        let pattern = ActionPattern::new(action);
        let is_free = |granted: &Granted<'_>| {
            let statement = granted.statement;
            let wide = widest(statement, &pattern).is_some_and(|(breadth, _)| breadth == Breadth::Wide);
            let asked =
                statement.conditions.iter().any(|condition| condition.is_on(BOUNDARY) || limits_tags(condition));
            granted.certain && wide && !asked && !is_only_self(statement) && narrowings(statement).next().is_none()
        };
        let by = self.grants.grants(action).find(is_free)?;
        Some(Lift { action, by })
    }
}
