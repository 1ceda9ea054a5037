//! The AWS managed policies, read as any other document.

use super::{Fact, facts};
use crate::catalog::ManagedPolicy;
use crate::policy::Policy;
use crate::source::{FileId, RelPath, SourceFile};
use std::borrow::Cow;

/// The document of an AWS managed policy. Its places are bytes of the minified document, in no file.
pub fn managed_document(managed: ManagedPolicy) -> Option<Policy> {
    let text = managed.document();
    let file = SourceFile::new(FileId(0), RelPath::new("managed.json"), Cow::Owned(text.into_bytes()));
    facts(&file).facts.into_iter().find_map(|fact| match fact {
        Fact::Policy(site) => Some(site.policy),
        _ => None,
    })
}
