//! `privilege-escalation`

use super::{PolicyCx, Rule};
use crate::access::escalation::{PASS_ROLE, Path};
use crate::access::wildcard::is_wrong_entry;
use crate::catalog::EscalationKind;
use crate::finding::Problem;
use crate::source::Origin;

/// A policy whose holder can get more rights than it says.
pub(super) struct PrivilegeEscalation;

/// Sets that one label names.
const NAMED: usize = 6;

impl Rule for PrivilegeEscalation {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() || !cx.is_identity() || cx.is_administrator() {
            return;
        }
        let mine: Vec<&Path<'_>> =
            cx.escalations().iter().filter(|path| path.set.kind != EscalationKind::Existing).collect();
        let (narrow, wide): (Vec<_>, Vec<_>) = mine.into_iter().partition(|path| path.narrow);
        for (paths, narrow) in [(wide, false), (narrow, true)] {
            let help = match paths.iter().all(|path| path.set.actions.contains(&PASS_ROLE)) {
                true => {
                    "name the roles that may be passed: roles that have no more rights than whoever passes them; deny \
                     the rest with a permissions boundary"
                }
                false => {
                    "name the principals and policies that it is for, and require a permissions boundary with a \
                     condition on `iam:PermissionsBoundary`"
                }
            };
            out.extend(
                problem(&paths, "the holder can raise their own rights")
                    .map(|problem| problem.help(help).pedantic_if(narrow)),
            );
        }
    }
}

/// One finding for all paths, with what they come to; none if there are none.
pub(super) fn problem(paths: &[&Path<'_>], what: &str) -> Option<Problem> {
    // Where a wildcard is wrong in itself, what else there is comes first.
    let by_wildcard = |path: &Path<'_>| path.steps.iter().any(|step| is_wrong_entry(step.entry, step.statement));
    let (plain, wild): (Vec<_>, Vec<_>) = paths.iter().copied().partition(|path| !by_wildcard(path));
    let paths = if plain.is_empty() { wild } else { plain };
    let first = paths.first()?;
    let actions = quoted(&first.set.actions);
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
    let (at, own) = marks.first()?;
    let mut problem = Problem::new(at, format!("{what} with {actions}: {}{more}", first.set.yields))
        .note(text(own))
        .certain_if(paths.iter().any(|path| path.certain));
    for (at, paths) in marks.iter().skip(1) {
        problem = problem.label(at, text(paths));
    }
    let passed = passing.and_then(|path| path.steps.first()).map(|step| step.entry);
    let mut others: Vec<&Origin> = Vec::new();
    others.extend(passed.filter(|passed| marks.iter().all(|(at, _)| at != passed)));
    if let Some(passed) = others.first() {
        problem = problem.label(passed, "passes the role");
    }
    for step in paths.iter().flat_map(|path| &path.steps) {
        if !others.contains(&step.entry) && marks.iter().all(|(at, _)| *at != step.entry) {
            others.push(step.entry);
            problem = problem.label(step.entry, "is part of it");
        }
    }
    Some(problem)
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

/// "`a`", "`a` and `b`", "`a`, `b` and `c`".
fn quoted(actions: &[&str]) -> String {
    let names: Vec<String> = actions.iter().map(|action| format!("`{action}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
