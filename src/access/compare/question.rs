//! One question: is there a request that a statement allows and that nothing takes away?

use super::carried::is_always_carried;
use super::domain::Domain;
use super::part::{Part, Role, Texts, has_unknown};
use super::principals::{Derived, Principals};
use super::space::{DerivedKey, Found, Space, filled, is_arn, of_format};
use super::{Kind, Sides, Witness, familiar, replay};
use crate::access::Truth;
use crate::access::actions::expand;
use crate::access::fit::Wanted;
use crate::access::sets::boxes::{Region, outside};
use crate::access::sets::{Atoms, Bits, Glob, Letters, TooMany};
use crate::catalog::Action;
use crate::policy::{ActionPattern, BaseOperator, Condition, Principal, ResourcePattern, Value, globs_meet};
use std::collections::BTreeMap;

const TOO_MANY: &str = "too many patterns meet: the question was given up";
const OPEN: &str = "what it names cannot be seen before deployment";
const MIXED: &str = "a condition key is compared in several ways, or has too many values";
const UNCONFIRMED: &str = "what was found did not bear replaying: an error in whit, please report it";

pub(super) struct Question<'q> {
    asked: &'q Part<'q>,
    entry: Option<&'q ActionPattern>,
    met: Option<&'q Part<'q>>,
    /// An Allow of a limit that has to leave room for it, too.
    under: Option<&'q Part<'q>>,
    taken: Vec<&'q Part<'q>>,
    kind: Kind,
    letters: Letters,
    /// False if some statement, asked about or not, is only partly known: the replay may then leave it open.
    written: bool,
}

impl<'q> Question<'q> {
    /// Whether `asked` allows something of `entry` (all that it names, if there is none) that `met`, where there is one,
    /// reaches too, and that none of `taken` reaches.
    pub(super) fn new(
        asked: &'q Part<'q>,
        entry: Option<&'q ActionPattern>,
        met: Option<&'q Part<'q>>,
        taken: &[&'q Part<'q>],
        kind: Kind,
    ) -> Self {
        let taken = taken.iter().copied().filter(|part| entry.is_none_or(|entry| may_meet(part, entry))).collect();
        Question { asked, entry, met, under: None, taken, kind, letters: Letters::default(), written: true }
    }

    /// Asks of what a limit leaves room for: an Allow of it.
    pub(super) fn under(self, limit: Option<&'q Part<'q>>) -> Self {
        Question { under: limit, ..self }
    }

    /// Says whether all statements are known as a whole.
    pub(super) fn written(self, written: bool) -> Self {
        Question { written, ..self }
    }

    /// A request that shows it, and whether that is certain.
    pub(super) fn ask(mut self, sides: &Sides<'_>) -> Result<Option<(Witness, bool)>, &'static str> {
        let others = self.met.iter().chain(&self.under);
        if self.entry.is_some_and(|entry| others.into_iter().any(|part| !may_meet(part, entry))) {
            return Ok(None);
        }
        let (mut space, mut found) = match self.search(None)? {
            (space, Some(found)) => (space, found),
            (space, None) => {
                return if space.domains.iter().all(|domain| domain.complete) { Ok(None) } else { Err(MIXED) };
            }
        };
        if found.usual.is_none() {
            // Some text shows it; a resource that the action really has may, too.
            for format in space.formats(&found.part, |action| may_be_on(self.asked, action)) {
                if let Ok((other, Some(better))) = self.search(Some(format))
                    && better.usual.is_some()
                {
                    (space, found) = (other, better);
                    break;
                }
            }
        }
        let witness = space.witness(&found, self.kind);
        let uncertain = space.unknown || !space.free.is_empty() || !self.written;
        let absent = space.absent(&witness);
        match replay::confirm(&witness, &absent, sides, self.kind, &self.letters) {
            Some(confirmed) => Ok(Some((confirmed, found.usual.is_some()))),
            None if uncertain => Ok(Some((replay::readable(&witness, &absent, &self.letters), false))),
            None => Err(UNCONFIRMED),
        }
    }

    /// A part of what is asked about that nothing takes; with a format, of resources whose ARNs have it. What the catalogue
    /// knows comes first, and what it does not know is found all the same.
    fn search(&mut self, format: Option<&str>) -> Result<(Space, Option<Found>), &'static str> {
        let space = self.space(format)?;
        let Some(mut whole) = self.region(&space, self.asked, Role::Asked) else { return Err(OPEN) };
        for (part, role) in self.parts().into_iter().filter(|(_, role)| matches!(role, Role::Met | Role::Under)) {
            let Some(theirs) = self.region(&space, part, role) else { return Err(OPEN) };
            whole = whole.iter().zip(&theirs).map(|(own, theirs)| own.and(theirs)).collect();
        }
        whole = self.well_formed(&space, whole);
        if let Some(format) = format {
            whole = replace(whole, 2, |set| set.and(&space.resources.matching(&of_format(format))));
        }
        let taken = self.taken.clone();
        let taken: Vec<Region> = taken.iter().filter_map(|part| self.region(&space, part, Role::Taken)).collect();
        let written = self.entry.is_some_and(|entry| !entry.has_wildcard());
        let (mut usual, mut unusual) = (None, None);
        let mut accept = |part: &Region| {
            if !space.is_consistent(part) {
                return false;
            }
            usual = space.usual(part, written);
            if usual.is_none() && unusual.is_none() {
                unusual = Some(part.clone());
            }
            usual.is_some()
        };
        let found = outside(whole, &taken, &mut accept);
        let found = match (found, unusual) {
            (Ok(Some(part)), _) => Some(Found { part, usual }),
            (_, Some(part)) => Some(Found { part, usual: None }),
            (Ok(None), None) => None,
            (Err(TooMany), None) => return Err(TOO_MANY),
        };
        Ok((space, found))
    }

