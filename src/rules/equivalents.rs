//! Checks of other tools: which rules answer each, and why the rest is left out.

use super::{RuleDoc, all};
use std::collections::BTreeMap;

/// Ids and reasons, kept by hand.
static LEFT_OUT: &str = include_str!("left_out.txt");

/// What `whit` has for a check of another tool.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The rules whose findings answer it, sorted by id.
    Rules(Vec<&'static RuleDoc<'static>>),
    /// Why none does.
    LeftOut(&'static str),
}

/// Every check of another tool that is known here, as `checkov:CKV_AWS_63`, with what `whit` has for it; sorted.
pub fn equivalents() -> BTreeMap<&'static str, Answer> {
    let left_out = LEFT_OUT.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    let mut answers: BTreeMap<_, _> = left_out.map(|(id, why)| (id, Answer::LeftOut(why))).collect();
    for doc in all().iter().map(|entry| &entry.doc) {
        for id in &doc.equivalents {
            match answers.get_mut(id) {
                Some(Answer::Rules(docs)) => docs.push(doc),
                _ => {
                    answers.insert(id, Answer::Rules(vec![doc]));
                }
            }
        }
    }
    answers
}
