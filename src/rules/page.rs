//! A rule's page: front matter and documentation.

use crate::finding::{Confidence, Severity};
use std::ops::Range;

/// What front matter may hold.
pub const FIELDS: [&str; 10] =
    ["id", "title", "severity", "confidence", "category", "fix", "pedantic", "yields-to", "equivalents", "references"];

/// What a rule is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Category {
    /// The document itself.
    Validity,
    /// What is granted.
    Scope,
    /// Who may take a role.
    Trust,
    /// Multi-factor authentication.
    Mfa,
    /// The root user.
    Root,
    /// Who may reach a resource.
    Exposure,
    /// Ways to more rights.
    Escalation,
    /// Good order.
    Hygiene,
}

impl Category {
    const ALL: [(Category, &'static str); 8] = [
        (Category::Validity, "validity"),
        (Category::Scope, "scope"),
        (Category::Trust, "trust"),
        (Category::Mfa, "mfa"),
        (Category::Root, "root"),
        (Category::Exposure, "exposure"),
        (Category::Escalation, "escalation"),
        (Category::Hygiene, "hygiene"),
    ];

    /// All words.
    pub fn names() -> [&'static str; 8] {
        Self::ALL.map(|(_, name)| name)
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(category, _)| *category == self).map_or("", |(_, name)| name)
    }
}

/// Whether findings of a rule carry fixes. The test of the pages checks the promise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FixPromise {
    /// None does.
    Never,
    /// Some do.
    Sometimes,
    /// All do.
    Always,
}

/// Which findings of a rule the default run shows, the one without `--pedantic`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shown {
    /// All.
    ByDefault,
    /// Some: which, the rule says of each.
    Partly,
    /// None.
    Pedantic,
}

/// A page, read. Everything borrows from its text.
#[derive(Clone, Debug)]
pub struct RuleDoc<'p> {
    /// The id, in kebab-case; never changes once released.
    pub id: &'p str,
    /// One phrase for lists.
    pub title: &'p str,
    /// How bad its findings are.
    pub severity: Severity,
    /// How sure its findings are at the most.
    pub confidence: Confidence,
    /// What it is about.
    pub category: Category,
    /// Whether it offers fixes.
    pub fix: FixPromise,
    /// Whether its findings are shown without `--pedantic`.
    pub shown: Shown,
    /// Rules whose findings drop this one's where they cover the same evidence.
    pub yields_to: Vec<&'p str>,
    /// Checks of other tools that a finding answers, as `checkov:CKV_AWS_63`.
    pub equivalents: Vec<&'p str>,
    /// Addresses of the documentation that the rule rests on.
    pub references: Vec<&'p str>,
    /// The documentation in Markdown, without the front matter.
    pub body: &'p str,
}

impl<'p> RuleDoc<'p> {
    /// Reads a page. Total: the test of the pages asserts with [`RuleDoc::flaws`] that nothing was missing or misspelt.
    pub fn read(page: &'p str) -> Self {
        let (front, body) = split(page);
        let fields: Vec<(&str, &str)> = fields(front).collect();
        let field = |name: &str| fields.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| *value);
        RuleDoc {
            id: field("id"),
            title: field("title"),
            severity: Severity::from_name(field("severity")).unwrap_or(Severity::Medium),
            confidence: Confidence::from_name(field("confidence")).unwrap_or(Confidence::High),
            category: Category::ALL
                .into_iter()
                .find(|(_, name)| *name == field("category"))
                .map_or(Category::Scope, |(category, _)| category),
            fix: match field("fix") {
                "always" => FixPromise::Always,
                "sometimes" => FixPromise::Sometimes,
                _ => FixPromise::Never,
            },
            shown: match field("pedantic") {
                "true" => Shown::Pedantic,
                "sometimes" => Shown::Partly,
                _ => Shown::ByDefault,
            },
            yields_to: list(field("yields-to")),
            equivalents: list(field("equivalents")),
            references: list(field("references")),
            body: body.trim_start(),
        }
    }

    /// What stands under a heading of the second level; empty if there is none.
    pub fn section(&self, heading: &str) -> &'p str {
        let after = self.body.split_once(&format!("\n## {heading}\n")).map_or("", |(_, after)| after);
        after.split("\n## ").next().unwrap_or(after).trim()
    }

    /// What is wrong with the front matter of a page of `whit`; empty if nothing is.
    pub fn flaws(page: &str) -> Vec<String> {
        let needed = ["id", "title", "severity", "confidence", "category", "fix", "references"];
        Self::front_flaws(page, &needed).into_iter().map(|(_, flaw)| flaw).collect()
    }

    /// What is wrong with the front matter of a page that must have some fields, with its bytes; empty if nothing is.
    pub fn front_flaws(page: &str, needed: &[&str]) -> Vec<(Range<usize>, String)> {
        let (front, _) = split(page);
        let mut flaws = Vec::new();
        let start = |text: &str| text.as_ptr() as usize - page.as_ptr() as usize;
        for (line, (key, value)) in front.lines().zip(fields(front)) {
            let place = start(line)..start(line) + line.len();
            let valid = match key {
                "severity" => Severity::from_name(value).is_some(),
                "confidence" => Confidence::from_name(value).is_some(),
                "category" => Category::ALL.iter().any(|(_, name)| *name == value),
                "fix" => ["never", "sometimes", "always"].contains(&value),
                "pedantic" => ["true", "sometimes"].contains(&value),
                _ => FIELDS.contains(&key) && !value.is_empty(),
            };
            if !valid {
                flaws.push((place, format!("`{key}: {value}` is not understood")));
            }
        }
        for key in needed {
            if fields(front).filter(|(name, _)| name == key).count() != 1 {
                flaws.push((0..front.len().min(3), format!("`{key}` must stand there once")));
            }
        }
        flaws
    }
}

/// The front matter and what follows it.
fn split(page: &str) -> (&str, &str) {
    page.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).unwrap_or(("", page))
}

fn fields(front: &str) -> impl Iterator<Item = (&str, &str)> {
    front.lines().map(|line| match line.split_once(':') {
        Some((key, value)) => (key.trim(), value.trim()),
        None => (line.trim(), ""),
    })
}

fn list(value: &str) -> Vec<&str> {
    value.split([',', ' ']).map(str::trim).filter(|item| !item.is_empty()).collect()
}
