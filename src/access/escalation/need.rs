//! What an action of a set has to be granted on, and how many resources what grants it reaches.

use super::lift::{Lift, asks_for_tag};
use super::target::takes_role;
use super::{ASSUME_ROLE, Scene, is_decided, prefix};
use crate::access::Truth;
use crate::access::breadth::{Breadth, is_narrow, is_only_self, is_only_service_linked, widest_of};
use crate::access::fit::Wanted;
use crate::access::grants::Granted;
use crate::access::scope::narrowings;
use crate::access::targets::Targets;
use crate::catalog::{self, Escalation, EscalationKind, ResourceType};
use crate::policy::{ResourcePattern, Statement, globs_meet};
use crate::source::Origin;

/// Actions whose types of resources the service authorization reference marks otherwise than AWS asks for them: what has the
/// stronger role first, then what is needed besides. Of types in one text one is enough.
const NEEDS: [(&str, &[&str]); 12] = [
    // https://docs.aws.amazon.com/batch/latest/userguide/iam-example-job-def.html
    ("batch:SubmitJob", &["job-definition job-definition-revision", "job-queue"]),
    ("bedrock-agentcore:InvokeAgentRuntimeCommand", &["runtime runtime-endpoint"]),
    ("bedrock-agentcore:InvokeCodeInterpreter", &["code-interpreter code-interpreter-custom"]),
    ("bedrock-agentcore:StartBrowserSession", &["browser browser-custom"]),
    ("bedrock-agentcore:StartCodeInterpreterSession", &["code-interpreter code-interpreter-custom"]),
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
    ("ecs:ExecuteCommand", &["task", "cluster"]),
    // https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html
    (SEND_COMMAND, &["instance managed-instance", DOCUMENT]),
    ("ssm:StartAutomationExecution", &["document automation-definition"]),
    // https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html
    ("ssm:StartSession", &["instance managed-instance task"]),
    // https://docs.aws.amazon.com/singlesignon/latest/userguide/iam-auth-access-using-id-policies.html
    ("sso:AttachManagedPolicyToPermissionSet", &["PermissionSet", "Instance"]),
    ("sso:CreateAccountAssignment", &["PermissionSet", "Account", "Instance"]),
    ("sso:PutInlinePolicyToPermissionSet", &["PermissionSet", "Instance"]),
];

const SEND_COMMAND: &str = "ssm:SendCommand";
const DOCUMENT: &str = "document";

/// Documents of AWS that run whatever they are told.
/// Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command.html>
const COMMANDS: [&str; 4] = [
    "document/AWS-RunDocument",
    "document/AWS-RunPowerShellScript",
    "document/AWS-RunRemoteScript",
    "document/AWS-RunShellScript",
];

/// Resources of one of some types, one of which an action is on.
struct Need {
    types: Vec<ResourceType>,
    /// True if it matters how many of them are reached.
    decides: bool,
}

/// What grants an action of a set.
pub(super) struct Reached<'a> {
    /// How many targets it reaches.
    pub(super) breadth: Breadth,
    /// What grants it on the target.
    pub(super) step: Granted<'a>,
    /// What grants it on the rest, where that is something else.
    pub(super) besides: Vec<Granted<'a>>,
    /// False if it rests on what is not known.
    pub(super) certain: bool,
    /// All that grants it on a target.
    pub(super) all: Vec<Granted<'a>>,
    /// What meets the conditions on it.
    pub(super) lift: Option<Lift<'a>>,
}

impl<'a> Scene<'_, 'a> {
    /// What grants an action of a set on all that it has to be granted on; none if something is missing, or if only the holder is left,
    /// who wins nothing by it.
    pub(super) fn reached(&self, set: &Escalation, action: &str, granted: &[Granted<'a>]) -> Option<Reached<'a>> {
        let mut all: Option<Reached<'a>> = None;
        let asks = |granted: &Granted<'_>| granted.statement.conditions.iter().any(asks_for_tag);
        for need in needs(action) {
            let lift = if granted.iter().any(asks) { self.sets_tags(action, &need.types) } else { None };
            let met: Vec<(Breadth, bool, Granted<'a>)> = granted
                .iter()
                .filter_map(|granted| {
                    let (breadth, sure) = meets(set, action, &need, granted.statement, lift.is_some())?;
                    Some((breadth, granted.certain && sure, *granted))
                })
                .collect();
            let (breadth, certain, step) = *met.iter().max_by_key(|(breadth, certain, _)| (*breadth, *certain))?;
            let lift = lift.filter(|_| asks(&step));
            let Some(all) = &mut all else {
                let on_target = met.iter().map(|(_, _, granted)| *granted).collect();
                all = Some(Reached { breadth, step, besides: Vec::new(), certain, all: on_target, lift });
                continue;
            };
            all.lift = all.lift.or(lift);
            if need.decides {
                all.breadth = all.breadth.min(breadth);
            }
            all.certain &= certain;
            let known = std::iter::once(&all.step).chain(&all.besides).any(|other| same(other, &step));
            if !known {
                all.besides.push(step);
            }
        }
        all
    }
}

fn same(one: &Granted<'_>, other: &Granted<'_>) -> bool {
    std::ptr::eq(one.statement, other.statement)
}

/// The entries of `Resource` that stand for all that an action of a set needs of a kind.
pub fn wide_entries<'s>(action: &str, statement: &'s Statement) -> Vec<&'s Origin> {
    let wide = needs(action).into_iter().filter(|need| need.decides).filter_map(|need| {
        let (breadth, at) = widest_of(statement, |resource| need.is_wide(action, resource))?;
        (breadth == Breadth::Wide).then_some(at)
    });
    wide.collect()
}

