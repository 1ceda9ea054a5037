//! Whether some policies allow more than others: exactly, with a request that shows it.
//!
//! New access is what a statement of the new policies allows, none of them denies, and the old ones did not allow or denied. Each
//! question is a box minus boxes ([`super::sets`]); each answer is replayed in [`super::evaluate`] before it is given.
//!
//! What is not known before deployment (values with holes, policy variables) is a letter of its own, the same wherever the same text
//! stands: then "nothing new" holds whatever it turns out to be, and new access may be only possible.

mod carried;
mod domain;
mod familiar;
mod part;
mod principals;
mod question;
mod replay;
mod room;
mod space;

use super::covers;
use super::evaluate::Document;
use super::redundancy::{includes, same_conditions, same_list};
use crate::policy::{ActionPattern, Statement};
use part::Part;
pub use principals::is_stranger;
use question::Question;
pub use room::room;
use std::collections::{BTreeMap, BTreeSet};

/// What the policies are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Identity-based policies of one principal, taken together.
    Identity,
    /// Policies of one resource, with principals.
    Resource,
}

/// A value of a key of a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Values {
    /// A single value.
    One(String),
    /// The values of a multivalued key.
    Many(Vec<String>),
}

/// A request that the new policies allow and the old ones did not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Witness {
    /// Who: an ARN, the name of a service, `anonymous`; none for identity-based policies, where it is whoever holds them.
    pub principal: Option<String>,
    /// What.
    pub action: String,
    /// To what.
    pub resource: String,
    /// The keys that the request has to have.
    pub context: BTreeMap<String, Values>,
}

/// New access, with the statement that grants it.
#[derive(Clone, Debug)]
pub struct NewAccess {
    /// A request that shows it.
    pub witness: Witness,
    /// Which of the new documents, from 0.
    pub document: usize,
    /// Which of its statements, from 0.
    pub statement: usize,
    /// False if it hangs on what is not known before deployment, or if the catalogue knows no such request: of that action, on
    /// a resource of that type, with those keys.
    pub certain: bool,
}

/// A question that was not decided: never to be read as "nothing new".
#[derive(Clone, Debug)]
pub struct Undecided {
    /// Why: a phrase.
    pub why: &'static str,
    /// Which of the new documents, from 0.
    pub document: usize,
    /// Which of its statements, from 0.
    pub statement: usize,
}

/// What came of a comparison.
#[derive(Clone, Default, Debug)]
pub struct Comparison {
    /// New access: at most one request for each entry of `Action` of a statement.
    pub new: Vec<NewAccess>,
    /// What was not decided.
    pub unknown: Vec<Undecided>,
}

impl Comparison {
    /// The two together.
    pub fn beside(mut self, other: Comparison) -> Self {
        self.new.extend(other.new);
        self.unknown.extend(other.unknown);
        self
    }
}

/// What is compared.
#[derive(Clone, Copy)]
struct Sides<'d> {
    base: &'d [Document],
    head: &'d [Document],
    /// The permissions boundary that holds of the new ones.
    under: Option<&'d [Document]>,
}

/// What `head` allows and `base` does not.
pub fn new_access(base: &[Document], head: &[Document], kind: Kind) -> Comparison {
    compare(Sides { base, head, under: None }, kind)
}

/// What `head` allows under a permissions boundary, and `base` does not.
pub fn new_access_under(base: &[Document], head: &[Document], boundary: &[Document]) -> Comparison {
    compare(Sides { base, head, under: Some(boundary) }, Kind::Identity)
}