    /// The patterns of `Action`; of the statement that is asked about, the entry alone.
    fn actions(&mut self, part: &Part<'_>, role: Role) -> Option<Texts> {
        match self.entry.filter(|_| role == Role::Asked) {
            Some(entry) => Some(Texts { globs: vec![Glob::of_action(entry.as_str())], negated: false, unknown: false }),
            None => {
                let mut texts = part.actions(self.reach(role), &mut self.letters)?;
                if role == Role::Asked && !texts.negated && texts.globs.iter().any(Glob::has_unknown) {
                    // The known ones are asked about one by one.
                    texts.globs.retain(Glob::has_unknown);
                }
                if let Some(entry) = self.entry.map(|entry| Glob::of_action(entry.as_str())) {
                    // Of the others only those that meet the entry tell its actions apart.
                    texts.globs.retain(|glob| glob.meets(&entry));
                }
                Some(texts)
            }
        }
    }

    /// What is not known of the statement may be just what an old Deny kept out: then it reaches as far as it may.
    fn reach(&self, role: Role) -> Role {
        if role == Role::Asked && self.met.is_some() { Role::Met } else { role }
    }

    fn parts(&self) -> Vec<(&'q Part<'q>, Role)> {
        let taken = self.taken.iter().map(|part| (*part, Role::Taken));
        let others =
            self.met.map(|part| (part, Role::Met)).into_iter().chain(self.under.map(|part| (part, Role::Under)));
        [(self.asked, Role::Asked)].into_iter().chain(others).chain(taken).collect()
    }

    fn space(&mut self, format: Option<&str>) -> Result<Space, &'static str> {
        let parts = self.parts();
        let mut unknown = false;
        let (mut actions, mut resources) = (Vec::new(), Vec::new());
        for (part, role) in &parts {
            let [own, other] = [self.actions(part, *role), part.resources(self.reach(*role), &mut self.letters)]
                .map(|texts| texts.map_or((Vec::new(), false), |texts| (texts.globs, texts.unknown)));
            unknown |= own.1 || other.1;
            actions.extend(own.0);
            resources.extend(other.0);
        }
        let entry = self.entry.map(|entry| Glob::of_action(entry.as_str()));
        let known = familiar::actions(self.entry, &parts.iter().map(|(part, _)| *part).collect::<Vec<_>>());
        let mut names: Vec<String> = known.iter().map(|action| action.full_name.to_owned()).collect();
        names.extend(self.entry.filter(|entry| !entry.has_wildcard()).map(|entry| entry.as_str().to_owned()));
        let samples = actions.iter().map(Glob::sample).filter(|name| name.contains(':'));
        // In the catalogue's spelling, where it knows the action.
        let spelled =
            |name: String| expand(&ActionPattern::new(&name)).next().map_or(name, |it| it.full_name.to_owned());
        names.extend(samples.map(spelled));
        names.retain(|name| entry.as_ref().is_none_or(|entry| entry.matches(name)));
        let mut samples: Vec<String> = known.iter().take(1).flat_map(familiar::formats).map(filled).collect();
        samples.extend(resources.iter().map(Glob::sample).filter(|text| is_arn(text)));
        let services = names.iter().filter_map(|name| name.split(':').next()).take(1);
        samples.extend(services.map(|service| format!("arn:aws:{service}:eu-west-1:111122223333:example")));
        samples.push("*".to_owned());
        samples.extend(format.map(filled));
        resources.extend(format.map(of_format));
        // Only what has the form of an ARN, or is the bare `*`, is a resource.
        resources.extend([Glob::of_arn("arn:*:*:*:*:*"), Glob::exactly("*")]);
        let actions = Atoms::of(actions.into_iter().chain(entry), names).map_err(|TooMany| TOO_MANY)?;
        let resources = Atoms::of(resources, samples).map_err(|TooMany| TOO_MANY)?;

