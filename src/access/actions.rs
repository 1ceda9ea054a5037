//! What action patterns reach: in the catalogue, and in each other.

use super::{Truth, covers};
use crate::catalog::{self, AccessLevel, Action};
use crate::policy::{ActionPattern, Element, Piece, Statement, Value};

/// Names that begin so are read by everyone as harmless, whatever level AWS gives a few of them.
const READ_VERBS: [&str; 9] =
    ["get", "list", "describe", "batchget", "batchdescribe", "search", "view", "query", "lookup"];

/// What reads that begin with `Get` show of how something is set up. `GetFunctionConfiguration` shows secrets.
const SETTINGS: [&str; 10] = [
    "Acl",
    "Attributes",
    "EncryptionConfiguration",
    "Location",
    "Policy",
    "PolicyStatus",
    "PublicKey",
    "QueueUrl",
    "RotationStatus",
    "Versioning",
];

/// The known actions that a pattern matches, sorted as in the catalogue.
pub fn expand(pattern: &ActionPattern) -> impl Iterator<Item = Action> {
    expand_some(pattern, |_| true)
}

/// Those of [`expand`] that a test lets pass, which is asked before the pattern.
fn expand_some(pattern: &ActionPattern, test: impl Fn(&Action) -> bool) -> impl Iterator<Item = Action> {
    let (text, literal) = (pattern.as_str(), pattern.head());
    // All that begins so is all that there is to match.
    let rest_is_star = text.len() == literal.len() + 1 && text.ends_with('*');
    catalog::starting_with(literal)
        .filter(move |action| test(action) && (rest_is_star || pattern.matches(action.full_name)))
}

/// What AWS no longer has of what a pattern names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Retired<'p> {
    /// This very action.
    Action(&'static str),
    /// The service.
    Service(&'p str),
    /// All that the pattern matched.
    Matches,
}

/// What AWS no longer has, where a pattern matches nothing that it has.
pub fn retired(pattern: &ActionPattern) -> Option<Retired<'_>> {
    let service = pattern.named_service()?;
    if expand(pattern).next().is_some() {
        return None;
    }
    match catalog::retired(pattern.head()).find(|(name, _)| pattern.matches(name)) {
        Some((name, _)) if !pattern.has_wildcard() => Some(Retired::Action(name)),
        _ if catalog::is_retired_service(service) => Some(Retired::Service(service)),
        Some(_) => Some(Retired::Matches),
        None => None,
    }
}

/// The known actions that a pattern matches and that change something: writes and permissions management, but not what is
/// named as a read.
pub fn changes(pattern: &ActionPattern) -> impl Iterator<Item = Action> {
    // Most patterns in use are `Get*`, `List*`, `Describe*`: no need to look.
    let harmless = is_read_verb(pattern.name());
    let changing = (!harmless).then(|| expand_some(pattern, |action| action.level.changes()));
    changing.into_iter().flatten().filter(is_change)
}

/// True if the action changes something, by its level and by its name.
pub fn is_change(action: &Action) -> bool {
    action.level.changes() && !is_read_verb(action.name())
}

/// True if a name, or the pattern of one, begins with a verb of reading.
pub fn is_read_verb(name: &str) -> bool {
    let Some(first) = name.bytes().next().map(|byte| byte.to_ascii_lowercase()) else { return false };
    let mut verbs = READ_VERBS.iter().map(|verb| verb.as_bytes()).filter(|verb| verb[0] == first);
    verbs.any(|verb| name.as_bytes().get(..verb.len()).is_some_and(|start| start.eq_ignore_ascii_case(verb)))
}

/// True for the pattern of actions that show how something is set up, and nothing of what is in it.
pub fn shows_settings_only(pattern: &ActionPattern) -> bool {
    let mut matched = expand(pattern).peekable();
    matched.peek().is_some() && matched.all(|action| shows_settings(&action))
}

fn shows_settings(action: &Action) -> bool {
    let name = action.name();
    let told = || SETTINGS.iter().any(|noun| name.ends_with(noun)) && name.starts_with("Get");
    match action.level {
        AccessLevel::List => true,
        AccessLevel::Read => name.starts_with("Describe") || name.starts_with("List") || told(),
        _ => false,
    }
}

/// True if the catalogue has the service of a pattern, or has actions that a pattern with a wildcard in its service matches.
pub fn is_known_service(pattern: &ActionPattern) -> bool {
    match pattern.named_service() {
        Some(service) => catalog::service(service).is_some(),
        _ => expand(pattern).next().is_some(),
    }
}

/// Whether a list of action patterns matches an action, as `iam:PassRole`; `negated` lists match what none of theirs does.
pub fn element_matches(element: &Element<ActionPattern>, action: &str) -> Truth {
    let mut listed = if element.list.open { Truth::Maybe } else { Truth::No };
    for item in &element.list.items {
        match &item.value {
            Value::Known(pattern) if !pattern.matches(action) => continue,
            value => listed = listed.or(value_matches(value, action)),
        }
        if listed.certain() {
            break;
        }
    }
    if element.negated { !listed } else { listed }
}

/// Whether a statement speaks of an action, as `iam:PassRole`: `NotAction` included, effect and the rest left out.
pub fn statement_matches(statement: &Statement, action: &str) -> Truth {
    statement.action.as_ref().map_or(Truth::No, |element| element_matches(element, action))
}

