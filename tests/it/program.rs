//! Runs the program itself, in a folder of its own.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A policy that grants everything.
pub(crate) const ADMIN: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

/// A policy that nothing is wrong with.
pub(crate) const FINE: &str = concat!(
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","#,
    r#""Resource":"arn:aws:s3:::amzn-s3-demo-bucket/reports/*"}]}"#
);

/// A folder that is the root of a repository.
pub(crate) struct Scratch(TempDir);

/// What the program did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let scratch = Scratch(tempfile::tempdir().unwrap_or_else(|error| panic!("{error}")));
        fs::create_dir(scratch.path(".git")).unwrap_or_else(|error| panic!("{error}"));
        scratch
    }

    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let scratch = Scratch::new();
        files.iter().for_each(|(path, text)| scratch.write(path, text));
        scratch
    }

    pub(crate) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, bytes));
        written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// The program with `args`, about to run in the folder `at`, in an environment that says nothing of colours or time.
    pub(crate) fn command(&self, at: &str, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_whit"));
        command.args(args).current_dir(self.path(at)).stdin(Stdio::null()).env("HOME", self.path(""));
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "SOURCE_DATE_EPOCH", "XDG_CONFIG_HOME"] {
            command.env_remove(variable);
        }
        command
    }

    /// Runs the program at the root.
    pub(crate) fn whit(&self, args: &[&str]) -> Done {
        done(&mut self.command("", args))
    }

    /// Runs the program at the root and gives it `input` to read.
    pub(crate) fn whit_reading(&self, args: &[&str], input: &str) -> Done {
        let mut command = self.command("", args);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("{error}"));
        if let Some(mut stdin) = child.stdin.take() {
            // A program that does not read is not ours to blame here.
            let _ = stdin.write_all(input.as_bytes());
        }
        child.wait_with_output().map_or_else(|error| panic!("{error}"), Done::from)
    }
}

/// Runs a command to its end.
pub(crate) fn done(command: &mut Command) -> Done {
    command.output().map_or_else(|error| panic!("{command:?}: {error}"), Done::from)
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Done { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

impl Done {
    /// The files that findings are in, as `--format compact` names them, each once.
    pub(crate) fn files(&self) -> Vec<&str> {
        let mut files: Vec<&str> = self.out.lines().filter_map(|line| line.split(':').next()).collect();
        files.dedup();
        files
    }
}
