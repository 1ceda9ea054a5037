//! A history made for the purpose: every version against the one before is decided, with the verdict that it should have.

use super::{policy, read, report, write};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

fn git(folder: &Path, args: &[&str]) {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"];
    let output = Command::new("git").current_dir(folder).args(identity).args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A repository of which each version is compared with the one before.
struct History {
    folder: tempfile::TempDir,
}

impl History {
    fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        git(folder.path(), &["init", "-q"]);
        git(folder.path(), &["commit", "-q", "--allow-empty", "-m", "nothing"]);
        History { folder }
    }

    fn write(&self, name: &str, text: &str) {
        write(self.folder.path(), name, text);
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.folder.path().join(name)).unwrap();
    }

    /// Commits what was written; what is new in it: actions with the files that grant them.
    fn commit(&self, what: &str) -> Vec<(String, String)> {
        let folder = self.folder.path();
        git(folder, &["add", "-A"]);
        git(folder, &["commit", "-q", "-m", what]);
        let (code, json) = report(folder, &["HEAD~1..HEAD"]);
        assert_eq!(json["unknown"], json!([]), "{what}: {json}");
        let new = json["new"].as_array().unwrap_or_else(|| panic!("{what}: {json}"));
        assert_eq!(code, Some(i32::from(!new.is_empty())), "{what}: {json}");
        assert!(new.iter().all(|new| new["confidence"] == "exact"), "{what}: {json}");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        new.iter().map(|new| (text(&new["action"]), text(&new["statement"]["file"]))).collect()
    }

    fn is_nothing_new(&self, what: &str) {
        assert_eq!(self.commit(what), [], "{what}");
    }

    fn grants(&self, what: &str, expected: &[(&str, &str)]) {
        let found = self.commit(what);
        let found: Vec<(&str, &str)> = found.iter().map(|(action, file)| (&**action, &**file)).collect();
        assert_eq!(found, expected, "{what}");
    }
}

fn allow(action: &str, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

#[test]
fn documents_that_change_and_move() {
    let history = History::begin();
    let (a, b) = (read("arn:aws:s3:::a/*"), read("arn:aws:s3:::b/*"));
    history.write("reader.json", &policy(&json!([a])));
    history.grants("a document", &[("s3:GetObject", "reader.json")]);
    history.write("reader.json", &policy(&json!([a, b])));
    history.grants("a statement more", &[("s3:GetObject", "reader.json")]);
    history.write("reader.json", &json!({"Statement": [b, a], "Version": "2012-10-17"}).to_string());
    history.is_nothing_new("another order and layout");
    let both =
        json!({"Effect": "Allow", "Action": ["s3:getobject"], "Resource": ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]});
    history.write("reader.json", &policy(&json!([both])));
    history.is_nothing_new("two statements in one");
    let mut mfa = both.clone();
    mfa["Condition"] = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
    history.write("reader.json", &policy(&json!([mfa])));
    history.is_nothing_new("a condition more");
    history.write("reader.json", &policy(&json!([both])));
    history.grants("a condition less", &[("s3:GetObject", "reader.json")]);
    let deny = json!({"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::a/secret/*"});
    history.write("reader.json", &policy(&json!([both, deny])));
    history.is_nothing_new("a deny more");
    history.write("reader.json", &policy(&json!([both])));
    history.grants("a deny less", &[("s3:GetObject", "reader.json")]);
    history.write("reader.json", &policy(&json!([a])));
    history.is_nothing_new("narrower");
    history.remove("reader.json");
    history.write("policies/team/reader.json", &policy(&json!([a])));
    history.is_nothing_new("moved");
    history.remove("policies/team/reader.json");
    history.write("policies/readers.json", &policy(&json!([a, allow("s3:DeleteObject", "arn:aws:s3:::a/*")])));
    history.grants("moved, and wider", &[("s3:DeleteObject", "policies/readers.json")]);
    history.remove("policies/readers.json");
    history.is_nothing_new("gone");
}

