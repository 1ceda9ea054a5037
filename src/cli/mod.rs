//! The command line: arguments to settings, stages in a row, results to an exit code.
//!
//! Exit codes: 0 nothing at or above `--fail-on`; 1 findings; 2 something was not checked, or was asked in a wrong way. 2 wins
//! over 1, and `--exit-zero` turns only 1 into 0: it says that findings are no failure, not that unread files are none.

mod args;
mod aws_policy;
mod catalog;
mod check;
mod color;
mod configured;
mod diff;
mod equivalents;
mod explain;
mod fixing;
mod grants;
mod output;
mod progress;
mod reporter;
mod rules;
mod shelf;
mod simulate;
mod snippet;
mod state;
mod testing;

use args::{Cli, Command};
use clap::Parser;
use clap::error::{ContextKind, ContextValue};
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// Why a command could not do its work.
#[derive(Debug)]
enum Failure {
    /// The user asked for something that does not exist: a phrase, printed behind `error: `.
    Usage(String),
    /// The config is wrong: what to print, with its snippets.
    Config(String),
    /// The output could not be written.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

type Outcome<T = ()> = Result<T, Failure>;

/// Something was not checked, or was asked in a wrong way.
const NOT_DONE: u8 = 2;

/// Runs the program: `args` as the system gives them, results to `out`, all else to `err`.
pub fn run(args: impl IntoIterator<Item = OsString>, out: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    let done = match Cli::try_parse_from(args) {
        Ok(cli) => dispatch(cli, out, err),
        Err(error) => usage(&error, out, err),
    };
    let done = done.and_then(|code| out.flush().map(|()| code).map_err(Failure::Output));
    // What cannot be written to standard error cannot be told to anybody.
    let code = match done {
        Ok(code) => code,
        // Whoever read the output has seen enough: `whit rules | head`.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(Failure::Output(error)) => {
            let _ = writeln!(err, "error: the output cannot be written: {error}");
            NOT_DONE
        }
        Err(Failure::Usage(message)) => {
            let _ = writeln!(err, "error: {message}");
            NOT_DONE
        }
        Err(Failure::Config(message)) => {
            let _ = write!(err, "{message}");
            NOT_DONE
        }
    };
    ExitCode::from(code)
}

fn dispatch(cli: Cli, out: &mut dyn Write, err: &mut dyn Write) -> Outcome<u8> {
    match cli.command {
        None => check::run(&[".".into()], &cli.check, out, err),
        Some(Command::Check { paths, options }) => check::run(&paths, &options, out, err),
        Some(Command::Explain { rule, color, config }) => explain::run(&rule, color, &config, out).map(|()| 0),
        Some(Command::Catalog { patterns }) => catalog::run(&patterns, out).map(|()| 0),
        Some(Command::Schema { of }) => {
            let schema = match of {
                args::SchemaOf::Policy => crate::policy::schema::schema(),
                args::SchemaOf::Config => crate::config::schema(),
            };
            writeln!(out, "{schema:#}")?;
            Ok(0)
        }
        Some(Command::Diff(options)) => diff::run(&options, out, err),
        Some(Command::Grants { path, json }) => grants::run(&path, json, out, err),
        Some(Command::Simulate(options)) => simulate::run(&options, out, err).map(|()| 0),
        Some(Command::Rules { test: Some(folder), config, .. }) => testing::run(&folder, &config, out),
        Some(Command::Rules { equivalents: true, format, .. }) => equivalents::run(format, out).map(|()| 0),
        Some(Command::Rules { format, category, config, .. }) => {
            rules::run(format, category.as_deref(), &config, out).map(|()| 0)
        }
    }
}

/// Help and version, which were asked for, go to `out`; what was misunderstood to `err`.
fn usage(error: &clap::Error, out: &mut dyn Write, err: &mut dyn Write) -> Outcome<u8> {
    let text = error.render();
    let print =
        |to: &mut dyn Write, color: bool| if color { write!(to, "{}", text.ansi()) } else { write!(to, "{text}") };
    if error.use_stderr() {
        let _ = print(err, color::wanted(args::Color::Auto, &io::stderr()));
        if let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand)
            && Path::new(word).exists()
        {
            let _ = writeln!(err, "\nTo check files and folders: `whit check {word}`");
        }
        Ok(NOT_DONE)
    } else {
        print(out, color::wanted(args::Color::Auto, &io::stdout()))?;
        Ok(0)
    }
}
