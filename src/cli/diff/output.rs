//! What `whit diff` prints.

use super::{Findings, New, Side};
use crate::access::compare::{NewAccess, Values, Witness, is_stranger};
use crate::cli::snippet;
use crate::cli::state::{Site, Unread};
use crate::extract::in_language_of;
use crate::report::sarif::{SCHEMA, of_path};
use crate::source::{Origin, RelPath, SourceFile, Span};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Where a statement stands: what AWS manages, where it is attached.
fn place(site: &Site, statement: usize) -> Option<(&SourceFile<'static>, &Origin)> {
    let own = || site.document.policy.statements.get(statement).map(|statement| &statement.origin);
    let origin = site.attached.as_ref().or_else(own)?;
    Some((site.file(origin)?, origin))
}

pub(super) fn spot(site: &Site, statement: usize) -> Option<(&SourceFile<'static>, Span)> {
    place(site, statement).map(|(file, origin)| (file, origin.at.span))
}

impl<'s> New<'s> {
    /// Where the statement stands that grants it; the whole policy where none does.
    fn place(&self) -> Option<(&'s SourceFile<'static>, Span)> {
        match self.lifted {
            false => spot(self.site, self.access.statement),
            true => {
                let whole = self.site.attached.as_ref().unwrap_or(&self.site.document.policy.origin);
                Some((self.site.file(whole)?, whole.at.span))
            }
        }
    }
}

/// The bytes of the file on disk.
fn bytes(file: &SourceFile<'_>, span: Span) -> Value {
    json!({"start": file.byte_on_disk(span.start), "end": file.byte_on_disk(span.end)})
}

fn values(witness: &Witness) -> Value {
    let one = |values: &Values| match values {
        Values::One(value) => json!(value),
        Values::Many(values) => json!(values),
    };
    witness.context.iter().map(|(key, values)| (key.clone(), one(values))).collect()
}

fn confidence(new: &NewAccess) -> &'static str {
    if new.certain { "exact" } else { "possible" }
}

pub(super) fn json(found: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let result = match (found.new.is_empty(), found.all_decided()) {
        (false, _) => "new_access",
        (true, false) => "unknown",
        (true, true) => "none",
    };
    let new = found.new.iter().map(|it| {
        let (site, new) = (it.site, &it.access);
        let span = it.place().map(|(file, at)| bytes(file, at));
        json!({
            "principal": new.witness.principal,
            "action": new.witness.action,
            "resource": new.witness.resource,
            "context": values(&new.witness),
            "statement": {"file": site.document.file, "path": site.path, "index": new.statement, "span": span},
            "confidence": confidence(new),
        })
    });
    let unknown = found
        .unknown
        .iter()
        .map(|it| json!({"why": it.why, "file": it.file, "span": it.at.map(|(file, at)| bytes(file, at))}));
    let unread = found.unread.iter().map(|(side, unread)| {
        let span = unread.file().zip(unread.at).map(|(file, at)| bytes(file, at));
        json!({"why": why(*side, unread), "file": unread.path, "span": span})
    });
    let unknown: Vec<Value> = unknown.chain(unread).collect();
    let report = json!({"result": result, "new": new.collect::<Vec<_>>(), "unknown": unknown});
    writeln!(out, "{report:#}")
}

/// Why a file leaves something open: a phrase that follows its path.
fn why(side: Side, unread: &Unread) -> String {
    match side {
        Side::Base => format!("{} (in what was)", unread.why),
        Side::Head => unread.why.clone(),
    }
}

/// The request as a phrase: who may do what to what, when.
fn phrase(new: &New<'_>) -> String {
    let (site, witness) = (new.site, &new.access.witness);
    let who = match (&witness.principal, &site.holder) {
        (Some(principal), _) if is_stranger(principal) => format!("anyone, for example `{principal}`,"),
        (Some(principal), _) => format!("`{principal}`"),
        (None, Some(holder)) => format!("`{}`", holder.name),
        (None, None) if site.limit => "whoever is under this limit".to_owned(),
        (None, None) => "whoever holds the policy".to_owned(),
    };
    let when = witness.context.iter().map(|(key, values)| match values {
        Values::One(value) => format!("`{key}` is `{value}`"),
        Values::Many(values) => format!("`{key}` is `{}`", values.join("`, `")),
    });
    let when: Vec<String> = when.collect();
    let when = if when.is_empty() { String::new() } else { format!(" when {}", when.join(" and ")) };
    let lifted = if new.lifted { ", which was denied, if others allow it" } else { "" };
    let what = match expression(&witness.action) {
        Some(expression) => format!("what `{expression}` turns out to be"),
        None => format!("`{}`", witness.action),
    };
    // A trust policy is of one role.
    let to = match site.holder.as_ref().filter(|_| site.trust) {
        Some(role) => format!("the role `{}`", role.name),
        None => format!("`{}`", witness.resource),
    };
    let phrase = format!("{who} can do {what} to {to}{when}{lifted}");
    in_language_of(&RelPath::new(&*site.document.file), &phrase).into_owned()
}

