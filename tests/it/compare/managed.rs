//! Each AWS managed policy against itself, and against a copy with one action more.

use super::{document, word};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use whit::access::compare::{Kind, new_access};
use whit::access::context::Context;
use whit::access::evaluate::{Caller, Decision, Document, Policies, Request, evaluate};
use whit::catalog::{self, ManagedPolicy};

const MORE: &str = "account:CloseAccount";

fn allows(document: &Document) -> bool {
    let request = Request {
        caller: Caller::parse("arn:aws:iam::111122223333:user/u").unwrap(),
        action: MORE.into(),
        resource: "*".into(),
        resource_account: None,
        management_account: None,
        context: Context::complete(),
    };
    let policies = Policies { identity: vec![document.clone()], ..Policies::default() };
    evaluate(&request, &policies).decision == Decision::Allowed
}

/// How long the slowest of its comparisons took, and whether the copy allows more.
fn compare(managed: ManagedPolicy) -> (Duration, bool) {
    let text = managed.document();
    let own = [document(&text)];
    let mut more: Value = serde_json::from_str(&text).unwrap();
    let added = json!({"Effect": "Allow", "Action": MORE, "Resource": "*"});
    match &mut more["Statement"] {
        Value::Array(all) => all.push(added),
        one => *one = json!([one.clone(), added]),
    }
    let more = [document(&more.to_string())];
    let timed = |base: &[Document; 1], head: &[Document; 1]| {
        let since = Instant::now();
        let found = new_access(base, head, Kind::Identity);
        (word(&found), since.elapsed())
    };
    let [itself, less, wider] = [timed(&own, &own), timed(&more, &own), timed(&own, &more)];
    assert_eq!((itself.0, less.0), ("none", "none"), "{}", managed.name());
    match (allows(&own[0]), allows(&more[0])) {
        (false, true) => assert_eq!(wider.0, "new", "{}", managed.name()),
        (true, _) => assert_eq!(wider.0, "none", "{}", managed.name()),
        // A Deny takes it away again, always or in some requests.
        (false, false) => assert_ne!(wider.0, "unknown", "{}", managed.name()),
    }
    (itself.1.max(less.1).max(wider.1), wider.0 == "new")
}

#[test]
fn managed_policies_against_themselves_and_a_copy_with_more() {
    let all: Vec<ManagedPolicy> = catalog::managed_policies().collect();
    assert_eq!(all.len(), 1582);
    let compared: Vec<(Duration, bool)> = all.into_par_iter().map(compare).collect();
    // Some allow everything already, or deny it, but not many.
    assert!(compared.iter().filter(|(_, new)| *new).count() > 1550);
    // A loose bound, for any machine: the bench `diff` has the figures.
    assert!(compared.iter().all(|(took, _)| *took < Duration::from_secs(2)));
}
