//! `whit simulate`.

mod asked;
mod documents;
mod doubts;
mod options;

pub(super) use options::SimulateOptions;

use super::{Outcome, color, snippet};
use crate::access::evaluate::{Answer, Decision, Layer, Reason, Request, evaluate};
use crate::policy::Statement;
use crate::source::Span;
use asked::Asked;
use documents::Documents;
use serde_json::json;
use std::io::{self, Write};

/// Decides a request and prints what comes of it.
pub(super) fn run(options: &SimulateOptions, out: &mut dyn Write, err: &mut dyn Write) -> Outcome {
    let mut documents = Documents::default();
    let Asked { request, policies, keys } = match &options.request {
        Some(path) => asked::from_file(path, &mut documents)?,
        None => asked::from_options(options, &mut documents)?,
    };
    let mut answer = evaluate(&request, &policies);
    answer.notes.append(&mut documents.notes);
    answer.notes.extend(doubts::of(&request, &policies));
    for doubt in doubts::of_keys(&keys) {
        // What cannot be written to standard error cannot be told to anybody.
        let _ = writeln!(err, "warning: {doubt}");
    }
    if options.json {
        writeln!(out, "{:#}", in_json(&answer, &documents))?;
        return Ok(());
    }
    text(&request, &answer, &documents, color::wanted(options.color, &io::stdout()), out)?;
    Ok(())
}

fn in_json(answer: &Answer<'_>, documents: &Documents) -> serde_json::Value {
    let reason = |reason: &Reason<'_>| {
        let statement = statement(reason)?;
        let at = statement.origin.at.span;
        let disk = |offset| documents.file(&reason.document.file).map_or(0, |file| file.byte_on_disk(offset));
        Some(json!({
            "policy_type": reason.layer.as_str(),
            "file": reason.document.file,
            "statement": reason.index,
            "sid": statement.known_sid(),
            "span": {"start": disk(at.start), "end": disk(at.end)},
        }))
    };
    let mut blocked: Vec<&str> = answer.blocked_by.iter().map(|layer| layer.as_str()).collect();
    blocked.dedup();
    json!({
        "decision": answer.decision.as_str(),
        "confidence": if answer.certain { "exact" } else { "possible" },
        "reasons": answer.reasons.iter().filter_map(reason).collect::<Vec<_>>(),
        "blocked_by": blocked,
        "notes": answer.notes,
    })
}

fn statement<'p>(reason: &Reason<'p>) -> Option<&'p Statement> {
    reason.document.policy.statements.get(reason.index)
}

fn text(
    request: &Request,
    answer: &Answer<'_>,
    documents: &Documents,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (word, why) = match answer.decision {
        Decision::Allowed => ("allowed", allowed_by(request, answer)),
        Decision::ImplicitDeny => ("implicitly denied", blocked_by(request, answer)),
        Decision::ExplicitDeny => ("explicitly denied", denied_by(answer)),
    };
    let perhaps = if answer.certain { "" } else { "perhaps " };
    writeln!(out, "{perhaps}{word}: {why}")?;
    for reason in &answer.reasons {
        show(request, reason, documents, color, out)?;
    }
    for note in &answer.notes {
        writeln!(out, "note: {note}")?;
    }
    Ok(())
}

fn article(name: &str) -> &'static str {
    if name.starts_with('i') { "an" } else { "a" }
}

fn allowed_by(request: &Request, answer: &Answer<'_>) -> String {
    let mut layers: Vec<&str> = answer.reasons.iter().map(|reason| reason.layer.name()).collect();
    layers.dedup();
    let each: Vec<String> = layers.iter().map(|name| format!("{} {name}", article(name))).collect();
    match &each[..] {
        [] => format!("the root user may do all that nothing denies, and so {}", request.action),
        [one] => format!("{one} allows the {} action", request.action),
        several => format!("{} allow the {} action", several.join(", "), request.action),
    }
}

/// In the words of AWS's [messages](https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
fn blocked_by(request: &Request, answer: &Answer<'_>) -> String {
    let each = answer.blocked_by.iter().map(|layer| {
        let level = match layer {
            Layer::ServiceControl(level) => format!(" of level {level}"),
            _ => String::new(),
        };
        format!("no {}{level} allows the {} action", layer.name(), request.action)
    });
    each.collect::<Vec<_>>().join(", ")
}

fn denied_by(answer: &Answer<'_>) -> String {
    let mut layers: Vec<&str> = answer.reasons.iter().map(|reason| reason.layer.name()).collect();
    layers.dedup();
    let each = layers.iter().map(|name| format!("with an explicit deny in {} {name}", article(name)));
    each.collect::<Vec<_>>().join(", ")
}

/// The lines round the action that matched.
fn show(
    request: &Request,
    reason: &Reason<'_>,
    documents: &Documents,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (Some(statement), Some(file)) = (statement(reason), documents.file(&reason.document.file)) else {
        return Ok(());
    };
    let matching = statement.actions().iter().find(|entry| entry.value.may(|action| action.matches(&request.action)));
    let whole = statement.origin.at.span;
    let at = matching.map_or(Span { end: whole.start + 1, ..whole }, |entry| entry.origin.at.span);
    let does = if reason.layer.is_limit() { "leaves room for it" } else { "allows it" };
    let label = match (statement.denies(), statement.known_sid()) {
        (true, Some(sid)) => format!("`{sid}` denies it"),
        (true, None) => "denies it".to_owned(),
        (false, Some(sid)) => format!("`{sid}` {does}"),
        (false, None) => does.to_owned(),
    };
    write!(out, "{}", snippet::draw(&reason.document.file, file, at, label, color))
}
