//! `privileged-managed-policy`

use super::Rule;
use crate::access::administrator::administrators;
use crate::access::escalation::paths;
use crate::access::grants::Grants;
use crate::catalog::{self, EscalationKind};
use crate::extract::{Fact, managed_document};
use crate::finding::Problem;
use crate::policy::Policy;
use crate::settings::Settings;

/// One of AWS's own policies whose holder can have more rights than its name says, attached to somebody.
pub(super) struct PrivilegedManagedPolicy;

impl Rule for PrivilegedManagedPolicy {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::Attachment(attachment) = fact else { return };
        let Some(managed) = catalog::managed_policy(&attachment.policy_arn.value) else { return };
        // What services need for their own roles is not chosen by whoever attaches it.
        if managed.path().contains("service-role") {
            return;
        }
        let Some(policy) = managed_document(managed) else { return };
        // Another rule says that it makes an administrator.
        if administrators(policy).next().is_some() {
            return;
        }
        let Some((what, minor)) = judge(policy) else { return };
        out.push(
            Problem::new(&attachment.policy_arn.origin, format!("`{}` is attached: {what}", managed.name()))
                .note(format!("one of AWS's own policies, as of {}", managed.updated()))
                .help("write a policy with the actions and resources that are needed")
                .pedantic_if(minor),
        );
    }
}

/// What makes a document too much, and whether that is for a thorough reader only.
fn judge(policy: &Policy) -> Option<(String, bool)> {
    let grants = Grants::of(policy, &policy.statements);
    let paths = paths(&grants, &[]);
    let wide = || paths.iter().filter(|path| !path.narrow && path.certain);
    let mine = wide().find(|path| matches!(path.set.kind, EscalationKind::Own | EscalationKind::Other));
    let all_but = policy
        .statements
        .iter()
        .any(|statement| statement.allows() && statement.action.as_ref().is_some_and(|it| it.negated));
    if all_but {
        return Some(("its holder may do everything but a few actions".to_owned(), false));
    }
    if let Some(path) = mine {
        return Some((format!("its holder can raise their own rights: {}", path.set.yields), false));
    }
    let passed = wide().find(|path| path.set.kind == EscalationKind::New)?;
    Some((format!("its holder can use the rights of any role that they pass: {}", passed.set.yields), true))
}
