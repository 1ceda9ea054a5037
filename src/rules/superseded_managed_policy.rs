//! `superseded-managed-policy`

use super::Rule;
use crate::catalog;
use crate::extract::Fact;
use crate::finding::Problem;
use crate::settings::Settings;

/// One of AWS's own policies that AWS says to use no longer, attached to somebody.
pub(super) struct SupersededManagedPolicy;

impl Rule for SupersededManagedPolicy {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::Attachment(attachment) = fact else { return };
        let managed = catalog::managed_policy(&attachment.policy_arn.value);
        let Some(old) = managed.and_then(|managed| catalog::superseded(managed.name())) else { return };
        let (said, help) = match old.by {
            Some(by) => (
                format!("AWS has `{by}` in its place"),
                format!("attach `{by}`, and write what else is needed into a policy with the resources that it is for"),
            ),
            None => (
                "AWS gives it up, and has none in its place".to_owned(),
                "write a policy with the actions and resources that are needed".to_owned(),
            ),
        };
        out.push(
            Problem::new(&attachment.policy_arn.origin, format!("`{}` is attached: {said}", old.name))
                .note(format!("whoever has it {}", old.gives))
                .help(help),
        );
    }
}
