//! `unsupported-condition-key`

use super::{PolicyCx, Rule};
use crate::access::certificates::ROLES_ANYWHERE;
use crate::catalog::{self, Action};
use crate::finding::Problem;
use crate::policy::{Condition, Principal, Statement};

pub(super) struct UnsupportedConditionKey;

impl Rule for UnsupportedConditionKey {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.statements() {
            for condition in &statement.conditions {
                of_actions(statement, condition, out);
                of_services(statement, condition, out);
                if cx.is_resource() && is_constant(&condition.key.value) {
                    out.push(
                        Problem::new(
                            &condition.key.origin,
                            format!("`{}` says nothing in the policy of a resource", condition.key.value),
                        )
                        .note("the resource that has the policy is always in its own account")
                        .help("delete the condition")
                        .pedantic_if(true),
                    );
                }
                if is_rare(&condition.key.value)
                    && statement.actions().iter().any(|action| action.value.must(|action| action.is_everything()))
                {
                    out.push(
                        Problem::new(
                            &condition.key.origin,
                            format!("only some services carry `{}`", condition.key.value),
                        )
                        .help("list the actions of services whose documentation names the key")
                        .pedantic_if(true),
                    );
                }
            }
        }
    }
}

/// The keys that tell where the resource is.
fn is_constant(key: &str) -> bool {
    ["s3:resourceaccount", "aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths"]
        .iter()
        .any(|constant| constant.eq_ignore_ascii_case(key))
}

/// The global keys that few services carry.
fn is_rare(key: &str) -> bool {
    ["aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths"].iter().any(|rare| rare.eq_ignore_ascii_case(key))
}

fn begins(key: &str, start: &str) -> bool {
    key.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

/// Actions that are listed by name and do not carry the key.
fn of_actions(statement: &Statement, condition: &Condition, out: &mut Vec<Problem>) {
    let key = &*condition.key.value;
    let tag = ["aws:requesttag/", "aws:resourcetag/", "aws:tagkeys"].iter().any(|tag| begins(key, tag));
    if tag || catalog::is_everywhere(key) || catalog::key(key).is_none() || !condition.operator.value.needs_key() {
        return;
    }
    let named = statement.actions().iter().filter_map(|item| {
        let pattern = item.value.known().filter(|pattern| !pattern.has_wildcard())?;
        Some((catalog::action(pattern.as_str())?, &item.origin))
    });
    let (with, without): (Vec<_>, Vec<(Action, _)>) = named.partition(|(action, _)| carries(action, key));
    let Some((first, _)) = without.first().filter(|_| catalog::is_carried(key)) else { return };
    let all = with.is_empty() && without.len() == statement.actions().len();
    let effect = if statement.may_allow() { "never allowed" } else { "never denied" };
    out.push(
        Problem::new(&condition.key.origin, format!("requests for `{}` carry no `{key}`", first.full_name))
            .note("so that the condition does not hold")
            .label_all(without.iter().map(|(_, at)| (*at, effect.to_owned())))
            .help("give these actions a statement of their own, without the condition or with a key that they carry")
            .pedantic_if(!all),
    );
}

/// True if requests for an action carry a key, as far as the catalogue tells.
fn carries(action: &Action, key: &str) -> bool {
    // These two are no requests of their own: they are asked for with the one that assumes the role.
    let rides_along = ["sts:TagSession", "sts:SetSourceIdentity"].contains(&action.full_name);
    action.supports_key(key)
        || rides_along && catalog::starting_with("sts:AssumeRole").any(|action| action.supports_key(key))
}

/// Services that call by themselves: nothing tells whose principal they are.
fn of_services(statement: &Statement, condition: &Condition, out: &mut Vec<Problem>) {
    const OF_PRINCIPALS: [&str; 6] = [
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:userid",
        "aws:username",
    ];
    // Roles Anywhere puts parts of the certificate into tags of the principal.
    let tag = begins(&condition.key.value, "aws:principaltag/");
    if !tag && !OF_PRINCIPALS.iter().any(|key| condition.is_on(key)) || !condition.operator.value.needs_key() {
        return;
    }
    let is_service =
        |principal: &Principal| matches!(principal, Principal::Service(name) if !(tag && &**name == ROLES_ANYWHERE));
    let principals = statement.principals();
    if principals.is_empty() || !principals.iter().all(|item| item.value.must(is_service)) {
        return;
    }
    out.push(
        Problem::new(&condition.key.origin, format!("requests of services carry no `{}`", condition.key.value))
            .note("so that the condition does not hold")
            .label_all(principals.iter().take(1).map(|item| (&item.origin, "only services are named".to_owned())))
            .help(
                "say on whose behalf the service may call: `aws:SourceArn`, `aws:SourceAccount` or `aws:SourceOrgID`",
            ),
    );
}
