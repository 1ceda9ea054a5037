//! What cannot be read is said, and hides nothing of the rest.

use super::{diff, policy, read, report, write};
use serde_json::json;
use std::process::Command;

/// A policy that ends too early.
fn broken() -> String {
    let whole = policy(&json!([read("arn:aws:s3:::a/*")]));
    whole[..whole.len() - 4].to_owned()
}

#[test]
fn a_file_that_cannot_be_read_to_its_end_is_said_and_the_rest_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for side in ["old", "new"] {
        write(folder, &format!("{side}/a.json"), &policy(&json!([read("arn:aws:s3:::a/*")])));
        write(folder, &format!("{side}/z.json"), &policy(&json!([read("arn:aws:s3:::a/*")])));
    }
    write(folder, "old/m.json", &policy(&json!([read("arn:aws:s3:::a/*")])));
    write(folder, "new/m.json", &broken());
    // Nothing else is new: not decided.
    let (code, json) = report(folder, &["old", "new", "--unknown=allow"]);
    assert_eq!((code, &json["result"]), (Some(0), &json!("unknown")), "{json}");
    let (code, json) = report(folder, &["old", "new"]);
    assert_eq!((code, &json["result"]), (Some(3), &json!("unknown")), "{json}");
    let unknown = &json["unknown"][0];
    assert_eq!(unknown["file"], "m.json");
    assert!(unknown["why"].as_str().unwrap().contains("is never closed"), "{json}");
    assert!(unknown["span"]["start"].is_u64(), "{json}");
    let text = String::from_utf8(diff(folder, &["old", "new"]).stdout).unwrap();
    assert!(text.starts_with("not decided: `m.json:1` cannot be read to its end: "), "{text}");
    // What is behind it in the folder counts all the same.
    write(folder, "new/z.json", &policy(&json!([read("arn:aws:s3:::b/*")])));
    let (code, json) = report(folder, &["old", "new"]);
    assert_eq!((code, &json["result"]), (Some(1), &json!("new_access")), "{json}");
    let files: Vec<_> =
        json["new"].as_array().unwrap().iter().map(|new| (&new["statement"]["file"], &new["confidence"])).collect();
    // And so does what could be read of the file itself, but not for certain.
    assert!(files.contains(&(&json!("z.json"), &json!("exact"))), "{json}");
    assert!(files.iter().all(|(file, confidence)| *file != "m.json" || **confidence == "possible"), "{json}");
    assert_eq!(json["unknown"].as_array().unwrap().len(), 1, "{json}");
    for format in ["sarif", "markdown"] {
        let out = String::from_utf8(diff(folder, &["old", "new", "--format", format]).stdout).unwrap();
        assert!(
            out.to_lowercase().contains("not decided") && out.contains("m.json") && out.contains("z.json"),
            "{out}"
        );
    }
}

#[test]
fn what_could_not_be_read_before_leaves_the_change_open() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "old/a.json", &broken());
    write(folder, "new/a.json", &broken());
    // The same bytes are no change, whatever they mean.
    assert_eq!(report(folder, &["old", "new"]).0, Some(0));
    write(folder, "new/a.json", &policy(&json!([read("arn:aws:s3:::a/*")])));
    let (code, json) = report(folder, &["old", "new"]);
    assert_eq!(code, Some(3), "{json}");
    assert!(json["unknown"][0]["why"].as_str().unwrap().ends_with("(in what was)"), "{json}");
    write(folder, "new/a.json", &policy(&json!([read("arn:aws:s3:::b/*")])));
    let (code, json) = report(folder, &["old", "new"]);
    assert_eq!((code, &json["new"][0]["confidence"]), (Some(1), &json!("possible")), "{json}");
}

#[test]
fn a_broken_file_that_the_user_names_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "old.json", &policy(&json!([read("arn:aws:s3:::a/*")])));
    write(folder, "new.json", &broken());
    for args in [["old.json", "new.json"], ["new.json", "old.json"]] {
        let (code, json) = report(folder, &args);
        assert_eq!((code, &json["unknown"][0]["file"]), (Some(2), &json!("new.json")), "{json}");
    }
}

#[test]
fn broken_terraform_and_yaml_have_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "old/a.json", &policy(&json!([read("arn:aws:s3:::a/*")])));
    write(folder, "new/main.tf", "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({\n");
    write(folder, "new/t.yaml", "Resources:\n  P:\n    Statement: [{Effect: Allow\n    Action: 'x\n");
    let (code, json) = report(folder, &["old", "new"]);
    assert_eq!(code, Some(3), "{json}");
    let all = json["unknown"].as_array().unwrap();
    let files: Vec<&str> = all.iter().map(|it| it["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["main.tf", "t.yaml"], "{json}");
    assert!(all.iter().all(|it| it["span"]["start"].is_u64()), "{json}");
}

#[test]
fn grants_shows_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "p/a.json", &broken());
    write(folder, "p/z.json", &policy(&json!([read("arn:aws:s3:::a/*")])));
    let output = Command::new(env!("CARGO_BIN_EXE_whit")).current_dir(folder).args(["grants", "p"]).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(2), "{out}{err}");
    assert!(out.contains("z.json\n") && err.starts_with("error: `a.json:1` cannot be read to its end"), "{out}{err}");
}
