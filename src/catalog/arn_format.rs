//! Formats of ARNs.

use super::action::parts;
use super::store::Table;
use std::cmp::Ordering;

/// The format of the ARNs of a resource type, as `arn:${Partition}:s3:::${BucketName}`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ArnFormat(u32);

/// What a field of a format is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    /// Nothing stands there.
    Empty,
    /// Something stands there.
    Given,
    /// A certain text stands there.
    Fixed(&'static str),
}

impl ArnFormat {
    pub(super) fn at(index: u32) -> Self {
        ArnFormat(index)
    }

    /// The whole, with `${...}` for its placeholders.
    pub fn text(&self) -> &'static str {
        Table::Formats.name(self.0, 0)
    }

    /// What follows the fifth colon, with `*` for its placeholders.
    pub fn resource(&self) -> &'static str {
        Table::Formats.name(self.0, 1)
    }

    /// The region.
    pub fn region(&self) -> Field {
        self.field(Table::Formats.field(self.0, 2) & 0xFF, 3)
    }

    /// The account.
    pub fn account(&self) -> Field {
        self.field(Table::Formats.field(self.0, 2) >> 8, 4)
    }

    fn field(&self, what: u32, part: usize) -> Field {
        match what {
            0 => Field::Empty,
            1 => Field::Given,
            _ => Field::Fixed(self.text().split(':').nth(part).unwrap_or("")),
        }
    }

    /// True if the resources are those of any service.
    pub fn is_of_any_service(&self) -> bool {
        self.service().starts_with("${")
    }

    /// The service, as ARNs name it.
    pub fn service(&self) -> &'static str {
        parts(self.behind_partition()).map_or("", |(service, _)| service)
    }

    /// True if ARNs of this format name a service so.
    pub fn is_of(&self, service: &str) -> bool {
        self.behind_partition().strip_prefix(service).is_some_and(|rest| rest.starts_with(':'))
    }

    /// What follows the second colon.
    fn behind_partition(&self) -> &'static str {
        let text = self.text();
        text.strip_prefix("arn:${Partition}:").or_else(|| text.splitn(3, ':').nth(2)).unwrap_or("")
    }
}

/// The formats of a service, as ARNs name it; none if there are none.
pub fn arn_formats(service: &str) -> impl Iterator<Item = ArnFormat> + Clone + use<> {
    let all = Table::ArnServices.len();
    let order = |index: u32| Table::ArnServices.name(index, 0).cmp(service);
    let at = Table::ArnServices.lower_bound(0..all, |index| order(index) == Ordering::Less);
    let found = at < all && order(at) == Ordering::Equal;
    let range = if found { Table::ArnServices.range(at, 1) } else { 0..0 };
    range.map(ArnFormat)
}
