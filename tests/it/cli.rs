//! The command line: options, exit codes, and where what is printed goes.

use crate::program::{ADMIN, Done, FINE, Scratch, done};
use std::fs;
use std::process::Stdio;
use whit::rules;

#[test]
fn exit_codes() {
    let scratch = Scratch::with(&[("admin.json", ADMIN), ("fine.json", FINE), ("notes.txt", "no policy")]);
    for (args, code) in [
        (&["fine.json"][..], 0),
        (&["notes.txt"], 0),
        (&["admin.json"], 1),
        (&["."], 1),
        (&["admin.json", "--exit-zero"], 0),
        (&["admin.json", "--fail-on", "never"], 0),
        (&["admin.json", "--fail-on", "low"], 1),
        (&["admin.json", "--ignore", "administrator-access"], 0),
        (&["admin.json", "--select", "root-principal"], 0),
        (&["admin.json", "--select", "root-principal,administrator-access"], 1),
        (&["missing.json"], 2),
        (&["missing.json", "--exit-zero"], 2),
        (&["missing.json", "admin.json"], 2),
        (&["admin.json", "--select", "administrator-acces"], 2),
        (&["admin.json", "--select", "mfa,root-principal"], 0),
        (&["admin.json", "--select", "scope"], 1),
        (&["admin.json", "--ignore", "scope"], 0),
        (&["admin.json", "--select", "scop"], 2),
        (&["admin.json", "--account", "12"], 2),
        (&["admin.json", "--kind", "trsut"], 2),
        (&["admin.json", "--max-file-size", "0"], 2),
        (&["admin.json", "--no-such-option"], 2),
        (&["admin.json", "--config", "missing.toml"], 2),
        (&["admin.json", "--stdin-filename", "x.json"], 2),
    ] {
        let mut all = vec!["check"];
        all.extend(args);
        let done = scratch.whit(&all);
        assert_eq!(done.code, Some(code), "{args:?}\n{}\n{}", done.out, done.err);
    }
}

#[test]
fn the_threshold_is_the_severity_that_the_rule_has() {
    let scratch = Scratch::with(&[("admin.json", ADMIN)]);
    scratch.write("whit.toml", "[severity]\nadministrator-access = \"low\"\n");
    for (threshold, code) in [("critical", 0), ("high", 0), ("medium", 0), ("low", 1), ("never", 0)] {
        assert_eq!(scratch.whit(&["--fail-on", threshold]).code, Some(code), "{threshold}");
    }
    assert_eq!(scratch.whit(&[]).code, Some(0), "the default is medium");
}

#[test]
fn what_cannot_be_read_does_not_hide_what_can() {
    let scratch = Scratch::with(&[("admin.json", ADMIN)]);
    let done = scratch.whit(&["check", "missing.json", "admin.json", "--format", "compact"]);
    assert_eq!((done.code, done.files()), (Some(2), vec!["admin.json"]));
    assert!(done.err.contains("error: `missing.json` cannot be read: "), "{}", done.err);
}

#[test]
fn without_a_command_the_current_folder_is_checked() {
    let scratch = Scratch::with(&[("a/admin.json", ADMIN)]);
    let whole = scratch.whit(&["check", ".", "--format", "compact"]);
    assert_eq!(whole.files(), ["a/admin.json"]);
    assert_eq!(scratch.whit(&["--format", "compact"]).out, whole.out);
    assert_eq!(scratch.whit(&["check", "--format", "compact"]).out, whole.out);
    assert_eq!(scratch.whit(&[]).out, scratch.whit(&["check", "."]).out);
}

#[test]
fn help_and_version_go_to_the_output_and_mistakes_do_not() {
    let scratch = Scratch::new();
    for (args, word) in
        [(&["--help"][..], "Exit codes:"), (&["check", "--help"], "--stdin-filename"), (&["-V"], "whit ")]
    {
        let done = scratch.whit(args);
        assert_eq!((done.code, &*done.err), (Some(0), ""), "{args:?}");
        assert!(done.out.contains(word), "{}", done.out);
    }
    scratch.write("policies/fine.json", FINE);
    let done = scratch.whit(&["policies/"]);
    assert_eq!((done.code, &*done.out), (Some(2), ""));
    assert!(done.err.contains("`whit check policies/`"), "{}", done.err);
    let done = scratch.whit(&["chekc"]);
    assert_eq!((done.code, &*done.out), (Some(2), ""));
    assert!(done.err.contains("check"), "{}", done.err);
}