/// What an action has to be granted on: by the reference, each of the types that it marks, or one of the others where it marks none.
fn needs(action: &str) -> Vec<Need> {
    let targets: Vec<catalog::Target> =
        catalog::action(action).map_or_else(Vec::new, |known| known.targets().collect());
    let known = NEEDS.iter().find(|(name, _)| *name == action);
    let needs: Vec<Need> = match known {
        Some((_, types)) => {
            let of = |names: &str| -> Vec<ResourceType> {
                let named = targets.iter().filter(|target| names.split(' ').any(|name| name == target.resource.name));
                named.map(|target| target.resource).collect()
            };
            let decides = |at: usize, names: &str| at == 0 || names == DOCUMENT;
            let all = types.iter().enumerate();
            all.map(|(at, names)| Need { types: of(names), decides: decides(at, names) }).collect()
        }
        None => {
            let required = targets.iter().filter(|target| target.required);
            required.map(|target| Need { types: vec![target.resource], decides: true }).collect()
        }
    };
    match needs.is_empty() {
        true => vec![Need { types: targets.iter().map(|target| target.resource).collect(), decides: true }],
        false => needs,
    }
}

impl Need {
    fn is_wide(&self, action: &str, resource: &ResourcePattern) -> bool {
        let wide = !is_narrow(resource) || is_all_of_instance(resource) || action == SEND_COMMAND && runs_any(resource);
        wide && self.has(resource)
    }

    fn has(&self, resource: &ResourcePattern) -> bool {
        let wanted = Wanted::of(resource);
        self.types.is_empty() || self.types.iter().any(|kind| wanted.is_of_type(*kind))
    }
}

/// How many resources a statement grants an action of a set on that meet a need, and whether that is sure. `tags`: the holder sets the
/// tags of the resources.
fn meets(set: &Escalation, action: &str, need: &Need, statement: &Statement, tags: bool) -> Option<(Breadth, bool)> {
    let targets = Targets::of(statement);
    let on = need.types.iter().fold(Truth::No, |any, kind| any.or(targets.have_of(*kind)));
    let on = if need.types.is_empty() { Truth::Yes } else { on };
    if !on.possible() {
        return None;
    }
    let breadth = if decides(set, action) { reach(set, action, need, statement, tags)? } else { Breadth::Wide };
    Some((breadth, on.certain()))
}

/// How many targets a statement gives for an action of a set; none if only the holder, who wins nothing by it, or roles that only
/// AWS changes and passes.
fn reach(set: &Escalation, action: &str, need: &Need, statement: &Statement, tags: bool) -> Option<Breadth> {
    if is_only_service_linked(statement) && takes_role(action) && action != ASSUME_ROLE {
        return None;
    }
    if is_only_self(statement) {
        return (set.kind == EscalationKind::Own).then_some(Breadth::Wide);
    }
    if narrowings(statement).any(|condition| !(is_decided(condition) || tags && asks_for_tag(condition))) {
        return Some(Breadth::Narrow);
    }
    widest_of(statement, |resource| need.is_wide(action, resource)).map(|(breadth, _)| breadth)
}

/// True if it matters on which resources an action of a set is granted: that of the target, and not of what is made anew.
fn decides(set: &Escalation, action: &str) -> bool {
    match set.kind {
        EscalationKind::New => action == super::PASS_ROLE,
        EscalationKind::Existing => true,
        _ => matches!(prefix(action), "iam" | "sts"),
    }
}

/// True for all permission sets of an instance of IAM Identity Center: an organisation has one.
fn is_all_of_instance(resource: &ResourcePattern) -> bool {
    resource.arn().is_some_and(|arn| {
        let name = arn.resource.strip_prefix("permissionSet/").and_then(|rest| rest.split_once('/'));
        arn.service == "sso" && name.is_some_and(|(_, name)| name == "*")
    })
}

/// True if one of the documents that run whatever they are told is meant.
fn runs_any(resource: &ResourcePattern) -> bool {
    resource.arn().is_some_and(|arn| COMMANDS.iter().any(|document| globs_meet(arn.resource, document)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_is_known_to_the_catalogue() {
        for (action, types) in NEEDS {
            let needs = needs(action);
            assert_eq!(needs.len(), types.len(), "{action}");
            for (need, names) in needs.iter().zip(types) {
                assert_eq!(need.types.len(), names.split(' ').count(), "{action} {names}");
            }
        }
    }
}
