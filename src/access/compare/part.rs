//! A statement in its document.

use crate::access::evaluate::Document;
use crate::access::sets::{Atoms, Bits, Glob, Letters};
use crate::policy::{ActionPattern, Arn, Element, Piece, ResourcePattern, Statement, Value, Version};
use std::fmt::Debug;

/// A statement, and where it stands.
pub(super) struct Part<'p> {
    pub(super) document: usize,
    pub(super) index: usize,
    pub(super) statement: &'p Statement,
    /// True in versions of the language that take `${aws:username}` for plain text.
    pub(super) literal: bool,
}

/// How a statement counts in a question: what is not known of it must not hide new access.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// The statement that is asked about.
    Asked,
    /// An old Deny, which that may meet; and what is asked about, where there is one.
    Met,
    /// An Allow of a limit: what is not known of a request may be what it names.
    Under,
    /// What takes from it: an old Allow, a new Deny.
    Taken,
}

/// Texts as patterns, and whether all others are meant.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) globs: Vec<Glob>,
    pub(super) negated: bool,
    /// True if something in it is not known.
    pub(super) unknown: bool,
}

impl Texts {
    /// Those of some texts that are meant.
    pub(super) fn among(&self, atoms: &Atoms, role: Role) -> Bits {
        // What takes but for these does not take for certain what may turn out to be one of them.
        let may = |glob: &Glob, text: &str| {
            let unknown = if self.negated { role == Role::Taken } else { role == Role::Under };
            unknown && has_unknown(text) && glob.meets(&Glob::exactly(text).widened())
        };
        let some = atoms.filter(|text| self.globs.iter().any(|glob| glob.matches(text) || may(glob, text)));
        if self.negated { Bits::filter(atoms.texts.len(), |_| true).minus(&some) } else { some }
    }
}

/// True if something in a text stands for what is not known.
pub(super) fn has_unknown(text: &str) -> bool {
    text.chars().any(Letters::is_one)
}

impl<'p> Part<'p> {
    /// The statements of some documents.
    pub(super) fn all(documents: &'p [Document]) -> Vec<Part<'p>> {
        let parts = documents.iter().enumerate().flat_map(|(document, Document { policy, .. })| {
            let version = policy.version.as_ref();
            let literal = !version.is_some_and(|version| version.value.may(|version| *version == Version::V2012));
            let statements = policy.statements.iter().enumerate();
            statements.map(move |(index, statement)| Part { document, index, statement, literal })
        });
        parts.collect()
    }

    /// True if it is written out whether it allows or denies, and under which conditions.
    pub(super) fn is_written(&self) -> bool {
        let statement = self.statement;
        let decided = statement.effect.is_none() || statement.allows() || statement.denies();
        decided && !statement.conditions_open && !statement.contingent
    }

    /// True if the same text means the same in both.
    pub(super) fn same_language(&self, other: &Part<'_>) -> bool {
        self.literal == other.literal
    }

    /// What to ask about: each entry of `Action`, and none for those that are not known, or for all that `NotAction` leaves.
    pub(super) fn entries(&self) -> Vec<Option<&'p ActionPattern>> {
        let Some(element) = &self.statement.action else { return Vec::new() };
        if element.negated {
            return vec![None];
        }
        let mut entries: Vec<_> = element.list.known().map(|(pattern, _)| Some(pattern)).collect();
        if element.list.open || entries.len() < element.list.items.len() {
            entries.push(None);
        }
        entries
    }

    /// The patterns of `Action`.
    pub(super) fn actions(&self, role: Role, letters: &mut Letters) -> Option<Texts> {
        let element = self.statement.action.as_ref()?;
        texts(element, self.statement.contingent, role, &mut |value: &Value<ActionPattern>| match value {
            Value::Known(pattern) => Glob::of_action(pattern.as_str()),
            other => pieces(other, letters, &|text| Glob::of_action(text)),
        })
    }

    /// The patterns of `Resource`.
    pub(super) fn resources(&self, role: Role, letters: &mut Letters) -> Option<Texts> {
        let element = self.statement.resource.as_ref()?;
        texts(element, self.statement.contingent, role, &mut |value: &Value<ResourcePattern>| match value {
            Value::Known(pattern) if self.literal => Glob::new(pattern.as_str()),
            Value::Known(pattern) => with_variables(pattern.as_str(), letters),
            other => pieces(other, letters, &|text| Glob::new(text)),
        })
    }
}

/// None if nothing certain can be said of the element in its role. In a `contingent` statement deployment may leave items out.
fn texts<T>(
    element: &Element<T>,
    contingent: bool,
    role: Role,
    glob: &mut dyn FnMut(&Value<T>) -> Glob,
) -> Option<Texts> {
    let (negated, open) = (element.negated, element.list.open);
    let mut globs: Vec<Glob> = element.list.items.iter().map(|item| glob(&item.value)).collect();
    let unknown = open || globs.iter().any(Glob::has_unknown);
    match (role, negated) {
        // There may be more than what is seen, and nothing stands for it.
        (Role::Asked | Role::Met | Role::Under, false) if open && !globs.iter().any(Glob::has_unknown) => return None,
        (Role::Taken, true) if open => return None,
        // An old Deny reaches as far as it may.
        (Role::Met | Role::Under, false) | (Role::Taken, true) => globs = globs.iter().map(Glob::widened).collect(),
        // What may be excepted and is not known excepts nothing for certain.
        (Role::Asked | Role::Met | Role::Under, true) => globs.retain(|glob| !contingent && !glob.has_unknown()),
        (Role::Asked | Role::Taken, false) => {}
    }
    Some(Texts { globs, negated, unknown })
}

/// Policy variables stand behind the fifth colon only.
fn with_variables(text: &str, letters: &mut Letters) -> Glob {
    let own = Arn::parse(text).map_or(0, |arn| arn.resource.len());
    let (head, mut rest) = text.split_at(text.len() - own);
    let mut glob = Glob::new(head);
    while let Some((before, (name, behind))) =
        rest.split_once("${").and_then(|(before, inside)| Some((before, inside.split_once('}')?)))
    {
        glob = glob.then(Glob::new(before)).then(match name {
            "*" | "?" | "$" => Glob::exactly(name),
            name => Glob::exactly(&letters.of(&format!("${{{name}}}")).to_string()),
        });
        rest = behind;
    }
    glob.then(Glob::new(rest))
}

fn pieces<T: Debug>(value: &Value<T>, letters: &mut Letters, plain: &dyn Fn(&str) -> Glob) -> Glob {
    let mut letter = |name: String| Glob::exactly(&letters.of(&name).to_string());
    let pieces = match value {
        Value::Partly(pieces) => pieces,
        // One text or several: the letter stands for each of them.
        Value::Unknown(name) => return letter(hole(name)),
        other => return letter(format!("{other:?}")),
    };
    pieces.iter().fold(Glob::default(), |glob, piece| {
        glob.then(match piece {
            Piece::Lit(text) => plain(text),
            Piece::Star => Glob::new("*"),
            Piece::Any => Glob::new("?"),
            Piece::PolicyVar(name) => letter(format!("${{{name}}}")),
            Piece::Hole(name) | Piece::Assigned(name) => letter(hole(name)),
        })
    })
}

/// The name of what is not known: its text, on one line.
fn hole(text: &str) -> String {
    text.split_whitespace().fold("hole".to_owned(), |name, word| name + " " + word)
}
