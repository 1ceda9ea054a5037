//! Lints texts from memory, for the tests.

use whit::engine::{self, Unit};
use whit::finding::Finding;
use whit::settings::Settings;
use whit::source::{Overlay, RelPath};

/// The findings of the default run.
pub(crate) fn lint(path: &str, text: &str) -> Vec<Finding> {
    lint_with(path, text.as_bytes(), &Settings::default())
}

/// The findings with `--pedantic`.
pub(crate) fn lint_pedantic(path: &str, text: &str) -> Vec<Finding> {
    lint_with(path, text.as_bytes(), &Settings { pedantic: true, ..Settings::default() })
}

/// The findings of a run with these settings.
pub(crate) fn lint_with(path: &str, bytes: &[u8], settings: &Settings) -> Vec<Finding> {
    run_with(path, bytes, settings).findings
}

/// The whole run over one file.
pub(crate) fn run_with(path: &str, bytes: &[u8], settings: &Settings) -> engine::Run {
    let mut sources = Overlay::default();
    sources.insert(RelPath::new(path), bytes);
    engine::join([engine::lint(&Unit::single(RelPath::new(path)), &sources, settings)])
}

/// The bytes that a finding underlines, cut from the file.
pub(crate) fn underlined<'t>(finding: &Finding, text: &'t str) -> &'t str {
    let region = finding.primary.region;
    &text[region.byte as usize..(region.byte + region.byte_len) as usize]
}

/// Rule and underlined text of each finding: what table tests compare.
pub(crate) fn told<'t>(findings: &[Finding], text: &'t str) -> Vec<(&'static str, &'t str)> {
    findings.iter().map(|finding| (finding.rule.0, underlined(finding, text))).collect()
}

/// True for what the rules tell of that find a resource open to everyone, or perhaps so.
pub(crate) fn is_of_everyone(finding: &Finding) -> bool {
    ["possibly-public-resource", "public-function-url", "public-resource"].contains(&finding.rule.0)
}
