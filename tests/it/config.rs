//! `whit.toml`: what it does, and how its mistakes are shown.

use crate::program::{ADMIN, FINE, Scratch, done};
use whit::config::{Config, schema};

/// The one mistake of a config: line and column, message, help.
fn mistake(text: &str) -> (usize, usize, String, String) {
    match Config::read(text) {
        Ok(config) => panic!("nothing wrong with {text}: {config:?}"),
        Err(problems) => {
            assert_eq!(problems.len(), 1, "{text}: {problems:?}");
            let (line, column) = whit::config::position(text, problems[0].at.start);
            (line, column, problems[0].message.clone(), problems[0].help.clone())
        }
    }
}

#[test]
fn every_mistake_is_shown_where_it_stands_with_a_way_out() {
    for (text, line, column, message, help) in [
        ("selct = []", 1, 1, "`selct` is no setting", "did you mean `select`?"),
        ("\nzzzz = 1", 2, 1, "`zzzz` is no setting", "known are `accounts`"),
        ("select = \"root-principal\"", 1, 10, "`select` wants a list", "as `[\"root-principal\", \"mfa\"]`"),
        ("select = []", 1, 10, "`select` is empty", "delete it"),
        ("select = [\"scop\"]", 1, 11, "`scop` is no rule", "did you mean `scope`?"),
        ("select = [\"root-principl\"]", 1, 11, "`root-principl` is no rule", "did you mean `root-principal`?"),
        ("accounts = [\"12\"]", 1, 13, "`12` is no account number", "twelve digits"),
        ("accounts = [123456789012]", 1, 13, "`accounts` wants a string", "twelve digits in quotes"),
        ("pedantic = \"yes\"", 1, 12, "`pedantic` wants `true` or `false`", "`true`"),
        ("fail-on = \"hihg\"", 1, 11, "`hihg` is no threshold", "did you mean `high`?"),
        ("fail_on = \"high\"", 1, 1, "`fail_on` is no setting", "did you mean `fail-on`?"),
        (
            "[severity]\nroot-principal = \"low\"\n\nfail-on = \"high\"",
            4,
            1,
            "`fail-on` stands inside of a table",
            "move `fail-on` to the top of the file",
        ),
        (
            "[[policy]]\nkind = \"scp\"\npaths = [\"x\"]\npedantic = true",
            4,
            1,
            "`pedantic` stands inside",
            "to the top",
        ),
        ("[severity]\nroot-principal = \"bad\"", 2, 18, "`bad` is no severity", "known are `low`, `medium`"),
        ("[severity]\nroot-pricipal = \"low\"", 2, 1, "`root-pricipal` is no rule", "did you mean `root-principal`?"),
        ("[[ignore]]\nrule = \"root-principal\"", 1, 1, "`reason` is missing", "`rule`, `reason`"),
        ("[[ignore]]\nreason = \"é\"\nrule = \"x\"", 3, 8, "`x` is no rule", "`whit rules`"),
        ("[[ignore]]\nrule = \"root-principal\"\nreason = \" \"", 3, 10, "` ` is no reason", "write why"),
        ("[[ignore]]\nrule = \"root-principal\"\nreason = \"é\"\npaths = []", 4, 9, "`paths` is empty", "delete it"),
        (
            "[[ignore]]\nrule = \"root-principal\"\nreason = \"é\"\npath = [\"x\"]",
            4,
            1,
            "`path` is no part of an `[[ignore]]`",
            "`paths`",
        ),
        ("[[policy]]\nkind = \"trsut\"\npaths = [\"x\"]", 2, 8, "`trsut` is no policy kind", "`trust`"),
        ("[[policy]]\nkind = \"trust\"\npaths = [\"é/*\", \"a[\"]", 3, 17, "`a[` is no glob", "bracket"),
        ("policy = { kind = \"trust\" }", 1, 10, "`policy` wants a list", "`[[policy]]`"),
        ("select = [\n", 1, 11, "unclosed array", ""),
        ("pedantic = true\npedantic = true", 2, 1, "duplicate key", ""),
    ] {
        let (at_line, at_column, said, way_out) = mistake(text);
        assert_eq!((at_line, at_column), (line, column), "{text}: {said}");
        assert!(said.contains(message), "{text}: {said}");
        assert!(way_out.contains(help), "{text}: {way_out}");
    }
}

#[test]
fn mistakes_come_in_the_order_of_the_text() {
    let text = "pedantic = 1\naccounts = [\"1\", \"2\"]\nselct = 1\n";
    let starts: Vec<usize> = Config::read(text).err().into_iter().flatten().map(|problem| problem.at.start).collect();
    assert_eq!(starts, [11, 25, 30, 35]);
}