#[test]
fn standard_input_is_read_once_and_has_the_name_that_it_is_given() {
    let scratch = Scratch::with(&[("roles/x.json", FINE)]);
    let compact = ["check", "-", "--format", "compact"];
    assert_eq!(scratch.whit_reading(&compact, ADMIN).files(), ["-"]);
    let named = |args: &[&str]| {
        scratch.whit_reading(&[&compact[..], &["--stdin-filename", "roles/x.json"], args].concat(), ADMIN)
    };
    assert_eq!(named(&[]).files(), ["roles/x.json"]);
    assert_eq!(named(&["-"]).out, named(&[]).out);
    assert_eq!(named(&["roles/x.json", "."]).out, named(&[]).out, "what is typed stands for what is on the disk");
    assert_eq!(scratch.whit_reading(&compact, FINE).code, Some(0));
}

#[test]
fn standard_input_that_is_too_large_is_an_error() {
    let scratch = Scratch::with(&[("admin.json", ADMIN)]);
    let args = ["check", "-", "admin.json", "--max-file-size", "1", "--format", "compact"];
    let done = scratch.whit_reading(&args, &" ".repeat((1 << 20) + 1));
    assert_eq!((done.code, done.files()), (Some(2), vec!["admin.json"]), "{}", done.err);
    assert!(done.err.contains("error: `-` is larger than 1 MiB"), "{}", done.err);
}

#[test]
fn a_report_goes_to_a_file_whole_or_not_at_all() {
    let scratch = Scratch::with(&[("admin.json", ADMIN), ("out/old.json", "old")]);
    let printed = scratch.whit(&["--format", "compact"]).out;
    let done = scratch.whit(&["--format", "compact", "-o", "out/new.txt"]);
    assert_eq!((done.code, &*done.out), (Some(1), ""));
    assert_eq!(fs::read_to_string(scratch.path("out/new.txt")).ok().as_deref(), Some(&*printed));
    let mut names: Vec<_> =
        fs::read_dir(scratch.path("out")).into_iter().flatten().flatten().map(|entry| entry.file_name()).collect();
    names.sort();
    assert_eq!(names, ["new.txt", "old.json"], "nothing is left beside it");

    let done = scratch.whit(&["-o", "nowhere/new.txt"]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("error: `nowhere/new.txt` cannot be written"), "{}", done.err);
    if cfg!(unix) {
        assert_eq!(scratch.whit(&["-o", "/dev/null"]).code, Some(1), "a device is written as it is");
    }
}

#[test]
fn a_report_is_no_input_of_the_next_run() {
    let scratch = Scratch::with(&[("admin.json", ADMIN)]);
    let args = ["--format", "json", "-o", "report.json"];
    scratch.whit(&args);
    // What a report could hold at the worst.
    scratch.write("report.json", ADMIN);
    scratch.whit(&args);
    let report = fs::read_to_string(scratch.path("report.json")).unwrap_or_default();
    assert!(report.contains("admin.json") && !report.contains("report.json"), "{report}");
}

#[test]
fn colour_is_for_those_who_want_it() {
    let scratch = Scratch::with(&[("admin.json", ADMIN)]);
    let colored = |args: &[&str], variable: (&str, &str)| {
        done(scratch.command("", args).env(variable.0, variable.1)).out.contains('\u{1b}')
    };
    let nothing = ("UNUSED", "");
    assert!(!colored(&[], nothing), "no terminal");
    assert!(colored(&["--color", "always"], nothing));
    assert!(colored(&["--color", "always"], ("NO_COLOR", "1")), "an option says more than a variable");
    assert!(colored(&[], ("CLICOLOR_FORCE", "1")));
    assert!(!colored(&["--color", "never"], ("CLICOLOR_FORCE", "1")));
    assert!(!colored(&["--format", "compact"], nothing));
    assert!(colored(&["explain", "administrator-access", "--color", "always"], nothing));
}