/// The expression that an action is as a whole: only deployment knows the action.
fn expression(action: &str) -> Option<&str> {
    let inner = action.strip_prefix("${")?.strip_suffix('}')?;
    (!inner.contains("${")).then_some(inner)
}

/// The message of a finding.
fn message(new: &New<'_>) -> String {
    let word = match (new.site.limit, new.access.certain) {
        (true, _) => "room for new access",
        (false, true) => "new access",
        (false, false) => "possibly new access",
    };
    format!("{word}: {}", phrase(new))
}

pub(super) fn text(found: &Findings<'_>, color: bool, out: &mut dyn Write) -> io::Result<()> {
    for new in &found.new {
        writeln!(out, "{}", message(new))?;
        if let Some((file, at)) = new.place() {
            let label = if new.lifted { "denies it no longer" } else { "grants it" };
            let at = first_line(file, at);
            write!(out, "{}", snippet::draw(&new.site.document.file, file, at, label.to_owned(), color))?;
        }
    }
    for unknown in &found.unknown {
        writeln!(out, "not decided: `{}`: {}", unknown.file, unknown.why)?;
        if let Some((file, at)) = unknown.at {
            write!(out, "{}", snippet::draw(unknown.file, file, first_line(file, at), "here".to_owned(), color))?;
        }
    }
    for (side, unread) in &found.unread {
        writeln!(out, "not decided: `{}` {}", unread.place(), why(*side, unread))?;
        if let Some((file, at)) = unread.file().zip(unread.at) {
            write!(out, "{}", snippet::draw(&unread.path, file, first_line(file, at), "here".to_owned(), color))?;
        }
    }
    match found.new.is_empty() && found.all_decided() {
        true => writeln!(out, "no new access"),
        false => Ok(()),
    }
}

/// The first line of a statement: what follows is context.
fn first_line(file: &SourceFile<'_>, span: Span) -> Span {
    let length = file.slice(span).lines().next().map_or(0, str::len);
    Span::new(span.start as usize, span.start as usize + length)
}

pub(super) fn markdown(found: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    if found.new.is_empty() && found.all_decided() {
        return writeln!(out, "**whit:** no new access.");
    }
    if !found.new.is_empty() {
        writeln!(out, "**whit: this change grants new access.**\n")?;
        writeln!(out, "| who, what, when | where | confidence |\n| --- | --- | --- |")?;
    }
    for new in &found.new {
        let line = new.place().map_or(0, |(file, at)| file.region(at).start.line);
        let cell = phrase(new).replace('|', "\\|");
        writeln!(out, "| {cell} | `{}:{line}` | {} |", new.site.document.file, confidence(&new.access))?;
    }
    for unknown in &found.unknown {
        writeln!(out, "\nNot decided: `{}`: {}.", unknown.file, unknown.why)?;
    }
    for (side, unread) in &found.unread {
        writeln!(out, "\nNot decided: `{}` {}.", unread.place(), why(*side, unread))?;
    }
    Ok(())
}

pub(super) fn sarif(found: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let result = |rule: &str, level: &str, text: String, path: &str, at: Option<(&SourceFile<'_>, Span)>| {
        let region = at.map(|(file, at)| {
            let region = file.region(at);
            json!({"startLine": region.start.line, "startColumn": region.start.character,
                "endLine": region.end.line, "endColumn": region.end.character})
        });
        let mut location = json!({"artifactLocation": {"uri": of_path(path)}});
        if let Some(region) = region {
            location["region"] = region;
        }
        json!({"ruleId": rule, "level": level, "message": {"text": text},
            "locations": [{"physicalLocation": location}]})
    };
    let new = found.new.iter().map(|new| {
        let level = if new.access.certain { "error" } else { "warning" };
        result("new-access", level, message(new), &new.site.document.file, new.place())
    });
    let unknown = found.unknown.iter().map(|unknown| {
        result("not-decided", "warning", format!("not decided: {}", unknown.why), unknown.file, unknown.at)
    });
    let unread = found.unread.iter().map(|(side, unread)| {
        let text = format!("not decided: it {}", why(*side, unread));
        result("not-decided", "warning", text, &unread.path, unread.file().zip(unread.at))
    });
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "whit", "version": env!("CARGO_PKG_VERSION"), "rules": [
                {"id": "new-access", "shortDescription": {"text": "access that was not granted before"}},
                {"id": "not-decided", "shortDescription": {"text": "a change that could not be decided"}},
            ]}},
            "columnKind": "unicodeCodePoints",
            "results": new.chain(unknown).chain(unread).collect::<Vec<_>>(),
        }],
    });
    writeln!(out, "{log:#}")
}