#[test]
fn the_schema_is_one_and_asks_for_no_choice() {
    assert!(jsonschema::meta::is_valid(&schema()));
    let text = schema().to_string();
    assert!(!text.contains("anyOf") && !text.contains("oneOf"), "their errors say nothing to people");
}

#[test]
fn a_wrong_config_ends_the_run_before_it_begins() {
    let scratch = Scratch::with(&[("admin.json", ADMIN), ("whit.toml", "# é\nselct = []\n")]);
    let wrong = scratch.whit(&["--exit-zero"]);
    assert_eq!((wrong.code, &*wrong.out), (Some(2), ""));
    for part in ["`selct` is no setting", "whit.toml:2:1", "selct = []", "did you mean `select`?"] {
        assert!(wrong.err.contains(part), "{part} in {}", wrong.err);
    }
    assert_eq!(scratch.whit(&["--no-config"]).code, Some(1));
    scratch.write("other.toml", "fail-on = \"never\"\n");
    assert_eq!(scratch.whit(&["--config", "other.toml"]).code, Some(0));
    assert_eq!(
        done(&mut scratch.command(".git", ["--config", "../other.toml", "check", ".."])).code,
        Some(2),
        "mixed up"
    );
    assert_eq!(done(&mut scratch.command(".git", ["check", "--config", "../other.toml", ".."])).code, Some(0));
}

#[test]
fn a_config_that_is_no_text_file_is_an_error() {
    let scratch = Scratch::with(&[("admin.json", ADMIN), ("latin.toml", "")]);
    scratch.write("latin.toml", b"# \xE9\n");
    assert!(std::fs::create_dir(scratch.path("whit.toml")).is_ok());
    for (args, why) in [
        (&[][..], "`whit.toml` is no file"),
        (&["--config", "whit.toml"], "`whit.toml` cannot be read"),
        (&["--config", "missing.toml"], "`missing.toml` cannot be read"),
        (&["--config", "latin.toml"], "`latin.toml` is not UTF-8"),
    ] {
        let done = scratch.whit(args);
        assert_eq!(done.code, Some(2), "{args:?}");
        assert!(done.err.starts_with(&format!("error: {why}")), "{}", done.err);
    }
}

#[test]
fn settings_do_what_they_say() {
    let ignore = "[[ignore]]\nrule = \"administrator-access\"\nreason = \"break glass\"\n";
    for (config, code) in [
        ("", 1),
        ("fail-on = \"never\"", 0),
        ("select = [\"root-principal\"]", 0),
        ("select = [\"administrator-access\"]", 1),
        ("select = [\"mfa\", \"trust\"]", 0),
        ("select = [\"mfa\", \"scope\"]", 1),
        (ignore, 0),
        (&*format!("{ignore}paths = [\"a/*.json\"]"), 0),
        (&*format!("{ignore}paths = [\"./a/\"]"), 0),
        (&*format!("{ignore}paths = [\"*.json\"]"), 1),
        (&*format!("{ignore}paths = [\"**/x.json\"]"), 0),
        ("[[policy]]\nkind = \"scp\"\npaths = [\"a/x.json\"]", 0),
        ("[severity]\nadministrator-access = \"low\"", 0),
        ("\u{feff}fail-on = \"never\"", 0),
    ] {
        let scratch = Scratch::with(&[("a/x.json", ADMIN), ("whit.toml", config)]);
        let run = scratch.whit(&[]);
        assert_eq!(run.code, Some(code), "{config}\n{}{}", run.out, run.err);
        let below = done(&mut scratch.command("a", ["check", "x.json"]));
        assert_eq!(below.code, Some(code), "globs count from the root: {config}");
    }
}

#[test]
fn options_win_over_the_config() {
    let scratch =
        Scratch::with(&[("x.json", ADMIN), ("whit.toml", "fail-on = \"never\"\nselect = [\"root-principal\"]\n")]);
    assert_eq!(scratch.whit(&["--fail-on", "low"]).code, Some(0));
    assert_eq!(scratch.whit(&["--select", "administrator-access"]).code, Some(0));
    assert_eq!(scratch.whit(&["--select", "administrator-access", "--fail-on", "low"]).code, Some(1));
}

#[test]
fn a_glob_that_matches_nothing_is_told_when_all_is_checked() {
    let config = "[[policy]]\nkind = \"boundary\"\npaths = [\"a/*.json\", \"gone/\"]\n";
    let scratch = Scratch::with(&[("a/x.json", FINE), ("whit.toml", config)]);
    let warning = "warning: whit.toml:3:22: `gone/` matches no file that was checked: mend the glob, or delete it\n";
    let whole = scratch.whit(&["-q"]);
    assert_eq!((whole.code, &*whole.err), (Some(0), warning));
    assert_eq!(scratch.whit(&["check", "-q", "a"]).err, "", "a part of the files says nothing of the rest");
}
