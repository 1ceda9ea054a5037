//! What rules say ([`Problem`]) and what people read ([`Finding`]).

use crate::excerpt::Excerpt;
use crate::source::lines::Region;
use crate::source::{Origin, RelPath};
use std::fmt;

/// How bad a finding is. The page of the rule says it, unless the config says otherwise.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// To be mended when the policy is next touched.
    Medium,
    /// To be mended now.
    High,
    /// Gives the account away.
    Critical,
}

impl Severity {
    /// All, the least first.
    pub const ALL: [Severity; 4] = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// The severity that a word names.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == name)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How sure a finding is. The page of the rule gives the ceiling; what rests on an unknown is one step lower.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Confidence {
    /// A hint.
    Low,
    /// Right unless something that is not in the file says otherwise.
    Medium,
    /// Right.
    High,
}

impl Confidence {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }

    /// The confidence that a word names.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Low, Self::Medium, Self::High].into_iter().find(|confidence| confidence.as_str() == name)
    }

    /// One step less sure.
    pub fn lowered(self) -> Self {
        match self {
            Confidence::High => Confidence::Medium,
            Confidence::Medium | Confidence::Low => Confidence::Low,
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a rule found. The rule decides where and why; the engine adds id, severity, confidence and position.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The bytes that are wrong.
    pub at: Origin,
    /// What is wrong: a lower-case phrase without a full stop.
    pub message: String,
    /// What the underlined bytes mean: shown beside them; may be empty.
    pub note: String,
    /// Other bytes that the finding rests on. With `at` they are all its evidence.
    pub labels: Vec<Label>,
    /// Evidence that is too much to show: it counts all the same.
    pub beyond: Vec<Origin>,
    /// What to do.
    pub help: String,
    /// False if an unknown value could make it wrong.
    pub certain: bool,
    /// True if only `--pedantic` shall show it.
    pub pedantic: bool,
    /// A change that mends it.
    pub fix: Option<Fix>,
    /// The role of which a trust policy of the run must ask for MFA; else there is no problem.
    pub if_role_asks_for_mfa: Option<Box<str>>,
}

impl Problem {
    /// The same problem where the policy is attached that has it: that one stands in no file.
    pub fn of_attached(self, arn: &str, at: &Origin) -> Self {
        let name = arn.rsplit('/').next().unwrap_or("");
        let note = match self.note.is_empty() {
            true => format!("by `{name}`"),
            false => format!("by `{name}`, {}", self.note),
        };
        Problem { at: at.clone(), note, labels: Vec::new(), fix: None, ..self }
            .help("attach a policy that does not grant it")
    }

    /// A certain problem for the default run, without further labels.
    pub fn new(at: &Origin, message: impl Into<String>) -> Self {
        Problem {
            at: at.clone(),
            message: message.into(),
            note: String::new(),
            labels: Vec::new(),
            beyond: Vec::new(),
            help: String::new(),
            certain: true,
            pedantic: false,
            fix: None,
            if_role_asks_for_mfa: None,
        }
    }

    /// Says what the underlined bytes mean.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.note = text.into();
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = text.into();
        self
    }

    /// Adds evidence elsewhere.
    #[must_use]
    pub fn label(mut self, at: &Origin, text: impl Into<String>) -> Self {
        self.labels.push(Label { at: at.clone(), text: text.into() });
        self
    }

    /// Adds more of the same, elsewhere: ten places at the most, and in the message the number of those beyond. What stands for
    /// several things is one place.
    #[must_use]
    pub fn label_all<'a>(mut self, places: impl IntoIterator<Item = (&'a Origin, String)>) -> Self {
        const SHOWN: usize = 10;
        for (at, text) in places {
            if at.at == self.at.at {
                continue;
            }
            if self.labels.len() < SHOWN {
                self = self.label(at, text);
            } else {
                self.beyond.push(at.clone());
            }
        }
        if !self.beyond.is_empty() {
            self.message.push_str(&format!(", and {} more such places", self.beyond.len()));
        }
        self
    }

    /// Keeps it certain only if `certain` holds too.
    #[must_use]
    pub fn certain_if(mut self, certain: bool) -> Self {
        self.certain &= certain;
        self
    }

    /// True if deployment may put something else where some of its evidence stands.
    pub(crate) fn is_replaceable(&self) -> bool {
        let labels = self.labels.iter().map(|label| &label.at);
        std::iter::once(&self.at).chain(labels).chain(&self.beyond).any(|at| at.replaceable)
    }

    /// Offers a fix.
    #[must_use]
    pub fn fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }

    /// Shows it only with `--pedantic` if `pedantic` holds.
    #[must_use]
    pub fn pedantic_if(mut self, pedantic: bool) -> Self {
        self.pedantic |= pedantic;
        self
    }
}

