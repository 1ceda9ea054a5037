//! Partitions and their regions.

use super::store::Table;

/// A partition of AWS, as `aws-cn`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Partition(u32);

impl Partition {
    /// Its name, which ARNs begin with.
    pub fn name(&self) -> &'static str {
        Table::Partitions.name(self.0, 0)
    }

    /// The end of its domain names, as `amazonaws.com`.
    pub fn suffix(&self) -> &'static str {
        Table::Partitions.name(self.0, 1)
    }

    /// Its regions, sorted.
    pub fn regions(&self) -> impl Iterator<Item = &'static str> + use<> {
        Table::Partitions.range(self.0, 2).map(|index| Table::Regions.name(index, 0))
    }
}

/// All partitions.
pub fn partitions() -> impl Iterator<Item = Partition> {
    (0..Table::Partitions.len()).map(Partition)
}

/// The partition with this name.
pub fn partition(name: &str) -> Option<Partition> {
    partitions().find(|partition| partition.name() == name)
}

/// True for a region of any partition.
pub fn is_region(name: &str) -> bool {
    (0..Table::Regions.len()).any(|index| Table::Regions.name(index, 0) == name)
}
