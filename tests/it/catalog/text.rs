//! The facts as text, below `catalog/`.

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog")
}

/// A file of `catalog/`.
pub(crate) fn read(name: &str) -> String {
    let path = folder().join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The lines of a file, cut at its tabs.
pub(crate) fn table(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().map(|line| line.split('\t').collect())
}

#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) prefix: String,
    pub(crate) name: String,
    pub(crate) keys: Vec<(String, String)>,
    pub(crate) resources: Vec<Resource>,
    pub(crate) actions: Vec<Action>,
}

#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) name: String,
    pub(crate) arns: Vec<String>,
    pub(crate) keys: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Action {
    pub(crate) name: String,
    pub(crate) level: String,
    pub(crate) flags: Vec<String>,
    pub(crate) targets: Vec<Target>,
    pub(crate) keys: Vec<String>,
    pub(crate) dependents: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) resource: String,
    pub(crate) required: bool,
    pub(crate) keys: Vec<String>,
}

/// All services, sorted by prefix.
pub(crate) fn services() -> Vec<Service> {
    let files = fs::read_dir(folder().join("services")).unwrap_or_else(|error| panic!("catalog/services: {error}"));
    let mut services: Vec<Service> = files.flatten().map(|file| service(&file.path())).collect();
    services.sort_by(|a, b| a.prefix.cmp(&b.prefix));
    services
}

fn service(path: &Path) -> Service {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut service = Service {
        prefix: String::new(),
        name: String::new(),
        keys: Vec::new(),
        resources: Vec::new(),
        actions: Vec::new(),
    };
    for fields in table(&text) {
        match fields[..] {
            ["service", prefix, name] => (service.prefix, service.name) = (prefix.to_owned(), name.to_owned()),
            ["key", name, kind] => service.keys.push((name.to_owned(), kind.to_owned())),
            ["resource", name, arns, keys] => service.resources.push(Resource {
                name: name.to_owned(),
                arns: arns.split(' ').map(str::to_owned).collect(),
                keys: list(keys, ','),
            }),
            ["action", name, level, flags, targets, keys, dependents] => service.actions.push(Action {
                name: name.to_owned(),
                level: level.to_owned(),
                flags: list(flags, ','),
                targets: list(targets, ';').iter().map(|target| self::target(target)).collect(),
                keys: list(keys, ','),
                dependents: list(dependents, ','),
            }),
            _ => panic!("{}: {fields:?}", path.display()),
        }
    }
    assert_eq!(path.file_stem().and_then(|stem| stem.to_str()), Some(&*service.prefix));
    service
}

fn target(text: &str) -> Target {
    let (head, keys) = match text.strip_suffix(']').and_then(|text| text.split_once('[')) {
        Some((head, keys)) => (head, list(keys, ',')),
        None => (text, Vec::new()),
    };
    let resource = head.trim_end_matches('*').to_owned();
    Target { required: head.ends_with('*'), resource, keys }
}

fn list(field: &str, separator: char) -> Vec<String> {
    if field == "-" { Vec::new() } else { field.split(separator).map(str::to_owned).collect() }
}
