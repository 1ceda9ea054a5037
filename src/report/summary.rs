//! The last line of a run, for standard error.

use crate::engine::Run;
use crate::finding::Severity;
use std::time::Duration;

/// `5 findings (1 critical, 4 medium; 3 more with --pedantic) in 12 policies, 1,582 files, 0.12 s`
pub fn line(run: &Run, took: Duration) -> String {
    let count = |severity| run.findings.iter().filter(|finding| finding.severity == severity).count();
    let by_severity: Vec<String> = Severity::ALL
        .into_iter()
        .rev()
        .map(|severity| (count(severity), severity))
        .filter(|(count, _)| *count > 0)
        .map(|(count, severity)| format!("{} {severity}", thousands(count)))
        .collect();
    let hidden = match run.hidden {
        0 => String::new(),
        hidden => format!("{} more with --pedantic", thousands(hidden)),
    };
    let detail: Vec<String> = [by_severity.join(", "), hidden].into_iter().filter(|part| !part.is_empty()).collect();
    let detail = if detail.is_empty() { String::new() } else { format!(" ({})", detail.join("; ")) };
    let errors = run.skipped.iter().filter(|skipped| skipped.error).count();
    let unchecked = if errors == 0 { String::new() } else { format!(", {errors} not checked") };
    let skipped = match run.skipped.len() - errors {
        0 => String::new(),
        skipped => format!(", {} skipped (-v lists them)", thousands(skipped)),
    };
    format!(
        "{}{detail} in {}, {}{unchecked}{skipped}, {:.2} s",
        counted(run.findings.len(), "finding", "findings"),
        counted(run.policies, "policy", "policies"),
        counted(run.files, "file", "files"),
        took.as_secs_f64(),
    )
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}

/// A number with a comma before each three digits.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Skipped;
    use crate::source::RelPath;

    #[test]
    fn numbers_are_grouped() {
        let texts: Vec<String> = [0, 12, 999, 1000, 1_234_567].into_iter().map(thousands).collect();
        assert_eq!(texts, ["0", "12", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn what_was_not_checked_is_said() {
        let skipped = |error| Skipped { path: RelPath::new("a"), why: "is broken".to_owned(), error };
        let run =
            Run { hidden: 3, policies: 1, files: 1582, skipped: vec![skipped(true), skipped(false)], ..Run::default() };
        let expected = "0 findings (3 more with --pedantic) in 1 policy, 1,582 files, 1 not checked, \
                        1 skipped (-v lists them), 0.25 s";
        assert_eq!(line(&run, Duration::from_millis(250)), expected);
    }
}
