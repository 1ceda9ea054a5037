//! `whit check`.

use super::args::CheckOptions;
use super::configured::{self, ConfigFile};
use super::fixing::fix_all;
use super::progress::Progress;
use super::reporter::{reporter, summary};
use super::shelf::Shelf;
use super::{Failure, NOT_DONE, Outcome, color, output};
use crate::callers;
use crate::config::{FailOn, position};
use crate::discover::{EMPTY, Found, Place, Request, STDIN, Stream, discover};
use crate::engine::{self, Analysis, Run, Skipped, Unit};
use crate::excerpt::visible::escaped;
use crate::fix::Choice;
use crate::named;
use crate::settings::Settings;
use crate::source::{Disk, Overlay, ReadError, RelPath, Sources, read_at_most};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Instant;

/// Fewer units are done one after the other: starting threads takes longer.
const UNITS_IN_PARALLEL: usize = 16;

/// So many are given to a thread at once: with more, the others wait for it in the end.
const UNITS_AT_ONCE: usize = 4;

/// Checks `paths` and reports; the exit code.
pub(super) fn run(paths: &[PathBuf], options: &CheckOptions, out: &mut dyn Write, err: &mut dyn Write) -> Outcome<u8> {
    let since = Instant::now();
    let place = Place::find(configured::current_folder()?);
    let configured = configured::read(&place, &options.config, color::wanted(options.color, &io::stderr()))?;
    let mut settings = configured::settings(options, &configured)?;
    let reporter = reporter(options, &place, &settings.rules);
    settings.excerpts = reporter.needs_excerpts();
    let request = request(paths, options)?;
    if let Some(threads) = options.threads {
        // It fails only where a pool is running already, in a program that calls this twice.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).use_current_thread().build_global();
    }

    let mut found = discover(&place, &request);
    leave_out(&configured.shelf, &mut found);
    let choice = choice(options, &found)?;
    let disk = Disk::new(&place.root);
    let mut overlay = Overlay::over(&disk);
    read_streams(&mut found, &mut overlay, settings.max_file_size);
    named::tell(&mut found.units, &found.asked, &overlay, &settings);
    callers::tell(&mut found.units, &found.asked, &overlay, &settings);
    let mut all_written = true;
    let mut run = match choice {
        None => engine::join(lint_all(&found.units, &overlay, &settings, since)),
        Some(choice) => {
            let mut changed = fix_all(&found, &mut overlay, &settings, choice, since);
            let _ = changed.tell_left(&place, err);
            if options.diff {
                changed.diff(&place, out).map_err(Failure::Output)?;
                changed.run.skipped.append(&mut found.skipped);
                changed.run.skipped.sort_unstable();
                let _ = notes(&changed.run, &found.named, &place, options, err);
                // What was not checked may be in need of a fix.
                let unchecked = changed.run.skipped.iter().any(|skipped| skipped.error);
                let differs = !options.exit_zero && !changed.is_empty();
                return Ok(if unchecked { NOT_DONE } else { u8::from(differs) });
            }
            let unwritten = changed.write(&place, err);
            all_written = unwritten.is_empty();
            if all_written {
                changed.run
            } else {
                // What is reported is what the files hold.
                unwritten.into_iter().for_each(|(path, old)| overlay.insert(path, old));
                engine::join(lint_all(&found.units, &overlay, &settings, since))
            }
        }
    };
    run.skipped.append(&mut found.skipped);
    run.skipped.sort_unstable();

    let written = match &options.output {
        Some(path) => output::replace(path, |file| reporter.write(&run, file))
            .map_err(|error| Failure::Usage(format!("`{}` cannot be written: {error}", path.display())))
            .map(|()| Ok(()))?,
        // Before the summary, which goes another way to the same terminal.
        None => reporter.write(&run, out).and_then(|()| out.flush()),
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(Failure::Output(error)),
        _ => {}
    }
    // What cannot be written to standard error cannot be told to anybody.
    let _ = notes(&run, &found.named, &place, options, err);
    if run.files == 0 && run.skipped.is_empty() && !options.quiet {
        let _ = writeln!(err, "warning: no file was found to check");
    }
    if let Some(file) = configured.file.as_ref().filter(|_| asks_for_all(paths, &place)) {
        let _ = idle(file, &found.units, err);
    }
    if !options.quiet {
        let _ = summary(&run, since, err);
    }
    if !all_written {
        return Ok(NOT_DONE);
    }
    Ok(exit_code(&run, options, configured.file.and_then(|file| file.config.fail_on)))
}

/// The pages of rules are not checked: their examples are wrong on purpose.
fn leave_out(shelf: &Shelf, found: &mut Found) {
    for unit in &mut found.units {
        let pages = unit.report.extract_if(.., |path| shelf.holds(path));
        let why = "is the page of a rule: `whit rules --test` runs its examples";
        found.skipped.extend(pages.map(|path| Skipped { path, why: why.to_owned(), error: false }));
    }
    found.units.retain(|unit| !unit.report.is_empty());
}

