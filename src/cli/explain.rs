//! `whit explain`.

use super::args::{Color, ConfigOptions};
use super::{Failure, Outcome, color, configured};
use crate::rules::{self, Entry, RuleDoc, RuleSet, Shown};
use crate::spelling::{any_of, nearest};
use std::io::{self, Write};

/// Prints the page of the rule that `word` names, or that answers the check of another tool that `word` names.
pub(super) fn run(word: &str, color: Color, config: &ConfigOptions, out: &mut dyn Write) -> Outcome {
    let color = color::wanted(color, &io::stdout());
    // What `whit` knows by itself is told whatever the config is like.
    if let Some(entry) = rules::find(word).or_else(|| rules::find(&word.to_lowercase())) {
        return Ok(page(&entry.doc, color, out)?);
    }
    let rules = configured::rules(config)?;
    if let Some(entry) = rules.find(word) {
        return Ok(page(&entry.doc, color, out)?);
    }
    let answering: Vec<&Entry> = rules.iter().filter(|entry| answers(&entry.doc, word)).collect();
    match answering.as_slice() {
        [] => Err(unknown(word, &rules)),
        [one] => {
            writeln!(out, "`{word}` is answered by `{}`:\n", one.doc.id)?;
            Ok(page(&one.doc, color, out)?)
        }
        several => {
            writeln!(out, "`{word}` is answered by {} rules; `whit explain` one of them:\n", several.len())?;
            for entry in several {
                writeln!(out, "  {}: {}", entry.doc.id, entry.doc.title)?;
            }
            Ok(())
        }
    }
}

/// True if the rule answers the check: `checkov:CKV_AWS_61`, or without the tool's name.
fn answers(doc: &RuleDoc<'_>, word: &str) -> bool {
    doc.equivalents.iter().any(|id| {
        id.eq_ignore_ascii_case(word) || id.split_once(':').is_some_and(|(_, id)| id.eq_ignore_ascii_case(word))
    })
}

fn unknown(word: &str, rules: &RuleSet) -> Failure {
    let ids = rules.ids();
    let mut near = nearest(word, ids.iter().copied());
    if near.is_empty() {
        near = ids.into_iter().filter(|id| word.len() > 2 && id.contains(&*word.to_lowercase())).take(3).collect();
    }
    let way_out = match near.as_slice() {
        [] => "`whit rules` lists them".to_owned(),
        near => format!("did you mean {}?", any_of(near)),
    };
    Failure::Usage(format!("`{word}` is no rule, and no check that a rule answers: {way_out}"))
}

fn page(doc: &RuleDoc<'_>, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let (bold, plain) = if color { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    writeln!(out, "{bold}{}{plain}: {}", doc.id, doc.title)?;
    writeln!(out, "severity {}, confidence {}, category {}", doc.severity, doc.confidence, doc.category.as_str())?;
    writeln!(out, "{}\n", shown(doc))?;
    body(doc.body, bold, plain, out)?;
    list("Other tools", &doc.equivalents, bold, plain, out)?;
    list("References", &doc.references, bold, plain, out)
}

/// When a run shows its findings.
fn shown(doc: &RuleDoc<'_>) -> &'static str {
    match doc.shown {
        Shown::ByDefault => "`whit check` shows its findings",
        Shown::Partly => {
            "`whit check` shows its plain findings, and those that only a thorough reader wants with `--pedantic`"
        }
        Shown::Pedantic => "`whit check` shows its findings only with `--pedantic`",
    }
}

/// The Markdown as it is, but for what only a renderer needs: heading marks and fences.
fn body(markdown: &str, bold: &str, plain: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut fenced = false;
    for line in markdown.trim_end().lines() {
        match (line.strip_prefix("```"), line.strip_prefix("## ")) {
            (Some(info), _) => {
                fenced = !fenced;
                if fenced {
                    writeln!(out, "  {bold}{}{plain}", caption(info))?;
                }
            }
            (None, _) if fenced => writeln!(out, "{}", format!("    {line}").trim_end())?,
            (None, Some(heading)) => writeln!(out, "{bold}{heading}{plain}")?,
            (None, None) => writeln!(out, "{line}")?,
        }
    }
    Ok(())
}

/// What an example is.
fn caption(info: &str) -> &'static str {
    let has = |word| info.split_whitespace().any(|part| part == word);
    if has("bad") {
        "wrong:"
    } else if has("good") {
        "right:"
    } else if has("output") {
        "what whit says:"
    } else if has("fixed") {
        "mended:"
    } else if has("rule") {
        "what it demands:"
    } else {
        ""
    }
}

fn list(title: &str, items: &[&str], bold: &str, plain: &str, out: &mut dyn Write) -> io::Result<()> {
    if !items.is_empty() {
        writeln!(out, "\n{bold}{title}{plain}")?;
    }
    items.iter().try_for_each(|item| writeln!(out, "  {item}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_readable_without_a_renderer() -> io::Result<()> {
        let mut out = Vec::new();
        body("What.\n\n## Why\n```json bad\n{\n ^\n\n}\n```\n```json good\n{}\n```\n", "", "", &mut out)?;
        let text = String::from_utf8_lossy(&out).into_owned();
        assert_eq!(text, "What.\n\nWhy\n  wrong:\n    {\n     ^\n\n    }\n  right:\n    {}\n");
        Ok(())
    }
}
