//! What it costs to ask the catalogue: `cargo bench --bench catalog`. Nothing is parsed before the first question.

use divan::{Bencher, black_box};
use whit::catalog;

fn main() {
    divan::main();
}

/// The first question of a run, and every other one.
#[divan::bench]
fn one_action() -> Option<catalog::Action> {
    catalog::action(black_box("s3:GetObject"))
}

#[divan::bench]
fn actions_of_a_pattern() -> usize {
    catalog::starting_with(black_box("ec2:Describe")).count()
}

#[divan::bench]
fn condition_key() -> Option<catalog::ConditionKey> {
    catalog::key(black_box("aws:PrincipalOrgID"))
}

#[divan::bench]
fn managed_document(bencher: Bencher<'_, '_>) {
    let policy = catalog::managed_policy("ReadOnlyAccess");
    bencher.bench_local(|| black_box(policy).map(|policy| policy.document().len()));
}
