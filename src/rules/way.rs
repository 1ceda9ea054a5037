//! Ways to more rights, in words, as the rules on escalation tell of them.

use crate::access::escalation::{End, Gain, PASS_ROLE, Path};
use crate::access::role::Standing;
use crate::access::wildcard::is_wrong_entry;
use crate::finding::Problem;
use crate::source::Origin;

/// Sets that one label names.
const NAMED: usize = 6;

/// Roles that a finding names.
const ROLES: usize = 3;

/// One finding for all paths, with what they let the holder do; none if there are none. Those that several policies give are of one
/// holder.
pub(super) fn problem(paths: &[&Path<'_>], what: &str) -> Option<Problem> {
    // Where a wildcard is wrong in itself, what else there is comes first.
    let by_wildcard = |path: &Path<'_>| path.steps.iter().any(|step| is_wrong_entry(step.entry, step.statement));
    let (plain, wild): (Vec<_>, Vec<_>) = paths.iter().copied().partition(|path| !by_wildcard(path));
    let mut paths = if plain.is_empty() { wild } else { plain };
    // What is known to end well for whoever wants more comes first.
    paths.sort_by_key(|path| !(path.closed && path.ends.iter().any(End::is_stronger)));
    let first = paths.first()?;
    let actions = actions(first);
    let more = match paths.len() - 1 {
        0 => String::new(),
        1 => ", and one more way".to_owned(),
        more => format!(", and {more} more ways"),
    };
    let passing = paths.iter().find(|path| path.set.actions.contains(&PASS_ROLE));
    let mut marks: Vec<(&Origin, Vec<&Path<'_>>)> = Vec::new();
    for path in &paths {
        // The action that tells the path from others.
        let own = path.set.actions.iter().position(|action| *action != PASS_ROLE).unwrap_or(0);
        let at = path.steps.get(own)?.entry;
        match marks.iter_mut().find(|(mark, _)| *mark == at) {
            Some((_, paths)) => paths.push(path),
            None => marks.push((at, vec![path])),
        }
    }
    let at = match &first.spread {
        Some(spread) => first.steps.get(spread.step)?.entry,
        None => marks.first()?.0,
    };
    let told = if first.ends.is_empty() { paths.iter().find(|path| !path.ends.is_empty()) } else { Some(first) };
    let end = told.map_or_else(String::new, |path| ending(path, at));
    let whose = match first.whose() {
        Some(whose) => format!("{whose} together let the holder"),
        None => "the holder can".to_owned(),
    };
    let lifts = || paths.iter().flat_map(|path| &path.lifts);
    let lifted = |entry: &Origin, boundary: bool| {
        lifts().any(|lift| lift.by.entry == entry && lift.action.ends_with("PermissionsBoundary") == boundary)
    };
    let (tags, boundaries) = (|entry: &Origin| lifted(entry, false), |entry: &Origin| lifted(entry, true));
    let passed = passing.and_then(|path| path.steps.first()).map(|step| step.entry);
    let part = |entry: &Origin| match marks.iter().find(|(mark, _)| *mark == entry) {
        Some((_, paths)) => text(paths),
        None if passed == Some(entry) => "passes the role".to_owned(),
        None if tags(entry) => "sets the tag that the condition asks for".to_owned(),
        None if boundaries(entry) => "then takes away the boundary that the condition asks for".to_owned(),
        None => "is part of it".to_owned(),
    };
    let note = match part(at) {
        // The message says it.
        said if said == first.set.yields && first.set.actions.len() == 1 => "enough by itself".to_owned(),
        said if said == first.set.yields => "with the others that are marked".to_owned(),
        other => other,
    };
    let mut problem = Problem::new(at, format!("{whose} {what} with {actions}: {}{more}{end}", first.set.yields))
        .note(note)
        .certain_if(paths.iter().any(|path| path.certain));
    let steps = paths.iter().flat_map(|path| path.steps.iter().chain(path.besides.iter().map(|(_, step)| step)));
    let steps = steps.map(|step| step.entry);
    let mut marked = vec![at];
    let lifting = lifts().map(|lift| lift.by.entry);
    for entry in marks.iter().map(|(mark, _)| *mark).chain(passed).chain(steps).chain(lifting) {
        // What stands in another file is named there.
        if entry.at.file == at.at.file && !marked.contains(&entry) {
            marked.push(entry);
            problem = problem.label(entry, part(entry));
        }
    }
    Some(with_roles(problem, &paths))
}

/// The roles in which a path ends, as the rest of a sentence.
fn ending(path: &Path<'_>, from: &Origin) -> String {
    let roles: Vec<String> = path.ends.iter().take(ROLES).map(|end| described(end, from)).collect();
    let more = match path.ends.len().saturating_sub(ROLES) {
        0 => String::new(),
        more => format!(", or {more} more"),
    };
    match path.closed {
        true => format!("; it ends in {}{more}", roles.join(", or ")),
        false => format!("; many roles are within reach, among them {}", roles.join(", ")),
    }
}

/// A role by its name, with what it is to the holder.
fn described(end: &End<'_>, from: &Origin) -> String {
    let elsewhere = match end.role.at().at.file == from.at.file {
        true => String::new(),
        false => format!(" in `{}`", end.role.file().file_name()),
    };
    format!("role `{}`{elsewhere}, {}", end.role.label(), gain(end))
}

fn gain(end: &End<'_>) -> String {
    match &end.gain {
        Gain::Administrator(_) => "an administrator".to_owned(),
        Gain::Raises(_) => "which can raise its own rights".to_owned(),
        Gain::Given(true) => "which is the holder's own".to_owned(),
        Gain::Given(false) => "which the holder can give any right".to_owned(),
        Gain::Action(action) => format!("which may `{action}`"),
        Gain::Unbounded => "which then has no ceiling".to_owned(),
        Gain::Unknown => "not all of whose rights are known here".to_owned(),
    }
}

/// Adds where the roles are named in which the paths end, and what makes them strong, as far as that stands in the same file.
fn with_roles(mut problem: Problem, paths: &[&Path<'_>]) -> Problem {
    let file = problem.at.at.file;
    let mut named: Vec<&Origin> = Vec::new();
    for end in paths.iter().flat_map(|path| &path.ends) {
        if named.len() == ROLES || named.contains(&end.role.at()) || end.role.at().at.file != file {
            continue;
        }
        named.push(end.role.at());
        problem = problem.label(end.role.at(), gain(end));
        let (Gain::Administrator(standing) | Gain::Raises(standing)) = &end.gain else { continue };
        if let Standing::Administrator(at) | Standing::Raises(at) = standing
            && at.at.file == file
            && problem.at != *at
        {
            problem = problem.label(at, "this makes it so");
        }
    }
    problem
}

/// What comes of the sets that one entry completes.
fn text(paths: &[&Path<'_>]) -> String {
    match paths {
        [path] => path.set.yields.to_owned(),
        paths => {
            let sets: Vec<String> = paths
                .iter()
                .take(NAMED)
                .map(|path| {
                    let own: Vec<&str> = path.set.actions.iter().copied().filter(|it| *it != PASS_ROLE).collect();
                    if own.is_empty() { quoted(&path.set.actions) } else { quoted(&own) }
                })
                .collect();
            let more = paths.len().saturating_sub(NAMED);
            let more = if more == 0 { String::new() } else { format!("; and {more} more") };
            format!("{}{more}", sets.join("; "))
        }
    }
}

/// The actions of a path, with the other files in which they are allowed.
fn actions(path: &Path<'_>) -> String {
    let files = path.spread.iter().flat_map(|spread| spread.files.iter().copied());
    let named = path.set.actions.iter().zip(files.chain(std::iter::repeat(None)));
    let names = named.map(|(action, file)| match file {
        Some(file) => format!("`{action}` in `{}`", file.file_name()),
        None => format!("`{action}`"),
    });
    listed(names.collect())
}

/// "`a`", "`a` and `b`", "`a`, `b` and `c`".
fn quoted(actions: &[&str]) -> String {
    listed(actions.iter().map(|action| format!("`{action}`")).collect())
}

fn listed(names: Vec<String>) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
