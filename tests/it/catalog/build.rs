//! From the text to what is embedded.

use super::grammar;
use super::text::{self, Service};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use whit::letter_case;
use xxhash_rust::xxh3::xxh3_64;

/// The embedded files of the facts, by name.
pub(super) fn facts() -> [(&'static str, Vec<u8>); 2] {
    let (words, names) = Facts::default().build(&text::services());
    [("facts.bin", words), ("facts.txt", names)]
}

/// The embedded files of the managed policies, by name. It takes a while.
pub(super) fn managed_policies() -> [(&'static str, Vec<u8>); 2] {
    let (words, names) = managed(&text::services());
    [("managed.bin", words), ("managed.txt", names)]
}

const LEVELS: [&str; 5] = ["List", "Read", "Write", "Tagging", "Permissions management"];
const TYPES: [&str; 10] =
    ["String", "ArrayOfString", "ARN", "ArrayOfARN", "Bool", "ArrayOfBool", "Numeric", "Date", "IPAddress", "Binary"];
const FLAGS: [&str; 3] = ["permission-only", "deprecated", "wildcard-only"];

fn number(of: &[&str], word: &str) -> u32 {
    of.iter().position(|known| *known == word).unwrap_or_else(|| panic!("`{word}` is none of {of:?}")) as u32
}

fn kind(word: &str) -> u32 {
    if word == "-" { TYPES.len() as u32 } else { number(&TYPES, word) }
}

fn bytes(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

#[derive(Default)]
struct Facts {
    text: String,
    known: HashMap<String, u32>,
    lists: Vec<u32>,
    known_lists: HashMap<Vec<u32>, u32>,
    /// The formats of ARNs, with their numbers.
    formats: BTreeMap<(String, String), u32>,
}

impl Facts {
    fn name(&mut self, name: &str) -> u32 {
        if let Some(reference) = self.known.get(name) {
            return *reference;
        }
        assert!(name.len() < 256 && self.text.len() < 1 << 24, "{name}");
        let reference = (self.text.len() as u32) << 8 | name.len() as u32;
        self.text.push_str(name);
        self.known.insert(name.to_owned(), reference);
        reference
    }

    fn list(&mut self, words: Vec<u32>) -> u32 {
        let next = self.lists.len() as u32;
        let at = *self.known_lists.entry(words.clone()).or_insert(next);
        if at == next {
            self.lists.extend(words);
        }
        at
    }

    fn build(mut self, services: &[Service]) -> (Vec<u8>, Vec<u8>) {
        let all = services.iter().flat_map(|service| &service.resources).flat_map(|resource| &resource.arns);
        self.formats = all.map(|arn| (format_key(arn), 0)).collect();
        (0..).zip(self.formats.values_mut()).for_each(|(at, number)| *number = at);
        let [mut heads, mut actions, mut resources, mut keys] = [const { Vec::<u32>::new() }; 4];
        for (index, service) in services.iter().enumerate() {
            self.service(index as u32, service, &mut actions, &mut resources, &mut keys);
            let ends = [actions.len() as u32 / 3, resources.len() as u32 / 2, keys.len() as u32 / 3];
            heads.extend([self.name(&service.prefix), self.name(&service.name)]);
            heads.extend(ends);
        }
        let global: Vec<u32> = text::table(&text::read("global-keys.txt"))
            .flat_map(|row| [self.name(row[0]), kind(row[1]), fixed(row[0])])
            .collect();
        let mut simple = |file: &str, second: Option<fn(&str) -> u32>| -> Vec<u32> {
            let text = text::read(file);
            let rows = text::table(&text);
            rows.flat_map(|row| [Some(self.name(row[0])), second.map(|second| second(row[1]))]).flatten().collect()
        };
        let retired = simple("retired.txt", Some(|level| number(&LEVELS, level)));
        let principals = simple("principals.txt", None);
        let resource_control = simple("resource-control.txt", None);
        let federated = simple("federated-keys.txt", None);
        let retired_services = simple("retired-services.txt", None);
        let internal: Vec<u32> = internal(services).iter().map(|name| self.name(name)).collect();
        let (mut partitions, mut regions) = (Vec::new(), Vec::new());
        for row in text::table(&text::read("partitions.txt")) {
            regions.extend(row[2].split(' ').map(|region| self.name(region)));
            partitions.extend([self.name(row[0]), self.name(row[1]), regions.len() as u32]);
        }
        let (arn_services, formats) = self.format_tables();
        let actions_by_name =
            places(services.iter().flat_map(|service| {
                service.actions.iter().map(|action| format!("{}:{}", service.prefix, action.name))
            }));
        let services_by_name = places(services.iter().map(|service| service.prefix.clone()));
        let arn_services_by_name = places(self.arn_services());
        // In the order of `Table`, with the words of a record.
        let tables = [
            (heads, 5),
            (actions, 3),
            (resources, 2),
            (keys, 3),
            (self.lists, 1),
            (retired, 2),
            (principals, 1),
            (global, 3),
            (resource_control, 1),
            (federated, 1),
            (partitions, 3),
            (regions, 1),
            (arn_services, 2),
            (formats, 3),
            (actions_by_name, 1),
            (services_by_name, 1),
            (arn_services_by_name, 1),
            (retired_services, 1),
            (internal, 1),
        ];
        let mut start = tables.len() * 2;
        let mut words = Vec::new();
        for (table, width) in &tables {
            words.extend([start as u32, (table.len() / width) as u32]);
            start += table.len();
        }
        words.extend(tables.into_iter().flat_map(|(table, _)| table));
        (bytes(&words), self.text.into_bytes())
    }

    /// The services of ARNs, sorted.
    fn arn_services(&self) -> Vec<String> {
        let mut services: Vec<String> = self.formats.keys().map(|(service, _)| service.clone()).collect();
        services.dedup();
        services
    }

    /// The services of ARNs, and the formats of each.
    fn format_tables(&mut self) -> (Vec<u32>, Vec<u32>) {
        let (mut services, mut formats) = (Vec::new(), Vec::new());
        let mut last: Option<String> = None;
        for (service, arn) in self.formats.clone().into_keys() {
            let parts: Vec<&str> = arn.splitn(6, ':').collect();
            let what = |field: &str| match field {
                "" => 0,
                field if field.starts_with("${") && field.ends_with('}') => 1,
                _ => 2,
            };
            let resource = self.name(&opened(parts[5]));
            formats.extend([self.name(&arn), resource, what(parts[3]) | what(parts[4]) << 8]);
            if last.as_ref() != Some(&service) {
                services.extend([self.name(&service), 0]);
            }
            let end = services.len() - 1;
            services[end] = formats.len() as u32 / 3;
            last = Some(service);
        }
        (services, formats)
    }

    fn service(
        &mut self,
        index: u32,
        service: &Service,
        actions: &mut Vec<u32>,
        resources: &mut Vec<u32>,
        keys: &mut Vec<u32>,
    ) {
        let key = |name: &String| {
            let at = service.keys.iter().position(|(known, _)| known == name);
            at.unwrap_or_else(|| panic!("{}: no key `{name}`", service.prefix)) as u32
        };
        for (name, of) in &service.keys {
            keys.extend([self.name(name), kind(of), fixed(name)]);
        }
        for resource in &service.resources {
            let mut words = vec![(resource.keys.len() as u32) << 16 | resource.arns.len() as u32];
            words.extend(resource.arns.iter().map(|arn| self.formats[&format_key(arn)]));
            words.extend(resource.keys.iter().map(key));
            resources.extend([self.name(&resource.name), self.list(words)]);
        }
        for action in &service.actions {
            let counts = [action.targets.len(), action.keys.len(), action.dependents.len()];
            assert!(counts.iter().all(|count| *count < 256));
            let mut words = vec![(counts[2] << 16 | counts[1] << 8 | counts[0]) as u32];
            for target in &action.targets {
                let at = service.resources.iter().position(|resource| resource.name == target.resource);
                let at = at.unwrap_or_else(|| panic!("{}: no type `{}`", service.prefix, target.resource)) as u32;
                let of_target: Vec<u32> = target.keys.iter().map(key).collect();
                let count = of_target.len() as u32;
                words.extend([count << 16 | u32::from(target.required) << 15 | at, self.list(of_target)]);
            }
            words.extend(action.keys.iter().map(key));
            words.extend(action.dependents.iter().map(|dependent| self.name(dependent)));
            let flags = action.flags.iter().fold(0, |flags, flag| flags | 1 << number(&FLAGS, flag));
            let meta = index << 16 | flags << 4 | number(&LEVELS, &action.level);
            actions.extend([self.name(&format!("{}:{}", service.prefix, action.name)), meta, self.list(words)]);
        }
    }
}

/// Where records are found by the hash of their names, which come in their order: a quarter of the places at least is free.
fn places(names: impl IntoIterator<Item = String>) -> Vec<u32> {
    let hashes: Vec<u64> = names.into_iter().map(|name| letter_case::hash(&name)).collect();
    let mut places = vec![0_u16; (hashes.len() * 4 / 3).next_power_of_two()];
    for (hash, number) in hashes.iter().zip(1..) {
        let mut place = *hash as usize % places.len();
        while places[place] != 0 {
            place = (place + 1) % places.len();
        }
        places[place] = number;
    }
    places.chunks(2).map(|pair| u32::from(pair[0]) | u32::from(pair[1]) << 16).collect()
}

/// The service of an ARN, and the ARN.
fn format_key(arn: &str) -> (String, String) {
    (arn.split(':').nth(2).unwrap_or("").to_owned(), arn.to_owned())
}

/// The length of what is fixed of a condition key's name, and in the highest bit whether more follows.
fn fixed(name: &str) -> u32 {
    let tag = name.strip_suffix("tag-key").filter(|head| head.ends_with('/')).map(str::len);
    match name.find("${").or_else(|| name.find('<')).or(tag) {
        Some(length) => length as u32 | 1 << 31,
        None => name.len() as u32 | u32::from(name.ends_with('/')) << 31,
    }
}

/// A text with `*` for each placeholder.
fn opened(text: &str) -> String {
    let mut parts = text.split("${");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        out.push('*');
        out.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    out
}

/// What managed policies name as actions although there are none of that name, nor were.
fn internal(services: &[Service]) -> BTreeSet<String> {
    let [managed, retired, gone] = ["managed.txt", "retired.txt", "retired-services.txt"].map(text::read);
    let names = services.iter().flat_map(|it| it.actions.iter().map(|action| format!("{}:{}", it.prefix, action.name)));
    let known: BTreeSet<String> =
        names.chain(text::table(&retired).map(|row| row[0].to_owned())).map(|name| name.to_ascii_lowercase()).collect();
    let gone: Vec<&str> = text::table(&gone).map(|row| row[0]).collect();
    let is_internal = |name: &&str| {
        let service = name.split(':').next().unwrap_or("");
        !name.contains(['*', '?']) && !known.contains(&name.to_ascii_lowercase()) && !gone.contains(&service)
    };
    // It stands in the policy that SNS gives a new topic, `__default_policy_ID`.
    let mut found = BTreeSet::from(["SNS:Receive".to_owned()]);
    for row in text::table(&managed) {
        let document: serde_json::Value = serde_json::from_str(row[4]).unwrap_or_else(|error| panic!("{error}"));
        let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        for element in
            list(&document["Statement"]).iter().flat_map(|it| [it["Action"].clone(), it["NotAction"].clone()])
        {
            found.extend(list(&element).iter().filter_map(|it| it.as_str()).filter(is_internal).map(str::to_owned));
        }
    }
    found
}

/// The managed policies: their words and their text.
fn managed(services: &[Service]) -> (Vec<u8>, Vec<u8>) {
    let names = services
        .iter()
        .flat_map(|service| service.actions.iter().map(|action| format!("{}:{}", service.prefix, action.name)));
    let numbers: HashMap<String, u16> = names.zip(0..).collect();
    let text = text::read("managed.txt");
    let rows: Vec<Vec<&str>> = text::table(&text).collect();
    let used =
        rows.iter().flat_map(|row| parts(row[4])).filter_map(|part| numbers.get(part.trim_matches('"')).copied());
    let actions: Vec<u16> = used.collect::<BTreeSet<u16>>().into_iter().collect();
    let symbols = |part: &str| match numbers.get(part.trim_matches('"')).map(|number| actions.binary_search(number)) {
        Some(Ok(at)) => vec![CHARACTERS + at as u32],
        _ => part.bytes().map(u32::from).collect(),
    };
    let mut documents: Vec<Vec<u32>> = rows.iter().map(|row| parts(row[4]).flat_map(symbols).collect()).collect();
    // Two bytes hold no more symbols.
    let pairs = grammar::pairs(&mut documents, CHARACTERS + actions.len() as u32..1 << 15);
    // The symbols that stand there most often take one byte.
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    documents.iter().flatten().for_each(|symbol| *counts.entry(*symbol).or_default() += 1);
    let mut frequent: Vec<(usize, u32)> = counts.into_iter().map(|(symbol, count)| (count, symbol)).collect();
    frequent.sort_by_key(|(count, symbol)| (usize::MAX - count, *symbol));
    let frequent: Vec<u32> = frequent.into_iter().take(128).map(|(_, symbol)| symbol).collect();

    let mut lines = String::new();
    let mut known: HashMap<&str, u32> = HashMap::new();
    let mut line = |text| {
        *known.entry(text).or_insert_with(|| {
            let at = lines.len() as u32;
            lines.extend([text, "\n"]);
            at
        })
    };
    let digests: Vec<u64> = rows.iter().map(|row| xxh3_64(row[4].as_bytes())).collect();
    let mut by_digest: Vec<u32> = (0..rows.len() as u32).collect();
    by_digest.sort_by_key(|policy| digests[*policy as usize]);
    let actions_used = actions.iter().map(|action| u32::from(*action)).collect();
    let halves: Vec<u16> = [by_digest, frequent.clone(), actions_used, pairs.into_flattened()]
        .concat()
        .into_iter()
        .map(|symbol| symbol as u16)
        .collect();
    let start = (2 + rows.len() * 8) * 4 + halves.len() * 2;
    let mut words = vec![rows.len() as u32, actions.len() as u32];
    let mut written = Vec::new();
    for ((row, document), digest) in rows.iter().zip(&documents).zip(&digests) {
        words.extend(row[..4].iter().map(|field| line(*field)));
        words.extend([start + written.len(), row[4].len()].map(|word| word as u32));
        words.extend([*digest as u32, (*digest >> 32) as u32]);
        for symbol in document {
            match frequent.iter().position(|frequent| frequent == symbol) {
                Some(at) => written.push(at as u8),
                None => written.extend([0x80 | (symbol >> 8) as u8, *symbol as u8]),
            }
        }
    }
    let mut bytes = bytes(&words);
    bytes.extend(halves.iter().flat_map(|half| half.to_le_bytes()));
    assert_eq!(bytes.len(), start);
    bytes.extend(written);
    (bytes, lines.into_bytes())
}

/// The symbols that are characters: ASCII.
const CHARACTERS: u32 = 128;

/// The strings of minified JSON, with their quotes, and what stands between them.
fn parts(json: &str) -> impl Iterator<Item = &str> {
    assert!(json.is_ascii());
    let mut rest = json;
    std::iter::from_fn(move || {
        let mut escaped = false;
        let closes = |c: char| {
            let closes = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            closes
        };
        let end = match rest.strip_prefix('"') {
            Some(string) => string.find(closes).unwrap_or_else(|| panic!("no end: {rest}")) + 2,
            None => rest.find('"').unwrap_or(rest.len()),
        };
        let (part, behind) = rest.split_at(end);
        rest = behind;
        (!part.is_empty()).then_some(part)
    })
}
