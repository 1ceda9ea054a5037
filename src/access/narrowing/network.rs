//! Ranges of addresses under `aws:SourceIp`.

use crate::access::Truth;
use crate::policy::List;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The shortest prefixes that narrow: S3 takes "values broader than /8 for IPv4 and /32 for IPv6" for public.
const SHORTEST: (u8, u8) = (8, 32);

/// The most IPv4 addresses that all ranges together may hold: a quarter of what there is. More of them, however they are
/// cut, is the internet.
const MOST: u64 = 1 << 30;

/// Whether the ranges keep the general public out. Private ranges never match (`aws:SourceIp` is the public address, and
/// absent in requests through a VPC endpoint), and so let nobody in.
pub(super) fn narrows(values: &List<Box<str>>) -> Truth {
    let mut answer = Truth::Yes;
    let mut addresses = 0;
    for item in &values.items {
        answer = answer.and(match item.value.known().map(|text| Range::parse(text)) {
            Some(Some(range)) if range.is_private() => Truth::Yes,
            Some(Some(range)) => {
                addresses += range.v4_addresses();
                range.is_narrow().into()
            }
            // A value that is no range matches nothing, if AWS takes it at all.
            Some(None) | None => Truth::Maybe,
        });
    }
    if values.open {
        answer = answer.and(Truth::Maybe);
    }
    if addresses > MOST { Truth::No } else { answer }
}

pub(crate) struct Range {
    address: IpAddr,
    prefix: u8,
}

impl Range {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.trim().parse().ok()?;
        let whole = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Some(whole), |prefix| prefix.trim().parse().ok())?;
        (prefix <= whole).then_some(Range { address, prefix })
    }

    fn is_narrow(&self) -> bool {
        self.prefix >= if self.address.is_ipv4() { SHORTEST.0 } else { SHORTEST.1 }
    }

    /// True if the range lies in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or fc00::/7.
    pub(crate) fn is_private(&self) -> bool {
        match self.address {
            IpAddr::V4(address) => {
                let private: [(Ipv4Addr, u8); 3] = [
                    (Ipv4Addr::new(10, 0, 0, 0), 8),
                    (Ipv4Addr::new(172, 16, 0, 0), 12),
                    (Ipv4Addr::new(192, 168, 0, 0), 16),
                ];
                private.iter().any(|(net, prefix)| {
                    self.prefix >= *prefix && (address.to_bits() ^ net.to_bits()) >> (32 - u32::from(*prefix)) == 0
                })
            }
            IpAddr::V6(address) => {
                let local = Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0);
                self.prefix >= 7 && (address.to_bits() ^ local.to_bits()) >> 121 == 0
            }
        }
    }

    fn v4_addresses(&self) -> u64 {
        if self.address.is_ipv4() { 1 << (32 - u32::from(self.prefix.min(32))) } else { 0 }
    }
}
