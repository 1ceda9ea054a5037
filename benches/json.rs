//! The JSON reader against `serde_json::Value` on policies of several sizes: `cargo bench --bench json`.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use serde_json::Value;
use std::borrow::Cow;
use whit::document::json::parse;
use whit::source::FileId;

fn main() {
    divan::main();
}

/// Statements in a policy.
const STATEMENTS: [usize; 3] = [1, 30, 3000];

/// A policy as people write it: indented, mostly of short strings, now and then an escape.
fn policy(statements: usize) -> String {
    let statement = |number: usize| {
        serde_json::json!({
            "Sid": format!("Statement{number}"),
            "Effect": if number.is_multiple_of(5) { "Deny" } else { "Allow" },
            "Action": ["s3:GetObject", "s3:ListBucket", "dynamodb:BatchGetItem", format!("ec2:Describe{number}*")],
            "Resource": ["*", format!("arn:aws:s3:::bucket-{number}/*"), "arn:aws:s3:::caf\u{e9}/\"quoted\"/*"],
            "Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}, "Bool": {"aws:SecureTransport": true}},
        })
    };
    let statements: Vec<Value> = (0..statements).map(statement).collect();
    format!("{:#}", serde_json::json!({"Version": "2012-10-17", "Statement": statements}))
}

#[divan::bench(args = STATEMENTS)]
fn whit(bencher: Bencher<'_, '_>, statements: usize) {
    let text = policy(statements);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| parse(FileId(0), Cow::Borrowed(black_box(&text)), None));
}

#[divan::bench(args = STATEMENTS)]
fn serde_json_value(bencher: Bencher<'_, '_>, statements: usize) {
    let text = policy(statements);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| serde_json::from_str::<Value>(black_box(&text)));
}
