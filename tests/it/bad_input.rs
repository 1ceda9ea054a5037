//! Input that no tool likes. Each is answered with an error that names it, and the file beside it is checked all the same.

use crate::program::{ADMIN, Done, Scratch};
use std::fs::File;
use std::io;
use whit::engine::{self, Unit};
use whit::settings::Settings;
use whit::source::{ReadError, RelPath, Sources};

fn compact(scratch: &Scratch, args: &[&str]) -> Done {
    scratch.whit(&[&["check", "--format", "compact"], args].concat())
}

/// A root with the file to test, and `good.json`, in which `administrator-access` must be found.
fn beside(path: &str, bytes: impl AsRef<[u8]>) -> Scratch {
    let scratch = Scratch::with(&[("good.json", ADMIN)]);
    scratch.write(path, bytes);
    scratch
}

#[test]
fn broken_files_are_errors_in_a_walk_and_when_named() {
    let opened = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"#;
    let deep = format!("{opened}{}", "[".repeat(100_000));
    let cut = &ADMIN[..ADMIN.len() - 12];
    let latin =
        [br#"{"Version":"2012-10-17","Statement":[{"Sid":""#, &b"\xE9\","[..], &ADMIN.as_bytes()[38..]].concat();
    for (name, bytes, why) in [
        ("truncated", cut.as_bytes(), "is not JSON"),
        ("nested", deep.as_bytes(), "is not JSON"),
        ("not UTF-8", &latin, "is not UTF-8"),
    ] {
        let scratch = beside("bad.json", bytes);
        for args in [&["."][..], &["bad.json", "good.json"]] {
            let done = compact(&scratch, args);
            assert_eq!(done.code, Some(2), "{name}: {}", done.err);
            assert!(done.err.contains(&format!("error: `bad.json` {why}")), "{name}: {}", done.err);
            assert!(done.files().contains(&"good.json"), "{name}: {}", done.out);
        }
    }
}

#[test]
fn deep_nesting_is_told_even_where_every_bracket_is_closed() {
    let opened = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"#;
    let scratch = beside("bad.json", format!("{opened}{}{}}}]}}", "[".repeat(100_000), "]".repeat(100_000)));
    let done = compact(&scratch, &["."]);
    assert!(done.files().contains(&"good.json"), "{}", done.out);
    assert!(done.files().contains(&"bad.json") || done.err.contains("error: `bad.json`"), "{}{}", done.out, done.err);
}

#[test]
fn an_empty_file_is_told_where_it_is_named() {
    let scratch = beside("empty.json", "");
    let done = compact(&scratch, &["empty.json", "good.json"]);
    assert_eq!((done.code, done.files()), (Some(2), vec!["good.json"]), "{}", done.err);
    assert!(done.err.contains("error: `empty.json` is empty"), "{}", done.err);
    // A walk passes many empty files; and a hook names files that are no JSON.
    assert_eq!(compact(&scratch, &["."]).code, Some(1));
    scratch.write("empty.py", "");
    assert_eq!(compact(&scratch, &["empty.py"]).code, Some(0));
}

#[test]
fn a_large_file_of_something_else_is_an_error_only_if_it_is_named() {
    let scratch = beside("large.json", "");
    let file = File::options().write(true).open(scratch.path("large.json"));
    assert!(file.and_then(|file| file.set_len(100 << 20)).is_ok(), "a file of 100 MiB, all holes");
    let walked = compact(&scratch, &["-v", "."]);
    assert_eq!((walked.code, walked.files()), (Some(1), vec!["good.json"]));
    assert!(walked.err.contains("skipped: `large.json` is larger than 64 MiB"), "{}", walked.err);
    let named = compact(&scratch, &["large.json", "good.json"]);
    assert_eq!((named.code, named.files()), (Some(2), vec!["good.json"]));
    assert!(named.err.contains("error: `large.json` is larger than 64 MiB; raise `--max-file-size`"), "{}", named.err);
    assert_eq!(compact(&scratch, &["large.json", "good.json", "--max-file-size", "128"]).code, Some(1));
}

#[test]
fn a_large_file_that_looks_like_a_policy_is_an_error_in_a_walk() {
    let padded = format!("{ADMIN}{}", " ".repeat(1 << 20));
    let scratch = beside("large.json", &padded);
    scratch.write("notes.log", &padded);
    let walked = compact(&scratch, &["--max-file-size", "1", "."]);
    assert_eq!((walked.code, walked.files()), (Some(2), vec!["good.json"]), "{}", walked.err);
    let error =
        "error: `large.json` is larger than 1 MiB and looks like a policy; raise `--max-file-size` to check it\n";
    assert!(walked.err.contains(error) && !walked.err.contains("notes.log"), "{}", walked.err);
    assert_eq!(compact(&scratch, &["--max-file-size", "2", "."]).files(), ["good.json", "large.json"]);
}

#[test]
fn what_the_system_refuses_is_an_error_and_the_rest_goes_on() {
    struct Refusing;
    impl Sources for Refusing {
        fn read(&self, path: &RelPath, _: u64) -> Result<std::borrow::Cow<'_, [u8]>, ReadError> {
            match path.as_str() {
                "good.json" => Ok(ADMIN.as_bytes().into()),
                _ => Err(ReadError::Io(io::ErrorKind::PermissionDenied.into())),
            }
        }
    }
    let units = ["closed.json", "good.json"].map(|path| Unit::single(RelPath::new(path)));
    let run = engine::join(units.iter().map(|unit| engine::lint(unit, &Refusing, &Settings::default())));
    assert_eq!((run.findings.len(), run.files), (1, 1));
    let skipped: Vec<_> =
        run.skipped.iter().map(|skipped| (skipped.path.as_str(), &*skipped.why, skipped.error)).collect();
    assert_eq!(skipped, [("closed.json", "cannot be read: permission denied", true)]);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use crate::program::done;
    use std::ffi::OsStr;
    use std::fs::{self, Permissions};
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::process::{Command, Stdio};

    fn make_fifo(scratch: &Scratch, path: &str) -> bool {
        let made = Command::new("mkfifo").arg(scratch.path(path)).status().is_ok_and(|status| status.success());
        if !made {
            println!("not run: no `mkfifo`");
        }
        made
    }

    #[test]
    fn a_walk_opens_no_fifo_and_a_named_one_is_read() {
        let scratch = Scratch::with(&[("good.json", ADMIN)]);
        if !make_fifo(&scratch, "pipe.json") {
            return;
        }
        // Opening it would wait for ever: nobody writes.
        let done = compact(&scratch, &["-v", "."]);
        assert_eq!((done.code, done.files()), (Some(1), vec!["good.json"]));
        assert!(done.err.contains("skipped: `pipe.json` is no regular file"), "{}", done.err);

        let mut command = scratch.command("", ["check", "--format", "compact", "pipe.json", "good.json"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let child = child.unwrap_or_else(|error| panic!("{error}"));
        assert!(fs::write(scratch.path("pipe.json"), ADMIN).is_ok());
        let done = child.wait_with_output().map_or_else(|error| panic!("{error}"), Done::from);
        assert_eq!((done.code, done.files()), (Some(1), vec!["good.json", "pipe.json"]));
    }

    #[test]
    fn folders_and_files_without_permission_are_errors() {
        let scratch = Scratch::with(&[("good.json", ADMIN), ("closed/x.json", ADMIN), ("closed.json", ADMIN)]);
        let set = |path: &str, mode| fs::set_permissions(scratch.path(path), Permissions::from_mode(mode)).is_ok();
        assert!(set("", 0o755) && set("closed", 0o000) && set("closed.json", 0o000));
        let program = scratch.command("", ["check", "--format", "compact", "."]);
        let is_root = fs::metadata(scratch.path("")).is_ok_and(|data| data.uid() == 0);
        let mut command = if is_root {
            // Root reads everything: be somebody else.
            let mut other = Command::new("setpriv");
            other.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]);
            other.arg(program.get_program()).args(program.get_args()).current_dir(scratch.path(""));
            other
        } else {
            program
        };
        let reachable = !is_root || Command::new("setpriv").arg("--version").stdout(Stdio::null()).status().is_ok();
        let done = if reachable { Some(done(&mut command)) } else { None };
        assert!(set("closed", 0o755), "or the folder cannot be deleted");
        // A user who may not reach the program itself shows nothing.
        let Some(done) = done.filter(|done| done.code.is_some_and(|code| code < 126)) else {
            return println!("not run: no `setpriv` to be a user other than root");
        };
        assert_eq!((done.code, done.files()), (Some(2), vec!["good.json"]), "{}", done.err);
        for path in ["closed", "closed.json"] {
            assert!(done.err.contains(&format!("error: `{path}` cannot be read: Permission denied")), "{}", done.err);
        }
    }

    #[test]
    fn a_name_that_is_not_utf8_is_an_error() {
        let scratch = Scratch::with(&[("good.json", ADMIN)]);
        if fs::write(scratch.path(OsStr::from_bytes(b"caf\xE9.json")), ADMIN).is_err() {
            return println!("not run: the file system wants names in UTF-8");
        }
        let done = compact(&scratch, &[]);
        assert_eq!((done.code, done.files()), (Some(2), vec!["good.json"]));
        assert!(done.err.contains("error: `caf\u{fffd}.json` has a name that is not UTF-8"), "{}", done.err);
    }

    #[test]
    fn a_name_cannot_command_the_terminal() {
        let scratch = Scratch::new();
        let done = compact(&scratch, &["\u{1b}[2J"]);
        assert_eq!(done.code, Some(2));
        assert!(!done.err.contains('\u{1b}'), "{:?}", done.err);
    }
}
