//! The schema of `whit.toml`. What people read about a setting stands here, once: as `title` and `description`.

use crate::finding::Severity;
use crate::rules::{Category, RuleSet};
use serde_json::{Map, Value, json};

/// The JSON Schema of a config, draft 2020-12, as it is published: rules may be the user's own.
pub fn schema() -> Value {
    let mut schema = schema_with(&RuleSet::default().ids());
    let place = |pointer: &str, key: &str, value: Value, schema: &mut Value| {
        if let Some(part) = schema.pointer_mut(pointer).and_then(Value::as_object_mut) {
            part.insert(key.to_owned(), value);
        }
    };
    let ids = schema.pointer("/$defs/rule/enum").cloned().unwrap_or_default();
    let open = json!({
        "title": "rule", "description": "`whit rules` lists them", "type": "string", "pattern": ID, "examples": ids,
    });
    place("/$defs", "rule", open.clone(), &mut schema);
    place("/$defs", "selected", open, &mut schema);
    place("/properties/severity", "additionalProperties", json!({ "$ref": "#/$defs/severity" }), &mut schema);
    schema
}

/// What an id looks like.
const ID: &str = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$";

/// True for what an id looks like.
pub(super) fn is_id(text: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.split('-').all(word)
}

/// The schema with which a config is read that may name these rules. Messages are made of it: "`x` is no TITLE", "write
/// DESCRIPTION".
pub(super) fn schema_with(rules: &[&str]) -> Value {
    let severities: Vec<&str> = Severity::ALL.iter().map(|severity| severity.as_str()).collect();
    let fail_on: Vec<&str> = severities.iter().copied().chain(["never"]).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "setting",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "select": {
                "description": "the rules and categories to run, as `[\"root-principal\", \"mfa\"]`; left out, all run",
                "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/selected" },
            },
            "ignore": {
                "description": "findings to drop, each an `[[ignore]]` with `rule`, `reason` and, if wanted, `paths`",
                "type": "array", "items": { "$ref": "#/$defs/ignore" },
            },
            "accounts": {
                "description": "the numbers of your own accounts, as `[\"123456789012\"]`",
                "type": "array", "items": { "$ref": "#/$defs/account" },
            },
            "policy": {
                "description": "what the policies of files are, each a `[[policy]]` with `kind` and `paths`",
                "type": "array", "items": { "$ref": "#/$defs/policy" },
            },
            "severity": {
                "title": "rule",
                "description": "severities of your own, a table as `[severity]` with `root-principal = \"low\"`",
                "type": "object",
                "properties": rules.iter().map(|id| (id.to_string(), json!({ "$ref": "#/$defs/severity" }))).collect::<Value>(),
                "additionalProperties": false,
            },
            "fail-on": {
                "title": "threshold",
                "description": "the least severity that makes a run fail: `critical`, `high`, `medium`, `low` or `never`",
                "type": "string", "enum": fail_on,
            },
            "catalog": {
                "title": "part of `[catalog]`",
                "description": "what AWS has and `whit` does not know yet, a table as `[catalog]` with `actions`",
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "actions": {
                        "title": "list of actions",
                        "description": "actions newer than the catalogue, as `[\"s3:NewAction\"]`",
                        "type": "array", "items": { "$ref": "#/$defs/action" },
                    },
                },
            },
            "pedantic": {
                "description": "`true` to show what only a thorough reader wants",
                "type": "boolean",
            },
            "forbid": {
                "title": "part of `[forbid]`",
                "description": "what no policy may grant, a table as `[forbid]` with `actions` and, if wanted, `on`, or with `public`",
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "actions": { "$ref": "#/$defs/actions" },
                    "on": { "$ref": "#/$defs/resources" },
                    "public": {
                        "description": "`true` to forbid that a policy lets the general public in",
                        "type": "boolean",
                    },
                },
            },
            "rules": {
                "title": "list of folders",
                "description": "folders with pages of your own rules, from the root folder, as `[\"policies/rules\"]`",
                "type": "array", "minItems": 1,
                "items": { "title": "folder", "description": "a folder, from the root folder", "type": "string", "minLength": 1 },
            },
            "rule": {
                "description": "rules of your own, each a `[[rule]]` with `id`, `title`, `severity` and what it demands",
                "type": "array", "items": { "$ref": "#/$defs/own-rule" },
            },
        },
        "$defs": {
            "rule": {
                "title": "rule",
                "description": "`whit rules` lists them",
                "type": "string", "enum": rules,
            },
            "selected": {
                "title": "rule",
                "description": "`whit rules` lists them",
                "type": "string",
                "enum": rules.iter().copied().chain(Category::names()).collect::<Vec<_>>(),
            },
            "severity": {
                "title": "severity",
                "description": "one of `critical`, `high`, `medium`, `low`",
                "type": "string", "enum": severities,
            },
            "account": {
                "title": "account number",
                "description": "twelve digits in quotes, as `\"123456789012\"`",
                "type": "string", "pattern": "^[0-9]{12}$",
            },
            "action": {
                "title": "action",
                "description": "a service and a name, as `\"s3:NewAction\"`",
                "type": "string", "pattern": "^[a-z0-9-]+:[A-Za-z0-9]+$",
            },
            "actions": {
                "title": "list of actions",
                "description": "actions, with wildcards if wanted, as `[\"kms:Decrypt\", \"iam:*\"]`",
                "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/action-pattern" },
            },
            "action-pattern": {
                "title": "action",
                "description": "a service and a name, with wildcards if wanted, as `\"iam:*\"`",
                "type": "string", "pattern": "^([A-Za-z0-9*?-]+:[A-Za-z0-9*?]+|\\*)$",
            },
            "resources": {
                "title": "list of resources",
                "description": "ARNs, with wildcards if wanted, as `[\"arn:aws:s3:::reports/*\"]`",
                "type": "array", "minItems": 1,
                "items": {
                    "title": "resource",
                    "description": "an ARN, with wildcards if wanted, as `\"arn:aws:s3:::reports/*\"`",
                    "type": "string", "pattern": "^(arn:.*|\\*)$",
                },
            },
            "own-rule": own_rule(&severities),
            "paths": {
                "title": "list of paths",
                "description": "globs from the root folder, as `[\"legacy/**\"]`",
                "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/glob" },
            },
            "glob": {
                "title": "glob",
                "description": "a path from the root folder; `*` stops at `/`, `**` does not",
                "type": "string", "minLength": 1,
            },
            "ignore": {
                "title": "part of an `[[ignore]]`",
                "description": "a table with `rule`, `reason` and, if wanted, `paths`",
                "type": "object",
                "required": ["rule", "reason"],
                "additionalProperties": false,
                "properties": {
                    "rule": { "$ref": "#/$defs/rule" },
                    "reason": {
                        "title": "reason",
                        "description": "why these findings are to stay, for whoever reads this next",
                        "type": "string", "pattern": "\\S",
                    },
                    "paths": { "$ref": "#/$defs/paths" },
                },
            },
            "policy": {
                "title": "part of a `[[policy]]`",
                "description": "a table with `kind` and `paths`",
                "type": "object",
                "required": ["kind", "paths"],
                "additionalProperties": false,
                "properties": {
                    "kind": kind(),
                    "paths": { "$ref": "#/$defs/paths" },
                },
            },
        },
    })
}

