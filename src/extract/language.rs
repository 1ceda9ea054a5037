//! What a file is written in: by its name, and of a file that somebody asks for by its text where the name does not tell.

use super::{Extraction, Fact, FlawKind, json, markdown, shell, terraform, yaml};
use crate::source::{Language, RelPath, SourceFile};
use std::borrow::Cow;

/// The name of the language that a file is taken to be written in.
pub(crate) fn language(file: &SourceFile<'_>) -> &'static str {
    match file.path.extension().to_ascii_lowercase().as_str() {
        "tf" | "tofu" | "hcl" => "HCL",
        "yaml" | "yml" => "YAML",
        // Templates of CloudFormation.
        _ if yaml::looks_like_yaml(file) && !json::looks_like_json(file) => "YAML",
        _ => match file.guess {
            Some(Language::Hcl) => "HCL",
            Some(Language::Yaml) => "YAML",
            Some(Language::Json) | None => "JSON",
        },
    }
}

/// What a file is of which a part could not be read, as `is not YAML`: what it is written in itself, or a policy that stands
/// in a string or a heredoc of it.
pub(crate) fn broken(file: &SourceFile<'_>, extraction: &Extraction) -> String {
    let inside = |fact: &Fact| matches!(fact, Fact::Flaw(flaw) if flaw.kind == FlawKind::JsonSyntax);
    match !json::looks_like_json(file) && extraction.facts.iter().any(inside) {
        true => "holds a policy that is not JSON".to_owned(),
        false => format!("is not {}", language(file)),
    }
}

/// What deployment assigns, as the language of a file has it: the model writes all as CloudFormation does.
pub(crate) fn in_language_of<'t>(path: &RelPath, text: &'t str) -> Cow<'t, str> {
    if !text.contains("${AWS::") || !terraform::is_terraform(path.file_name()) {
        return Cow::Borrowed(text);
    }
    let account = text.replace("${AWS::AccountId}", "${data.aws_caller_identity.current.account_id}");
    Cow::Owned(account.replace("${AWS::Region}", "${data.aws_region.current.region}"))
}

/// The language that a text looks to be written in, where the file's name tells none.
pub(crate) fn guess(file: &SourceFile<'_>) -> Option<Language> {
    if is_read(file) || is_other(file) {
        return None;
    }
    let text = behind_marks(file.text());
    if json::begins_like_json(text) {
        return Some(Language::Json);
    }
    let margin = || {
        let lines =
            text.lines().filter(|line| !line.starts_with([' ', '\t', '#', '}', ')']) && !line.trim().is_empty());
        lines.filter(|line| !MARKS.iter().any(|(opens, _)| line.starts_with(opens)))
    };
    if margin().any(begins_block) {
        return Some(Language::Hcl);
    }
    // Prose has lines that are neither.
    let yaml = margin().all(|line| line.starts_with("- ") || line.starts_with("---") || is_key(line));
    (yaml && margin().next().is_some()).then_some(Language::Yaml)
}

/// What opens and closes what a program that fills a template in is told, as Jinja and ERB have it.
const MARKS: [(&str, &str); 3] = [("{%", "%}"), ("{#", "#}"), ("<%", "%>")];

/// What follows the marks that a template begins with.
fn behind_marks(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some((_, closes)) = MARKS.iter().find(|(opens, _)| rest.starts_with(opens))
        && let Some((_, behind)) = rest.split_once(closes)
    {
        rest = behind.trim_start();
    }
    rest
}

/// True for a file that may hold policies, and that no reader takes.
pub(crate) fn is_unread(file: &SourceFile<'_>) -> bool {
    let text = file.text();
    let holds_policies = text.contains("Statement") && text.contains("Effect") && text.contains("Action");
    holds_policies && file.guess.is_none() && !is_read(file) && !is_other(file)
}

/// True if a reader takes the file by its name, or as it begins.
fn is_read(file: &SourceFile<'_>) -> bool {
    json::looks_like_json(file)
        || yaml::looks_like_yaml(file)
        || markdown::is_markdown(file)
        || shell::is_shell(file)
        || terraform::is_template(file)
        || terraform::stands_alone(file)
        || terraform::is_terraform(file.path.file_name())
}

/// True if the name says that the file is written in a language in which policies are not looked for.
fn is_other(file: &SourceFile<'_>) -> bool {
    let extension = file.path.extension().to_ascii_lowercase();
    json::KNOWN_OTHERWISE.contains(&&*extension) && !json::TOLD_BY_TEXT.contains(&&*extension)
}

/// True for a line that opens a block of Terraform or Terragrunt.
fn begins_block(line: &str) -> bool {
    let first = line.split([' ', '{', '=']).next().unwrap_or("");
    let blocks = ["resource", "data", "module", "locals", "variable", "output", "provider", "terraform", "inputs"];
    blocks.contains(&first) && line.contains('{')
}

/// True for a line that begins with a key of YAML.
fn is_key(line: &str) -> bool {
    let Some((key, rest)) = line.split_once(':') else { return false };
    let plain =
        key.trim_matches(['"', '\'']).bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    plain && !key.is_empty() && (rest.is_empty() || rest.starts_with([' ', '\t']))
}