#[test]
fn quiet_says_nothing_beside_the_findings_but_errors() {
    let scratch = Scratch::with(&[("admin.json", ADMIN)]);
    assert_eq!(scratch.whit(&["-q"]).err, "");
    assert_ne!(scratch.whit(&[]).err, "");
    assert!(scratch.whit(&["check", "-q", "missing.json"]).err.starts_with("error: `missing.json` "));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let scratch = Scratch::new();
    let mut command = scratch.command("", ["rules", "--format", "json"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{error}"));
    drop(child.stdout.take());
    let done = child.wait_with_output().map_or_else(|error| panic!("{error}"), Done::from);
    assert_eq!((done.code, &*done.err), (Some(0), ""));
}

#[test]
fn explain_prints_the_page() {
    let scratch = Scratch::new();
    for entry in rules::all() {
        let done = scratch.whit(&["explain", entry.doc.id]);
        assert_eq!((done.code, &*done.err), (Some(0), ""));
        for part in [entry.doc.id, entry.doc.title, "Why it matters", "How to fix", "wrong:", "right:"] {
            assert!(done.out.contains(part), "{part} in {}", done.out);
        }
        assert!(!done.out.contains("```") && !done.out.contains("## "), "{}", done.out);
    }
}

#[test]
fn explain_knows_the_checks_of_other_tools() {
    let scratch = Scratch::new();
    for word in ["CKV_AWS_62", "checkov:CKV_AWS_62", "ckv_aws_62"] {
        let done = scratch.whit(&["explain", word]);
        assert_eq!(done.code, Some(0), "{word}: {}", done.err);
        assert!(done.out.contains("administrator-access"), "{}", done.out);
    }
}

#[test]
fn explain_knows_what_may_have_been_meant() {
    let scratch = Scratch::new();
    for (word, hint) in [
        ("administrator-acess", "did you mean `administrator-access`"),
        ("administrator", "`administrator-access`"),
        ("zzzzzzzz", "`whit rules` lists them"),
    ] {
        let done = scratch.whit(&["explain", word]);
        assert_eq!((done.code, &*done.out), (Some(2), ""), "{word}");
        assert!(
            done.err.starts_with(&format!("error: `{word}` is no rule")) && done.err.contains(hint),
            "{}",
            done.err
        );
    }
}

#[test]
fn rules_are_listed_for_people_and_programs() {
    let scratch = Scratch::new();
    let table = scratch.whit(&["rules"]).out;
    let ids: Vec<&str> = table.lines().skip(1).filter_map(|line| line.split(' ').next()).collect();
    let known: Vec<&str> = rules::all().iter().map(|entry| entry.doc.id).collect();
    assert_eq!(ids, known);
    let columns = |line: &str| line.split_whitespace().take(5).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        table.lines().next().map(columns),
        Some(["rule", "severity", "confidence", "category", "shown"].map(Into::into).to_vec())
    );
    for (id, shown, said) in [
        ("administrator-access", "always", "`whit check` shows its findings\n"),
        ("root-principal", "in part", "`whit check` shows its plain findings, and those that only"),
        ("plain-http", "--pedantic", "`whit check` shows its findings only with `--pedantic`\n"),
    ] {
        let row = table.lines().find(|line| line.starts_with(&format!("{id} "))).unwrap_or("");
        assert!(row.contains(&format!("  {shown} ")), "{row}");
        let page = scratch.whit(&["explain", id]).out;
        assert!(page.contains(said), "{page}");
    }

    let json: serde_json::Value =
        serde_json::from_str(&scratch.whit(&["rules", "--format", "json"]).out).unwrap_or_default();
    let listed: Vec<&str> = json.as_array().into_iter().flatten().filter_map(|rule| rule["id"].as_str()).collect();
    assert_eq!(listed, known);

    let mfa = scratch.whit(&["rules", "--category", "mfa", "--format", "json"]).out;
    let mfa: serde_json::Value = serde_json::from_str(&mfa).unwrap_or_default();
    let mfa = mfa.as_array().cloned().unwrap_or_default();
    assert!(!mfa.is_empty() && mfa.iter().all(|rule| rule["category"] == "mfa"), "{mfa:?}");
    assert_eq!(scratch.whit(&["rules", "--category", "nonsense"]).code, Some(2));
}

#[test]
fn a_kind_holds_for_all_that_is_named() {
    let scratch = Scratch::new();
    let kinds =
        |kind: &[&str]| scratch.whit_reading(&[&["check", "-", "--format", "compact"], kind].concat(), ADMIN).code;
    assert_eq!(kinds(&[]), Some(1));
    assert_eq!(kinds(&["--kind", "scp"]), Some(0), "a service control policy grants nothing");
}

#[test]
fn what_the_user_names_is_read_as_what_it_looks_like() {
    let scratch = Scratch::new();
    let yaml = "Resources:\n  R:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - {Effect: Allow, Action: '*', Resource: '*'}\n";
    let hcl = "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"*\"]\n    resources = [\"*\"]\n  }\n}\n";
    let terragrunt = "inputs = {\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"*\", Resource = \"*\" }] })\n}\n";
    for text in [ADMIN, yaml, hcl, terragrunt] {
        let piped = scratch.whit_reading(&["check", "-", "--format", "compact"], text);
        assert_eq!((piped.code, piped.files()), (Some(1), vec!["-"]), "{text}{}", piped.err);
        assert!(piped.out.contains("[administrator-access]"), "{}", piped.out);
        scratch.write("p.txt", text);
        let named = scratch.whit(&["check", "p.txt", "--format", "compact"]);
        assert_eq!((named.code, named.files()), (Some(1), vec!["p.txt"]), "{text}{}", named.err);
        for template in ["p.json.j2", "p.erb", "p.conf"] {
            scratch.write(template, text);
            let named = scratch.whit(&["check", template, "--format", "compact"]);
            assert_eq!((named.code, named.files()), (Some(1), vec![template]), "{text}{}", named.err);
        }
        assert_eq!(scratch.whit(&["check", "."]).code, Some(0), "a walk goes by the names");
    }
    scratch.write("terragrunt.hcl", terragrunt);
    assert_eq!(scratch.whit(&["check", ".", "--format", "compact"]).files(), ["terragrunt.hcl"]);

    let prose = "As to policies:\nwrite Statement, Effect and Action, says the guide.\n";
    let piped = scratch.whit_reading(&["check", "-"], prose);
    assert!(piped.code == Some(2) && piped.err.contains("`-` was not read"), "{}", piped.err);
    scratch.write("p.txt", prose);
    let named = scratch.whit(&["check", "p.txt"]);
    assert!(named.code == Some(0) && named.err.contains("`p.txt` was not read"), "{}", named.err);
    scratch.write("p.j2", format!("{{# who: ops #}}\n{{% set a = 1 %}}\n{ADMIN}"));
    assert_eq!(scratch.whit(&["check", "p.j2", "--format", "compact"]).files(), ["p.j2"]);
    scratch.write("p.j2", prose);
    let named = scratch.whit(&["check", "p.j2"]);
    assert!(named.err.contains("`p.j2` was not read"), "{}", named.err);
    scratch.write("p.py", prose);
    assert!(!scratch.whit(&["check", "p.py"]).err.contains("not read"));
}

#[test]
fn a_report_that_lies_about_is_no_policy() {
    let keys = format!(
        "{{\"id\": \"AKIAQ3EGUB5KTWLXN7RM\", \"secret\": \"{}\"}}\n",
        "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"
    );
    let scratch = Scratch::with(&[("admin.json", ADMIN), ("keys.json", &keys)]);
    let before = scratch.whit(&["--format", "compact"]);
    for name in ["out.sarif", "out.json"] {
        assert_eq!(scratch.whit(&["--format", "sarif", "-o", name]).code, Some(1));
        assert_eq!(scratch.whit(&["--format", "compact"]).out, before.out, "{name}");
    }
}

#[test]
fn nothing_to_check_is_said() {
    let scratch = Scratch::with(&[("a/admin.json", ADMIN)]);
    std::fs::create_dir(scratch.path("empty")).unwrap();
    let warning = "warning: no file was found to check\n";
    let done = scratch.whit(&["check", "empty"]);
    assert!(done.code == Some(0) && done.err.starts_with(warning), "{}", done.err);
    assert!(!scratch.whit(&["check", "empty", "--quiet"]).err.contains(warning));
    assert!(!scratch.whit(&["check", "a"]).err.contains(warning));
}

#[test]
fn arguments_that_mean_nothing_are_refused_in_words() {
    let scratch = Scratch::with(&[("a.json", ADMIN)]);
    for (args, words) in [
        (&["check", "-j", "0"][..], "a number of threads is 1 or more"),
        (&["check", "--kind", "resource:s33", "a.json"], "AWS has no service `s33`: did you mean `s3`"),
        (&["check", "--kind", "nonsense", "a.json"], "`resource:s3` (any service)"),
    ] {
        let done = scratch.whit(args);
        assert!(done.code == Some(2) && done.err.contains(words), "{args:?}: {}", done.err);
    }
    scratch.write("whit.toml", "[[policy]]\nkind = \"resource:s33\"\npaths = [\"*.json\"]\n");
    let done = scratch.whit(&["check", "a.json"]);
    assert!(done.code == Some(2) && done.err.contains("whit.toml:2:8"), "{}", done.err);
    assert!(done.err.contains("AWS has no service `s33`"), "{}", done.err);
}
