//! `aws iam get-account-summary`: `{"SummaryMap": {"AccountMFAEnabled": 1, ...}}`.

use super::{entry, find};
use crate::document::{NodeKind, NodeRef};
use crate::extract::{AccountSummary, Extraction, Fact};
use crate::policy::Spanned;

/// Reads the value of `SummaryMap`.
pub(super) fn read(map: NodeRef<'_>, out: &mut Extraction) {
    let count = |name: &str| {
        let (key, value) = find(map, name).filter(|(_, value)| value.kind() == NodeKind::Number)?;
        Some(Spanned { value: value.raw().parse::<u64>().ok()?, origin: entry(key, value) })
    };
    let summary = AccountSummary {
        access_keys_present: count("AccountAccessKeysPresent"),
        mfa_enabled: count("AccountMFAEnabled"),
        password_present: count("AccountPasswordPresent"),
    };
    if summary.access_keys_present.is_some() || summary.mfa_enabled.is_some() {
        out.facts.push(Fact::AccountSummary(summary));
    }
}
