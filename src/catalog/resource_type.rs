//! Types of resources.

use super::arn_format::ArnFormat;
use super::condition_key::ConditionKey;
use super::store::{Table, list};

/// A type of resource of a service.
#[derive(Clone, Copy, Debug)]
pub struct ResourceType {
    /// Its name, as `bucket`.
    pub name: &'static str,
    index: u32,
    first_key: u32,
}

impl PartialEq for ResourceType {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl Eq for ResourceType {}

impl ResourceType {
    pub(super) fn at(index: u32, first_key: u32) -> Self {
        ResourceType { name: Table::Resources.name(index, 0), index, first_key }
    }

    pub(super) fn first_key(&self) -> u32 {
        self.first_key
    }

    fn lists(&self) -> (u32, u32, u32) {
        let at = Table::Resources.field(self.index, 1);
        let counts = Table::Lists.field(at, 0);
        (counts & 0xFFFF, counts >> 16, at + 1)
    }

    /// The formats of its ARNs.
    pub fn formats(&self) -> impl Iterator<Item = ArnFormat> + use<> {
        let (arns, _, at) = self.lists();
        list(at, arns).map(ArnFormat::at)
    }

    /// The formats of its ARNs, as `arn:${Partition}:s3:::${BucketName}`.
    pub fn arns(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.formats().map(|format| format.text())
    }

    /// The condition keys that all actions on it support.
    pub fn keys(&self) -> impl Iterator<Item = ConditionKey> + use<> {
        self.key_numbers().map(ConditionKey::at)
    }

    /// The numbers of the same.
    pub(super) fn key_numbers(&self) -> impl Iterator<Item = u32> + use<> {
        let (arns, keys, at) = self.lists();
        let first = self.first_key;
        list(at + arns, keys).map(move |key| first + key)
    }
}
