//! The AWS managed policies, read as any other document.

use super::{Attachment, Fact, PolicySite, facts};
use crate::catalog::{self, ManagedPolicy};
use crate::policy::{Policy, PolicyKind, Use};
use crate::source::{FileId, RelPath, SourceFile};
use std::borrow::Cow;

/// The document of an AWS managed policy. Its places are bytes of the minified document, in no file.
pub fn managed_document(managed: ManagedPolicy) -> Option<Policy> {
    managed_facts(managed).map(|site| site.policy)
}

/// The AWS managed policy that is attached, held by whom it is attached to. Its places are in no file.
pub fn attached_policy(attachment: &Attachment) -> Option<PolicySite> {
    let site = managed_facts(catalog::managed_policy(&attachment.policy_arn.value)?)?;
    let uses = vec![Use { kind: PolicyKind::Identity, holder: attachment.holder.clone() }];
    Some(PolicySite { uses, path: attachment.path.clone(), ..*site })
}

fn managed_facts(managed: ManagedPolicy) -> Option<Box<PolicySite>> {
    let text = managed.document();
    let file = SourceFile::new(FileId(0), RelPath::new("managed.json"), Cow::Owned(text.into_bytes()));
    facts(&file).facts.into_iter().find_map(|fact| match fact {
        Fact::Policy(site) => Some(site),
        _ => None,
    })
}
