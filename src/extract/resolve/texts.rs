//! The texts that expressions of Terraform stand for, as far as they are known.
//!
//! Source: Terraform's language documentation.

use super::function::{Lookup, is_compact, makes_list, parts};
use super::terraform::{MAX_STEPS, Module, is_empty};
use crate::document::hcl::interpolation;
use crate::document::{NodeKind, NodeRef};
use crate::policy::{Piece, Value, pieces};
use std::sync::Arc;

impl Module<'_> {
    /// The text that a node stands for, where all of it is known.
    pub(crate) fn text(&self, node: NodeRef<'_>) -> Option<Box<str>> {
        match &self.values(node, 0)[..] {
            [Value::Known(text)] => Some(text.clone()),
            _ => None,
        }
    }

    /// The texts that a node stands for: one, or the items of a list.
    pub(crate) fn values(&self, node: NodeRef<'_>, steps: u32) -> Vec<Value<Box<str>>> {
        let unknown = || vec![Value::Unknown(Arc::from(node.raw()))];
        if steps > MAX_STEPS {
            return unknown();
        }
        match node.kind() {
            NodeKind::String => match node.as_str() {
                Some(text) => vec![self.filled(text, steps)],
                None => unknown(),
            },
            NodeKind::Number | NodeKind::Bool => vec![Value::Known(node.raw().into())],
            NodeKind::Null => Vec::new(),
            NodeKind::Seq => node.items().flat_map(|item| self.values(item, steps + 1)).collect(),
            NodeKind::Either => node.arguments().flat_map(|arm| self.values(arm, steps + 1)).collect(),
            NodeKind::Path => self.path(node.raw(), steps),
            NodeKind::Call if makes_list(node) => {
                let parts = parts(node).into_iter().flat_map(|arm| self.values(arm, steps + 1));
                parts.filter(|part| !is_compact(node) || !part.must(|text| text.is_empty())).collect()
            }
            NodeKind::Call if node.as_str() == Some("format") => vec![self.format(node, steps)],
            _ => match Lookup::of(node) {
                Some(asked) => {
                    let (taken, _) = self.looked_up(&asked, steps);
                    taken.into_iter().flat_map(|taken| self.values(taken, steps + 1)).collect()
                }
                None => unknown(),
            },
        }
    }

    fn path(&self, path: &str, steps: u32) -> Vec<Value<Box<str>>> {
        match self.led_to(path) {
            // An empty default asks to be given.
            Some((value, _)) if !is_empty(value) => self.values(value, steps + 1),
            _ => vec![Value::from(self.attribute(path))],
        }
    }

    /// A text with what stands in its interpolations; `$${x}` is the policy variable `${x}`.
    fn filled(&self, text: &str, steps: u32) -> Value<Box<str>> {
        if !text.contains("${") && !text.contains("%{") {
            return Value::Known(text.into());
        }
        let mut out = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find("${").into_iter().chain(rest.find("%{")).min() {
            let (before, from) = rest.split_at(at);
            let (inside, behind) = from.split_at(interpolation(from));
            let inner = inside.get(2..inside.len().saturating_sub(1)).unwrap_or("").trim();
            if let Some(before) = before.strip_suffix('$').filter(|_| inside.starts_with('$')) {
                out.extend(pieces(before));
                out.push(Piece::PolicyVar(inner.into()));
            } else {
                out.extend(pieces(before));
                out.extend(self.interpolated(inner, steps));
            }
            rest = behind;
        }
        out.extend(pieces(rest));
        Value::from(out)
    }

    fn interpolated(&self, path: &str, steps: u32) -> Vec<Piece> {
        let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-[]\"*".contains(&byte));
        if !plain || steps > MAX_STEPS {
            return hole(path);
        }
        match &mut self.path(path, steps + 1)[..] {
            [Value::Known(text)] => pieces(text),
            [Value::Partly(pieces)] => std::mem::take(pieces).into_vec(),
            _ => hole(path),
        }
    }

    fn format(&self, node: NodeRef<'_>, steps: u32) -> Value<Box<str>> {
        let mut arguments = node.arguments();
        let shape = arguments.next().and_then(NodeRef::as_str).unwrap_or("");
        let mut out = Vec::new();
        for (index, part) in shape.split("%s").enumerate() {
            if index > 0 {
                let argument = arguments.next();
                let mut values = argument.map(|argument| self.values(argument, steps + 1)).unwrap_or_default();
                match (values.pop(), values.is_empty()) {
                    (Some(Value::Known(text)), true) => out.extend(pieces(&text)),
                    (Some(Value::Partly(pieces)), true) => out.extend(pieces),
                    _ => out.extend(hole(argument.unwrap_or(node).raw())),
                }
            }
            out.extend(pieces(part));
        }
        if shape.is_empty() { Value::Unknown(Arc::from(node.raw())) } else { Value::from(out) }
    }
}

pub(super) fn hole(name: &str) -> Vec<Piece> {
    vec![Piece::Hole(Arc::from(name))]
}
