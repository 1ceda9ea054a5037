//! `invalid-rcp`

use super::{PolicyCx, Rule};
use crate::catalog;
use crate::finding::Problem;
use crate::policy::{ActionPattern, PolicyKind, Principal, ResourcePattern, Statement};

pub(super) struct InvalidRcp;

impl Rule for InvalidRcp {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is(|kind| *kind == PolicyKind::ResourceControl) {
            return;
        }
        for statement in cx.statements() {
            if statement.allows() {
                if !is_full_access(statement) {
                    out.push(
                        Problem::new(&statement.origin, "a resource control policy of yours only denies")
                            .note("AWS's own `RCPFullAWSAccess` is the one that allows")
                            .help("say with `Deny` what shall not happen"),
                    );
                }
                continue;
            }
            if let Some(element) = &statement.principal {
                let everyone =
                    !element.negated && element.list.known().all(|(principal, _)| *principal == Principal::Anyone);
                if !everyone {
                    out.push(
                        Problem::new(&element.key, "the principal of a resource control policy is `*`")
                            .help("write `\"Principal\": \"*\"` and say in `Condition` who is meant"),
                    );
                }
            }
            let Some(element) = &statement.action else { continue };
            if element.negated {
                out.push(
                    Problem::new(&element.key, "a resource control policy takes no `NotAction`")
                        .help("list the actions in `Action`"),
                );
                continue;
            }
            for (pattern, at) in element.list.known() {
                let service = pattern.service().unwrap_or("").to_ascii_lowercase();
                let supported =
                    !service.contains(['*', '?']) && catalog::resource_control_services().any(|known| known == service);
                if !supported {
                    out.push(
                        Problem::new(at, format!("resource control policies do not reach `{}`", pattern.as_str()))
                            .help(format!(
                                "name actions of services that they reach; known on {}: {}, ...",
                                catalog::DATE,
                                "`s3`, `sts`, `kms`, `sqs`, `secretsmanager`"
                            )),
                    );
                }
            }
        }
    }
}

/// True for the statement of `RCPFullAWSAccess`.
fn is_full_access(statement: &Statement) -> bool {
    statement.unconditional()
        && statement.actions().iter().any(|action| action.value.must(ActionPattern::is_everything))
        && statement.resources().iter().any(|resource| resource.value.must(ResourcePattern::matches_everything))
}
