//! Documents that do not follow the grammar of policies.

use super::unknown_element::remedy;
use super::{PolicyCx, Rule};
use crate::extract::{Flaw, FlawKind};
use crate::finding::Problem;
use crate::policy::PolicyKind;

pub(super) struct MalformedPolicy;

const HELP: &str = "write the element as the policy grammar has it: it is refused as it is";

impl Rule for MalformedPolicy {
    fn claims(&self) -> &'static [FlawKind] {
        &[FlawKind::Structure]
    }

    fn flaw(&self, flaw: &Flaw, out: &mut Vec<Problem>) {
        out.push(Problem::new(&flaw.at, &flaw.detail).help(HELP).fix(remedy(flaw)));
    }

    /// What a kind of policy must have besides.
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if cx.site.partial {
            return;
        }
        let all = |test: fn(&PolicyKind) -> bool| cx.site.uses.iter().all(|used| test(&used.kind));
        let names_principals = all(|kind| matches!(kind, PolicyKind::Trust | PolicyKind::Resource(_)));
        let names_resources = all(|kind| {
            matches!(
                kind,
                PolicyKind::Identity
                    | PolicyKind::ServiceControl
                    | PolicyKind::ResourceControl
                    | PolicyKind::Boundary
                    | PolicyKind::Session
            ) || matches!(kind, PolicyKind::Resource(Some(service)) if matches!(&**service, "s3" | "kms"))
        });
        // A statement that lost elements to a syntax error may have had them.
        for statement in
            cx.statements().iter().filter(|statement| statement.effect.is_some() && statement.action.is_some())
        {
            let mut report = |message: &str| out.push(Problem::new(&statement.origin, message).help(HELP));
            if names_principals && statement.principal.is_none() && statement.unknown.is_empty() {
                report("the statement says nobody whom it is for: it has neither `Principal` nor `NotPrincipal`");
            }
            if names_resources && statement.resource.is_none() && statement.unknown.is_empty() {
                report("the statement has neither `Resource` nor `NotResource`");
            }
        }
    }
}