fn compare(sides: Sides<'_>, kind: Kind) -> Comparison {
    let Sides { base, head, under } = sides;
    let limit = Part::all(under.unwrap_or_default());
    let room: Vec<Option<&Part<'_>>> = match under {
        Some(_) => limit.iter().filter(|part| part.statement.may_allow()).map(Some).collect(),
        None => vec![None],
    };
    let (old, new) = (Part::all(base), Part::all(head));
    let allows = |part: &&Part<'_>| part.statement.allows() && !part.statement.conditions_open;
    let old_allows: Vec<&Part<'_>> = old.iter().filter(allows).collect();
    let denies: Vec<&Part<'_>> =
        new.iter().chain(&limit).filter(|part| part.statement.denies() && !part.statement.conditions_open).collect();
    let lifted = lifted(&old, &new);
    let mut comparison = Comparison::default();
    let open = |documents: &[Document]| documents.iter().any(|document| document.policy.open);
    // What cannot be seen may deny, or may have allowed.
    let seen = !open(head) && !open(base) && !open(under.unwrap_or_default());
    let written = old.iter().chain(&new).chain(&limit).all(|part| part.is_written());
    if unseen(head) != unseen(base) || open(head) && !lifted.is_empty() {
        let why = "there may be statements that cannot be seen before deployment";
        comparison.unknown.push(Undecided { why, document: 0, statement: 0 });
    }
    for part in new.iter().filter(|part| part.statement.may_allow()) {
        let unchanged = old.iter().any(|other| other.same_language(part) && identical(part.statement, other.statement));
        if unchanged && lifted.is_empty() {
            continue;
        }
        for entry in part.entries() {
            let granted = unchanged || old_allows.iter().any(|other| grants(other, part, entry));
            let mut questions: Vec<(Option<&Part<'_>>, Vec<&Part<'_>>)> = Vec::new();
            if !granted {
                questions.push((None, denies.iter().chain(&old_allows).copied().collect()));
            }
            questions.extend(lifted.iter().map(|deny| (Some(*deny), denies.clone())));
            let questions = questions.iter().flat_map(|question| room.iter().map(move |limit| (question, *limit)));
            for ((meets, covers), limit) in questions {
                let ask = |entry: Option<&ActionPattern>| {
                    Question::new(part, entry, *meets, covers, kind).under(limit).written(written).ask(&sides)
                };
                // What people know is asked about first: few patterns speak of one action.
                let known = familiar::first(entry, *meets).into_iter();
                let mut known = known.filter_map(|action| ask(Some(&action)).ok().flatten());
                match known.find(|(_, certain)| *certain).map_or_else(|| ask(entry), |found| Ok(Some(found))) {
                    Ok(None) => {}
                    Ok(Some((witness, certain))) => {
                        let (document, statement) = (part.document, part.index);
                        comparison.new.push(NewAccess { witness, document, statement, certain: certain && seen });
                        // One request for each entry is enough.
                        break;
                    }
                    Err(why) => {
                        comparison.unknown.push(Undecided { why, document: part.document, statement: part.index });
                    }
                }
            }
        }
    }
    comparison
}

/// Old denials that the new policies do not have.
fn lifted<'l>(old: &'l [Part<'l>], new: &[Part<'_>]) -> Vec<&'l Part<'l>> {
    let kept =
        |part: &Part<'_>| new.iter().any(|other| other.same_language(part) && is_kept(part.statement, other.statement));
    old.iter().filter(|part| part.statement.may_deny() && !kept(part)).collect()
}

/// What stands for the statements that cannot be seen: the same text is the same statements.
fn unseen(documents: &[Document]) -> BTreeSet<String> {
    let open = documents.iter().map(|document| &document.policy).filter(|policy| policy.open);
    let texts = open.flat_map(|policy| policy.unseen.iter());
    texts.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// True if a Deny is still there, or a wider one.
fn is_kept(deny: &Statement, other: &Statement) -> bool {
    identical(deny, other) || includes(other, deny)
}

/// True if an old statement grants an entry of a new one on the same resources, to the same principals, under the same
/// conditions: answers most questions.
fn grants(old: &Part<'_>, new: &Part<'_>, entry: Option<&ActionPattern>) -> bool {
    let (wide, narrow) = (old.statement, new.statement);
    let Some(entry) = entry else { return false };
    old.same_language(new)
        && !narrow.contingent
        && !narrow.conditions_open
        && same_list(wide.principal.as_ref(), narrow.principal.as_ref())
        && same_list(wide.resource.as_ref(), narrow.resource.as_ref())
        && same_conditions(&wide.conditions, &narrow.conditions)
        && wide.actions().iter().any(|item| item.value.known().is_some_and(|pattern| covers(pattern, entry)))
}

/// True if two statements say the same with the same words; what is not known of them is the same unknown.
fn identical(one: &Statement, other: &Statement) -> bool {
    macro_rules! same_element {
        ($field:ident) => {
            match (&one.$field, &other.$field) {
                (None, None) => true,
                (Some(one), Some(other)) => {
                    one.negated == other.negated
                        && one.list.open == other.list.open
                        && one.list.items == other.list.items
                }
                _ => false,
            }
        };
    }
    let conditions = one.conditions.len() == other.conditions.len()
        && one.conditions.iter().zip(&other.conditions).all(|(one, other)| {
            one.operator == other.operator
                && one.key.value.eq_ignore_ascii_case(&other.key.value)
                && one.values.open == other.values.open
                && one.values.items == other.values.items
        });
    one.effect == other.effect
        && one.contingent == other.contingent
        && one.conditions_open == other.conditions_open
        && one.bare_principal == other.bare_principal
        && conditions
        && same_element!(principal)
        && same_element!(action)
        && same_element!(resource)
}