        let mut by_key: BTreeMap<String, (Vec<&Condition>, bool)> = BTreeMap::new();
        let mut free = Vec::new();
        for (part, _) in &parts {
            unknown |= part.statement.conditions_open;
            unknown |= self.kind == Kind::Resource && names_unknown(part);
            for condition in &part.statement.conditions {
                match free_name(part, condition) {
                    Some(name) if !free.contains(&name) => free.push(name),
                    Some(_) => {}
                    None => {
                        let (conditions, literal) = by_key.entry(condition.key.value.to_ascii_lowercase()).or_default();
                        conditions.push(condition);
                        *literal |= part.literal;
                    }
                }
            }
        }
        let principals = Principals::of(parts.iter().map(|(part, _)| *part));
        let (mut domains, mut derived) = (Vec::new(), Vec::new());
        for (conditions, literal) in by_key.into_values() {
            let key = conditions.first().map_or("", |condition| &*condition.key.value);
            let values = principals.derived(key);
            let samples = values.iter().flatten().filter_map(|value| match value {
                Derived::Is(text) => Some(text.clone()),
                _ => None,
            });
            let carried = is_always_carried(key, self.kind);
            let domain =
                Domain::of(key, &conditions, literal, samples.collect(), carried).map_err(|TooMany| TOO_MANY)?;
            derived.extend(values.map(|values| {
                let place = |value: &Derived| match value {
                    Derived::Is(text) => domain.standing_for(Some(text), &conditions, literal),
                    Derived::Absent => domain.standing_for(None, &conditions, literal),
                    Derived::Unknown => None,
                };
                DerivedKey { domain: domains.len(), places: values.iter().map(place).collect(), values }
            }));
            domains.push(domain);
        }
        Ok(Space { principals, actions, resources, domains, derived, free, unknown })
    }

    /// The box of a statement; none if nothing certain can be said of it in its role.
    fn region(&mut self, space: &Space, part: &Part<'_>, role: Role) -> Option<Region> {
        let all = |length: usize| Bits::filter(length, |_| true);
        let mut region = vec![match self.kind {
            Kind::Identity => space.principals.holders(),
            Kind::Resource => space.principals.named(part, role),
        }];
        region.push(self.actions(part, role)?.among(&space.actions, role));
        region.push(match (&part.statement.resource, self.kind) {
            // A policy of a resource may leave it out: the resource itself is meant.
            (None, Kind::Resource) => all(space.resources.texts.len()),
            (None, Kind::Identity) => Bits::none(space.resources.texts.len()),
            _ => part.resources(self.reach(role), &mut self.letters)?.among(&space.resources, role),
        });
        let conditions = &part.statement.conditions;
        for domain in &space.domains {
            let own = conditions.iter().filter(|it| it.is_on(&domain.key) && free_name(part, it).is_none());
            let accept = if role == Role::Taken { Truth::certain } else { Truth::possible };
            let mut holding = own.fold(all(domain.values.len()), |set, condition| {
                set.and(&domain.holding(condition, part.literal, accept))
            });
            // Whatever the value turns out to be: the key must be there.
            let needed = |it: &Condition| {
                let operator = &it.operator.value;
                let needs_key = operator.needs_key() && operator.base != Some(BaseOperator::Null);
                it.is_on(&domain.key) && free_name(part, it).is_some() && needs_key
            };
            if role != Role::Taken && conditions.iter().any(needed) {
                holding = holding
                    .and(&Bits::filter(domain.values.len(), |at| domain.values.get(at).is_some_and(Option::is_some)));
            }
            region.push(holding);
        }
        for name in &space.free {
            let asked = conditions.iter().any(|condition| free_name(part, condition).as_ref() == Some(name));
            region.push(Bits::filter(2, |at| !asked || at == 1));
        }
        Some(region)
    }

    /// Leaves out texts that no request has.
    fn well_formed(&self, space: &Space, whole: Region) -> Region {
        let named = space.actions.filter(|text| {
            has_unknown(text)
                || text.split_once(':').is_some_and(|(service, name)| !service.is_empty() && !name.is_empty())
        });
        let wild = ActionPattern::new("*");
        let mut actions = expand(self.entry.unwrap_or(&wild)).map(|action| action.takes_only_wildcard()).peekable();
        let known = actions.peek().is_some();
        let (mut some, mut all) = (false, known);
        for only_wildcard in actions {
            (some, all) = (some || only_wildcard, all && only_wildcard);
            // The others of the catalogue would change nothing.
            if some && !all {
                break;
            }
        }
        let resources = space.resources.filter(|text| match text {
            "*" => some,
            text => !all && is_arn(text) || has_unknown(text),
        });
        let whole = replace(whole, 1, |set| set.and(&named));
        replace(whole, 2, |set| {
            let well = set.and(&resources);
            // Where the catalogue would leave nothing, it may be behind.
            if well.is_empty() { set.and(&space.resources.filter(|text| is_arn(text) || text == "*")) } else { well }
        })
    }
}

