//! `unscoped-data-access`

use super::{PolicyCx, Rule};
use crate::access::data::{Read, Stored, reads_everywhere};
use crate::access::everywhere::everywhere;
use crate::access::wildcard::is_wrong_entry;
use crate::finding::Problem;
use crate::source::Origin;

/// A policy that reads data or secrets wherever they are.
pub(super) struct UnscopedDataAccess;

impl Rule for UnscopedDataAccess {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() || !cx.is_identity() || cx.is_administrator() {
            return;
        }
        let mut reads = reads_everywhere(&cx.effective());
        // Wildcards that another rule tells of are told only where there is nothing else.
        let wrong = |read: &Read<'_>| is_wrong_entry(read.granted.entry, read.granted.statement);
        if reads.iter().any(|read| !wrong(read)) {
            reads.retain(|read| !wrong(read));
        }
        reads.sort_by_key(|read| read.stored);
        let mut entries: Vec<(&Origin, Vec<&Read<'_>>)> = Vec::new();
        for read in &reads {
            match entries.iter_mut().find(|(at, _)| *at == read.granted.entry) {
                Some((_, reads)) => reads.push(read),
                None => entries.push((read.granted.entry, vec![read])),
            }
        }
        let Some(((at, first), rest)) = entries.split_first() else { return };
        let everything = first.iter().find_map(|read| everywhere(read.granted.statement, read.action));
        let Some(everything) = everything else { return };
        let what = |reads: &[&Read<'_>]| match reads.iter().map(|read| read.stored).min() {
            Some(Stored::Secrets) => "secrets",
            Some(Stored::Encrypted) => "encrypted data",
            _ => "data",
        };
        let named = |reads: &[&Read<'_>]| match reads {
            [read] => format!("`{}`", read.granted.written(read.action)),
            [read, more @ ..] => format!("`{}` and {} more", read.granted.written(read.action), more.len()),
            [] => String::new(),
        };
        out.push(
            Problem::new(at, format!("{} can be read on every resource with {}", what(first), named(first)))
                .note(match what(first) {
                    "secrets" => "opens whatever the secrets are for",
                    "encrypted data" => "whatever can be reached of it besides",
                    _ => "whatever is stored, now or later",
                })
                .label(everything.resource, "everything there is")
                .label_all(rest.iter().map(|(at, reads)| (*at, format!("and {} with {}", what(reads), named(reads)))))
                .help("name the resources that are needed, or limit them by a tag")
                .certain_if(first.iter().any(|read| read.granted.certain)),
        );
    }
}
