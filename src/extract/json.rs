//! JSON files: bare documents, what the AWS CLI prints, templates.

use super::resolve::{Filled, Template};
use super::{Extraction, Fact, Flaw, FlawKind, root_user, walk, yaml};
use crate::document::json::{SyntaxError, SyntaxErrorKind, parse};
use crate::document::{NodeKind, NodeRef, Tree};
use crate::source::{Language, Origin, SourceFile};
use std::borrow::Cow;

/// What a JSON file with a policy or an attachment in it must contain. Neither URL-encoding nor JSON's escapes, as tools
/// write them, touch letters.
pub(crate) const NEEDLES: &[&str] = &[
    "Statement",
    "2012-10-17",
    "2008-10-17",
    "AttachedManagedPolicies",
    "AttachedPolicies",
    "ManagedPolicyArns",
    // What attaches one of AWS's policies, by its ARN or (SAM, Ansible) by its name.
    ":iam::aws:policy/",
    "AdministratorAccess",
    "AWS::Serverless::",
    "FullAccess",
    "PowerUserAccess",
];

/// True if the file is to be read as JSON: by its name, or by how it begins where the name says nothing.
pub fn looks_like_json(file: &SourceFile<'_>) -> bool {
    let extension = file.path.extension().to_ascii_lowercase();
    claims_json(file) || (begins_like_json(file.text()) && !KNOWN_OTHERWISE.contains(&&*extension))
}

/// Extensions of files that are something else, however they begin.
pub(super) const KNOWN_OTHERWISE: [&str; 53] = [
    "md", "markdown", "rst", "txt", "html", "htm", "xml", "csv", "tsv", "yaml", "yml", "toml", "ini", "cfg", "conf",
    "tf", "tfvars", "hcl", "sh", "bash", "zsh", "ps1", "py", "rb", "js", "mjs", "cjs", "jsx", "ts", "tsx", "go", "rs",
    "java", "kt", "cs", "c", "h", "cpp", "php", "swift", "scala", "css", "scss", "sql", "lock", "log", "j2", "tpl",
    "tmpl", "tftpl", "erb", "mustache", "hbs",
];

/// Those that say nothing of what is written in a file, as templates that other programs fill in: where somebody names it, its
/// text tells.
pub(super) const TOLD_BY_TEXT: [&str; 10] =
    ["txt", "conf", "cfg", "j2", "tpl", "tmpl", "tftpl", "erb", "mustache", "hbs"];

/// True for a text that begins as an object does, or a list of them.
pub(super) fn begins_like_json(text: &str) -> bool {
    let mut text = text.trim_start().chars();
    match text.next() {
        Some('{') => true,
        Some('[') => text.as_str().trim_start().starts_with('{'),
        _ => false,
    }
}

/// True if the name says that the file is JSON.
fn claims_json(file: &SourceFile<'_>) -> bool {
    let named = |known: &[&str]| known.iter().any(|known| file.path.extension().eq_ignore_ascii_case(known));
    file.guess == Some(Language::Json)
        || named(&["json", "jsonc", "tfstate"])
        || (named(&["template"]) && file.text().trim_start().starts_with(['{', '[']))
}

/// True for a report in SARIF, as this program and others write it: it quotes policies and says what is wrong with keys, and
/// holds neither.
pub(super) fn is_report(file: &SourceFile<'_>) -> bool {
    let text = file.text();
    if !(text.contains("\"runs\"") && text.contains("\"driver\"")) {
        return false;
    }
    let (tree, _) = parse(file.id, Cow::Borrowed(text), None);
    let runs = tree.roots().next().and_then(|root| root.get("runs"));
    runs.is_some_and(|runs| runs.items().any(|run| run.get("tool").is_some_and(|tool| tool.get("driver").is_some())))
}

/// Finds what a JSON file tells.
pub fn extract(file: &SourceFile<'_>, out: &mut Extraction) {
    let (tree, mut errors) = parse(file.id, Cow::Borrowed(file.text()), None);
    if !file.fills.is_empty() {
        let filled = Filled { rest: &Template::default(), names: &file.fills };
        errors.retain(|error| filled.bare(tree.text().get(error.span.range()).unwrap_or("")).is_none());
    }
    if tree.roots().any(holds_samples) {
        return;
    }
    // What is no JSON, CloudFormation reads as YAML, in which brackets are a style.
    let template = file.path.extension().eq_ignore_ascii_case("template");
    if template && !errors.is_empty() && yaml::extract_whole(file, out) {
        return;
    }
    let before = out.facts.len();
    walk::tree(&tree, file, out);
    for root in tree.roots() {
        root_user::extract_json(root, file, out);
    }
    forget_flaws(&errors, out, before);
    syntax(&tree, &errors, claims_json(file) || file.path.extension().is_empty(), out);
}

/// Turns syntax errors into flaws where the text looks like a policy: one for what breaks it, one for each extension.
pub(super) fn syntax(tree: &Tree<'_>, errors: &[SyntaxError], claims_json: bool, out: &mut Extraction) {
    if errors.is_empty() {
        return;
    }
    let text = tree.text();
    let first = errors.iter().find(|error| error.kind.is_obstacle());
    // What follows a placeholder may be wrong only as long as nothing stands there.
    let unfinished = first.is_some_and(|first| first.kind == SyntaxErrorKind::Placeholder);
    let marks = ["Effect", "Action", "2012-10-17", "2008-10-17"];
    let policy_like = text.contains("Statement") && marks.iter().any(|mark| text.contains(mark));
    out.unfinished |= unfinished && claims_json && policy_like;
    for kind in [SyntaxErrorKind::Broken, SyntaxErrorKind::Comment, SyntaxErrorKind::TrailingComma] {
        let broken = kind == SyntaxErrorKind::Broken;
        if broken && unfinished {
            continue;
        }
        let mut of_kind = errors.iter().filter(|error| error.kind == kind || broken && error.kind.is_obstacle());
        let Some(first) = of_kind.next() else { continue };
        out.broken |= broken && claims_json && policy_like;
        if policy_like && (claims_json || !broken) {
            let detail = match of_kind.count() {
                0 => first.message.clone(),
                more => format!("{} (and {more} more)", first.message),
            };
            let kind = if broken { FlawKind::JsonSyntax } else { FlawKind::JsonExtension };
            out.facts.push(Fact::Flaw(Flaw { kind, at: Origin::here(tree.loc(first.span)), detail, remedy: None }));
        }
    }
}

/// Where a text is no JSON, an element that seems to be missing or wrong may be one that the reader lost: the policies found
/// in it, the facts from `before` on, keep no flaws of their own.
pub(super) fn forget_flaws(errors: &[SyntaxError], out: &mut Extraction, before: usize) {
    if !errors.iter().any(|error| error.kind.is_obstacle()) {
        return;
    }
    for fact in out.facts.iter_mut().skip(before) {
        if let Fact::Policy(site) = fact {
            site.flaws.clear();
        }
    }
}

/// True for the sample calls that AWS ships with its SDKs (`examples-1.json`): what they send and get is made up.
fn holds_samples(root: NodeRef<'_>) -> bool {
    let is_sample = |sample: NodeRef<'_>| ["input", "output", "title"].iter().any(|key| sample.get(key).is_some());
    let Some(examples) = root.get("examples").filter(|_| root.get("version").is_some()) else { return false };
    let mut operations = examples.entries().map(|(_, samples)| samples).peekable();
    operations.peek().is_some()
        && operations.all(|samples| samples.kind() == NodeKind::Seq && samples.items().all(is_sample))
}
