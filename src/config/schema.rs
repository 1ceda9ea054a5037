//! The schema of `whit.toml`. What people read about a setting stands here, once: as `title` and `description`.

use crate::finding::Severity;
use crate::rules;
use serde_json::{Value, json};

/// The JSON Schema of a config, draft 2020-12. Messages are made of it: "`x` is no TITLE", "write DESCRIPTION".
pub fn schema() -> Value {
    let rules: Vec<&str> = rules::all().iter().map(|entry| entry.doc.id).collect();
    let severities: Vec<&str> = Severity::ALL.iter().map(|severity| severity.as_str()).collect();
    let fail_on: Vec<&str> = severities.iter().copied().chain(["never"]).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "setting",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "select": {
                "description": "the rules to run, as `[\"root-principal\"]`; left out, all run",
                "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/rule" },
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
        },
        "$defs": {
            "rule": {
                "title": "rule",
                "description": "`whit rules` lists them",
                "type": "string", "enum": rules,
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
                    "kind": {
                        "title": "policy kind",
                        "description": KINDS,
                        "type": "string",
                        "pattern": "^(identity|trust|resource(:[a-z0-9-]+)?|scp|rcp|boundary|session|endpoint)$",
                    },
                    "paths": { "$ref": "#/$defs/paths" },
                },
            },
        },
    })
}

/// The kinds that [`crate::policy::PolicyKind::from_name`] knows, for messages.
pub const KINDS: &str = "one of `identity`, `trust`, `resource`, `resource:s3` (any service), `scp`, `rcp`, `boundary`, `session`, `endpoint`";
