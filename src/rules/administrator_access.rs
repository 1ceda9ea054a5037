//! `administrator-access`

use super::{PolicyCx, Rule};
use crate::access::administrator::{Reach, administrators};
use crate::extract::Fact;
use crate::finding::Problem;
use crate::policy::{Arn, HolderKind};
use crate::settings::Settings;

/// A statement that allows every action on every resource, or AWS's policy that does.
pub(super) struct AdministratorAccess;

const HELP: &str = "list the actions and resources that are needed, or give the rights for the time of a task only";

impl Rule for AdministratorAccess {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_identity() {
            return;
        }
        for found in administrators(&cx.site.policy) {
            let (message, note) = match found.reach {
                Reach::Everything => {
                    ("statement allows every action on every resource", "every action of every service")
                }
                Reach::AllBut => (
                    "statement allows every action but those it names on every resource, all of IAM among them",
                    "with IAM whoever holds this can give themselves the rest",
                ),
                Reach::ServiceByService => (
                    "policy allows every action of nearly every service on every resource, IAM among them",
                    "with IAM whoever holds this can give themselves the rest",
                ),
            };
            let mut problem = Problem::new(found.action, message)
                .note(note)
                .label(found.resource, "on every resource")
                .help(HELP)
                .certain_if(found.certain);
            if let Some(exempt) = &found.exempt {
                problem = problem.label(exempt, "IAM is not among these");
            }
            if let Some(gate) = found.gate {
                problem.message.push_str(", to whoever meets its condition");
                problem = problem.label(&gate.origin, "this does not limit what is allowed");
            }
            out.push(problem);
        }
    }

    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::Attachment(attachment) = fact else { return };
        let arn = Arn::parse(&attachment.policy_arn.value).filter(|arn| arn.service == "iam" && arn.account == "aws");
        if arn.is_none_or(|arn| arn.resource != "policy/AdministratorAccess") {
            return;
        }
        let holder = attachment.holder.as_ref().map(|holder| {
            let kind = match holder.kind {
                HolderKind::User => "user",
                HolderKind::Group => "group",
                HolderKind::Role => "role",
            };
            format!(" to {kind} `{}`", holder.name)
        });
        let message = format!("`AdministratorAccess` is attached{}", holder.unwrap_or_default());
        out.push(
            Problem::new(&attachment.policy_arn.origin, message)
                .note("every action of every service on every resource")
                .help(HELP),
        );
    }
}
