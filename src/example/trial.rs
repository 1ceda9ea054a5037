//! Examples are tried: linted as files of their own, and held against what they promise.

use super::{Example, Mistake, Role, examples};
use crate::engine::{self, Run, Unit};
use crate::finding::Finding;
use crate::report::{Reporter, Text, TextStyle};
use crate::rules::RuleSet;
use crate::settings::Settings;
use crate::source::{Overlay, RelPath};

/// Columns of an output.
const WIDTH: usize = 100;

/// What came of the examples of a page.
#[derive(Default, Debug)]
pub struct Tried {
    /// Bad examples.
    pub bad: usize,
    /// Good examples.
    pub good: usize,
    /// What is not as promised.
    pub failures: Vec<Mistake>,
    /// Why the page cannot be tried, or not in full.
    pub broken: Vec<Mistake>,
}

/// Tries the page of a rule of the user's own: all its examples, of which there must be some.
pub fn try_page(id: &str, page: &str, rules: &RuleSet) -> Tried {
    let mut tried = Tried::default();
    let examples = match examples(page) {
        Ok(examples) => examples,
        Err(mistake) => return Tried { broken: vec![mistake], ..tried },
    };
    let mut last_bad = None;
    for example in &examples {
        let failures = match example.role {
            Role::Bad => {
                tried.bad += 1;
                last_bad = Some(example);
                try_example(id, example, rules)
            }
            Role::Good => {
                tried.good += 1;
                try_example(id, example, rules)
            }
            Role::Output => match last_bad.map(|bad| output(id, bad, rules)) {
                Some(printed) if printed == example.text.trim_end() => Vec::new(),
                Some(printed) => vec![format!("the output is another one:\n{printed}")],
                None => vec!["an output follows a bad example".to_owned()],
            },
            Role::Fixed => vec!["a rule of your own offers no fix: delete the block".to_owned()],
        };
        let line = example.lines.start;
        let judged = matches!(example.role, Role::Bad | Role::Good);
        let empty = judged && run(example, &example.settings).policies == 0;
        let found = empty.then(|| "no policy was found in the example".to_owned());
        tried.failures.extend(found.into_iter().chain(failures).map(|message| Mistake { line, message }));
    }
    for (count, word) in [(tried.bad, "bad"), (tried.good, "good")] {
        if count == 0 {
            let message = format!("the page has no {word} example: add a block that begins with a line ```json {word}");
            tried.broken.push(Mistake { line: 1, message });
        }
    }
    tried
}

/// What is not as a good or bad example promises: one finding of the rule at the marked bytes, or none of any rule.
pub fn try_example(id: &str, example: &Example, rules: &RuleSet) -> Vec<String> {
    let settings = Settings { rules: rules.clone(), ..example.settings.clone() };
    let run = run(example, &settings);
    let mut failures: Vec<String> = Vec::new();
    let unread = run.skipped.iter().filter(|skipped| skipped.error);
    if example.role == Role::Good {
        failures.extend(unread.map(|skipped| format!("`{}` {}", skipped.path, skipped.why)));
        failures
            .extend(run.findings.iter().map(|finding| format!("a good example gives no finding: {}", shown(finding))));
        return failures;
    }
    let own: Vec<&Finding> = run.findings.iter().filter(|finding| finding.rule.0 == id).collect();
    let [finding] = own[..] else {
        failures.extend(unread.map(|skipped| format!("`{}` {}", skipped.path, skipped.why)));
        failures.push(format!("a bad example gives one finding of `{id}`: there are {}", own.len()));
        failures.extend(run.findings.iter().map(|finding| format!("found: {}", shown(finding))));
        return failures;
    };
    let region = finding.primary.region;
    let at = region.byte as usize..(region.byte + region.byte_len) as usize;
    let text = |range| example.text.get(range).unwrap_or("");
    match &example.marked {
        Some(marked) if *marked == at => {}
        Some(marked) => failures.push(format!(
            "the carets mark `{}`, found is `{}` at {}",
            text(marked.clone()),
            text(at),
            place(finding)
        )),
        None => failures.push(format!(
            "no carets say where the finding is: write a line of `^` under `{}` at {}",
            text(at),
            place(finding)
        )),
    }
    failures
}

/// What people see of a bad example.
pub fn output(id: &str, example: &Example, rules: &RuleSet) -> String {
    let settings = Settings { rules: rules.clone(), select: Some([Box::from(id)].into()), ..example.settings.clone() };
    let style = TextStyle { color: false, width: WIDTH };
    let text = Text { path: Box::new(|path| path.to_string()), style };
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = text.write(&run(example, &settings), &mut out);
    let printed = String::from_utf8_lossy(&out);
    printed.trim_matches('\n').lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// The run over an example.
fn run(example: &Example, settings: &Settings) -> Run {
    let path = RelPath::new(&example.path);
    let mut sources = Overlay::default();
    sources.insert(path.clone(), example.text.as_bytes());
    engine::join([engine::lint(&Unit::single(path), &sources, settings)])
}

/// A finding as people are told of it.
fn shown(finding: &Finding) -> String {
    format!("`{}` at {}: {}", finding.rule, place(finding), finding.message)
}

/// Line and column, from 1.
fn place(finding: &Finding) -> String {
    let start = finding.primary.region.start;
    format!("{}:{}", start.line, start.character)
}