/// Whether a statement speaks of all that a pattern matches. `No` also where that could not be shown.
pub fn statement_covers(statement: &Statement, pattern: &ActionPattern) -> Truth {
    let Some(element) = &statement.action else { return Truth::No };
    let entries = || element.list.items.iter().map(|item| &item.value);
    if element.negated {
        // Disjointness is shown where neither the literal start nor the end can be the same.
        let apart = |value: &Value<ActionPattern>| value.must(|exempt| disjoint(exempt, pattern));
        return Truth::from(!element.list.open && entries().all(apart));
    }
    if entries().any(|value| value.must(|entry| covers(entry, pattern))) {
        return Truth::Yes;
    }
    if element.list.open { Truth::Maybe } else { Truth::No }
}

/// True if it is plain that no text matches both patterns: they begin differently.
fn disjoint(one: &ActionPattern, other: &ActionPattern) -> bool {
    let length = one.head().len().min(other.head().len());
    match (one.as_str().get(..length), other.as_str().get(..length)) {
        (Some(one), Some(other)) => !one.eq_ignore_ascii_case(other),
        _ => false,
    }
}

fn value_matches(value: &Value<ActionPattern>, action: &str) -> Truth {
    match value {
        Value::Known(pattern) => pattern.matches(action).into(),
        Value::Unknown(_) => Truth::Maybe,
        Value::Partly(pieces) => {
            // A hole can be anything: what does not match even so never will.
            let widest: String = pieces.iter().map(widest).collect();
            if ActionPattern::new(&widest).matches(action) { Truth::Maybe } else { Truth::No }
        }
        Value::Either(arms) => {
            let answers = || arms.iter().map(|arm| value_matches(arm, action));
            match (answers().min(), answers().max()) {
                (Some(Truth::Yes), _) => Truth::Yes,
                (_, Some(Truth::Yes | Truth::Maybe)) => Truth::Maybe,
                _ => Truth::No,
            }
        }
    }
}

fn widest(piece: &Piece) -> &str {
    match piece {
        Piece::Lit(text) => text,
        Piece::Any => "?",
        Piece::Star | Piece::PolicyVar(_) | Piece::Hole(_) | Piece::Assigned(_) => "*",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::AccessLevel;
    use crate::policy::{List, Spanned};
    use crate::source::{FileId, Loc, Origin, Span};
    use std::sync::Arc;

    fn pattern(text: &str) -> ActionPattern {
        ActionPattern::new(text)
    }

    fn names(text: &str) -> Vec<&'static str> {
        expand(&pattern(text)).map(|action| action.full_name).collect()
    }

    #[test]
    fn patterns_expand_to_what_the_catalogue_has() {
        assert_eq!(
            names("sts:assumerole*"),
            ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"]
        );
        assert_eq!(names("s3:GetObject"), ["s3:GetObject"]);
        assert_eq!(names("*:AssumeRole"), ["sts:AssumeRole"]);
        assert_eq!(names("st?:AssumeRole"), ["sts:AssumeRole"]);
        assert_eq!(names("*").len(), 22_321);
        assert_eq!(names("*:*").len(), 22_321);
        assert_eq!(names("iam:*").len(), catalog::service("iam").map_or(0, |iam| iam.actions().count()));
        assert!(names("nonsense:*").is_empty() && names("s3:GetObjects").is_empty() && names("s3").is_empty());
    }

    #[test]
    fn changes_leave_out_what_is_named_as_a_read() {
        // AWS gives `glue:GetEnvironment` and others the level of permissions management.
        assert_eq!(changes(&pattern("glue:Get*")).count(), 0);
        assert_eq!(changes(&pattern("*:Describe*")).count(), 0);
        assert_eq!(changes(&pattern("ec2:*Tags")).count(), 0);
        let strongest = |text| changes(&pattern(text)).map(|action| action.level).max();
        assert_eq!(strongest("ec2:*Instances"), Some(AccessLevel::Write));
        assert_eq!(strongest("iam:*Policy"), Some(AccessLevel::Permissions));
    }

    fn element(entries: &[Value<ActionPattern>], negated: bool) -> Element<ActionPattern> {
        let origin = Origin::here(Loc { file: FileId(0), span: Span::default() });
        let items = entries.iter().map(|value| Spanned { value: value.clone(), origin: origin.clone() }).collect();
        Element { key: origin, negated, list: List { items, open: false } }
    }

    #[test]
    fn elements_match_as_far_as_they_are_known() {
        let known = |text| Value::Known(pattern(text));
        let hole = || Piece::Hole(Arc::from("x"));
        let partly = Value::Partly(Box::new([Piece::Lit("s3:".into()), hole()]));
        let either = Value::Either(Box::new([known("iam:*"), known("s3:*")]));
        for (entries, negated, expected) in [
            (vec![known("iam:*")], false, Truth::Yes),
            (vec![known("iam:*")], true, Truth::No),
            (vec![known("s3:*")], false, Truth::No),
            (vec![known("s3:*")], true, Truth::Yes),
            (vec![known("s3:*"), known("IAM:pass*")], false, Truth::Yes),
            (vec![Value::Unknown(Arc::from("x"))], false, Truth::Maybe),
            (vec![Value::Unknown(Arc::from("x"))], true, Truth::Maybe),
            (vec![partly.clone()], false, Truth::No),
            (vec![partly], true, Truth::Yes),
            (vec![either], false, Truth::Maybe),
            (vec![], false, Truth::No),
        ] {
            let element = element(&entries, negated);
            assert_eq!(element_matches(&element, "iam:PassRole"), expected, "{element:?}");
        }
        let mut open = element(&[known("s3:*")], false);
        open.list.open = true;
        assert_eq!(element_matches(&open, "iam:PassRole"), Truth::Maybe);
        assert_eq!(element_matches(&open, "s3:GetObject"), Truth::Yes);
    }
}