#[test]
fn documents_that_move_together_are_told_apart() {
    let history = History::begin();
    let list = |service: &str| allow(&format!("{service}:List*"), "*");
    history.write("a.json", &policy(&json!([list("s3"), read("arn:aws:s3:::a/*"), allow("sqs:SendMessage", "*")])));
    history.write("b.json", &policy(&json!([list("iam"), allow("iam:GetUser", "*"), allow("sns:Publish", "*")])));
    assert!(!history.commit("two documents").is_empty());
    history.remove("a.json");
    history.remove("b.json");
    history.write("x/one.json", &policy(&json!([list("iam"), allow("iam:GetUser", "*"), allow("sns:Publish", "*")])));
    history.write("x/two.json", &policy(&json!([list("s3"), read("arn:aws:s3:::a/*"), allow("sqs:SendMessage", "*")])));
    history.is_nothing_new("both moved");
    history.remove("x/one.json");
    history.remove("x/two.json");
    // The other one could do it already: that is no excuse.
    let more = [list("s3"), read("arn:aws:s3:::a/*"), allow("sqs:SendMessage", "*"), allow("sns:Publish", "*")];
    history.write("y/two.json", &policy(&json!(more)));
    history.write("y/one.json", &policy(&json!([list("iam"), allow("iam:GetUser", "*")])));
    history.grants("both moved, and one took from the other", &[("sns:Publish", "y/two.json")]);
    history.remove("y/one.json");
    history.write("other.json", &policy(&json!([read("arn:aws:s3:::z/*")])));
    history.grants("one went and a different one came", &[("s3:GetObject", "other.json")]);
}

/// A role with inline policies, and what AWS manages attached.
fn role(trusted: &Value, inline: &[&Value], managed: &[&str]) -> String {
    let trust = json!({"Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}]});
    let policies: Vec<Value> = inline
        .iter()
        .enumerate()
        .map(|(number, statements)| {
            json!({"PolicyName": format!("p{number}"),
                "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}})
        })
        .collect();
    let arns: Vec<String> = managed.iter().map(|name| format!("arn:aws:iam::aws:policy/{name}")).collect();
    let role = json!({"Type": "AWS::IAM::Role", "Properties": {"RoleName": "ci", "AssumeRolePolicyDocument": trust,
        "Policies": policies, "ManagedPolicyArns": arns}});
    format!("{:#}\n", json!({"Resources": {"Ci": role}}))
}

#[test]
fn all_policies_of_a_role_count_together() {
    let history = History::begin();
    let ec2 = json!({"Service": "ec2.amazonaws.com"});
    let (a, b) = (read("arn:aws:s3:::a/*"), allow("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q"));
    history.write("t.json", &role(&ec2, &[&json!([a, b])], &[]));
    assert_eq!(history.commit("a role").len(), 3);
    history.write("t.json", &role(&ec2, &[&json!([b]), &json!([a])], &[]));
    history.is_nothing_new("a statement in another policy of the role");
    history.write("t.json", &role(&ec2, &[&json!([b])], &["AmazonS3ReadOnlyAccess"]));
    let found = history.commit("what AWS manages is attached");
    assert!(
        found.iter().all(|(action, file)| action.starts_with("s3") && file == "t.json") && found.len() > 1,
        "{found:?}"
    );
    history.write("t.json", &role(&ec2, &[&json!([b]), &json!([a])], &["AmazonS3ReadOnlyAccess"]));
    history.is_nothing_new("what the attached one allows already");
    history.write("t.json", &role(&ec2, &[&json!([b])], &["AmazonS3FullAccess"]));
    assert!(!history.commit("a wider one of AWS").is_empty());
    history.write("t.json", &role(&ec2, &[&json!([b])], &["AmazonS3ReadOnlyAccess"]));
    history.is_nothing_new("a narrower one of AWS");
    history.remove("t.json");
    history.write("stacks/ci.json", &role(&ec2, &[&json!([b])], &["AmazonS3ReadOnlyAccess"]));
    history.is_nothing_new("the template moved, with the role and its trust policy");
    let more = json!({"Service": "ec2.amazonaws.com", "AWS": "arn:aws:iam::444455556666:role/x"});
    history.write("stacks/ci.json", &role(&more, &[&json!([b])], &["AmazonS3ReadOnlyAccess"]));
    history.grants("trusts one more", &[("sts:AssumeRole", "stacks/ci.json")]);
}

#[test]
fn limits_leave_room_and_grant_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (narrow, wide) = (allow("s3:*", "*"), allow("*", "*"));
    for side in ["old", "new"] {
        write(folder, &format!("{side}/reader.json"), &policy(&json!([read("arn:aws:s3:::a/*")])));
    }
    write(folder, "new/boundary.json", &policy(&json!([narrow])));
    assert_eq!(report(folder, &["old", "new"]).0, Some(0));
    write(folder, "old/boundary.json", &policy(&json!([narrow])));
    assert_eq!(report(folder, &["old", "new"]).0, Some(0));
    write(folder, "new/boundary.json", &policy(&json!([wide])));
    let (code, json) = report(folder, &["old", "new"]);
    assert_eq!((code, &json["new"][0]["confidence"]), (Some(1), &json!("possible")), "{json}");
    fs::remove_file(folder.join("new/boundary.json")).unwrap();
    let (code, json) = report(folder, &["old", "new"]);
    assert_eq!((code, &json["unknown"][0]["file"]), (Some(3), &json!("boundary.json")), "{json}");
}
