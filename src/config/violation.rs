//! What the schema says against a config, in words for people.

use super::document::{Document, member};
use super::problem::ConfigProblem;
use crate::spelling::{any_of, nearest};
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

/// All violations of a schema, in the order of the text.
pub(super) fn find(document: &Document, schema: &Value) -> Vec<ConfigProblem> {
    let validator = match jsonschema::draft202012::new(schema) {
        Ok(validator) => validator,
        // Unreachable as long as the schema itself is right, which a test asserts.
        Err(error) => return vec![ConfigProblem::new(0..0, format!("the schema of the config is broken: {error}"))],
    };
    let mut problems: Vec<ConfigProblem> =
        validator.iter_errors(&document.value).flat_map(|error| problems(document, schema, &error)).collect();
    problems.sort_by(|a, b| (a.at.start, a.at.end, &a.message).cmp(&(b.at.start, b.at.end, &b.message)));
    problems
}

fn problems(document: &Document, schema: &Value, error: &ValidationError<'_>) -> Vec<ConfigProblem> {
    let pointer = error.instance_path().as_str();
    let (asking, _) = error.schema_path().as_str().rsplit_once('/').unwrap_or_default();
    let said = |word: &str| schema.pointer(asking).and_then(|part| part.get(word)).and_then(Value::as_str);
    let (title, description) = (said("title").unwrap_or("value"), said("description").unwrap_or(""));
    let name = pointer.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap_or("");
    let value = || match &**error.instance() {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let here = |message: String| ConfigProblem::new(document.value_span(pointer), message);
    let problem = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let known = schema.pointer(asking).and_then(|part| part.get("properties")).and_then(Value::as_object);
            let known = || known.into_iter().flat_map(|map| map.keys()).map(String::as_str);
            let problem = |key: &String| {
                let at = member(pointer, key);
                if !pointer.is_empty() && is_plain_setting(schema, key, document.value.pointer(&at)) {
                    // A line behind the head of a table belongs to that table.
                    return ConfigProblem::new(document.key_span(&at), format!("`{key}` stands inside of a table"))
                        .note(format!("taken for a {title}"))
                        .help(format!("move `{key}` to the top of the file, before the first `[` that begins a line"));
                }
                ConfigProblem::new(document.key_span(&member(pointer, key)), format!("`{key}` is no {title}"))
                    .note("not known")
                    .help(meant(key, known().collect(), "known are", MANY))
            };
            return unexpected.iter().map(problem).collect();
        }
        ValidationErrorKind::Enum { options } => {
            let options = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            here(format!("`{}` is no {title}", value())).note("not known").help(meant(
                &value(),
                options,
                "known are",
                MANY,
            ))
        }
        ValidationErrorKind::Pattern { .. } | ValidationErrorKind::MinLength { .. } => {
            here(format!("`{}` is no {title}", value()))
                .note(format!("no {title}"))
                .help(format!("write {description}"))
        }
        ValidationErrorKind::Type { kind } => {
            let wanted = match kind {
                TypeKind::Single(JsonType::Array) => "a list",
                TypeKind::Single(JsonType::Object) => "a table",
                TypeKind::Single(JsonType::Boolean) => "`true` or `false`",
                TypeKind::Multiple(_) => "a value or a list of values",
                _ => "a string",
            };
            here(format!("`{name}` wants {wanted}")).note(format!("not {wanted}")).help(format!("write {description}"))
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            here(format!("`{key}` is missing")).note(format!("without `{key}`")).help(format!("write {description}"))
        }
        ValidationErrorKind::MinItems { .. } | ValidationErrorKind::MinProperties { .. } => {
            here(format!("`{name}` is empty")).note("nothing in it").help("fill it, or delete it")
        }
        _ => here(error.to_string()),
    };
    vec![problem]
}

/// True for the name of a setting of the whole config that is no table, with a value that is none either.
fn is_plain_setting(schema: &Value, key: &str, value: Option<&Value>) -> bool {
    let is_table =
        |value: &Value| value.is_object() || value.as_array().is_some_and(|all| all.iter().any(Value::is_object));
    schema.pointer("/properties").and_then(|known| known.get(key)).is_some()
        && value.is_some_and(|value| !is_table(value))
}

/// Where the only long list is.
const MANY: &str = "`whit rules` lists the rules";

/// The way out of a wrong word: what looks like it, else all that is known, if that is not too much to read.
pub(super) fn meant(word: &str, known: Vec<&str>, intro: &str, many: &str) -> String {
    match nearest(word, known.iter().copied()).as_slice() {
        [] if known.len() > 12 => many.to_owned(),
        [] => format!("{intro} {}", any_of(&known).replace(" or ", " and ")),
        near => format!("did you mean {}?", any_of(near)),
    }
}
