//! YAML files: CloudFormation and SAM templates, the Serverless Framework, and all else that has policies in it.

use super::json::{self, forget_flaws};
use super::shell::{self, without_flaws};
use super::{Extraction, Fact, Flaw, FlawKind, database, entity, guests, permission, walk};
use crate::document::yaml::parse;
use crate::source::{Language, Origin, SourceFile};
use crate::spanmap::SpanMap;
use std::borrow::Cow;

/// What a YAML file with a policy in it can contain without any of the needles of JSON.
pub(crate) const NEEDLES: &[&str] = &["Effect"];

/// True if the file is to be read as YAML.
pub fn looks_like_yaml(file: &SourceFile<'_>) -> bool {
    let named = ["yaml", "yml", "template"].iter().any(|known| file.path.extension().eq_ignore_ascii_case(known));
    named || file.guess == Some(Language::Yaml)
}

/// Finds what a YAML file tells.
pub fn extract(file: &SourceFile<'_>, out: &mut Extraction) {
    let text = file.text();
    // A document that only deployment knows has a name all the same.
    let named = out.linked && text.contains("PolicyDocument");
    if !named && !may_tell(text) {
        return;
    }
    let (tree, errors) = parse(file.id, Cow::Borrowed(text), None);
    let before = out.facts.len();
    walk::tree(&tree, file, out);
    forget_flaws(&errors, out, before);
    // What another program fills in first is not yet YAML.
    let unfinished = text.contains("{{") || text.contains("{%");
    let template_like = text.contains("Resources:") || text.contains("AWSTemplateFormatVersion");
    let marks = ["Effect", "Action", "2012-10-17", "2008-10-17"];
    let policy_like = text.contains("Statement") && marks.iter().any(|mark| text.contains(mark));
    if let Some(first) = errors.first().filter(|_| policy_like || template_like) {
        out.broken |= !unfinished;
        out.unfinished |= unfinished;
        if !unfinished {
            let at = Origin::here(tree.loc(first.span));
            out.facts.push(Fact::Flaw(Flaw {
                kind: FlawKind::YamlSyntax,
                at,
                detail: first.message.clone(),
                remedy: None,
            }));
        }
    }
}

/// The same of a file without an error; false if there is one, and nothing is told.
pub(super) fn extract_whole(file: &SourceFile<'_>, out: &mut Extraction) -> bool {
    let (tree, errors) = parse(file.id, Cow::Borrowed(file.text()), None);
    if errors.is_empty() {
        walk::tree(&tree, file, out);
    }
    errors.is_empty()
}

/// Finds what a part of a text tells that quotes YAML. What is no YAML is passed over: prose leaves things out.
pub(super) fn extract_quoted(text: &str, map: &SpanMap, file: &SourceFile<'_>, out: &mut Extraction) {
    if !may_tell(text) {
        return;
    }
    let (tree, errors) = parse(file.id, Cow::Borrowed(text), Some(map.clone()));
    if !errors.is_empty() {
        return;
    }
    let before = out.facts.len();
    walk::quoted(&tree, file, out);
    without_flaws(out, before);
}

fn may_tell(text: &str) -> bool {
    let needles =
        json::NEEDLES.iter().chain(NEEDLES).chain(database::NEEDLES).chain(entity::NEEDLES).chain(guests::NEEDLES);
    needles.chain(permission::NEEDLES).any(|needle| text.contains(needle)) || shell::tells(text)
}