fn kind() -> Value {
    json!({
        "title": "policy kind",
        "description": KINDS,
        "type": "string",
        "pattern": "^(identity|trust|resource(:[a-z0-9-]+)?|scp|rcp|boundary|session|endpoint)$",
    })
}

/// A `[[rule]]`.
fn own_rule(severities: &[&str]) -> Value {
    let mut properties = demands();
    let described = json!({
        "id": {
            "title": "id",
            "description": "the rule's name in kebab-case, as `\"no-key-deletion\"`: for findings, `select`, `[[ignore]]`, `[severity]`",
            "type": "string", "pattern": ID,
        },
        "title": {
            "title": "title",
            "description": "what is wrong, in a phrase: findings begin with it",
            "type": "string", "pattern": "^\\S[^\\r\\n]*$",
        },
        "severity": { "title": "severity", "description": "one of `critical`, `high`, `medium`, `low`", "type": "string", "enum": severities },
        "category": {
            "title": "category",
            "description": "what the rule is about; left out, `scope`",
            "type": "string", "enum": Category::names(),
        },
        "help": { "description": "what to do about a finding, in quotes", "type": "string" },
    });
    properties.extend(described.as_object().cloned().unwrap_or_default());
    json!({
        "title": "part of a `[[rule]]`",
        "description": "a table with `id`, `title`, `severity` and what it demands",
        "type": "object",
        "required": ["id", "title", "severity"],
        "additionalProperties": false,
        "properties": properties,
    })
}

