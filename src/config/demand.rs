//! What a rule of the user's own demands: from TOML to a ceiling.

use super::document::{Document, member};
use super::kind::without_service;
use super::problem::ConfigProblem;
use super::schema::PRINCIPALS;
use super::violation::meant;
use crate::access::ceiling::{Ceiling, Pass, condition};
use crate::access::guest::Guest;
use crate::catalog::Overlay;
use crate::policy::{ActionPattern, BaseOperator, Condition, Operator, PolicyKind};
use crate::rules::own::Fault;
use crate::rules::{misnamed_action, misnamed_key};
use crate::spelling::any_of;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::ops::Range;

/// The demands of a rule, after the schema found them right.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Raw {
    forbid: Vec<Box<str>>,
    actions: Vec<Box<str>>,
    on: Vec<Box<str>>,
    kinds: Vec<Box<str>>,
    require: Map<String, Value>,
    allowed: Vec<Box<str>>,
    except: Vec<Box<str>>,
}

/// What a rule demands, and of which policies.
pub(super) struct Demand {
    pub(super) ceiling: Ceiling,
    pub(super) kinds: Vec<PolicyKind>,
    pub(super) fault: Fault,
}

/// Reads demands, and collects what is wrong with them.
pub(super) struct Demands<'d> {
    pub(super) document: &'d Document,
    pub(super) overlay: &'d Overlay,
    pub(super) problems: Vec<ConfigProblem>,
}

