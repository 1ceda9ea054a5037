//! The program writes what fixes change, or says why it does not.

use super::policy;
use crate::program::Scratch;

#[test]
fn the_program_writes_shows_and_refuses() {
    let wrong = policy(r#""Effect": "allow", "Action": "s3:GetObjects", "Resource": "arn:aws:s3:::b/*""#);
    let scratch = Scratch::with(&[
        ("a/p.json", &wrong),
        ("fine.json", &policy(r#""Effect": "Deny", "Action": "s3:*", "Resource": "*""#)),
    ]);
    let read = |name: &str| std::fs::read_to_string(scratch.path(name)).unwrap_or_default();
    let shown = scratch.whit(&["--diff"]);
    assert_eq!((shown.code, read("a/p.json")), (Some(1), wrong.clone()));
    assert!(shown.out.contains("-") && shown.out.contains("+") && shown.out.contains("a/p.json"), "{}", shown.out);
    let safe = scratch.whit(&["--fix"]);
    assert_eq!(read("a/p.json"), wrong.replace("allow", "Allow"));
    assert!(safe.err.contains("fixed 1 finding in 1 file"), "{}", safe.err);
    assert_eq!(safe.code, Some(1), "the action is still unknown");
    let all = scratch.whit(&["--unsafe-fixes"]);
    assert_eq!((all.code, read("a/p.json")), (Some(0), wrong.replace("allow", "Allow").replace("Objects", "Object")));
    assert_eq!(scratch.whit(&["--diff", "--unsafe-fixes"]).code, Some(0), "nothing is left to change");
}

#[test]
fn what_could_not_be_written_is_reported_as_it_is() {
    let wrong = policy(r#""Effect": "allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#);
    // The name is too long for the file that is written first, beside it.
    let name = format!("{}.json", "n".repeat(248));
    let scratch = Scratch::with(&[(&name, &wrong), ("a.json", &wrong)]);
    let run = scratch.whit(&["--fix", "--format", "compact"]);
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert!(run.err.contains("cannot be written") && run.err.contains("fixed 1 finding in 1 file"), "{}", run.err);
    assert!(run.err.contains("1 finding (") && run.files() == [&*name], "{}{}", run.out, run.err);
    assert_eq!(std::fs::read_to_string(scratch.path(&name)).ok(), Some(wrong));
}

#[test]
fn what_is_read_once_is_never_written() {
    let wrong = policy(r#""Effect": "allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#);
    let scratch = Scratch::with(&[("kept.json", "{}")]);
    for args in [&["check", "--fix", "-"][..], &["check", "--fix", "--stdin-filename", "kept.json", "-"]] {
        let refused = scratch.whit_reading(args, &wrong);
        assert_eq!(refused.code, Some(2), "{args:?}");
        assert!(refused.err.contains("cannot be written back"), "{}", refused.err);
    }
    assert_eq!(std::fs::read_to_string(scratch.path("kept.json")).ok().as_deref(), Some("{}"));
    let shown = scratch.whit_reading(&["check", "--diff", "--stdin-filename", "kept.json", "-"], &wrong);
    assert_eq!((shown.code, shown.out.contains("Allow")), (Some(1), true), "{}", shown.out);
}

#[test]
fn a_file_that_its_fixes_would_break_is_left() {
    let statement = r#""Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}"#;
    // Each would be `Version`; whether the run shows what is wrong with two of them must not matter.
    let twice = format!(r#"{{"version": "2012-10-17", "VERSION": "2012-10-17", {statement}}}"#);
    let both = format!(r#"{{"Version": "2012-10-17", "version": "2008-10-17", {statement}}}"#);
    let scratch = Scratch::with(&[("twice.json", &twice), ("both.json", &both)]);
    for args in [&["--fix"][..], &["--fix", "--select", "unknown-element"]] {
        let done = scratch.whit(args);
        let left = "warning: `twice.json` is left as it was: its fixes together would break it";
        assert!(done.err.contains(left) && !done.err.contains("fixed"), "{}", done.err);
        for (name, text) in [("twice.json", &twice), ("both.json", &both)] {
            assert_eq!(std::fs::read_to_string(scratch.path(name)).ok().as_ref(), Some(text), "{args:?} {name}");
        }
    }
}

#[test]
fn what_cannot_be_fixed_is_said() {
    let wrong = policy(r#""Effect": "allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#);
    let scratch = Scratch::with(&[("p.json", &wrong)]);
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(wrong.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    scratch.write("wide.json", &utf16);
    let done = scratch.whit(&["check", "--fix", "wide.json"]);
    assert!(done.err.contains("warning: `wide.json` is UTF-16"), "{}", done.err);
    assert_eq!(std::fs::read(scratch.path("wide.json")).ok(), Some(utf16));
    let done = scratch.whit(&["check", "--diff", "p.json", "absent.json"]);
    assert_eq!(done.code, Some(2), "a file was not checked");
    assert!(done.err.contains("absent.json") && done.out.contains("+++ p.json"), "{done:?}");
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let wrong = policy(r#""Effect": "allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#);
    let scratch = Scratch::with(&[("p.json", &wrong)]);
    let fine = |result: std::io::Result<()>| result.unwrap_or_else(|error| panic!("{error}"));
    let mode = |name: &str| std::fs::metadata(scratch.path(name)).map(|data| data.permissions().mode() & 0o777).ok();
    fine(std::fs::set_permissions(scratch.path("p.json"), PermissionsExt::from_mode(0o750)));
    fine(symlink("p.json", scratch.path("link.json")));
    assert_eq!(scratch.whit(&["check", "--fix", "link.json"]).code, Some(0));
    assert!(std::fs::symlink_metadata(scratch.path("link.json")).is_ok_and(|data| data.is_symlink()));
    assert_eq!(std::fs::read_to_string(scratch.path("p.json")).ok(), Some(wrong.replace("allow", "Allow")));
    assert_eq!(mode("p.json"), Some(0o750));
}
