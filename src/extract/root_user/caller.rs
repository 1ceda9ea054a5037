//! `aws sts get-caller-identity`: `{"UserId": "111122223333", "Account": "111122223333", "Arn": "arn:...:root"}`.

use crate::document::NodeRef;
use crate::extract::{Extraction, Fact};
use crate::policy::{Arn, Spanned};

/// True for the three keys of the response.
pub(super) fn is_identity(map: NodeRef<'_>) -> bool {
    ["UserId", "Account", "Arn"].into_iter().all(|key| map.get(key).and_then(NodeRef::as_str).is_some())
}

/// Reads a response; only the root user is a fact.
pub(super) fn read(map: NodeRef<'_>, out: &mut Extraction) {
    let Some((node, text)) = map.get("Arn").and_then(|arn| Some((arn, arn.as_str()?))) else { return };
    if Arn::parse(text).is_some_and(|arn| arn.service == "iam" && arn.resource == "root") {
        out.facts.push(Fact::CallerIdentity(Spanned { value: text.into(), origin: node.origin() }));
    }
}
