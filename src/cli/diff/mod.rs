//! `whit diff`.

mod bounds;
mod groups;
mod moves;
mod options;
mod output;

pub(super) use options::{AFTER_HELP, DiffOptions};

use super::state::{self, Kinds, Open, Site, State, Unread, What, git};
use super::{Failure, NOT_DONE, Outcome, color};
use crate::access::compare::{NewAccess, new_access, new_access_under, room};
use crate::access::evaluate::Document;
use crate::policy::Statement;
use crate::source::{SourceFile, Span};
use bounds::Boundary;
use groups::Group;
use options::{DiffFormat, OnUnknown, PolicyType};

use std::io::{self, Write};
use std::path::Path;

/// New access.
const NEW_ACCESS: u8 = 1;
/// Something was not decided.
const UNKNOWN: u8 = 3;

/// New access, with the policy that grants it.
struct New<'s> {
    site: &'s Site,
    access: NewAccess,
    /// True if the policy only denies it no longer: who allows it, stands elsewhere.
    lifted: bool,
}

/// Something that was not decided.
struct Unknown<'s> {
    file: &'s str,
    why: String,
    at: Option<(&'s SourceFile<'static>, Span)>,
}

impl<'s> Unknown<'s> {
    /// Of a statement of a policy.
    fn of(site: &'s Site, statement: usize, why: &str) -> Self {
        let whole = || {
            let origin = &site.document.policy.origin;
            Some((site.file(origin)?, origin.at.span))
        };
        Unknown { file: &site.document.file, why: why.to_owned(), at: output::spot(site, statement).or_else(whole) }
    }
}

/// What was found, with the sites that it was found in.
#[derive(Default)]
struct Findings<'s> {
    new: Vec<New<'s>>,
    unknown: Vec<Unknown<'s>>,
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
    let (mut was, mut is) = (Kinds::of(&base, &current), Kinds::of(&head, &current));
    // What a file is for, the newer config knows better.
    is.or(&was);
    was.follow(&is);
    let (base, head) = (state::read(&base, &was, &current)?, state::read(&head, &is, &current)?);
    let mut found = Findings { unread: unread(&base, &head), ..Findings::default() };
    if files && head.sites.is_empty() && head.unread.is_empty() {
        return Err(Failure::Usage("what is holds no policy document: name a file that does".to_owned()));
    }
    let groups = groups::pair(&base.sites, &head.sites, options.policy_type.map(Into::into), files);
    if options.policy_type == Some(PolicyType::Resource) {
        found.unknown.extend(head.sites.iter().filter(|site| names_nobody(site)).map(|site| {
            Unknown::of(site, 0, "no statement of it names a principal: as a policy of a resource it says nothing")
        }));
    }
    found.unknown.extend(denials_gone(&base, &head, &groups));
    found.unknown.extend(unseen(&base, &head, !files));
    // What is held by somebody is told of them.
    for group in groups.iter().filter(|group| !group.head.iter().all(|site| site.held)) {
        let partly = group.base.iter().chain(&group.head).any(|site| found.unread.iter().any(|(_, it)| it.is_of(site)));
        let mut unseen = [&base, &head].into_iter().flat_map(|state| &state.open).filter_map(|open| open.of.as_ref());
        let open = unseen.any(|of| group.base.iter().chain(&group.head).any(|site| of.holds(site)));
        // What was read in part may say something else as a whole.
        let boundary = bounds::over(&group.head, &head);
        compare(group, boundary, !partly && !open && (!files || found.unread.is_empty()), &mut found);
    }
    bounds::compare(&base, &head, &mut found);
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

/// True for a document with statements of which none names a principal.
fn names_nobody(site: &Site) -> bool {
    let statements = &site.document.policy.statements;
    !statements.is_empty() && statements.iter().all(|statement| statement.principal.is_none())
}

/// Compares what was with what is, under a permissions boundary. `certain` is false if not all of it could be read.
fn compare<'s>(group: &Group<'s>, boundary: Boundary, certain: bool, found: &mut Findings<'s>) {
    let limit = group.head.iter().any(|site| site.limit);
    if limit && group.base.is_empty() {
        // One limit more gives nothing.
        return;
    }
    let documents = |sites: &[&Site]| sites.iter().map(|site| site.document.clone()).collect::<Vec<Document>>();
    let (base, head) = (documents(&group.base), documents(&group.head));
    let mut compared = match &boundary.documents {
        Some(documents) => new_access_under(&base, &head, documents),
        None => new_access(&base, &head, group.kind),
    };
    let lifted = compared.new.is_empty();
    if lifted {
        // What is denied no longer, others may allow.
        compared = room(&base, &head, group.kind).beside(compared);
    }
    let (Some(first), end) = (group.head.first().copied(), group.head.len()) else { return };
    let at = |document: usize| group.head.get(document).copied().unwrap_or(first);
    for access in compared.new {
        let new = New {
            site: at(access.document),
            lifted: lifted && access.document >= end,
            // Room that a limit leaves has to be used by something else.
            access: NewAccess { certain: access.certain && certain && boundary.certain && !limit, ..access },
        };
        // Two entries of a statement may show the same.
        let is_it = |other: &New<'_>| {
            std::ptr::eq(other.site, new.site)
                && other.access.statement == new.access.statement
                && other.access.witness == new.access.witness
        };
        if !found.new.iter().any(is_it) {
            found.new.push(new);
        }
    }
    found.unknown.extend(compared.unknown.iter().map(|it| Unknown::of(at(it.document), it.statement, it.why)));
}

/// Policies that denied something and are gone: what they kept out may be allowed now. Nobody is left to do it where the principal
/// or the resource is gone, too; of a resource that does not show.
fn denials_gone<'s>(base: &'s State, head: &'s State, groups: &[Group<'s>]) -> Vec<Unknown<'s>> {
    let kept = |site: &Site| groups.iter().any(|group| group.base.iter().any(|it| std::ptr::eq(*it, site)));
    let nobody = |site: &Site| {
        let holder = site.holder.as_ref();
        site.trust || holder.is_some_and(|_| head.sites.iter().all(|other| other.holder.as_ref() != holder))
    };
    let denied =
        |site: &&Site| site.limit || site.document.policy.statements.iter().any(Statement::may_deny) && !nobody(site);
    let gone = base.sites.iter().filter(|site| !site.held && !kept(site)).filter(denied);
    gone.map(|site| Unknown::of(site, 0, "it kept something out, and is gone: others may allow that now")).collect()
}

/// What cannot be seen, where something else was to be seen, or nothing.
fn unseen<'s>(base: &State, head: &'s State, scoped: bool) -> Vec<Unknown<'s>> {
    let elsewhere = |open: &Open| {
        // One that moved to another file has left its own.
        let mut same = base.open.iter().filter(|it| it.is_same(open, false));
        same.any(|it| !head.open.iter().any(|open| open.is_same(it, true)))
    };
    let was = |open: &Open| base.open.iter().any(|it| it.is_same(open, scoped)) || scoped && elsewhere(open);
    let new = head.open.iter().filter(|open| !was(open));
    new.map(|open| Unknown { file: &open.path, why: open.why.clone(), at: open.place() }).collect()
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
