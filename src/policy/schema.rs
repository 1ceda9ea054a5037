//! The JSON Schema of policies, for editors. What is right is decided by [`super::lower`]: this says what can be said of it in a
//! schema, from the same lists.

use super::BaseOperator;
use super::lower::{DOCUMENT, STATEMENT};
use serde_json::{Map, Value, json};

/// The schema of a policy document, draft 2020-12.
pub fn schema() -> Value {
    let element = |name: &&str| {
        let value = match *name {
            "Version" => {
                json!({ "enum": ["2012-10-17", "2008-10-17"], "description": "The version of the policy language; not a date of your own" })
            }
            "Id" | "Sid" => json!({ "type": "string" }),
            "Effect" => json!({ "enum": ["Allow", "Deny"] }),
            "Statement" => {
                json!({ "oneOf": [{ "$ref": "#/$defs/statement" }, { "type": "array", "items": { "$ref": "#/$defs/statement" } }] })
            }
            "Principal" | "NotPrincipal" => json!({ "$ref": "#/$defs/principal" }),
            "Condition" => json!({ "$ref": "#/$defs/condition" }),
            _ => json!({ "$ref": "#/$defs/texts" }),
        };
        ((*name).to_owned(), value)
    };
    let kinds = ["AWS", "Service", "Federated", "CanonicalUser"];
    let kinds: Map<_, _> = kinds.iter().map(|kind| ((*kind).to_owned(), json!({ "$ref": "#/$defs/texts" }))).collect();
    let either = |name: &str| json!({ "oneOf": [{ "required": [name] }, { "required": [format!("Not{name}")] }] });
    let not_both = |name: &str| json!({ "not": { "required": [name, format!("Not{name}")] } });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "AWS IAM policy",
        "type": "object",
        "required": ["Statement"],
        "additionalProperties": false,
        "properties": DOCUMENT.iter().map(element).collect::<Map<_, _>>(),
        "$defs": {
            "statement": {
                "type": "object",
                "required": ["Effect"],
                "additionalProperties": false,
                "properties": STATEMENT.iter().map(element).collect::<Map<_, _>>(),
                "allOf": [either("Action"), not_both("Resource"), not_both("Principal")],
            },
            "texts": { "oneOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] },
            "principal": {
                "oneOf": [
                    { "const": "*" },
                    {
                        "type": "object",
                        "additionalProperties": false,
                        "properties": kinds,
                    },
                ],
            },
            "condition": {
                "type": "object",
                "patternProperties": { operators(): { "type": "object", "additionalProperties": { "$ref": "#/$defs/values" } } },
                "additionalProperties": false,
            },
            "values": {
                "oneOf": [
                    { "type": ["string", "number", "boolean"] },
                    { "type": "array", "items": { "type": ["string", "number", "boolean"] } },
                ],
            },
        },
    })
}

/// A regular expression of all operators, with what may stand before and behind them.
fn operators() -> String {
    let names: Vec<&str> = BaseOperator::ALL.iter().map(|(_, name)| *name).filter(|name| *name != "Null").collect();
    format!("^((ForAllValues:|ForAnyValue:)?({})(IfExists)?|Null)$", names.join("|"))
}
