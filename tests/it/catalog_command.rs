//! `whit catalog` and `whit schema`.

use crate::program::Scratch;
use serde_json::Value;

#[test]
fn the_catalogue_is_counted_listed_and_shown() {
    let scratch = Scratch::new();
    let all = scratch.whit(&["catalog"]);
    assert_eq!(all.code, Some(0));
    for line in ["collected on 2026-10-27", "    457 services", "  22321 actions", "   1582 AWS managed policies"] {
        assert!(all.out.lines().any(|found| found == line), "{line}: {}", all.out);
    }
    let listed = scratch.whit(&["catalog", "iam:putrole*"]);
    let first: Vec<&str> = listed.out.lines().map(|line| line.split(' ').next().unwrap_or("")).collect();
    assert_eq!(first, ["iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]);
    assert!(listed.out.contains("Permissions management") && listed.out.contains("role*"), "{}", listed.out);
    let one = scratch.whit(&["catalog", "s3:GetObject"]);
    for part in ["Read", "arn:${Partition}:s3:::${BucketName}/${ObjectName}", "s3:ExistingObjectTag/<key>"] {
        assert!(one.out.contains(part), "{part}: {}", one.out);
    }
    let managed = scratch.whit(&["catalog", "AmazonS3ReadOnlyAccess"]);
    let document = managed.out.split_once("\n{").map_or("", |(_, rest)| rest);
    let parsed: Value =
        serde_json::from_str(&format!("{{{document}")).unwrap_or_else(|error| panic!("{error}: {}", managed.out));
    assert_eq!(parsed["Version"], "2012-10-17");
    let control = scratch.whit(&["catalog", "RCPFullAWSAccess"]);
    assert!(control.out.contains("p-RCPFullAWSAccess, a resource control policy\n{"), "{}", control.out);
    for (key, told) in [
        ("aws:sourceip", "aws:SourceIp  a condition key, IPAddress\n  global: any request may carry it\n"),
        ("s3:x-amz-content-sha256", "s3:x-amz-content-sha256  a condition key, String\n  "),
        ("s3:prefix", "s3:prefix  a condition key, String\n  supported by: s3:ListBucket"),
        ("aws:RequestTag/team", "aws:RequestTag/${TagKey}  a condition key, String\n  "),
    ] {
        let shown = scratch.whit(&["catalog", key]);
        assert!(shown.code == Some(0) && shown.out.starts_with(told), "{key}: {}{}", shown.out, shown.err);
    }
    let several = scratch.whit(&["catalog", "aws:MultiFactorAuth*"]).out;
    assert_eq!(several, "aws:MultiFactorAuthAge      Numeric\naws:MultiFactorAuthPresent  Bool\n");
    for (word, near) in [
        ("aws:SourceIpp", "did you mean `aws:SourceIp`"),
        ("s3:GetObjects", "did you mean `s3:GetObject`"),
        ("s3:Puttobject*", "did you mean `s3:PutObject`"),
        ("FullAWSAcess", "`FullAWSAccess`"),
        ("dyanmodb:*", "`dynamodb`"),
        ("AdministratorAcces", "`AdministratorAccess`"),
    ] {
        let unknown = scratch.whit(&["catalog", word]);
        assert_eq!(unknown.code, Some(2));
        assert!(unknown.err.contains(near), "{}", unknown.err);
    }
}

fn schema(of: &str) -> Value {
    let text = Scratch::new().whit(&["schema", of]).out;
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn the_schema_of_policies_tells_right_from_wrong() {
    let schema = schema("policy");
    let validator = jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{error}"));
    for policy in whit::catalog::managed_policies() {
        let document: Value = serde_json::from_str(&policy.document()).unwrap_or_else(|error| panic!("{error}"));
        assert!(validator.is_valid(&document), "{}", policy.name());
    }
    let statement = |body: &str| {
        serde_json::from_str(&format!(r#"{{"Version": "2012-10-17", "Statement": {{{body}}}}}"#)).unwrap_or(Value::Null)
    };
    let right = r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*""#;
    assert!(validator.is_valid(&statement(right)));
    for wrong in [
        right.replace("Allow", "allow"),
        right.replace("Action", "action"),
        format!(r#"{right}, "NotAction": "s3:*""#),
        format!(r#"{right}, "NotResource": "*""#),
        format!(r#"{right}, "Principal": "111122223333""#),
        format!(r#"{right}, "Condition": {{"StringMatches": {{"aws:username": "a"}}}}"#),
        right.replace("\"s3:GetObject\"", "5"),
    ] {
        assert!(!validator.is_valid(&statement(&wrong)), "{wrong}");
    }
    let condition = format!(
        r#"{right}, "Condition": {{"ForAnyValue:StringLikeIfExists": {{"aws:username": ["a", "b"]}}, "Null": {{"aws:username": true}}}}"#
    );
    assert!(validator.is_valid(&statement(&condition)));
}

#[test]
fn the_schema_of_the_config_is_the_one_that_is_used() {
    let schema = schema("config");
    assert_eq!(schema, whit::config::schema());
    assert!(jsonschema::meta::is_valid(&schema));
}

#[test]
fn newer_actions_are_taken_from_the_config() {
    let policy = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:BrandNew", "Resource": "arn:aws:s3:::b/*"}}"#;
    let config = "[catalog]\nactions = [\"s3:BrandNew\", \"s3:GetObject\"]\n";
    let without = Scratch::with(&[("p.json", policy)]).whit(&[]);
    assert!(without.out.contains("unknown-action"), "{}", without.out);
    let with = Scratch::with(&[("p.json", policy), ("whit.toml", config)]).whit(&[]);
    assert_eq!((with.code, with.out.contains("unknown-action")), (Some(0), false), "{}", with.out);
    assert!(
        with.err.contains("whit.toml:2:27") && with.err.contains("the catalogue has `s3:GetObject` by now"),
        "{}",
        with.err
    );
    let wrong = Scratch::with(&[("whit.toml", "[catalog]\nactions = [\"BrandNew\"]\n")]).whit(&[]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("whit.toml:2:12"), "{}", wrong.err);
}
