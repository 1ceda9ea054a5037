//! Actions.

use super::condition_key::ConditionKey;
use super::resource_type::ResourceType;
use super::service::Service;
use super::store::{Table, list};
use super::{AccessLevel, condition_key};

/// An action that AWS has.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    /// Service and name, as `iam:AddUserToGroup`.
    pub full_name: &'static str,
    /// What it does.
    pub level: AccessLevel,
    index: u32,
    service: u32,
    flags: u32,
}

impl PartialEq for Action {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl Eq for Action {}

/// What an action takes of one resource type.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The type.
    pub resource: ResourceType,
    /// True if the reference marks it as required. Not to be relied on.
    pub required: bool,
    keys: (u32, u32),
}

impl Action {
    /// The action with this number; the numbers of a service are one range.
    pub(super) fn at(index: u32) -> Self {
        let meta = Table::Actions.field(index, 1);
        let level = AccessLevel::from_number(meta & 0xF);
        let full_name = Table::Actions.name(index, 0);
        Action { full_name, level, index, service: meta >> 16, flags: (meta >> 4) & 0xFFF }
    }

    /// Its number in the catalogue: those of a service follow one another.
    pub fn number(&self) -> u32 {
        self.index
    }

    /// What precedes the colon.
    pub fn service(&self) -> &'static str {
        parts(self.full_name).map_or("", |(service, _)| service)
    }

    /// What follows the colon.
    pub fn name(&self) -> &'static str {
        parts(self.full_name).map_or("", |(_, name)| name)
    }

    /// True for an action that is no operation of the API, but a permission that others ask for.
    pub fn is_permission_only(&self) -> bool {
        self.flags & 1 != 0
    }

    /// True if its documentation calls it deprecated.
    pub fn is_deprecated(&self) -> bool {
        self.flags & 2 != 0
    }

    /// True if it takes no resource but `*`.
    pub fn takes_only_wildcard(&self) -> bool {
        self.flags & 4 != 0
    }

    /// The numbers of targets, keys and dependent actions, and where their lists begin.
    fn lists(&self) -> ([u32; 3], u32) {
        let at = Table::Actions.field(self.index, 2);
        let counts = Table::Lists.field(at, 0);
        ([counts & 0xFF, (counts >> 8) & 0xFF, counts >> 16], at + 1)
    }

    /// The resource types that it takes.
    pub fn targets(&self) -> impl Iterator<Item = Target> + use<> {
        let ([targets, ..], at) = self.lists();
        let service = Service::at(self.service);
        let first = service.resource_numbers().start;
        list(at, targets * 2).collect_pairs().map(move |(word, keys)| Target {
            resource: ResourceType::at(first + (word & 0x7FFF), self_keys(service)),
            required: word & 0x8000 != 0,
            keys: (keys, word >> 16),
        })
    }

    /// The condition keys of its own: those that it supports whatever resource it is called on.
    pub fn own_keys(&self) -> impl Iterator<Item = ConditionKey> + use<> {
        self.own_key_numbers().map(ConditionKey::at)
    }

    fn own_key_numbers(&self) -> impl Iterator<Item = u32> + use<> {
        let ([targets, keys, _], at) = self.lists();
        let first = self_keys(Service::at(self.service));
        list(at + targets * 2, keys).map(move |key| first + key)
    }

    /// The actions that it needs besides, as `iam:PassRole`. Not known of actions that came after 2026-07-08.
    pub fn dependents(&self) -> impl Iterator<Item = &'static str> + use<> {
        let ([targets, keys, dependents], at) = self.lists();
        list(at + targets * 2 + keys, dependents).map(super::store::text)
    }

    /// All condition keys of its service that it supports: its own, and those of its resource types.
    pub fn keys(&self) -> impl Iterator<Item = ConditionKey> + use<> {
        self.key_numbers().map(ConditionKey::at)
    }

    /// The numbers of the same.
    pub(super) fn key_numbers(&self) -> impl Iterator<Item = u32> + use<> {
        let of_targets = self.targets().flat_map(|target| target.key_numbers().chain(target.resource.key_numbers()));
        self.own_key_numbers().chain(of_targets)
    }

    /// True if requests for this action carry a key, as far as the catalogue tells: a key of its own or of its resource
    /// types, or a global key that is not bound to actions.
    pub fn supports_key(&self, key: &str) -> bool {
        condition_key::is_everywhere(key) || self.key_numbers().any(|known| ConditionKey::is(known, key))
    }
}

impl Target {
    /// The condition keys that the action supports on this type only.
    pub fn keys(&self) -> impl Iterator<Item = ConditionKey> + use<> {
        self.key_numbers().map(ConditionKey::at)
    }

    fn key_numbers(&self) -> impl Iterator<Item = u32> + use<> {
        let first = self.resource.first_key();
        list(self.keys.0, self.keys.1).map(move |key| first + key)
    }
}

fn self_keys(service: Service) -> u32 {
    service.key_numbers().start
}

/// Takes words two by two.
trait Pairs: Iterator<Item = u32> + Sized {
    fn collect_pairs(mut self) -> impl Iterator<Item = (u32, u32)> {
        std::iter::from_fn(move || Some((self.next()?, self.next()?)))
    }
}

impl<I: Iterator<Item = u32>> Pairs for I {}

/// All actions whose full name begins with `prefix`, whatever its letter case: the empty prefix gives all that there are.
pub fn starting_with(prefix: &str) -> impl Iterator<Item = Action> + use<> {
    let numbers = match parts(prefix) {
        Some((service, name)) => super::service(service).map_or(0..0, |service| {
            Table::Actions.starting_with(service.action_numbers(), service.prefix().len() + 1, name)
        }),
        None => super::service::starting_with(prefix),
    };
    numbers.map(Action::at)
}

/// The action with this full name, as `s3:GetObject`, whatever its letter case; none if the catalogue does not have it.
pub fn action(full_name: &str) -> Option<Action> {
    Table::Actions.at_place(Table::ActionPlaces, full_name).map(Action::at)
}

/// What stands before and behind the first colon.
pub(super) fn parts(text: &str) -> Option<(&str, &str)> {
    let at = memchr::memchr(b':', text.as_bytes())?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}
