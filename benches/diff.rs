//! What comparing two policies costs: each AWS managed policy against itself and against a copy with one action more, most
//! of which are decided at once, and the worst of them.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench may fail, and prints")]

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use whit::access::compare::{Kind, new_access};
use whit::access::evaluate::Document;
use whit::catalog;
use whit::extract::{self, Fact};
use whit::source::{FileId, RelPath, SourceFile};

fn main() {
    print_pairs();
    divan::main();
}

/// The median and the worst of all pairs, each the best of three.
fn print_pairs() {
    let names = catalog::managed_policies().map(|managed| managed.name());
    let mut times: Vec<(Duration, &str)> = pairs()
        .iter()
        .zip(names)
        .flat_map(|((own, wider), name)| {
            let timed = |base: &[Document; 1], head: &[Document; 1]| {
                let tries = (0..3).map(|_| {
                    let since = Instant::now();
                    divan::black_box(new_access(base, head, Kind::Identity));
                    since.elapsed()
                });
                tries.min().unwrap_or_default()
            };
            [timed(own, own), timed(own, wider), timed(wider, own)].map(|took| (took, name))
        })
        .collect();
    times.sort_unstable();
    if let (Some(median), Some(worst)) = (times.get(times.len() / 2), times.last()) {
        println!("{} pairs: median {:?}, worst {:?} ({})", times.len(), median.0, worst.0, worst.1);
    }
}

fn document(text: &str) -> Document {
    let file = SourceFile::new(FileId(0), RelPath::new("policy.json"), text.as_bytes().into());
    let policy = extract::facts(&file).facts.into_iter().find_map(|fact| match fact {
        Fact::Policy(site) => Some(site.policy),
        _ => None,
    });
    Document { file: "policy.json".into(), policy: policy.expect("managed policies are policies") }
}

/// Each managed policy, and a copy with one statement more.
fn pairs() -> Vec<([Document; 1], [Document; 1])> {
    let more = json!({"Effect": "Allow", "Action": "account:CloseAccount", "Resource": "*"});
    let pairs = catalog::managed_policies().map(|managed| {
        let text = managed.document();
        let mut wider: Value = serde_json::from_str(&text).expect("managed policies are JSON");
        match &mut wider["Statement"] {
            Value::Array(all) => all.push(more.clone()),
            one => *one = json!([one.clone(), more]),
        }
        ([document(&text)], [document(&wider.to_string())])
    });
    pairs.collect()
}

/// All pairs in a row; divide by their number.
#[divan::bench]
fn all_managed_policies(bencher: divan::Bencher<'_, '_>) {
    let pairs = pairs();
    bencher.counter(divan::counter::ItemsCount::new(pairs.len())).bench_local(|| {
        pairs.iter().filter(|(own, wider)| !new_access(own, wider, Kind::Identity).new.is_empty()).count()
    });
}

/// Wide statements against each other, both ways: nothing is equal, so that every entry is a question.
#[divan::bench(sample_count = 3, sample_size = 1, args = [("PowerUserAccess", "ReadOnlyAccess"), ("ReadOnlyAccess", "ViewOnlyAccess"), ("SecurityAudit", "ReadOnlyAccess")])]
fn different_policies(bencher: divan::Bencher<'_, '_>, (one, other): (&str, &str)) {
    let named = |name: &str| [document(&catalog::managed_policy(name).expect("in the catalogue").document())];
    let (one, other) = (named(one), named(other));
    bencher.bench_local(|| new_access(&one, &other, Kind::Identity).new.len());
}