impl Demands<'_> {
    /// The demands of the table at a pointer; `table` may hold more than them.
    pub(super) fn read(&mut self, table: &Value, at: &str) -> Option<Demand> {
        let raw = Raw::deserialize(table).ok()?;
        let before = self.problems.len();
        let has = |key: &str| table.get(key).is_some();
        if has("forbid") {
            for other in ["actions", "require", "allowed", "except"].into_iter().filter(|key| has(key)) {
                let way_out = match other {
                    "actions" => "keep one of the two: `actions` names what `require` and `allowed` are about",
                    _ => {
                        "write `actions` for `forbid`: what may be granted under a condition, or to some, is not forbidden"
                    }
                };
                let place = self.document.key_span(&member(at, other));
                self.say(place, format!("`{other}` does not go with `forbid`"), way_out);
            }
        } else if !has("require") && !has("allowed") {
            let place = self.document.value_span(at);
            self.say(place, "the rule demands nothing", "add `forbid`, `require` or `allowed`");
        } else if has("except") && !has("require") {
            let place = self.document.key_span(&member(at, "except"));
            self.say(place, "`except` goes with `require`", "add these principals to `allowed`");
        }
        let fault = match (has("forbid"), has("allowed")) {
            (true, _) => Fault::Forbidden,
            (false, true) => Fault::Principal,
            (false, false) => Fault::Unconditional,
        };
        let kinds = self.kinds(&raw.kinds, at, has("allowed") || has("except"));
        let named = if has("forbid") { ("forbid", &raw.forbid) } else { ("actions", &raw.actions) };
        let actions = match named.1.is_empty() {
            true => vec![ActionPattern::new("*")],
            false => self.actions(named.1, &member(at, named.0)),
        };
        let conditions = self.conditions(&raw.require, &member(at, "require"));
        let (allowed, except) =
            (self.guests(&raw.allowed, &member(at, "allowed")), self.guests(&raw.except, &member(at, "except")));
        let mut passes = Vec::new();
        if fault != Fault::Forbidden {
            passes.push(Pass { to: has("allowed").then_some(allowed), conditions });
        }
        if !except.is_empty() {
            passes.push(Pass { to: Some(except), conditions: Vec::new() });
        }
        let ceiling = Ceiling { actions, on: raw.on, passes };
        (self.problems.len() == before).then_some(Demand { ceiling, kinds, fault })
    }

    /// The actions of the list at a pointer: each must match something.
    pub(super) fn actions(&mut self, names: &[Box<str>], at: &str) -> Vec<ActionPattern> {
        let patterns: Vec<ActionPattern> = names.iter().map(|name| ActionPattern::new(name)).collect();
        for (index, pattern) in patterns.iter().enumerate() {
            if pattern.is_everything() || self.overlay.has(pattern) {
                continue;
            }
            if let Some((message, near)) = misnamed_action(pattern) {
                let near: Vec<&str> = near.iter().map(|name| &**name).collect();
                let place = self.document.value_span(&format!("{at}/{index}"));
                let help = match &near[..] {
                    [] => "`whit catalog 's3:*'` lists what there is; newer actions go to `[catalog]` in `whit.toml`"
                        .to_owned(),
                    near => format!("did you mean {}?", any_of(near)),
                };
                self.say(place, message, help);
            }
        }
        patterns
    }

    fn kinds(&mut self, names: &[Box<str>], at: &str, of_principals: bool) -> Vec<PolicyKind> {
        let kinds: Vec<PolicyKind> = names.iter().filter_map(|name| PolicyKind::from_name(name)).collect();
        let without = [PolicyKind::Identity, PolicyKind::Boundary, PolicyKind::Session, PolicyKind::ServiceControl];
        for (index, kind) in kinds.iter().enumerate() {
            if let Some(why) = without_service(kind) {
                let at = self.document.value_span(&format!("{at}/kinds/{index}"));
                self.say(at, why, "write the prefix of its actions, as `resource:s3`");
            }
            if of_principals && without.contains(kind) {
                let at = self.document.value_span(&format!("{at}/kinds/{index}"));
                let message = format!("`{}` policies name no principals", names.get(index).map_or("", |name| name));
                self.say(at, message, "`allowed` and `except` are for `trust`, `resource` and `endpoint`");
            }
        }
        match kinds.is_empty() && of_principals {
            true => vec![PolicyKind::Trust, PolicyKind::Resource(None)],
            false => kinds,
        }
    }

    fn conditions(&mut self, operators: &Map<String, Value>, at: &str) -> Vec<Condition> {
        let mut conditions = Vec::new();
        for (name, keys) in operators {
            let at = member(at, name);
            if Operator::parse(name).base.is_none() {
                let known = BaseOperator::ALL.iter().map(|(_, name)| *name).collect();
                let help = meant(name, known, "known are", "it is one of AWS's, as `StringEquals`");
                self.say(self.document.key_span(&at), format!("`{name}` is no condition operator"), help);
            }
            for (key, values) in keys.as_object().into_iter().flatten() {
                if crate::catalog::key(key).is_none()
                    && let Some((message, near)) = misnamed_key(key)
                {
                    let near: Vec<&str> = near.iter().map(|name| &**name).collect();
                    let help = match &near[..] {
                        [] => "look the key up in the service authorization reference".to_owned(),
                        near => format!("did you mean {}?", any_of(near)),
                    };
                    self.say(self.document.key_span(&member(&at, key)), message, help);
                }
                let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let values: Vec<String> = match values {
                    Value::Array(all) => all.iter().map(text).collect(),
                    one => vec![text(one)],
                };
                conditions.push(condition(name, key, values.iter().map(|value| &**value)));
            }
        }
        conditions
    }

    fn guests(&mut self, names: &[Box<str>], at: &str) -> Vec<Guest> {
        let mut guests = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let place = self.document.value_span(&format!("{at}/{index}"));
            match Guest::parse(name) {
                Some(guest) => guests.push(guest),
                None if &**name == "*" => {
                    self.say(place, "`*` is everyone", "name those who are allowed");
                }
                None => {
                    self.say(place, format!("`{name}` is no principal"), format!("write {PRINCIPALS}"));
                }
            }
        }
        guests
    }

    fn say(&mut self, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(ConfigProblem::new(at, message).help(help));
    }
}
