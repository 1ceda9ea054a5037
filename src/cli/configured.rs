//! From options and config to the settings of a run.

use super::args::CheckOptions;
use super::{Failure, Outcome};
use crate::config::{self, Config};
use crate::discover::Place;
use crate::policy::ActionPattern;
use crate::rules;
use crate::settings::{Ignore, Settings};
use crate::source::{Disk, RelPath, Sources};
use crate::spelling::{any_of, nearest};
use globset::Glob;
use std::collections::BTreeSet;
use std::path::Path;

/// A config of more bytes is a mistake.
const LARGEST_CONFIG: u64 = 1024 * 1024;

/// A config with its text and the name under which it is spoken of.
pub(super) struct Configured {
    pub(super) config: Config,
    pub(super) text: String,
    pub(super) name: String,
}

/// Reads the config that the options name, or the one at the root; none if there is none.
pub(super) fn read(place: &Place, options: &CheckOptions, color: bool) -> Outcome<Option<Configured>> {
    let path = match &options.config {
        Some(path) => place.full(path),
        None if options.no_config || !place.root.join(config::FILE_NAME).exists() => return Ok(None),
        None => place.root.join(config::FILE_NAME),
    };
    let at = place.relative(&path).unwrap_or_else(|lossy| lossy);
    let name = place.shown(&at);
    let broken = |why: String| Failure::Usage(format!("`{name}` {why}: mend it, or take `--no-config`"));
    if options.config.is_none() && !path.is_file() {
        // Opening a FIFO that somebody put there would wait for ever.
        return Err(broken("is no file".to_owned()));
    }
    let text = read_text(&place.root, &at).map_err(broken)?;
    match Config::read(&text) {
        Ok(config) => Ok(Some(Configured { config, text, name })),
        Err(problems) => {
            let drawn = problems.iter().map(|problem| config::draw(problem, &name, &text, color));
            Err(Failure::Config(drawn.collect()))
        }
    }
}

fn read_text(root: &Path, path: &RelPath) -> Result<String, String> {
    let disk = Disk::new(root);
    let bytes = disk.read(path, LARGEST_CONFIG).map_err(|error| match error {
        crate::source::ReadError::TooLarge { .. } => "is larger than 1 MiB".to_owned(),
        error @ crate::source::ReadError::Io(_) => error.to_string(),
    })?;
    let text = String::from_utf8(bytes.into_owned()).map_err(|_| "is not UTF-8".to_owned())?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// The settings of a run: the options win over the config.
pub(super) fn settings(options: &CheckOptions, config: Option<&Config>) -> Outcome<Settings> {
    let mut settings = Settings::default();
    if let Some(config) = config {
        config.apply(&mut settings);
    }
    settings.pedantic |= options.pedantic;
    if !options.select.is_empty() {
        let rules: Result<BTreeSet<Box<str>>, Failure> = options.select.iter().map(|id| known(id)).collect();
        settings.select = Some(rules?);
    }
    for id in &options.ignore {
        settings.ignore.push(Ignore { rule: known(id)?, paths: Vec::new(), reason: "`--ignore`".into() });
    }
    settings.accounts.extend(options.account.iter().map(|id| id.as_str().into()));
    if let Some(kind) = &options.kind {
        let every = Glob::new("**").map_err(|error| Failure::Usage(error.to_string()))?.compile_matcher();
        settings.kinds.insert(0, (every, kind.clone()));
    }
    settings.forbid = options.forbid.iter().map(|pattern| ActionPattern::new(pattern)).collect();
    settings.forbid_public = options.forbid_public;
    settings.forbid_on = options.on.iter().map(|resource| resource.as_str().into()).collect();
    settings.max_file_size = options.max_file_size << 20;
    settings.now = options.now.or_else(source_date);
    Ok(settings)
}

/// The time that reproducible builds agree on: seconds since 1970 in `SOURCE_DATE_EPOCH`.
fn source_date() -> Option<jiff::Timestamp> {
    let seconds = std::env::var("SOURCE_DATE_EPOCH").ok()?.parse().ok()?;
    jiff::Timestamp::from_second(seconds).ok()
}

/// The id of a rule, if there is one.
fn known(id: &str) -> Outcome<Box<str>> {
    if rules::find(id).is_some() {
        return Ok(id.into());
    }
    let near = nearest(id, rules::all().iter().map(|entry| entry.doc.id));
    let way_out =
        if near.is_empty() { "`whit rules` lists them".to_owned() } else { format!("did you mean {}?", any_of(&near)) };
    Err(Failure::Usage(format!("`{id}` is no rule: {way_out}")))
}
