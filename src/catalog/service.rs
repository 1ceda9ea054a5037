//! Services.

use super::action::Action;
use super::condition_key::ConditionKey;
use super::resource_type::ResourceType;
use super::store::Table;
use std::ops::Range;

/// A service and what it has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Service(u32);

impl Service {
    pub(super) fn at(index: u32) -> Self {
        Service(index)
    }

    /// The prefix of its actions, in lower case.
    pub fn prefix(&self) -> &'static str {
        Table::Services.name(self.0, 0)
    }

    /// Its name, as `Amazon S3`.
    pub fn name(&self) -> &'static str {
        Table::Services.name(self.0, 1)
    }

    /// Its actions, sorted by the lower case of their names.
    pub fn actions(&self) -> impl Iterator<Item = Action> + use<> {
        self.action_numbers().map(Action::at)
    }

    /// The types of its resources.
    pub fn resource_types(&self) -> impl Iterator<Item = ResourceType> + use<> {
        let first_key = self.key_numbers().start;
        self.resource_numbers().map(move |index| ResourceType::at(index, first_key))
    }

    /// Its condition keys.
    pub fn keys(&self) -> impl Iterator<Item = ConditionKey> + use<> {
        self.key_numbers().map(ConditionKey::at)
    }

    /// The numbers of its actions.
    pub fn action_numbers(&self) -> Range<u32> {
        Table::Services.range(self.0, 2)
    }

    pub(super) fn resource_numbers(&self) -> Range<u32> {
        Table::Services.range(self.0, 3)
    }

    pub(super) fn key_numbers(&self) -> Range<u32> {
        Table::Services.range(self.0, 4)
    }
}

/// The service with this prefix, as `s3`, whatever its letter case.
pub fn service(prefix: &str) -> Option<Service> {
    Table::Services.at_place(Table::ServicePlaces, prefix).map(Service)
}

/// All services, sorted by prefix.
pub fn services() -> impl Iterator<Item = Service> {
    (0..Table::Services.len()).map(Service)
}

/// The numbers of the actions of all services whose prefix begins so.
pub(super) fn starting_with(prefix: &str) -> Range<u32> {
    let all = Table::Services.len();
    let found = Table::Services.starting_with(0..all, 0, prefix);
    match found.end.checked_sub(1).filter(|last| *last >= found.start) {
        Some(last) => Service(found.start).action_numbers().start..Service(last).action_numbers().end,
        None => 0..0,
    }
}
