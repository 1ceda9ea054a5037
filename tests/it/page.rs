//! The examples of a rule's page, taken out of its Markdown.

use std::collections::BTreeSet;
use std::ops::Range;
use whit::policy::PolicyKind;
use whit::settings::Settings;

/// A fenced block of a page.
#[derive(Debug)]
pub(crate) struct Example {
    /// `bad`, `good`, `fixed` or `output`.
    pub(crate) role: String,
    /// The name of the file that it stands for.
    pub(crate) path: String,
    /// The text without its caret lines.
    pub(crate) text: String,
    /// The bytes of `text` that the caret lines mark, from the first caret to the last.
    pub(crate) marked: Option<Range<usize>>,
    /// What its options ask for.
    pub(crate) settings: Settings,
    /// The lines of the page between the fences.
    pub(crate) lines: Range<usize>,
}

/// All fenced blocks of a page that have a role.
pub(crate) fn examples(page: &str) -> Vec<Example> {
    let lines: Vec<&str> = page.lines().collect();
    let mut examples = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some(info) = lines[at].strip_prefix("```") else {
            at += 1;
            continue;
        };
        let end = (at + 1..lines.len()).find(|line| lines[*line] == "```");
        let end = end.unwrap_or_else(|| panic!("the block that begins with `{}` is not closed", lines[at]));
        examples.extend(example(info, &lines[at + 1..end], at + 1..end));
        at = end + 1;
    }
    examples
}

fn example(info: &str, lines: &[&str], range: Range<usize>) -> Option<Example> {
    let mut words = info.split_whitespace();
    let language = words.next()?;
    let role = words.next()?.to_owned();
    let mut path = match language {
        "json" => "policy.json",
        "yaml" => "template.yaml",
        "hcl" => "main.tf",
        "csv" => "credential-report.csv",
        "ini" => ".aws/config",
        "sh" => "setup.sh",
        "text" => "",
        _ => panic!("no example can be written in `{language}`"),
    }
    .to_owned();
    let mut settings = Settings::default();
    for option in words {
        match option.split_once('=') {
            Some(("path", value)) => path = value.to_owned(),
            Some(("forbid", value)) => {
                settings.forbid.extend(value.split(',').map(whit::policy::ActionPattern::new));
            }
            Some(("accounts", value)) => {
                settings.accounts = value.split(',').map(Box::from).collect::<BTreeSet<_>>();
            }
            Some(("kind", value)) => {
                let kind = PolicyKind::from_name(value).unwrap_or_else(|| panic!("`{value}` is no kind of policy"));
                let everywhere = globset::Glob::new("**").unwrap_or_else(|error| panic!("{error}"));
                settings.kinds.push((everywhere.compile_matcher(), kind));
            }
            None if option == "pedantic" => settings.pedantic = true,
            _ => panic!("`{option}` is no option of an example"),
        }
    }
    let (text, marked) = if role == "output" { (lines.join("\n"), None) } else { without_carets(lines) };
    Some(Example { role, path, text, marked, settings, lines: range })
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
