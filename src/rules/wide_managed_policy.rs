//! `wide-managed-policy`

use super::service_wildcard::whole_services;
use super::{Bound, PolicyCx, Rule};
use crate::catalog;
use crate::extract::{Fact, managed_site};
use crate::finding::Problem;
use crate::settings::Settings;

/// One of AWS's own policies that allows every action of a service everywhere, attached to somebody.
pub(super) struct WideManagedPolicy;

impl Rule for WideManagedPolicy {
    fn fact(&self, fact: &Fact, settings: &Settings, out: &mut Vec<Problem>) {
        let Fact::Attachment(attachment) = fact else { return };
        let Some(managed) = catalog::managed_policy(&attachment.policy_arn.value) else { return };
        // What services need for their own roles is not chosen by whoever attaches it.
        if managed.path().contains("service-role") {
            return;
        }
        let Some(site) = managed_site(managed) else { return };
        let bound = Bound::of(site, Vec::new());
        let cx = PolicyCx::new(site, settings, &bound, &[], &[]);
        // One for what is attached, and for the worst of it.
        let Some(worst) = whole_services(&cx).into_iter().min_by_key(|whole| whole.minor) else { return };
        let (name, service) = (managed.name(), worst.service());
        out.push(
            Problem::new(
                &attachment.policy_arn.origin,
                format!("`{name}` is attached: it allows every action of `{service}`"),
            )
            .note(format!("one of AWS's own policies, as of {}: {}", managed.updated(), worst.reaches()))
            .help("write a policy with the actions and resources that are needed")
            .pedantic_if(worst.minor),
        );
    }
}
