//! CloudTrail records: log files (`Records`), `lookup-events`, EventBridge events (`detail`), JSON lines.
//!
//! Fields: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>.

use super::{entry, find};
use crate::document::{NodeKind, NodeRef};
use crate::extract::{Extraction, Fact, TrailRecord};
use crate::policy::Spanned;

/// True for a map that is a record, of whomever.
pub(super) fn is_record(map: NodeRef<'_>) -> bool {
    map.kind() == NodeKind::Map
        && map.get("userIdentity").is_some_and(|identity| identity.kind() == NodeKind::Map)
        && ["eventName", "eventSource", "eventType"].into_iter().any(|key| map.get(key).is_some())
}

/// Reads a record. Those of the root user count, once for each event of a file: a log has hundreds that say the same.
/// What AWS did for the account, or a service for its caller, was not done by somebody who had signed in.
pub(super) fn read(record: NodeRef<'_>, out: &mut Extraction) {
    let text = |map: NodeRef<'_>, key: &str| map.get(key).and_then(NodeRef::as_str).map(Box::<str>::from);
    let Some(identity) = record.get("userIdentity") else { return };
    let Some((key, value)) = find(identity, "type").filter(|(_, value)| value.as_str() == Some("Root")) else { return };
    if text(record, "eventType").as_deref() == Some("AwsServiceEvent") || text(identity, "invokedBy").is_some() {
        return;
    }
    let event = record
        .get("eventName")
        .and_then(|name| Some(Spanned { value: Box::<str>::from(name.as_str()?), origin: name.origin() }));
    let found = TrailRecord {
        identity: entry(key, value),
        assumed_root: is_assumed_root(identity),
        failed_login: event.as_ref().is_some_and(|event| is_login(&event.value)) && failed(record),
        event,
        records: 1,
    };
    let same = |other: &TrailRecord| {
        (&other.event, other.assumed_root, other.failed_login) == (&found.event, found.assumed_root, found.failed_login)
    };
    for index in &out.trail {
        if let Some(Fact::TrailRecord(other)) = out.facts.get_mut(*index)
            && same(other)
        {
            other.records += 1;
            return;
        }
    }
    out.trail.push(out.facts.len());
    out.facts.push(Fact::TrailRecord(found));
}

fn is_login(event: &str) -> bool {
    event == "ConsoleLogin"
}

/// True if a sign-in failed: `errorMessage` says so, or the response.
fn failed(record: NodeRef<'_>) -> bool {
    let response = record.get("responseElements").and_then(|response| response.get("ConsoleLogin"));
    response.and_then(NodeRef::as_str) == Some("Failure")
        || record.get("errorMessage").is_some_and(|message| message.kind() == NodeKind::String)
}

/// True for a session of `sts:AssumeRoot`, which `sessionContext` marks.
fn is_assumed_root(identity: NodeRef<'_>) -> bool {
    let Some(context) = identity.get("sessionContext") else { return false };
    [Some(context), context.get("attributes")]
        .into_iter()
        .flatten()
        .filter_map(|map| map.get("assumedRoot"))
        .any(|flag| flag.as_str().unwrap_or(flag.raw()) == "true")
}
