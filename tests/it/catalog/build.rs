//! From the text to what is embedded.

use super::text::{self, Service};
use std::collections::{BTreeMap, HashMap};

/// The four embedded files, by name.
pub(crate) fn embedded() -> BTreeMap<&'static str, Vec<u8>> {
    let services = text::services();
    let facts = Facts::default().build(&services);
    let (words, names) = managed(&services);
    [("facts.bin", facts.0), ("facts.txt", facts.1), ("managed.bin", words), ("managed.txt", names)].into()
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
        let (mut partitions, mut regions) = (Vec::new(), Vec::new());
        for row in text::table(&text::read("partitions.txt")) {
            regions.extend(row[2].split(' ').map(|region| self.name(region)));
            partitions.extend([self.name(row[0]), self.name(row[1]), regions.len() as u32]);
        }
        let (arn_services, formats) = self.format_tables();
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
            (retired_services, 1),
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

/// The managed policies: their words and their text.
fn managed(services: &[Service]) -> (Vec<u8>, Vec<u8>) {
    let names = services
        .iter()
        .flat_map(|service| service.actions.iter().map(|action| format!("{}:{}", service.prefix, action.name)));
    let actions: HashMap<String, u32> = names.zip(0..).collect();
    let text = text::read("managed.txt");
    let policies: Vec<(Vec<&str>, Vec<Token>)> = text::table(&text)
        .map(|row| {
            let tokens = tokens(row[4]);
            (row, tokens)
        })
        .collect();
    // The strings that stand there most often get the shortest numbers.
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for token in policies.iter().flat_map(|(_, tokens)| tokens) {
        if let Token::String(string) = token {
            *counts.entry(string).or_default() += 1;
        }
    }
    let mut strings: Vec<(&str, u32)> = counts.into_iter().collect();
    strings.sort_by_key(|(string, count)| (u32::MAX - count, *string));
    let ids: HashMap<&str, u32> = strings.iter().map(|(string, _)| *string).zip(4..).collect();

    let mut lines = String::new();
    let mut known: HashMap<String, u32> = HashMap::new();
    let mut line = |text: &str| {
        *known.entry(text.to_owned()).or_insert_with(|| {
            let at = lines.len() as u32;
            lines.push_str(text);
            lines.push('\n');
            at
        })
    };
    let mut words = vec![policies.len() as u32, strings.len() as u32];
    let mut documents = Vec::new();
    let start = (2 + policies.len() * 6 + strings.len()) * 4;
    for (row, tokens) in &policies {
        words.extend(row[..4].iter().map(|field| line(field)));
        words.push((start + documents.len()) as u32);
        for token in tokens {
            let number = match token {
                Token::Bracket(number) => *number,
                Token::String(string) => ids[&**string],
            };
            varint(number, &mut documents);
        }
        words.push((start + documents.len()) as u32);
    }
    words.extend(strings.iter().map(|(string, _)| match actions.get(*string) {
        Some(action) => 1 << 31 | action,
        None => line(string),
    }));
    let mut bytes = bytes(&words);
    assert_eq!(bytes.len(), start);
    bytes.extend(documents);
    (bytes, lines.into_bytes())
}

enum Token {
    Bracket(u32),
    String(String),
}

/// The brackets and strings of minified JSON. Strings as they are kept: without quotes, and shortened where they are ARNs;
/// other scalars with a mark before them.
fn tokens(json: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '{' | '}' | '[' | ']' => {
                tokens.push(Token::Bracket("{}[]".find(first).unwrap_or(0) as u32));
                1
            }
            ',' | ':' => 1,
            '"' => {
                let mut escaped = false;
                let end = rest[1..].find(|c| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                });
                let end = end.unwrap_or_else(|| panic!("no end: {rest}")) + 1;
                let string = &rest[1..end];
                tokens.push(Token::String(match string.strip_prefix("arn:aws:") {
                    Some(arn) => format!("\u{2}{arn}"),
                    None => string.to_owned(),
                }));
                end + 1
            }
            _ => {
                let end = rest.find([',', ']', '}']).unwrap_or(rest.len());
                tokens.push(Token::String(format!("\u{1}{}", &rest[..end])));
                end
            }
        };
        rest = &rest[length..];
    }
    tokens
}

fn varint(mut number: u32, out: &mut Vec<u8>) {
    while number > 0x7F {
        out.push(number as u8 & 0x7F | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
