//! Which files are read, in which order, and under which name they are reported.

use crate::program::{ADMIN, Scratch, done};
use std::fs;

fn compact(scratch: &Scratch, args: &[&str]) -> Vec<String> {
    let done = scratch.whit(&[&["check", "--format", "compact"], args].concat());
    done.files().into_iter().map(str::to_owned).collect()
}

#[test]
fn gitignore_holds_with_and_without_git() {
    for with_git in [true, false] {
        let scratch = Scratch::with(&[
            (".gitignore", "build/\n*.tmp.json\n"),
            ("a.json", ADMIN),
            ("a.tmp.json", ADMIN),
            ("build/b.json", ADMIN),
            ("sub/.gitignore", "/c.json\n"),
            ("sub/c.json", ADMIN),
            ("sub/d.json", ADMIN),
        ]);
        if !with_git {
            assert!(fs::remove_dir(scratch.path(".git")).is_ok());
        }
        assert_eq!(compact(&scratch, &[]), ["a.json", "sub/d.json"], "with git: {with_git}");
        let all = ["a.json", "a.tmp.json", "build/b.json", "sub/c.json", "sub/d.json"];
        assert_eq!(compact(&scratch, &["--no-ignore"]), all);
        assert_eq!(
            compact(&scratch, &["a.tmp.json", "build/b.json"]),
            ["a.tmp.json", "build/b.json"],
            "named files count"
        );
        assert_eq!(compact(&scratch, &["sub"]), ["sub/d.json"]);
        assert_eq!(compact(&scratch, &["build"]), ["build/b.json"], "a named folder counts");
    }
}

#[test]
fn hidden_files_are_read_and_git_itself_never() {
    let scratch = Scratch::with(&[
        (".github/policy.json", ADMIN),
        (".policy.json", ADMIN),
        (".git/policy.json", ADMIN),
        ("sub/.git/policy.json", ADMIN),
        (".ignore", "*\n"),
    ]);
    assert_eq!(compact(&scratch, &[]), [".github/policy.json", ".policy.json"]);
    assert_eq!(compact(&scratch, &["--no-ignore"]), [".github/policy.json", ".policy.json"]);
}

#[test]
fn a_file_is_checked_once_however_often_it_is_named() {
    let scratch = Scratch::with(&[("a/x.json", ADMIN), ("b.json", ADMIN)]);
    let once = scratch.whit(&["check", "--format", "compact", "."]).out;
    let full = scratch.path("a/x.json").to_string_lossy().into_owned();
    for args in [&["a", ".", "./a/x.json"][..], &["b.json", "a/../b.json", "a"], &[".", &full, "a//x.json"]] {
        assert_eq!(scratch.whit(&[&["check", "--format", "compact"], args].concat()).out, once, "{args:?}");
    }
}

#[test]
fn threads_and_the_order_of_arguments_change_no_byte() {
    let scratch = Scratch::new();
    for index in 0..60 {
        scratch.write(&format!("{}/{index}.json", ["b", "a/deep", "c"][index % 3]), ADMIN);
    }
    for format in ["text", "compact", "json", "sarif"] {
        let run = |args: &[&str]| {
            let done = scratch.whit(&[&["check", "-q", "--format", format], args].concat());
            (done.code, done.out)
        };
        let one = run(&["-j", "1", "."]);
        assert!(one.0 == Some(1) && one.1.matches("administrator-access").count() >= 60, "{format}");
        assert_eq!(run(&["-j", "8", "."]), one, "{format}");
        assert_eq!(run(&["-j", "8", "c", "a", "b"]), one, "{format}");
        assert_eq!(run(&["-j", "1", "b/0.json", "c", "b", "a"]), one, "{format}");
    }
}

#[test]
fn people_see_paths_from_where_they_stand() {
    let scratch = Scratch::with(&[("a/x.json", ADMIN), ("b/y.json", ADMIN)]);
    let at = |folder: &str, args: &[&str]| {
        let args = [&["check", "--format", "compact"], args].concat();
        let done = done(&mut scratch.command(folder, args));
        done.files().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(at("a", &[]), ["x.json"]);
    assert_eq!(at("a", &["x.json", "../b"]), ["x.json", "../b/y.json"]);
    assert_eq!(at("a", &["../a/./x.json"]), ["x.json"]);
}

#[test]
fn a_file_outside_the_root_keeps_its_full_path() {
    let (scratch, elsewhere) = (Scratch::new(), Scratch::with(&[("x.json", ADMIN)]));
    let path = elsewhere.path("x.json").to_string_lossy().into_owned();
    let path = fs::canonicalize(&path).map(|path| path.to_string_lossy().into_owned()).unwrap_or(path);
    let folder = path.trim_end_matches("/x.json").to_owned();
    assert_eq!(compact(&scratch, &[&path]), [&*path]);
    assert_eq!(compact(&scratch, &[&folder]), [&*path]);
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_walk_follows_no_link_and_a_named_link_is_followed() {
        let (scratch, elsewhere) = (Scratch::with(&[("a/x.json", ADMIN)]), Scratch::with(&[("y.json", ADMIN)]));
        for (target, link) in [
            (scratch.path("a"), "a/loop"),
            (scratch.path("itself"), "itself"),
            (elsewhere.path("y.json"), "link.json"),
            (elsewhere.path(""), "folder"),
        ] {
            assert!(symlink(target, scratch.path(link)).is_ok());
        }
        assert_eq!(compact(&scratch, &[]), ["a/x.json"]);
        assert_eq!(scratch.whit(&[]).code, Some(1), "a loop of links is no error");
        assert_eq!(compact(&scratch, &["link.json"]), ["link.json"]);
        assert_eq!(compact(&scratch, &["folder"]), ["folder/y.json"]);
        let named = scratch.whit(&["check", "itself", "a/x.json", "--format", "compact"]);
        assert_eq!((named.code, named.files()), (Some(2), vec!["a/x.json"]));
        let listed = scratch.whit(&["-v"]).err;
        assert!(listed.contains("skipped: `link.json` is a symbolic link; name it to check it"), "{listed}");
    }

    #[test]
    fn a_link_before_two_dots_leads_where_the_system_says() {
        let scratch = Scratch::with(&[("a/b/c.txt", ""), ("a/x.json", ADMIN)]);
        assert!(symlink(scratch.path("a/b"), scratch.path("link")).is_ok());
        assert_eq!(compact(&scratch, &["link/../x.json"]), ["a/x.json"]);
    }
}
