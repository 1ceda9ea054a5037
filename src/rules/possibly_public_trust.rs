//! `possibly-public-trust`

use super::public_trust::report;
use super::{PolicyCx, Rule};
use crate::access::Truth;
use crate::finding::Problem;

/// A trust policy that everyone may use, unless a condition that is not known keeps them out.
pub(super) struct PossiblyPublicTrust;

impl Rule for PossiblyPublicTrust {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        report(cx, Truth::Maybe, out);
    }
}
