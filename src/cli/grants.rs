//! `whit grants`.

use super::aws_policy::no_such_policy;
use super::state::{self, Kinds, Site, What};
use super::{Failure, NOT_DONE, Outcome};
use crate::access::compare::Kind;
use crate::access::grants::{Grant, table};
use crate::catalog;
use crate::extract;
use crate::policy::{HolderKind, Policy};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Names of actions that a row shows.
const SHOWN: usize = 4;

/// What the policies of one title allow.
struct Table {
    title: String,
    rows: Vec<Grant>,
    /// False if there may be statements that only deployment knows.
    complete: bool,
}

/// Prints what the policies allow, together where they have one holder.
pub(super) fn run(path: &str, json: bool, out: &mut dyn Write, err: &mut dyn Write) -> Outcome<u8> {
    let current = std::env::current_dir()
        .map_err(|error| Failure::Usage(format!("the current folder cannot be found: {error}")))?;
    let mut tables: BTreeMap<String, Vec<Policy>> = BTreeMap::new();
    let mut code = 0;
    if let Some(managed) = catalog::managed_policy(path).filter(|_| !current.join(path).exists()) {
        tables.entry(managed.arn()).or_default().extend(extract::managed_document(managed).cloned());
    } else if let Some(policy) = catalog::organization_policy(path).filter(|_| !current.join(path).exists()) {
        let kind = policy.limits.policy();
        return Err(Failure::Usage(format!("`{path}` is a {kind}: it leaves room for everything, and grants nothing")));
    } else {
        let what = What::parse(path, &current).map_err(|_| no_such_policy(path))?;
        let state = state::read(&what, &Kinds::of(&what, &current), &current)?;
        for unread in &state.unread {
            // What cannot be written to standard error cannot be told to anybody.
            let _ = writeln!(err, "error: `{}` {}", unread.place(), unread.why);
            code = NOT_DONE;
        }
        for site in state.sites.into_iter().filter(|site| !site.held) {
            tables.entry(title(&site)).or_default().push(site.document.policy);
        }
    }
    if tables.is_empty() && code == 0 {
        return Err(Failure::Usage(format!("`{path}` holds no policy document: name a file or folder that does")));
    }
    let tables = tables.into_iter().map(|(title, policies)| Table {
        title,
        complete: !policies.iter().any(|policy| policy.open),
        rows: table(&policies.iter().collect::<Vec<_>>()),
    });
    let tables: Vec<Table> = tables.collect();
    if json {
        in_json(&tables, out)?
    } else {
        text(&tables, out)?
    }
    Ok(code)
}

/// Whose policies they are, or where they stand.
fn title(site: &Site) -> String {
    match &site.holder {
        Some(holder) if site.kind == Kind::Identity => {
            let kind = match holder.kind {
                HolderKind::User => "user",
                HolderKind::Group => "group",
                HolderKind::Role => "role",
            };
            format!("{kind} {}", holder.name)
        }
        _ if site.limit => format!("{} (a limit: it leaves room and grants nothing)", site.document.file),
        _ if site.path.is_empty() => site.document.file.to_string(),
        _ => format!("{} {}", site.document.file, site.path),
    }
}

fn text(tables: &[Table], out: &mut dyn Write) -> io::Result<()> {
    for (number, Table { title, rows, complete }) in tables.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{title}")?;
        if rows.is_empty() && *complete {
            writeln!(out, "  allows nothing that the catalogue knows")?;
        }
        let width = rows.iter().map(|row| row.service.len()).max().unwrap_or(0);
        for row in rows {
            let shown = row.actions.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
            let more = row.actions.len().saturating_sub(SHOWN);
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            let level = row.level.as_str();
            writeln!(out, "  {level:22} {:width$}  {}: {shown}{more}{}", row.service, scope(row), when(row))?;
        }
        if !complete {
            writeln!(out, "  there may be statements that cannot be seen before deployment")?;
        }
    }
    Ok(())
}

fn scope(row: &Grant) -> String {
    let not = if row.except { "all but " } else { "" };
    match &row.resources[..] {
        [one] => format!("{not}{one}"),
        [one, rest @ ..] => format!("{not}{one} and {} more", rest.len()),
        [] => "nothing".to_owned(),
    }
}

fn when(row: &Grant) -> String {
    let perhaps = if row.certain { "" } else { ", perhaps" };
    if row.conditions.is_empty() {
        return perhaps.to_owned();
    }
    format!(", if {} is as asked{perhaps}", row.conditions.join(", "))
}

fn in_json(tables: &[Table], out: &mut dyn Write) -> io::Result<()> {
    let row = |row: &Grant| {
        json!({
            "service": row.service,
            "level": row.level.as_str(),
            "resources": row.resources,
            "except": row.except,
            "conditions": row.conditions,
            "actions": row.actions,
            "policy": row.statement.0,
            "statement": row.statement.1,
            "confidence": if row.certain { "exact" } else { "possible" },
        })
    };
    let all = tables.iter().map(|Table { title, rows, complete }| {
        json!({"policies": title, "complete": complete, "grants": rows.iter().map(row).collect::<Vec<_>>()})
    });
    writeln!(out, "{:#}", all.collect::<serde_json::Value>())
}
