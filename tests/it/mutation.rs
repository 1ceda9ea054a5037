//! Unknown is a value: where one leaf of a policy that is no evidence of a finding becomes a reference, the finding stays at
//! the same bytes. In JSON (CloudFormation's `Ref`), YAML (`!Ref`) and HCL (`var.x`); confidence may drop.

use crate::json_oracle::read;
use crate::lint::run_with;
use crate::pages::{examples, pages};
use std::ops::Range;
use whit::document::{NodeKind, NodeRef};
use whit::example::{Example, Role};
use whit::settings::Settings;

/// A language that the policy is written in.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Json,
    Yaml,
    Hcl,
}

impl Form {
    /// Path and text of a file with the policy in it, and how many bytes stand before the policy.
    fn file(self, path: &str, policy: &str) -> (String, String, usize) {
        let stem = path.trim_end_matches(".json");
        match self {
            Form::Json => (path.to_owned(), policy.to_owned(), 0),
            Form::Yaml => (format!("{stem}.yaml"), policy.to_owned(), 0),
            Form::Hcl => {
                let before = "locals {\n  policy = ";
                (format!("{stem}.tf"), format!("{before}{policy}\n}}\n"), before.len())
            }
        }
    }

    fn reference(self) -> &'static str {
        match self {
            Form::Json => r#"{"Ref":"X"}"#,
            Form::Yaml => "!Ref X",
            Form::Hcl => "var.x",
        }
    }
}

/// The bytes of a policy's text that the findings of a rule underline.
fn found(id: &str, form: Form, example: &Example, policy: &str) -> Vec<Range<usize>> {
    let (path, text, before) = form.file(&example.path, policy);
    let settings = Settings { pedantic: true, ..example.settings.clone() };
    let run = run_with(&path, text.as_bytes(), &settings);
    let of_rule = run.findings.iter().filter(|finding| finding.rule.0 == id);
    let bytes = of_rule.map(|finding| {
        let region = finding.primary.region;
        let start = region.byte as usize - before;
        start..start + region.byte_len as usize
    });
    bytes.collect()
}

/// The strings of a policy that may become references: none that decides what the policy is.
fn leaves(node: NodeRef<'_>, key: &str, out: &mut Vec<Range<usize>>) {
    const DECIDE: [&str; 4] = ["Effect", "Version", "Principal", "NotPrincipal"];
    if DECIDE.contains(&key) {
        return;
    }
    if node.kind() == NodeKind::String {
        out.push(node.span().range());
    }
    node.items().for_each(|item| leaves(item, key, out));
    node.entries().for_each(|(key, value)| leaves(value, key.as_str().unwrap_or(""), out));
}

/// The evidence of a finding, in bytes of the policy's text.
fn evidence(id: &str, example: &Example) -> Vec<Range<usize>> {
    let run =
        run_with(&example.path, example.text.as_bytes(), &Settings { pedantic: true, ..example.settings.clone() });
    let of_rule = run.findings.iter().filter(|finding| finding.rule.0 == id);
    let marks = of_rule.flat_map(|finding| std::iter::once(&finding.primary).chain(&finding.labels));
    let bytes = marks.map(|mark| mark.region.byte as usize..(mark.region.byte + mark.region.byte_len) as usize);
    bytes.collect()
}

#[test]
fn a_reference_beside_the_evidence_changes_nothing() {
    let (mut tried, mut failures) = (0, Vec::new());
    for (id, page) in pages() {
        for example in examples(&page).into_iter().filter(|example| example.role == Role::Bad) {
            let (tree, errors) = read(&example.text);
            let policy = tree.roots().next().filter(|root| root.get("Statement").is_some());
            let Some(policy) = policy.filter(|_| example.path.ends_with(".json") && errors.is_empty()) else {
                continue;
            };
            // What is not known may be what is forbidden: the rule says so.
            if id == "forbidden-access" {
                continue;
            }
            let evidence = evidence(&id, &example);
            let mut all = Vec::new();
            leaves(policy, "", &mut all);
            for form in [Form::Json, Form::Yaml, Form::Hcl] {
                // A policy variable of JSON would be an interpolation of HCL, whose reader keeps only one of equal keys.
                if form == Form::Hcl && (example.text.contains("${") || id == "duplicate-key") {
                    continue;
                }
                let whole = found(&id, form, &example, &example.text);
                if whole != found(&id, Form::Json, &example, &example.text) {
                    failures.push(format!("{id} in {form:?}: {whole:?} instead of what JSON gives\n{}", example.text));
                    continue;
                }
                for leaf in &all {
                    if evidence.iter().any(|mark| mark.start < leaf.end && leaf.start < mark.end) {
                        continue;
                    }
                    let (before, after) = (&example.text[..leaf.start], &example.text[leaf.end..]);
                    let changed = [before, form.reference(), after].concat();
                    let shift = |at: usize| if at >= leaf.end { at - leaf.len() + form.reference().len() } else { at };
                    let expected: Vec<_> = whole.iter().map(|bytes| shift(bytes.start)..shift(bytes.end)).collect();
                    tried += 1;
                    if found(&id, form, &example, &changed) != expected {
                        failures.push(format!("{id} in {form:?}, `{}`:\n{changed}", &example.text[leaf.clone()]));
                    }
                }
            }
        }
    }
    println!("{tried} references tried, {} changed something", failures.len());
    assert!(tried > 100 && failures.is_empty(), "{} of {tried}:\n{}", failures.len(), failures.join("\n"));
}
