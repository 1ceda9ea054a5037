//! `mismatched-trust-action`

use super::{PolicyCx, Rule};
use crate::access::Truth;
use crate::access::actions::statement_matches;
use crate::finding::Problem;
use crate::policy::{Principal, Statement};

pub(super) struct MismatchedTrustAction;

/// The three actions with which a role is taken.
const ACTIONS: [&str; 3] = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

impl Rule for MismatchedTrustAction {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_trust() {
            return;
        }
        for statement in cx.statements().iter().filter(|statement| statement.may_allow()) {
            principals(statement, out);
            roles_anywhere(cx, statement, out);
            conditions(cx, statement, out);
        }
    }
}

fn principals(statement: &Statement, out: &mut Vec<Problem>) {
    let Some(element) = statement.principal.as_ref().filter(|element| !element.negated && !element.list.open) else {
        return;
    };
    let suited: Option<Vec<&str>> = element.list.items.iter().map(|item| action_of(item.value.known()?)).collect();
    let Some(suited) = suited.filter(|suited| !suited.is_empty()) else { return };
    for (pattern, at) in statement.actions().iter().filter_map(|item| Some((item.value.known()?, &item.origin))) {
        let Some(action) = ACTIONS.iter().find(|action| action.eq_ignore_ascii_case(pattern.as_str())) else {
            continue;
        };
        if !suited.contains(action) {
            out.push(
                Problem::new(at, format!("no principal here can call `{action}`"))
                    .label(&element.key, format!("they call `{}`", suited[0]))
                    .help(format!("write `{}`, or name a principal that calls `{action}`", suited[0])),
            );
        }
    }
}

/// The action with which a principal takes a role.
fn action_of(principal: &Principal) -> Option<&'static str> {
    Some(match principal {
        Principal::Federated(name) if name.contains(":saml-provider/") => ACTIONS[1],
        Principal::Federated(name) if &**name == "*" || name.contains("${") => return None,
        Principal::Federated(_) => ACTIONS[2],
        Principal::Anyone | Principal::Other { .. } => return None,
        _ => ACTIONS[0],
    })
}

/// Roles Anywhere sets the source identity and tags of its sessions, and must be allowed to.
fn roles_anywhere(cx: &PolicyCx<'_>, statement: &Statement, out: &mut Vec<Problem>) {
    let is_it = |principal: &Principal| matches!(principal, Principal::Service(name) if &**name == "rolesanywhere.amazonaws.com");
    let names = |statement: &Statement| statement.principals().iter().any(|item| item.value.known_any(is_it));
    let Some(at) = statement.principals().iter().find(|item| item.value.known_any(is_it)).map(|item| &item.origin)
    else {
        return;
    };
    let allowed = |action: &str| {
        cx.statements()
            .iter()
            .any(|other| other.may_allow() && names(other) && statement_matches(other, action).possible())
    };
    let missing: Vec<&str> = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]
        .into_iter()
        .filter(|action| !allowed(action))
        .collect();
    if let (Some(element), false) = (&statement.action, missing.is_empty()) {
        out.push(
            Problem::new(
                &element.key,
                format!("Roles Anywhere needs {} as well", crate::spelling::any_of(&missing).replace(" or ", " and ")),
            )
            .label(at, "this service")
            .help("allow `sts:AssumeRole`, `sts:SetSourceIdentity` and `sts:TagSession` together"),
        );
    }
}

/// Keys that only come with another action than those that the policy allows.
fn conditions(cx: &PolicyCx<'_>, statement: &Statement, out: &mut Vec<Problem>) {
    for condition in &statement.conditions {
        let key = condition.key.value.to_ascii_lowercase();
        let needed = match &*key {
            "sts:sourceidentity" => "sts:SetSourceIdentity",
            "sts:transitivetagkeys" => "sts:TagSession",
            _ if key.starts_with("aws:requesttag/") => "sts:TagSession",
            _ => continue,
        };
        // One request asks for both.
        let allowed = |other: &Statement| other.may_allow() && statement_matches(other, needed) != Truth::No;
        if !cx.statements().iter().any(allowed) {
            out.push(
                Problem::new(
                    &condition.key.origin,
                    format!("only `{needed}` carries this key, and no statement lists it"),
                )
                .help(format!("add `{needed}` to `Action`, or delete the condition")),
            );
        }
    }
}
