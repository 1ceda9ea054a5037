//! What `whit diff` prints.

use super::{Findings, Side};
use crate::access::compare::{NewAccess, Values, Witness};
use crate::cli::snippet;
use crate::cli::state::{Site, Unread};
use crate::report::sarif::{SCHEMA, of_path};
use crate::source::{Origin, SourceFile, Span};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Where a statement stands: what AWS manages, where it is attached.
fn place(site: &Site, statement: usize) -> Option<(&SourceFile<'static>, &Origin)> {
    let own = || site.document.policy.statements.get(statement).map(|statement| &statement.origin);
    let origin = site.attached.as_ref().or_else(own)?;
    Some((site.file(origin)?, origin))
}

fn spot(site: &Site, statement: usize) -> Option<(&SourceFile<'static>, Span)> {
    place(site, statement).map(|(file, origin)| (file, origin.at.span))
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
    let new = found.new.iter().map(|(site, new)| {
        let span = place(site, new.statement).map(|(file, origin)| bytes(file, origin.at.span));
        json!({
            "principal": new.witness.principal,
            "action": new.witness.action,
            "resource": new.witness.resource,
            "context": values(&new.witness),
            "statement": {"file": site.document.file, "path": site.path, "index": new.statement, "span": span},
            "confidence": confidence(new),
        })
    });
    let unknown = found.unknown.iter().map(|(site, undecided)| {
        let span = place(site, undecided.statement).map(|(file, origin)| bytes(file, origin.at.span));
        json!({"why": undecided.why, "file": site.document.file, "span": span})
    });
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
fn phrase(site: &Site, witness: &Witness) -> String {
    let who = match (&witness.principal, &site.holder) {
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
    format!("{who} can do `{}` to `{}`{when}", witness.action, witness.resource)
}

/// The message of a finding.
fn message(site: &Site, new: &NewAccess) -> String {
    let word = match (site.limit, new.certain) {
        (true, _) => "room for new access",
        (false, true) => "new access",
        (false, false) => "possibly new access",
    };
    format!("{word}: {}", phrase(site, &new.witness))
}

pub(super) fn text(found: &Findings<'_>, color: bool, out: &mut dyn Write) -> io::Result<()> {
    for (site, new) in &found.new {
        writeln!(out, "{}", message(site, new))?;
        if let Some((file, origin)) = place(site, new.statement) {
            let at = first_line(file, origin.at.span);
            write!(out, "{}", snippet::draw(&site.document.file, file, at, "grants it".to_owned(), color))?;
        }
    }
    for (site, undecided) in &found.unknown {
        writeln!(out, "not decided: `{}`: {}", site.document.file, undecided.why)?;
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
    for (site, new) in &found.new {
        let line = place(site, new.statement).map_or(0, |(file, origin)| file.region(origin.at.span).start.line);
        let cell = phrase(site, &new.witness).replace('|', "\\|");
        writeln!(out, "| {cell} | `{}:{line}` | {} |", site.document.file, confidence(new))?;
    }
    for (site, undecided) in &found.unknown {
        writeln!(out, "\nNot decided: `{}`: {}.", site.document.file, undecided.why)?;
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
    let new = found.new.iter().map(|(site, new)| {
        let level = if new.certain { "error" } else { "warning" };
        result("new-access", level, message(site, new), &site.document.file, spot(site, new.statement))
    });
    let unknown = found.unknown.iter().map(|(site, undecided)| {
        let text = format!("not decided: {}", undecided.why);
        result("not-decided", "warning", text, &site.document.file, spot(site, undecided.statement))
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
