//! `whit diff`.

mod groups;
mod moves;
mod options;
mod output;

pub(super) use options::{AFTER_HELP, DiffOptions};

use super::state::{self, Site, State, Unread, What, git};
use super::{Failure, NOT_DONE, Outcome, color};
use crate::access::compare::{NewAccess, Undecided, new_access};
use crate::access::evaluate::Document;
use groups::Group;
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
    /// What could not be read, of what was and of what is.
    unread: Vec<(Side, &'s Unread)>,
}

/// Which of the two states.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Side {
    Base,
    Head,
}

impl Findings<'_> {
    fn all_decided(&self) -> bool {
        self.unknown.is_empty() && self.unread.is_empty()
    }
}

/// Compares two states and reports; the exit code.
pub(super) fn run(options: &DiffOptions, out: &mut dyn Write, err: &mut dyn Write) -> Outcome<u8> {
    let current = std::env::current_dir()
        .map_err(|error| Failure::Usage(format!("the current folder cannot be found: {error}")))?;
    let (base, head) = sides(options, &current)?;
    let named = [(&base, Side::Base), (&head, Side::Head)].map(|(what, side)| what.is_file().then_some(side));
    let files = named.iter().all(Option::is_some);
    let (base, head) = (state::read(&base, &current)?, state::read(&head, &current)?);
    let mut found = Findings { unread: unread(&base, &head), ..Findings::default() };
    if files && head.sites.is_empty() && head.unread.is_empty() {
        return Err(Failure::Usage("what is holds no policy document: name a file that does".to_owned()));
    }
    let groups = groups::pair(&base.sites, &head.sites, options.policy_type.map(Into::into), files);
    found.unknown.extend(limits_gone(&base, &groups));
    for group in groups {
        let limit = group.head.iter().any(|site| site.limit);
        if limit && group.base.is_empty() {
            // One limit more gives nothing.
            continue;
        }
        let documents = |sites: &[&Site]| sites.iter().map(|site| site.document.clone()).collect::<Vec<Document>>();
        let compared = new_access(&documents(&group.base), &documents(&group.head), group.kind);
        let at = |number: usize| group.head.get(number).copied();
        let partly = group.base.iter().chain(&group.head).any(|site| found.unread.iter().any(|(_, it)| it.is_of(site)));
        // What was read in part may say something else as a whole; room that a limit leaves has to be used by something else.
        let certain = !partly && !limit && (!files || found.unread.is_empty());
        found.new.extend(
            compared
                .new
                .into_iter()
                .filter_map(|new| Some((at(new.document)?, NewAccess { certain: new.certain && certain, ..new }))),
        );
        found.unknown.extend(compared.unknown.into_iter().filter_map(|it| Some((at(it.document)?, it))));
    }
    match (options.json, options.format) {
        (true, _) | (_, DiffFormat::Json) => output::json(&found, out)?,
        (_, DiffFormat::Text) => output::text(&found, color::wanted(options.color, &io::stdout()), out)?,
        (_, DiffFormat::Sarif) => output::sarif(&found, out)?,
        (_, DiffFormat::Markdown) => output::markdown(&found, out)?,
    }
    out.flush()?;
    if found.unread.iter().any(|(side, _)| named.contains(&Some(*side))) {
        return Ok(NOT_DONE);
    }
    if !found.all_decided() && options.unknown == OnUnknown::Fail && found.new.is_empty() {
        // What cannot be written to standard error cannot be told to anybody.
        let _ = writeln!(err, "not decided: look at it, or say `--unknown=allow`");
    }
    Ok(match (found.new.is_empty(), found.all_decided(), options.unknown) {
        (false, ..) => NEW_ACCESS,
        (true, false, OnUnknown::Fail) => UNKNOWN,
        _ => 0,
    })
}

/// Limits that nothing has taken the place of: what they kept out may be allowed now.
fn limits_gone<'s>(base: &'s State, groups: &[Group<'s>]) -> Vec<(&'s Site, Undecided)> {
    let kept = |site: &Site| groups.iter().any(|group| group.base.iter().any(|it| std::ptr::eq(*it, site)));
    let gone = base.sites.iter().filter(|site| site.limit && !kept(site));
    let why = "it kept something out, and is gone: others may allow that now";
    gone.map(|site| (site, Undecided { why, document: 0, statement: 0 })).collect()
}

/// What could not be read; what could be read neither then nor now and is the same is no change.
fn unread<'s>(base: &'s State, head: &'s State) -> Vec<(Side, &'s Unread)> {
    let others = |unread: &&Unread, other: &State| !other.unread.iter().any(|it| it.is_same(unread));
    let was = base.unread.iter().filter(|it| others(it, head)).map(|it| (Side::Base, it));
    let is = head.unread.iter().filter(|it| others(it, base)).map(|it| (Side::Head, it));
    is.chain(was).collect()
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