/// False if no resource that a statement names is one of an action, as far as the catalogue tells.
fn may_be_on(part: &Part<'_>, action: &Action) -> bool {
    let Some(element) = &part.statement.resource else { return true };
    let may = |value: &Value<ResourcePattern>| value.known().is_none_or(|pattern| Wanted::of(pattern).suits(action));
    element.negated || element.list.open || element.list.items.iter().any(|item| may(&item.value))
}

fn replace(mut region: Region, at: usize, change: impl FnOnce(&Bits) -> Bits) -> Region {
    if let Some(set) = region.get_mut(at) {
        *set = change(set);
    }
    region
}

/// True if a statement may name principals that cannot be seen before deployment.
fn names_unknown(part: &Part<'_>) -> bool {
    let unknown = |value: &Value<Principal>| match value {
        Value::Known(Principal::Account { id, .. }) => id.starts_with('$'),
        Value::Known(Principal::Iam { arn: text, .. } | Principal::Service(text)) => text.contains("${"),
        value => value.known().is_none(),
    };
    let elements = part.statement.principal.iter();
    elements.into_iter().any(|element| element.list.open || element.list.items.iter().any(|item| unknown(&item.value)))
}

/// False if no action that a statement names matches the entry.
fn may_meet(part: &Part<'_>, entry: &ActionPattern) -> bool {
    let Some(element) = &part.statement.action else { return false };
    let entry = entry.as_str().to_ascii_lowercase();
    let meets = |value: &Value<ActionPattern>| match value {
        Value::Known(pattern) => globs_meet(&pattern.as_str().to_ascii_lowercase(), &entry),
        _ => true,
    };
    element.negated || element.list.open || element.list.items.iter().any(|item| meets(&item.value))
}

/// A name for a condition of which it is open whether it holds; equal conditions have equal names.
fn free_name(part: &Part<'_>, condition: &Condition) -> Option<String> {
    let values = &condition.values;
    let variable = |text: &str| !part.literal && text.contains("${");
    let base = condition.operator.value.base;
    // Of the values that it must not have, deployment may leave some out.
    let fewer = part.statement.contingent && base.is_some_and(BaseOperator::is_negated);
    let open = fewer
        || base.is_none()
        || values.open
        || values.items.iter().any(|item| item.value.known().is_none_or(|text| variable(text)));
    open.then(|| {
        let texts: Vec<String> = values.items.iter().map(|item| format!("{:?}", item.value)).collect();
        let operator = condition.operator.value.text.to_ascii_lowercase();
        format!("{operator} {} {texts:?}", condition.key.value.to_ascii_lowercase())
    })
}