/// Evidence beside the main place.
#[derive(Clone, Debug)]
pub struct Label {
    /// The bytes.
    pub at: Origin,
    /// What they mean.
    pub text: String,
}

/// A change of the file that mends a problem.
#[derive(Clone, Debug)]
pub struct Fix {
    /// What it does, as an order: "write the action in its right case".
    pub title: String,
    /// True if the policy means the same afterwards.
    pub safe: bool,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// Writes another value in the place of one.
    pub fn replace(title: impl Into<String>, at: &Origin, text: impl Into<String>) -> Self {
        Fix { title: title.into(), safe: false, edits: vec![Edit::Value { at: at.clone(), text: text.into() }] }
    }

    /// Writes other values in the places of several.
    pub fn replace_all(title: impl Into<String>, values: &[(Origin, Box<str>)]) -> Self {
        let edit = |(at, text): &(Origin, Box<str>)| Edit::Value { at: at.clone(), text: text.to_string() };
        Fix { title: title.into(), safe: false, edits: values.iter().map(edit).collect() }
    }

    /// Deletes an entry of a list that has others.
    pub fn delete(title: impl Into<String>, entry: &Origin, before: Option<&Origin>, after: Option<&Origin>) -> Self {
        let edit = Edit::Entry { entry: entry.clone(), before: before.cloned(), after: after.cloned() };
        Fix { title: title.into(), safe: false, edits: vec![edit] }
    }

    /// Writes the only entry of a list in the place of the list.
    pub fn unlist(title: impl Into<String>, list: &Origin, entry: &Origin) -> Self {
        let edit = Edit::Unlisted { list: list.clone(), entry: entry.clone() };
        Fix { title: title.into(), safe: false, edits: vec![edit] }
    }

    /// Makes a value the only entry of a list.
    pub fn list(title: impl Into<String>, value: &Origin) -> Self {
        Fix { title: title.into(), safe: false, edits: vec![Edit::Listed { value: value.clone() }] }
    }

    /// Says that the policy means the same afterwards.
    #[must_use]
    pub fn safe_if(mut self, safe: bool) -> Self {
        self.safe = safe;
        self
    }
}

/// A change of the text. What it comes to in bytes depends on how the document is written (`repair`).
#[derive(Clone, Debug)]
pub enum Edit {
    /// Another value in the place of a string or a number, whatever quotes it has.
    Value {
        /// The value, with its quotes.
        at: Origin,
        /// The new one, without.
        text: String,
    },
    /// A list without one of its entries.
    Entry {
        /// The entry.
        entry: Origin,
        /// The entry before it.
        before: Option<Origin>,
        /// The entry behind it.
        after: Option<Origin>,
    },
    /// The only entry of a list in the place of the list.
    Unlisted {
        /// The list.
        list: Origin,
        /// Its entry.
        entry: Origin,
    },
    /// A list of one in the place of its entry.
    Listed {
        /// The entry.
        value: Origin,
    },
    /// An object with one entry more, at its beginning.
    FirstKey {
        /// The object.
        object: Origin,
        /// The key, without quotes.
        key: String,
        /// Its value, without quotes.
        value: String,
    },
}

/// A fix as reports give it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Repair {
    /// What it does, as an order.
    pub title: String,
    /// True if the policy means the same afterwards.
    pub safe: bool,
    /// The replacements, which do not overlap.
    pub replacements: Vec<Replacement>,
}

/// A rule's id, interned for the run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RuleId(pub &'static str);

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

/// A marked place of a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// Where.
    pub region: Region,
    /// What it means; may be empty.
    pub text: String,
}

/// A replacement in a file, as reports give it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Replacement {
    /// What is replaced.
    pub region: Region,
    /// What comes in its place.
    pub text: String,
}

/// A finding as reports show it. It owns all that it needs: no report opens a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The file.
    pub path: RelPath,
    /// The bytes that are wrong.
    pub primary: Mark,
    /// The rule.
    pub rule: RuleId,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Further evidence, in this file.
    pub labels: Vec<Mark>,
    /// The marked lines with those round them, for reports that show them.
    pub excerpt: Option<Box<Excerpt>>,
    /// The fix, where there is one that can be written down.
    pub fix: Option<Repair>,
    /// Where in the document the policy stands, as `Resources/Role/Properties/AssumeRolePolicyDocument`.
    pub logical_path: Box<str>,
    /// `whit/v1`: the same whatever moves around it.
    pub fingerprint: u128,
}
