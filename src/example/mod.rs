//! The examples of a rule's page, taken out of its Markdown, and what comes of them.

mod trial;

pub use trial::{Tried, output, try_example, try_page};

use crate::access::ceiling::Ceiling;
use crate::policy::{ActionPattern, PolicyKind};
use crate::settings::Settings;
use globset::Glob;
use std::ops::Range;

/// What an example is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Gives one finding of the rule.
    Bad,
    /// Gives none.
    Good,
    /// What the fix makes of the bad one before it.
    Fixed,
    /// What people see of the bad one before it.
    Output,
}

impl Role {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "bad" => Role::Bad,
            "good" => Role::Good,
            "fixed" => Role::Fixed,
            "output" => Role::Output,
            _ => return None,
        })
    }
}

/// A fenced block of a page that has a role.
#[derive(Debug)]
pub struct Example {
    /// What it is for.
    pub role: Role,
    /// The name of the file that it stands for.
    pub path: String,
    /// The text without its caret lines.
    pub text: String,
    /// The bytes of `text` that the caret lines mark, from the first caret to the last.
    pub marked: Option<Range<usize>>,
    /// What its options ask for.
    pub settings: Settings,
    /// The lines of the page between the fences, from 0.
    pub lines: Range<usize>,
}

/// Something wrong with a page, at a line from 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// The line.
    pub line: usize,
    /// What is wrong, and what was wanted.
    pub message: String,
}

/// All fenced blocks of a page that have a role.
///
/// # Errors
/// The first block that cannot be read.
pub fn examples(page: &str) -> Result<Vec<Example>, Mistake> {
    let lines: Vec<&str> = page.lines().collect();
    let mut examples = Vec::new();
    let mut open: Option<(usize, &str)> = None;
    for (at, line) in lines.iter().enumerate() {
        match (open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((at, info)),
            (Some((begin, info)), Some("")) => {
                let inside = lines.get(begin + 1..at).unwrap_or_default();
                let read = example(info, inside, begin + 1..at);
                examples.extend(read.map_err(|message| Mistake { line: begin + 1, message })?);
                open = None;
            }
            _ => {}
        }
    }
    match open {
        Some((begin, _)) => Err(Mistake { line: begin + 1, message: "the block is not closed".to_owned() }),
        None => Ok(examples),
    }
}

fn example(info: &str, lines: &[&str], range: Range<usize>) -> Result<Option<Example>, String> {
    let mut words = info.split_whitespace();
    let (Some(language), Some(role)) = (words.next(), words.next().and_then(Role::from_name)) else { return Ok(None) };
    let path = match language {
        "json" => "policy.json",
        "yaml" => "template.yaml",
        "hcl" => "main.tf",
        "csv" => "credential-report.csv",
        "ini" => ".aws/config",
        "sh" => "setup.sh",
        "text" => "",
        _ => return Err(format!("no example can be written in `{language}`: take `json`, `yaml`, `hcl` or `sh`")),
    };
    let mut example = Example {
        role,
        path: path.to_owned(),
        text: String::new(),
        marked: None,
        settings: Settings::default(),
        lines: range,
    };
    for option in words {
        example.take(option)?;
    }
    (example.text, example.marked) =
        if role == Role::Output { (lines.join("\n"), None) } else { without_carets(lines) };
    Ok(Some(example))
}

impl Example {
    fn take(&mut self, option: &str) -> Result<(), String> {
        let settings = &mut self.settings;
        match option.split_once('=') {
            Some(("path", value)) => value.clone_into(&mut self.path),
            Some(("forbid", value)) => {
                let actions = value.split(',').map(ActionPattern::new).collect();
                settings.forbid.push(Ceiling { actions, ..Ceiling::default() });
            }
            Some(("accounts", value)) => settings.accounts = value.split(',').map(Box::from).collect(),
            Some(("kind", value)) => {
                let kind = PolicyKind::from_name(value).ok_or_else(|| format!("`{value}` is no kind of policy"))?;
                let everywhere = Glob::new("**").map_err(|error| error.to_string())?;
                settings.kinds.push((everywhere.compile_matcher(), kind));
            }
            None if option == "pedantic" => settings.pedantic = true,
            _ => {
                return Err(format!(
                    "`{option}` is no option of an example: there are `path=`, `kind=`, `accounts=`, `forbid=` and `pedantic`"
                ));
            }
        }
        Ok(())
    }
}

/// The text without caret lines, and the bytes that they mark.
fn without_carets(lines: &[&str]) -> (String, Option<Range<usize>>) {
    let mut text = String::new();
    let mut marked: Option<Range<usize>> = None;
    let mut last = (0, "");
    for line in lines {
        let is_carets = line.contains('^') && line.chars().all(|c| c == '^' || c == ' ');
        if is_carets {
            let (start, line_above) = last;
            let byte = |column: usize| line_above.char_indices().nth(column).map_or(line_above.len(), |(at, _)| at);
            let (first, end) = (line.find('^').unwrap_or(0), line.rfind('^').map_or(0, |at| at + 1));
            let (from, to) = (start + byte(first), start + byte(end));
            marked = Some(marked.map_or(from, |range| range.start)..to);
        } else {
            last = (text.len(), line);
            text.push_str(line);
            text.push('\n');
        }
    }
    (text, marked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_mark_the_line_above_and_are_no_part_of_it() -> Result<(), Mistake> {
        let page = "```json bad path=é.json kind=trust\n{\"é\": 1}\n ^^^\n```\n```toml rule\nx = 1\n```\n";
        let found = examples(page)?;
        assert_eq!(found.len(), 1);
        assert_eq!((&*found[0].path, &*found[0].text), ("é.json", "{\"é\": 1}\n"));
        assert_eq!(found[0].marked.clone().and_then(|range| found[0].text.get(range)), Some("\"é\""));
        assert_eq!(found[0].settings.kinds.len(), 1);
        Ok(())
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_line() {
        for (page, line, message) in [
            ("x\n```json bad\n{}\n", 2, "the block is not closed"),
            ("```perl bad\n```\n", 1, "`perl`"),
            ("\n\n```json good kind=trsut\n```\n", 3, "`trsut` is no kind of policy"),
            ("```json good pedntic\n```\n", 1, "`pedntic` is no option"),
        ] {
            let mistake = examples(page).err();
            assert!(
                mistake.as_ref().is_some_and(|mistake| mistake.line == line && mistake.message.contains(message)),
                "{mistake:?}"
            );
        }
    }
}
