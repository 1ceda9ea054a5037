//! `invalid-version`

use super::{PolicyCx, Rule};
use crate::finding::{Fix, Problem};
use crate::policy::{Value, Version};

pub(super) struct InvalidVersion;

impl Rule for InvalidVersion {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let Some(version) = &cx.site.policy.version else { return };
        let Value::Known(Version::Other(text)) = &version.value else { return };
        out.push(
            Problem::new(&version.origin, format!("`{text}` is no version of the policy language"))
                .note("not the date of your change: there are two versions, and AWS refuses others")
                .help("write `2012-10-17`")
                .fix(Some(Fix::replace("write `2012-10-17`", &version.origin, "2012-10-17"))),
        );
    }
}
