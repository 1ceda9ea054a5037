//! `outdated-version`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::{Value, Version};

pub(super) struct OutdatedVersion;

impl Rule for OutdatedVersion {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let policy = &cx.site.policy;
        let problem = match &policy.version {
            None if policy.open => return,
            None => Problem::new(&policy.origin, "policy has no `Version`: it is read as `2008-10-17`"),
            Some(version) if version.value == Value::Known(Version::V2008) => {
                Problem::new(&version.origin, "`2008-10-17` is the old version of the policy language")
            }
            Some(_) => return,
        };
        out.push(problem.help("write `2012-10-17`: only there `${aws:username}` and its like are variables"));
    }
}
