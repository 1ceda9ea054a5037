//! Formats of ARNs.

use super::action::parts;
use super::store::Table;
use std::ops::Range;

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

    /// What follows the second colon.
    fn behind_partition(&self) -> &'static str {
        let text = self.text();
        text.strip_prefix("arn:${Partition}:").or_else(|| text.splitn(3, ':').nth(2)).unwrap_or("")
    }
}

/// The formats of a service.
#[derive(Clone, Debug)]
pub struct ArnFormats(Range<u32>);

impl ArnFormats {
    /// True if a format is one of those that are left.
    pub fn has(&self, format: ArnFormat) -> bool {
        self.0.contains(&format.0)
    }
}

impl Iterator for ArnFormats {
    type Item = ArnFormat;

    fn next(&mut self) -> Option<ArnFormat> {
        self.0.next().map(ArnFormat)
    }
}

/// The formats of a service, as ARNs name it; none if there are none.
pub fn arn_formats(service: &str) -> ArnFormats {
    let found = Table::ArnServices.at_place(Table::ArnServicePlaces, service);
    // Here letter case counts.
    let found = found.filter(|at| Table::ArnServices.name(*at, 0) == service);
    ArnFormats(found.map_or(0..0, |at| Table::ArnServices.range(at, 1)))
}
