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

/// True for a region, and for a name that is made as those are: it may be newer than the catalogue.
pub fn looks_like_region(name: &str) -> bool {
    fn area(name: &str) -> Option<&str> {
        name.split('-').next()
    }
    let numbered = name.rsplit_once('-').is_some_and(|(place, number)| {
        place.contains('-') && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    numbered && (0..Table::Regions.len()).any(|index| area(Table::Regions.name(index, 0)) == area(name))
}

/// True for the name of a service as principals have it, as `ec2.amazonaws.com`, whether AWS has one of that name or not.
pub fn looks_like_service(name: &str) -> bool {
    let suffix = partitions().find_map(|partition| name.strip_suffix(partition.suffix())?.strip_suffix('.'));
    let plain = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte))
    };
    // Alexa calls functions under a domain of its own.
    let alexa = name.starts_with("alexa-") && name.ends_with(".amazon.com");
    suffix.is_some_and(plain) || alexa || name.ends_with(".internal")
}

/// True for a region of any partition.
pub fn is_region(name: &str) -> bool {
    (0..Table::Regions.len()).any(|index| Table::Regions.name(index, 0) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_known_by_their_form() {
        for region in ["eu-central-1", "us-gov-west-1", "cn-north-1", "eu-west-9", "us-test-1", "eusc-de-east-1"] {
            assert!(looks_like_region(region), "{region}");
        }
        for other in ["", "eu", "eu-1", "eu-west", "eu-west-", "eu-west-a", "xx-west-1", "s3", "amazonaws"] {
            assert!(!looks_like_region(other), "{other}");
        }
    }
}
