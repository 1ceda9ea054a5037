//! A key policy that lets a whole foreign account in.

use super::foreign_account_resource::report;
use super::{PolicyCx, Rule};
use crate::finding::Problem;

pub(super) struct ForeignAccountKey;

impl Rule for ForeignAccountKey {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if cx.is_resource() && cx.resource_service() == Some("kms") {
            report(cx, out);
        }
    }
}
