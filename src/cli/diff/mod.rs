//! `whit diff`.

mod groups;
mod options;
mod output;

pub(super) use options::{AFTER_HELP, DiffOptions};

use super::state::{self, Site, What, git};
use super::{Failure, Outcome, color};
use crate::access::compare::{NewAccess, Undecided, new_access};
use crate::access::evaluate::Document;
use options::{DiffFormat, OnUnknown};

use std::io::{self, Write};
use std::path::Path;

/// New access.
const NEW_ACCESS: u8 = 1;
/// Something was not decided.
const UNKNOWN: u8 = 3;

/// What was found, with the sites that it was found in.
#[derive(Default)]
struct Findings<'s> {
    new: Vec<(&'s Site, NewAccess)>,
    unknown: Vec<(&'s Site, Undecided)>,
}

/// Compares two states and reports; the exit code.
pub(super) fn run(options: &DiffOptions, out: &mut dyn Write, err: &mut dyn Write) -> Outcome<u8> {
    let current = std::env::current_dir()
        .map_err(|error| Failure::Usage(format!("the current folder cannot be found: {error}")))?;
    let (base, head) = sides(options, &current)?;
    let files = base.is_file() && head.is_file();
    let (base, head) = (state::read(&base, &current)?, state::read(&head, &current)?);
    if files && head.is_empty() {
        return Err(Failure::Usage("what is holds no policy document: name a file that does".to_owned()));
    }
    let mut found = Findings::default();
    for group in groups::pair(&base, &head, options.policy_type.map(Into::into), files) {
        let documents = |sites: &[&Site]| sites.iter().map(|site| site.document.clone()).collect::<Vec<Document>>();
        let compared = new_access(&documents(&group.base), &documents(&group.head), group.kind);
        let at = |number: usize| group.head.get(number).copied();
        found.new.extend(compared.new.into_iter().filter_map(|new| Some((at(new.document)?, new))));
        found.unknown.extend(compared.unknown.into_iter().filter_map(|it| Some((at(it.document)?, it))));
    }
    match (options.json, options.format) {
        (true, _) | (_, DiffFormat::Json) => output::json(&found, out)?,
        (_, DiffFormat::Text) => output::text(&found, color::wanted(options.color, &io::stdout()), out)?,
        (_, DiffFormat::Sarif) => output::sarif(&found, out)?,
        (_, DiffFormat::Markdown) => output::markdown(&found, out)?,
    }
    out.flush()?;
    if !found.unknown.is_empty() && options.unknown == OnUnknown::Fail && found.new.is_empty() {
        // What cannot be written to standard error cannot be told to anybody.
        let _ = writeln!(err, "not decided: look at it, or say `--unknown=allow`");
    }
    Ok(match (found.new.is_empty(), found.unknown.is_empty(), options.unknown) {
        (false, ..) => NEW_ACCESS,
        (true, false, OnUnknown::Fail) => UNKNOWN,
        _ => 0,
    })
}

/// What the words of the user name.
fn sides(options: &DiffOptions, current: &Path) -> Outcome<(What, What)> {
    if let Some(head) = &options.head {
        return Ok((What::parse(&options.base, current)?, What::parse(head, current)?));
    }
    let or_head = |word: &str| if word.is_empty() { "HEAD".to_owned() } else { word.to_owned() };
    let both = |base: &str, head: &str| -> Outcome<(String, String)> {
        Ok((git::commit(current, &or_head(base))?, git::commit(current, &or_head(head))?))
    };
    if let Some((base, head)) = options.base.split_once("...") {
        let (base, head) = both(base, head)?;
        return Ok((What::Commit(git::merge_base(current, &base, &head)?), What::Commit(head)));
    }
    if let Some((base, head)) = options.base.split_once("..") {
        let (base, head) = both(base, head)?;
        return Ok((What::Commit(base), What::Commit(head)));
    }
    if current.join(&options.base).exists() {
        let why = format!("`{}` is one state: name the other one, too, as `whit diff old.json new.json`", options.base);
        return Err(Failure::Usage(why));
    }
    let base = git::commit(current, &options.base)?;
    Ok((What::Commit(base), What::Path(git::top(current)?)))
}