/// Which fixes are asked for.
fn choice(options: &CheckOptions, found: &Found) -> Outcome<Option<Choice>> {
    if !options.fix && !options.unsafe_fixes && !options.diff {
        return Ok(None);
    }
    // Whatever name it is checked under: a file of that name is another one.
    if !found.streams.is_empty() && !options.diff {
        let why = "what comes from standard input or a FIFO cannot be written back: add `--diff` to see the fixes";
        return Err(Failure::Usage(why.to_owned()));
    }
    Ok(Some(if options.unsafe_fixes { Choice::All } else { Choice::Safe }))
}

fn request(paths: &[PathBuf], options: &CheckOptions) -> Outcome<Request> {
    if options.stdin_filename.is_some() && !paths.iter().any(|path| path.as_os_str() == STDIN) {
        return Err(Failure::Usage("`--stdin-filename` names what `-` reads: add `-` to the paths".to_owned()));
    }
    Ok(Request {
        paths: paths.to_vec(),
        no_ignore: options.no_ignore,
        threads: options.threads.map_or(0, std::num::NonZeroUsize::get),
        stdin_name: options.stdin_filename.clone(),
        output: options.output.clone(),
    })
}

/// Reads what can be read only once, and lays it over the disk.
fn read_streams(found: &mut Found, overlay: &mut Overlay<'_>, limit: u64) {
    for (name, stream) in std::mem::take(&mut found.streams) {
        let bytes = match stream {
            Stream::Stdin => read_at_most(io::stdin().lock(), limit),
            Stream::Path(path) => File::open(path).map_err(ReadError::Io).and_then(|file| read_at_most(file, limit)),
        };
        let why = match bytes {
            Ok(bytes) if bytes.trim_ascii().is_empty() => EMPTY.to_owned(),
            Ok(bytes) => {
                overlay.insert(name, bytes);
                continue;
            }
            Err(error) => error.to_string(),
        };
        found.units.iter_mut().for_each(|unit| unit.report.retain(|path| *path != name));
        found.units.retain(|unit| !unit.report.is_empty());
        found.skipped.push(Skipped { path: name, why, error: true });
    }
}

pub(super) fn lint_all(units: &[Unit], sources: &dyn Sources, settings: &Settings, since: Instant) -> Vec<Analysis> {
    let progress = Progress::new(since, units.len(), io::stderr().is_terminal());
    let lint = |unit: &Unit| {
        let analysis = engine::lint(unit, sources, settings);
        progress.step();
        analysis
    };
    if units.len() < UNITS_IN_PARALLEL {
        units.iter().map(lint).collect()
    } else {
        units.par_iter().with_max_len(UNITS_AT_ONCE).map(lint).collect()
    }
}

/// What was not checked. Of what the user did not name, what is no error is told on demand only.
fn notes(
    run: &Run,
    named: &BTreeSet<RelPath>,
    place: &Place,
    options: &CheckOptions,
    err: &mut dyn Write,
) -> io::Result<()> {
    let told = |skipped: &&Skipped| skipped.error || options.verbose || named.contains(&skipped.path);
    for skipped in run.skipped.iter().filter(told) {
        let word = if skipped.error { "error" } else { "skipped" };
        writeln!(err, "{word}: `{}` {}", escaped(&place.shown(&skipped.path)), skipped.why)?;
    }
    for unseen in run.unseen.iter().filter(|_| options.verbose) {
        let at = format!("{}:{}", place.shown(&unseen.path), unseen.line);
        let names = unseen.stands_for.iter().filter(|text| !text.contains('\n')).map(|text| format!("`{text}`"));
        let names = match names.collect::<Vec<_>>().join(", ") {
            names if names.is_empty() => String::new(),
            names => format!(": {names}"),
        };
        writeln!(err, "unseen: `{}` has statements that only deployment knows{}", escaped(&at), escaped(&names))?;
    }
    Ok(())
}

/// True if the run covers the root, so that what the config names must turn up.
fn asks_for_all(paths: &[PathBuf], place: &Place) -> bool {
    paths.iter().any(|path| path.as_os_str() != STDIN && place.full(path) == place.root)
}

fn idle(file: &ConfigFile, units: &[Unit], err: &mut dyn Write) -> io::Result<()> {
    let files = units.iter().flat_map(|unit| &unit.report).collect::<Vec<&RelPath>>();
    for problem in file.config.idle(files.iter().copied()) {
        let (line, column) = position(&file.text, problem.at.start);
        writeln!(err, "warning: {}:{line}:{column}: {}: {}", file.name, problem.message, problem.help)?;
    }
    Ok(())
}

fn exit_code(run: &Run, options: &CheckOptions, of_config: Option<FailOn>) -> u8 {
    let fail_on = options.fail_on.or(of_config).unwrap_or_default();
    if run.skipped.iter().any(|skipped| skipped.error) {
        NOT_DONE
    } else {
        u8::from(!options.exit_zero && run.findings.iter().any(|finding| fail_on.fails(finding.severity)))
    }
}
