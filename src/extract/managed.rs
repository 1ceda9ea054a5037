//! The AWS managed policies, read as any other document.

use super::{Attachment, Fact, PolicySite, facts};
use crate::catalog::{self, ManagedPolicy};
use crate::policy::{Policy, PolicyKind, Use};
use crate::source::{FileId, RelPath, SourceFile};
use std::borrow::Cow;
use std::sync::{LazyLock, OnceLock};

/// An AWS managed policy, for nobody in particular. Its places are bytes of the minified document, in no file.
///
/// It is read when it is first asked for, and kept: what is attached once is mostly attached again.
pub fn managed_site(managed: ManagedPolicy) -> Option<&'static PolicySite> {
    type Read = OnceLock<Option<Box<PolicySite>>>;
    static READ: LazyLock<Vec<Read>> = LazyLock::new(|| catalog::managed_policies().map(|_| Read::new()).collect());
    READ.get(managed.index())?.get_or_init(|| read(managed)).as_deref()
}

/// The document of an AWS managed policy, likewise.
pub fn managed_document(managed: ManagedPolicy) -> Option<&'static Policy> {
    managed_site(managed).map(|site| &site.policy)
}

/// The AWS managed policy that is attached, held by whom it is attached to. Its places are in no file.
pub fn attached_policy(attachment: &Attachment) -> Option<PolicySite> {
    let site = managed_site(catalog::managed_policy(&attachment.policy_arn.value)?)?;
    let uses = vec![Use { kind: PolicyKind::Identity, holder: attachment.holder.clone() }];
    Some(PolicySite { uses, path: attachment.path.clone(), ..site.clone() })
}

fn read(managed: ManagedPolicy) -> Option<Box<PolicySite>> {
    let text = managed.document();
    let file = SourceFile::new(FileId(0), RelPath::new("managed.json"), Cow::Owned(text.into_bytes()));
    facts(&file).facts.into_iter().find_map(|fact| match fact {
        Fact::Policy(site) => Some(site),
        _ => None,
    })
}