/// What a page of a rule says in its block of TOML, as a schema of its own.
pub(super) fn demands_schema() -> Value {
    json!({
        "title": "part of a rule",
        "type": "object",
        "additionalProperties": false,
        "properties": demands(),
        "$defs": schema_with(&[]).get("$defs"),
    })
}

/// What a rule may demand.
fn demands() -> Map<String, Value> {
    let principals = |title: &str, description: &str| {
        json!({
            "title": title, "description": description, "type": "array", "minItems": 1,
            "items": {
                "title": "principal",
                "description": PRINCIPALS,
                "type": "string", "minLength": 1,
            },
        })
    };
    let demands = json!({
        "forbid": { "title": "list of actions", "description": "actions that no policy may grant, as `[\"iam:*\"]`",
            "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/action-pattern" } },
        "actions": { "title": "list of actions",
            "description": "the actions that `require` and `allowed` are about, as `[\"s3:PutObject\"]`; left out, all",
            "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/action-pattern" } },
        "on": { "$ref": "#/$defs/resources" },
        "kinds": {
            "title": "list of policy kinds",
            "description": "the policies that are judged, as `[\"trust\", \"resource:s3\"]`; left out, all that grant something",
            "type": "array", "minItems": 1, "items": kind(),
        },
        "require": {
            "title": "condition operator",
            "description": "a condition under which alone the actions may be granted, as `{ StringEquals = { \"aws:RequestedRegion\" = \"eu-west-1\" } }`",
            "type": "object", "minProperties": 1,
            "additionalProperties": {
                "title": "condition", "description": "a table of condition keys, as `{ \"aws:RequestedRegion\" = \"eu-west-1\" }`",
                "type": "object", "minProperties": 1,
                "additionalProperties": {
                    "title": "value", "description": "a value or a list of values, in quotes",
                    "type": ["string", "boolean", "integer", "array"], "items": { "title": "value", "description": "a value in quotes", "type": "string" },
                },
            },
        },
        "allowed": principals("list of principals", "the only principals that may be let in, as `[\"own\", \"arn:aws:iam::111122223333:role/ci-*\"]`"),
        "except": principals("list of principals", "principals that `require` does not ask, as `[\"own\"]`"),
    });
    demands.as_object().cloned().unwrap_or_default()
}

/// What a principal of a rule may be, for messages.
pub(super) const PRINCIPALS: &str = "an account number, `own` for your own accounts, an organisation as `o-a1b2c3d4e5`, an ARN with wildcards if wanted, or a service as `lambda.amazonaws.com`";

/// The kinds that [`crate::policy::PolicyKind::from_name`] knows, for messages.
pub const KINDS: &str = "one of `identity`, `trust`, `resource`, `resource:s3` (any service), `scp`, `rcp`, `boundary`, `session`, `endpoint`";
