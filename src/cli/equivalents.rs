//! `whit rules --equivalents`.

use super::Outcome;
use super::args::ListFormat;
use crate::rules::{Answer, equivalents};
use serde_json::{Value, json};
use std::io::Write;

/// Prints the checks of other tools, each with the rules that answer it, or why none does.
pub(super) fn run(format: ListFormat, out: &mut dyn Write) -> Outcome {
    let all = equivalents();
    match format {
        ListFormat::Text => {
            let width = all.keys().map(|id| id.len()).max().unwrap_or(0);
            let answered = all.values().filter(|answer| matches!(answer, Answer::Rules(_))).count();
            for (id, answer) in &all {
                match answer {
                    Answer::Rules(docs) => {
                        let rules: Vec<&str> = docs.iter().map(|doc| doc.id).collect();
                        writeln!(out, "{id:width$}  {}", rules.join(", "))?;
                    }
                    Answer::LeftOut(why) => writeln!(out, "{id:width$}  left out: {why}")?,
                }
            }
            writeln!(out, "\n{answered} of {} checks are answered by a rule", all.len())?;
        }
        ListFormat::Json => {
            let list: Value = all.iter().map(|(id, answer)| describe(id, answer)).collect();
            writeln!(out, "{list:#}")?;
        }
    }
    Ok(())
}

/// A check for programs.
fn describe(id: &str, answer: &Answer) -> Value {
    match answer {
        Answer::Rules(docs) => json!({ "id": id, "rules": docs.iter().map(|doc| doc.id).collect::<Vec<_>>() }),
        Answer::LeftOut(why) => json!({ "id": id, "rules": [], "left_out": why }),
    }
}
