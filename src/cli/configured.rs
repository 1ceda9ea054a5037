//! From options and config to the settings of a run.

use super::args::{CheckOptions, Color, ConfigOptions};
use super::shelf::{Shelf, Trouble};
use super::{Failure, Outcome, color};
use crate::access::ceiling::Ceiling;
use crate::catalog::Overlay;
use crate::config::{self, Config, ConfigProblem, Draft};
use crate::discover::Place;
use crate::policy::ActionPattern;
use crate::rules::{RuleSet, misnamed_action};
use crate::settings::{Ignore, Settings};
use crate::source::{Disk, RelPath, Sources};
use crate::spelling::{any_of, nearest};
use globset::Glob;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// A config of more bytes is a mistake.
const LARGEST_CONFIG: u64 = 1024 * 1024;

/// What a run is set up with.
pub(super) struct Configured {
    /// The config; none if there is none.
    pub(super) file: Option<ConfigFile>,
    /// The pages of the user's own rules.
    pub(super) shelf: Shelf,
}

/// A config with its text and the name under which it is spoken of.
pub(super) struct ConfigFile {
    pub(super) config: Config,
    pub(super) text: String,
    pub(super) name: String,
}

impl Configured {
    /// All rules that there are.
    pub(super) fn rules(&self) -> &RuleSet {
        self.file.as_ref().map_or(&self.shelf.rules, |file| &file.config.rules)
    }
}

/// Reads the config that the options name, or the one at the root, and the pages that both name.
pub(super) fn read(place: &Place, options: &ConfigOptions, color: bool) -> Outcome<Configured> {
    let mut shelf = Shelf::default();
    let Some((name, text)) = find(place, options)? else {
        for folder in &options.rules {
            shelf.add_named(place, folder, &Overlay::default(), color)?;
        }
        return Ok(Configured { file: None, shelf });
    };
    let wrong = |problems: Vec<ConfigProblem>| {
        Failure::Config(problems.iter().map(|problem| config::draw(problem, &name, &text, color)).collect())
    };
    let draft = Draft::parse(&text).map_err(wrong)?;
    let overlay = draft.overlay();
    for (folder, at) in draft.folders() {
        match shelf.add(place, &place.root.join(&folder), &overlay, color) {
            Ok(()) => {}
            Err(Trouble::Pages(drawn)) => return Err(Failure::Config(drawn)),
            Err(Trouble::Folder(why)) => {
                let problem = ConfigProblem::new(at, format!("the folder `{folder}` {why}"));
                return Err(wrong(vec![problem.help("name a folder with pages, by its path from the root")]));
            }
        }
    }
    for folder in &options.rules {
        shelf.add_named(place, folder, &overlay, color)?;
    }
    let config = draft.read(&shelf.rules).map_err(wrong)?;
    Ok(Configured { file: Some(ConfigFile { config, text, name }), shelf })
}

/// The same from the current folder, for commands that check nothing.
pub(super) fn rules(options: &ConfigOptions) -> Outcome<RuleSet> {
    let color = color::wanted(Color::Auto, &io::stderr());
    Ok(read(&Place::find(current_folder()?), options, color)?.rules().clone())
}

pub(super) fn current_folder() -> Outcome<PathBuf> {
    std::env::current_dir().map_err(|error| Failure::Usage(format!("the current folder cannot be found: {error}")))
}

/// Name and text of the config, if there is one.
pub(super) fn find(place: &Place, options: &ConfigOptions) -> Outcome<Option<(String, String)>> {
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
    Ok(Some((name, text)))
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
pub(super) fn settings(options: &CheckOptions, configured: &Configured) -> Outcome<Settings> {
    let mut settings = Settings::default();
    if let Some(file) = &configured.file {
        file.config.apply(&mut settings);
    }
    let rules = configured.rules();
    settings.rules = rules.clone();
    settings.pedantic |= options.pedantic;
    if !options.select.is_empty() {
        let mut selected = BTreeSet::new();
        for word in &options.select {
            selected.extend(known(word, rules)?.into_iter().map(Box::from));
        }
        settings.select = Some(selected);
    }
    for word in &options.ignore {
        let ignore = |id: &str| Ignore { rule: id.into(), paths: Vec::new(), reason: "`--ignore`".into() };
        settings.ignore.extend(known(word, rules)?.into_iter().map(ignore));
    }
    settings.accounts.extend(options.account.iter().map(|id| id.as_str().into()));
    if let Some(kind) = &options.kind {
        let every = Glob::new("**").map_err(|error| Failure::Usage(error.to_string()))?.compile_matcher();
        settings.kinds.insert(0, (every, kind.clone()));
    }
    if !options.forbid.is_empty() {
        let actions: Result<Vec<ActionPattern>, Failure> =
            options.forbid.iter().map(|pattern| action(pattern, &settings.overlay)).collect();
        if let Some(wrong) = options.on.iter().find(|on| *on != "*" && !on.starts_with("arn:")) {
            let why = format!("`--on {wrong}` is no ARN: write it as `arn:aws:s3:::bucket/*`");
            return Err(Failure::Usage(why));
        }
        let on = options.on.iter().map(|resource| resource.as_str().into()).collect();
        settings.forbid.push(Ceiling { actions: actions?, on, passes: Vec::new() });
    }
    settings.forbid_public |= options.forbid_public;
    settings.max_file_size = options.max_file_size << 20;
    settings.now = options.now.or_else(source_date);
    Ok(settings)
}

/// The time that reproducible builds agree on: seconds since 1970 in `SOURCE_DATE_EPOCH`.
fn source_date() -> Option<jiff::Timestamp> {
    let seconds = std::env::var("SOURCE_DATE_EPOCH").ok()?.parse().ok()?;
    jiff::Timestamp::from_second(seconds).ok()
}

/// A pattern that matches some action.
fn action(pattern: &str, overlay: &Overlay) -> Outcome<ActionPattern> {
    let pattern = ActionPattern::new(pattern);
    let wrong = misnamed_action(&pattern).filter(|_| !pattern.is_everything() && !overlay.has(&pattern));
    let Some((message, near)) = wrong else { return Ok(pattern) };
    let near: Vec<&str> = near.iter().map(|name| &**name).collect();
    let way_out = match &near[..] {
        [] => "list newer actions under `[catalog]` in `whit.toml`".to_owned(),
        near => format!("did you mean {}?", any_of(near)),
    };
    Err(Failure::Usage(format!("{message}: {way_out}")))
}

/// The rules that a word stands for, if there are any.
fn known(word: &str, rules: &RuleSet) -> Outcome<Vec<&'static str>> {
    let ids = rules.named(word);
    if !ids.is_empty() {
        return Ok(ids);
    }
    let near = nearest(word, rules.words());
    let way_out =
        if near.is_empty() { "`whit rules` lists them".to_owned() } else { format!("did you mean {}?", any_of(&near)) };
    Err(Failure::Usage(format!("`{word}` is no rule: {way_out}")))
}
