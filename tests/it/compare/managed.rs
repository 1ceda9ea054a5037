//! Each AWS managed policy against itself, and against a copy with one action more.

use super::{document, word};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use whit::access::compare::{Kind, new_access};
use whit::catalog;

#[test]
fn managed_policies_against_themselves_and_a_copy_with_more() {
    let mut times = Vec::new();
    // Every third, in a build for debugging; the bench has them all.
    for managed in catalog::managed_policies().step_by(3) {
        let text = managed.document();
        let own = [document(&text)];
        let mut more: Value = serde_json::from_str(&text).unwrap();
        let added = json!({"Effect": "Allow", "Action": "account:CloseAccount", "Resource": "*"});
        match &mut more["Statement"] {
            Value::Array(all) => all.push(added),
            one => *one = json!([one.clone(), added]),
        }
        let more = [document(&more.to_string())];
        let since = Instant::now();
        assert_eq!(word(&new_access(&own, &own, Kind::Identity)), "none", "{}", managed.name());
        assert_eq!(word(&new_access(&more, &own, Kind::Identity)), "none", "{}", managed.name());
        let added = new_access(&own, &more, Kind::Identity);
        times.push((since.elapsed(), managed.name()));
        assert!(added.unknown.is_empty(), "{}: {:?}", managed.name(), added.unknown);
        let may_already = text.contains("\"*\"") && word(&added) == "none";
        assert!(word(&added) == "new" || may_already, "{}: {}", managed.name(), word(&added));
    }
    times.sort_unstable();
    let worst = times.last().unwrap();
    assert!(worst.0 < Duration::from_secs(2), "{worst:?}");
}
