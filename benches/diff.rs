//! What comparing two policies costs: each AWS managed policy against itself and against a copy with one action more, most
//! of which are decided at once, and the worst of them.

#![expect(clippy::expect_used, reason = "a bench may fail")]

use whit::access::compare::{Kind, new_access};
use whit::access::evaluate::Document;
use whit::catalog;
use whit::extract::{self, Fact};
use whit::source::{FileId, RelPath, SourceFile};

fn main() {
    divan::main();
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
    let more = r#""Statement":[{"Effect":"Allow","Action":"account:CloseAccount","Resource":"*"},"#;
    let pairs = catalog::managed_policies().filter_map(|managed| {
        let text = managed.document();
        let wider = text.replacen("\"Statement\":[", more, 1);
        (wider != text).then(|| ([document(&text)], [document(&wider)]))
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
